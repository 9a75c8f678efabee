"""What a room shows and what it hides, for every way of isolating that works on this system."""

import json
import os
import socket
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

import pytest
from judging import SOLUTIONS

from labkit.errors import MissingDependency
from labkit.grading.assignment import Limits, load, names
from labkit.grading.isolation import Isolation, strongest, ways
from labkit.grading.room import Room

LOOK = """
import json, os, socket, sys
def tries(action):
    try:
        action()
        return True
    except OSError:
        return False
home = os.environ["HOME"]
print(json.dumps({
    "solutions": os.path.exists(SOLUTIONS),
    "neighbour": os.path.exists(NEIGHBOUR),
    "course": sorted(os.listdir("/course")) if os.path.exists("/course") else None,
    "home": sorted(os.listdir(home)),
    "writes home": tries(lambda: open(home + "/note", "w").write("x")),
    "writes shared memory": tries(lambda: open("/dev/shm/note", "w").write("x")),
    "writes python": tries(lambda: open(sys.prefix + "/note", "w")),
    "writes system": tries(lambda: open("/usr/note", "w")),
    "writes labkit": tries(lambda: open(os.environ["PYTHONPATH"] + "/labkit/note", "w")),
    "reaches out": tries(lambda: socket.create_connection(("127.0.0.1", PORT), timeout=2)),
    "loopback": tries(lambda: socket.create_server(("127.0.0.1", 0))),
    "processes": sum(name.isdigit() for name in os.listdir("/proc")),
    "user": os.getuid(),
    "capabilities": [line.split()[1] for line in open("/proc/self/status") if line.startswith("CapEff")][0],
}))
"""


def look(
    isolation: Isolation, tmp_path: Path, source: str, hidden: tuple[str, ...] = (), **values: object
) -> subprocess.CompletedProcess[str]:
    (tmp_path / "room").mkdir()
    room = Room(tmp_path / "room", "notebook.ipynb", hidden)
    room.furnish("{}")
    room.socket.touch()
    script = "".join(f"{name} = {value!r}\n" for name, value in values.items()) + source
    return subprocess.run(
        isolation.command(room, Limits(), [sys.executable, "-c", script]),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        cwd=room.home,
        env=isolation.environment(room),
    )


# Those that this system has.
ENCLOSING = [way for way in ways() if way.encloses and way.works()]


def test_the_strongest_way_is_the_first_that_works():
    assert strongest() == (ENCLOSING[0] if ENCLOSING else Isolation("none"))


@pytest.mark.parametrize("isolation", ENCLOSING, ids=str)
def test_a_room_shows_what_is_needed_and_nothing_else(isolation, tmp_path):
    (tmp_path / "neighbour.ipynb").write_text("{}")
    with socket.create_server(("127.0.0.1", 0)) as server:
        run = look(
            isolation,
            tmp_path,
            LOOK,
            SOLUTIONS=str(Path(__file__).parents[2] / "solutions"),
            NEIGHBOUR=str(tmp_path / "neighbour.ipynb"),
            PORT=server.getsockname()[1],
        )
    assert run.returncode == 0, run.stderr
    seen = json.loads(run.stdout)
    hidden = ("solutions", "neighbour", "writes python", "writes system", "writes labkit", "reaches out")
    assert {name: seen[name] for name in hidden} == dict.fromkeys(hidden, False)
    assert seen["course"] == ["labkit"]
    assert seen["home"] == ["notebook.ipynb"]
    assert seen["writes home"]
    assert seen["writes shared memory"]
    assert seen["loopback"]
    assert seen["processes"] <= 3
    assert int(seen["capabilities"], 16) == 0
    assert (seen["user"] != 0) == isolation.own_user or os.geteuid() != 0


@pytest.mark.parametrize("isolation", ENCLOSING, ids=str)
def test_what_is_written_is_bounded_and_gone(isolation, tmp_path):
    fill = """
import os
try:
    for number in range(100):
        open(f"/home/student/{number}", "wb").write(bytes(10**7))
except OSError as error:
    print(error.errno)
"""
    run = look(isolation, tmp_path, fill)
    assert run.stdout == "28\n", run.stderr  # no space left on device
    assert [path.name for path in (tmp_path / "room" / "home").iterdir()] == ["notebook.ipynb"]
    assert list((tmp_path / "room" / "root").iterdir()) == []


@pytest.mark.parametrize("isolation", ENCLOSING, ids=str)
def test_what_is_read_only_cannot_be_mounted_anew(isolation, tmp_path):
    run = look(
        isolation,
        tmp_path,
        "import subprocess, sys\n"
        "for how in ([], ['unshare', '--user', '--map-root-user', '--mount']):\n"
        "    subprocess.run([*how, 'mount', '-o', 'remount,bind,rw', sys.prefix], stderr=subprocess.DEVNULL)\n"
        "try:\n    open(sys.prefix + '/note', 'w')\nexcept OSError as error:\n    print(error.errno)",
    )
    assert run.stdout in ("30\n", "13\n")  # a read-only file system, or not permitted


def test_without_isolation_the_report_says_so(tmp_path):
    none = Isolation("none")
    run = look(none, tmp_path, "import os; print(os.path.realpath(os.environ['HOME']))")
    assert run.stdout.strip() == str(tmp_path / "room" / "home")
    assert str(none) == "none: a submission could read this machine's files and use its network"
    assert not none.encloses


def test_the_checks_cannot_be_imported_where_submissions_run(tmp_path):
    run = look(
        strongest(),
        tmp_path,
        "import importlib.util as u; print(u.find_spec('labkit.grading'), u.find_spec('solutions'))",
    )
    assert "labkit/grading/__init__.py" in run.stdout
    assert run.stdout.strip().endswith("None")


def test_an_environment_without_nbval_grades_nobody(monkeypatch):
    monkeypatch.setattr(Isolation, "works", lambda _: False)
    with pytest.raises(MissingDependency, match="nbval cannot be started; install"):
        strongest()


@pytest.mark.parametrize("isolation", ENCLOSING, ids=str)
def test_what_students_are_to_write_is_not_in_labkit_there(isolation, tmp_path):
    found = """
import importlib.util as u
print(*(u.find_spec(name) is not None for name in ("labkit.quorum", "labkit.orchestrator", "labkit.costs")))
import labkit.assignments.quorum
"""
    hidden = ("labkit.quorum", "labkit.orchestrator")
    run = look(isolation, tmp_path, found, hidden=hidden)
    assert (run.stdout, run.returncode) == ("False False True\n", 0), run.stderr


def test_what_is_hidden_is_there_to_hide():
    for name in names(SOLUTIONS):
        for module in load(SOLUTIONS, name).hidden:
            assert find_spec(module), f"{name} hides {module}"
