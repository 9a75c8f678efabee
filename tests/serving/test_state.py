import os

import psutil
import pytest

from labkit.serving import state
from labkit.serving.state import FleetState

pytestmark = pytest.mark.usefixtures("home")


def mine(**changes: object) -> FleetState:
    return FleetState(
        **{"pid": os.getpid(), "born": psutil.Process().create_time(), "phase": "x", "steps": 1, "total": 3} | changes
    )


def test_what_is_written_is_read():
    state.write(mine(phase="starting vLLM"))
    assert state.read() == mine(phase="starting vLLM")
    assert sorted(path.name for path in state.folder().iterdir()) == ["state.json"]


def test_no_fleet_is_none():
    assert state.read() is None


@pytest.mark.parametrize("left", ["", "{", "[]", '{"pid": 1}'])
def test_a_broken_file_is_no_fleet(left):
    state.folder().mkdir(parents=True)
    (state.folder() / "state.json").write_text(left)
    assert state.read() is None


def test_what_a_dead_fleet_left_is_removed():
    state.write(mine(pid=2**22 + 1))
    assert state.read() is None
    assert not (state.folder() / "state.json").exists()


def test_another_process_with_the_same_number_is_not_the_fleet():
    state.write(mine(born=1.0))
    assert state.read() is None


def test_the_start_is_held_by_one_at_a_time(monkeypatch):
    from labkit.errors import EngineFailure

    monkeypatch.setattr(state, "LONGEST_START", 0.05)
    with state.starting(), pytest.raises(EngineFailure, match="has been starting the fleet"), state.starting():
        pass
