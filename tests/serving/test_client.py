"""Retries of the client, against a web server that answers what it is told to."""

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from typing import ClassVar

import pytest

from labkit.errors import BadArgument, EngineFailure
from labkit.serving import Completion, Endpoint, LanguageModel

SAYS = [{"role": "user", "content": "Which cluster?"}]

LIKELY = {"token": " ori", "logprob": -0.1, "bytes": None, "top_logprobs": []}
LESS = {"token": "on", "logprob": -0.3, "bytes": None, "top_logprobs": []}


class Server(BaseHTTPRequestHandler):
    statuses: ClassVar[list[int]] = []
    seen: ClassVar[list[dict]] = []

    def do_POST(self) -> None:
        Server.seen.append(json.loads(self.rfile.read(int(self.headers["content-length"]))))
        status = Server.statuses.pop(0) if Server.statuses else 200
        if not status:
            self.connection.close()
            return
        if Server.seen[-1].get("stream"):
            self.stream()
            return
        usage = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
        self.reply(
            status,
            {
                "id": "x",
                "object": "chat.completion",
                "created": 0,
                "model": "m",
                "choices": [
                    {
                        "index": 0,
                        "finish_reason": "stop",
                        "message": {"role": "assistant", "content": " orion "},
                        "logprobs": {"content": [LIKELY, LESS]} if Server.seen[-1].get("logprobs") else None,
                    }
                ],
                "usage": usage | {"prompt_tokens_details": {"cached_tokens": 4}},
            },
        )

    def do_GET(self) -> None:
        self.reply(200, {"object": "list", "data": [{"id": "m", "object": "model", "created": 0, "owned_by": "x"}]})

    def stream(self) -> None:
        part = {"id": "x", "object": "chat.completion.chunk", "created": 0, "model": "m"}
        said = [{"index": 0, "delta": {"content": word}} for word in ("", " ori", "on ")]
        usage = {"prompt_tokens": 9, "completion_tokens": 2, "total_tokens": 11}
        usage |= {"prompt_tokens_details": {"cached_tokens": 4}}
        self.send_response(200)
        self.send_header("content-type", "text/event-stream")
        self.end_headers()
        for number, one in enumerate([*([choice] for choice in said), []]):
            body = part | {"choices": one} | ({"usage": usage} if number == len(said) else {})
            self.wfile.write(f"data: {json.dumps(body)}\n\n".encode())
            self.wfile.flush()
        self.wfile.write(b"data: [DONE]\n\n")

    def reply(self, status: int, content: object) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-type", "application/json")
        self.send_header("content-length", str(len(body)))
        if status == 429:
            self.send_header("retry-after", "0.01")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def base() -> Iterator[str]:
    Server.statuses, Server.seen = [], []
    server = ThreadingHTTPServer(("127.0.0.1", 0), Server)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/v1"
    server.shutdown()
    server.server_close()


def test_a_completion_with_its_price(base):
    assert Endpoint(base).chat([SAYS], max_tokens=7) == [Completion("orion", 9, 2, 4)]
    [seen] = Server.seen
    assert (seen["model"], seen["max_tokens"], seen["temperature"]) == ("m", 7, 0.0)


def test_nothing_is_sent_that_an_api_may_not_know(base):
    Endpoint(base, "m").chat([SAYS])
    assert not {"cache_salt", "logprobs", "structured_outputs"} & set(Server.seen[0])


def test_a_form_goes_along_with_a_salt_or_without(base):
    Endpoint(base, "m", form="yes|no").chat([SAYS])
    Endpoint(base, "m", form="yes|no", salt="a").chat([SAYS])
    assert [seen["structured_outputs"] for seen in Server.seen] == [{"regex": "yes|no"}] * 2
    assert [seen.get("cache_salt") for seen in Server.seen] == [None, "a"]


def test_a_salt_goes_along(base):
    Endpoint(base, "m", salt="first run").chat([SAYS])
    assert Server.seen[0]["cache_salt"] == "first run"


def test_the_mean_log_probability_of_the_replys_tokens(base):
    [reply] = Endpoint(base, "m", logprobs=True).chat([SAYS])
    assert reply.logprob == pytest.approx(-0.2)


def test_a_timed_reply_is_the_same_reply(base):
    reply, seconds = Endpoint(base).timed(SAYS, max_tokens=7)
    assert reply == Completion("orion", 9, 2, 4)
    assert seconds > 0
    assert Server.seen[0]["stream_options"] == {"include_usage": True}
    Server.statuses = [429]
    assert Endpoint(base, "m").timed(SAYS)[0].text == "orion"


@pytest.mark.parametrize("statuses", [[429], [503], [500], [0]])
def test_what_passes_is_tried_again_and_answered_once(base, statuses):
    Server.statuses = list(statuses)
    assert [reply.text for reply in Endpoint(base, "m").chat([SAYS])] == ["orion"]
    assert len(Server.seen) == len(statuses) + 1


def test_a_wrong_request_is_not_tried_again(base):
    Server.statuses = [400]
    with pytest.raises(EngineFailure, match="400"):
        Endpoint(base, "m").chat([SAYS])
    assert len(Server.seen) == 1


def test_many_conversations_come_back_in_order(base):
    assert len(Endpoint(base, "m", concurrency=4).chat([SAYS] * 9)) == 9
    assert Endpoint(base, "m").chat([]) == []


def test_nobody_there_is_told_with_a_remedy():
    with pytest.raises(EngineFailure, match="check that the endpoint runs"):
        Endpoint("http://127.0.0.1:9/v1", "m", retries=0).chat([SAYS])


def test_an_address_must_be_one():
    with pytest.raises(BadArgument, match="orion"):
        Endpoint("orion")


def test_the_language_model_reads_through_an_endpoint(base):
    from labkit.documents import Chunk, Passage

    passage = Passage(Chunk("0#0", "0", "It is served by orion.", 0, 22), 1.0)
    reading = LanguageModel(chat=Endpoint(base, "m").chat).read("Which cluster?", [passage])
    assert (reading.text, reading.input_tokens, reading.output_tokens) == ("orion", 9, 2)


def test_ask_goes_to_the_endpoint_that_the_settings_name(base, monkeypatch, capsys):
    from labkit.__main__ import main
    from labkit.baseline import QUESTION

    monkeypatch.setenv("LABKIT_API_BASE", base)
    assert main(["ask", "--docs", str(Path(__file__).parents[2] / "examples" / "fleet"), QUESTION]) == 0
    assert capsys.readouterr().out.startswith("answer    orion")
    assert QUESTION in Server.seen[0]["messages"][-1]["content"]
