"""Attaching to a fleet and failing to start one, with a web server of a few lines in the fleet's place."""

import json
import os
import sys
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from types import SimpleNamespace

import psutil
import pytest

from labkit.errors import BadArgument, EngineFailure
from labkit.serving import (
    Endpoint,
    EngineSettings,
    FleetSettings,
    fleet,
    running_fleet,
    served,
    served_endpoint,
    state,
    stop_fleet,
)
from labkit.serving.state import READY, FleetState

pytestmark = pytest.mark.usefixtures("home")

SETTINGS = FleetSettings(EngineSettings("/models/large", "large"))


class Door(BaseHTTPRequestHandler):
    replicas, models, health, scaled = 1, ("large",), 200, 0

    def do_GET(self) -> None:
        names = [Door.models[0]] * Door.replicas + [*Door.models[1:]]
        found = [{"id": str(n), "pid": n, "model": name, "unfinished": 0} for n, name in enumerate(names)]
        status = Door.health if self.path == "/health" else 200
        self.reply({"replicas": found, "counts": {"answered": 3}}, status)

    def do_POST(self) -> None:
        Door.replicas = json.loads(self.rfile.read(int(self.headers["content-length"])))["replicas"]
        Door.scaled += 1
        self.reply({})

    def reply(self, content: object, status: int = 200) -> None:
        body = json.dumps(content).encode()
        self.send_response(status)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None: ...


@pytest.fixture
def door(home: Path) -> Iterator[str]:
    """A front door at this address, and the state file that leads there."""
    home.mkdir(exist_ok=True)
    Door.replicas, Door.models, Door.health, Door.scaled = 1, ("large",), 200, 0
    server = ThreadingHTTPServer(("127.0.0.1", 0), Door)
    Thread(target=server.serve_forever, daemon=True).start()
    address = f"http://127.0.0.1:{server.server_port}"
    born = psutil.Process().create_time()
    state.write(FleetState(os.getpid(), born, READY, 3, 3, address, SETTINGS.to_json()))
    yield address
    server.shutdown()
    server.server_close()


def test_a_running_fleet_is_attached_to_and_not_stopped(door):
    with fleet() as found:
        assert (found.address, found.pid, found.settings, found.started_here) == (door, os.getpid(), SETTINGS, False)
        assert found.api_base == f"{door}/v1"
        assert [replica.id for replica in found.replicas()] == ["0"]
        assert found.counts() == {"answered": 3}
        assert found.endpoint().model_name == "large"
    assert running_fleet() == found


@pytest.mark.usefixtures("door")
def test_the_same_settings_with_more_replicas_scale_the_running_fleet():
    more = FleetSettings(SETTINGS.engine, replicas=2)
    assert len(fleet(more).replicas()) == 2


@pytest.mark.usefixtures("door")
def test_a_second_model_is_no_replica_of_the_first(monkeypatch):
    reader = EngineSettings("/models/small", "small", pooling=True)
    both = FleetSettings(SETTINGS.engine, reader=reader)
    monkeypatch.setattr(Door, "models", ("large", "small"))
    state.write(replace(state.read(), settings=both.to_json()))
    assert len(fleet(both).replicas()) == 2
    assert Door.scaled == 0


def test_a_fleet_whose_replicas_are_being_replaced_is_left_alone(door, monkeypatch):
    monkeypatch.setattr(Door, "health", 503)
    assert fleet().address == door


@pytest.mark.usefixtures("door")
def test_other_settings_are_refused():
    with pytest.raises(BadArgument, match="a fleet of large with other settings runs"):
        fleet(FleetSettings(EngineSettings("/models/large", "large", batch=2)))


def test_a_fleet_whose_process_ends_at_once_is_told_with_its_log(monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/ls")
    with pytest.raises(EngineFailure, match="the fleet ended while it started"):
        fleet(SETTINGS)
    assert state.read() is None


def test_there_is_nothing_to_stop():
    assert not stop_fleet()
    assert running_fleet() is None


def test_another_endpoint_can_be_set(monkeypatch):
    monkeypatch.setenv("LABKIT_API_BASE", "http://127.0.0.1:9/v1/")
    monkeypatch.setenv("LABKIT_MODEL", "theirs")
    found = served_endpoint()
    assert (found.base, found.model) == ("http://127.0.0.1:9/v1", "theirs")


def test_the_endpoint_is_that_of_the_fleet_that_runs_now(monkeypatch):
    running = SimpleNamespace(phase=READY, address="http://127.0.0.1:1")
    monkeypatch.delenv("LABKIT_API_BASE", raising=False)
    monkeypatch.setattr(served.state, "read", lambda: running)
    monkeypatch.setattr(served, "fleet", lambda: SimpleNamespace(endpoint=lambda: Endpoint(f"{running.address}/v1")))
    served._attached.cache_clear()
    first = served_endpoint()
    assert served_endpoint() is first  # with its connections
    running.address = "http://127.0.0.1:2"
    assert [first.base, served_endpoint().base] == ["http://127.0.0.1:1/v1", "http://127.0.0.1:2/v1"]
    served._attached.cache_clear()
