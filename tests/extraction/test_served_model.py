"""The small reader behind an address: what goes over the wire; tests/serving/test_two_models.py has the real one."""

import json
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import numpy as np
import pytest

from labkit.errors import BadArgument, EngineFailure
from labkit.extraction import ServedSpanModel


class Pooling(BaseHTTPRequestHandler):
    seen: dict

    def do_POST(self) -> None:
        Pooling.seen = json.loads(self.rfile.read(int(self.headers["content-length"]))) | {"path": self.path}
        data = [
            {"index": place, "data": [[float(token), 0.5] for token in ids]}
            for place, ids in enumerate(Pooling.seen["input"])
        ]
        body = json.dumps({"data": data[::-1]}).encode()
        self.send_response(200 if Pooling.seen["input"][0] != [7] else 500)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def served():
    server = HTTPServer(("127.0.0.1", 0), Pooling)
    Thread(target=server.serve_forever, daemon=True).start()
    yield ServedSpanModel(f"http://127.0.0.1:{server.server_port}", "reader")
    server.shutdown()
    server.server_close()


def test_token_ids_go_out_and_logits_come_back_in_order(served):
    first, second = served.logits([[1, 2, 3], [4]])
    np.testing.assert_allclose(first, [[1, 0.5], [2, 0.5], [3, 0.5]])
    np.testing.assert_allclose(second, [[4, 0.5]])
    assert (Pooling.seen["path"], Pooling.seen["model"], Pooling.seen["use_activation"]) == (
        "/pooling",
        "reader",
        False,
    )
    assert served.logits([]) == []


def test_what_fails_is_told(served):
    with pytest.raises(EngineFailure, match="could not read 1 pairs"):
        served.logits([[7]])
    with pytest.raises(EngineFailure, match="start the fleet with a reader"):
        ServedSpanModel("http://127.0.0.1:9", "reader").logits([[1]])
    with pytest.raises(BadArgument, match="orion"):
        ServedSpanModel("orion", "reader")
