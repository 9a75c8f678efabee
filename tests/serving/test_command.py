import argparse

import pytest

from labkit.errors import BadArgument
from labkit.serving import EngineSettings, FleetSettings, ReplicaInfo, add_arguments, command, serve_command
from labkit.serving.routing import Routing


class Running:
    api_base, pid = "http://127.0.0.1:1/v1", 7
    stopped = False

    def __init__(self, wanted: FleetSettings) -> None:
        self.settings = wanted

    def replicas(self) -> list[ReplicaInfo]:
        return [ReplicaInfo("a", 8, "large", 0)]

    def __enter__(self) -> "Running":
        return self

    def __exit__(self, *_: object) -> None:
        Running.stopped = True


def run(*arguments: str) -> tuple[int, list[str]]:
    parser, said = argparse.ArgumentParser(), []
    add_arguments(parser)
    return serve_command(parser.parse_args(arguments), said.append), said


@pytest.fixture
def wanted(monkeypatch) -> list[FleetSettings]:
    """The settings that a fleet was asked for."""
    asked = []

    def fleet(settings: FleetSettings) -> Running:
        asked.append(settings)
        return Running(settings)

    def default_settings(gpus: int, **changes: object) -> FleetSettings:
        return FleetSettings(EngineSettings("/models/large", "large", gpus=gpus), **changes)

    Running.stopped = False
    monkeypatch.setattr(command, "fleet", fleet)
    monkeypatch.setattr(command, "default_settings", default_settings)
    return asked


def test_the_fleet_is_kept_while_a_command_runs_whose_status_is_ours(wanted):
    status, said = run("--replicas", "2", "--routing", "prefix-aware", "--", "sh", "-c", "exit 3")
    assert status == 3
    assert said == ["large: 1 replica at http://127.0.0.1:1/v1 (process 7)"]
    assert (wanted[0].replicas, wanted[0].routing) == (2, Routing.PREFIX_AWARE)
    assert Running.stopped


@pytest.mark.usefixtures("wanted")
def test_ctrl_c_is_the_commands_to_answer():
    status, _ = run("--", "sh", "-c", "trap 'exit 5' INT; kill -INT $PPID; kill -INT $$; exit 4")
    assert status == 5
    assert Running.stopped


@pytest.mark.usefixtures("wanted")
def test_ctrl_c_ends_it_in_order(monkeypatch):
    def interrupted(_: float) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command.time, "sleep", interrupted)
    assert run()[0] == 0
    assert Running.stopped


@pytest.mark.usefixtures("wanted")
def test_less_than_the_least_is_refused():
    with pytest.raises(BadArgument, match="--most is 1"):
        run("--replicas", "2", "--most", "1")


@pytest.mark.usefixtures("home")
def test_nothing_runs():
    assert run("--status") == (1, ["no fleet is running"])
    assert run("--stop") == (1, ["no fleet is running"])
