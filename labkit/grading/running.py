"""Run an assembled notebook with nbval in a room, under watch, and leave nothing of it behind."""

import ctypes
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import psutil

from labkit.grading.assembling import Assembled
from labkit.grading.assignment import Limits
from labkit.grading.isolation import Isolation
from labkit.grading.probing import listening
from labkit.grading.room import Room

NOTEBOOK = "notebook.ipynb"
HEARD = 200_000  # bytes of what pytest says
PAUSE = 0.1
CHILD_SUBREAPER = 36  # PR_SET_CHILD_SUBREAPER of linux/prctl.h
_SAID = re.compile(
    rf"^(PASSED|FAILED|XPASS|XFAIL|ERROR|SKIPPED) {re.escape(NOTEBOOK)}::Cell ([0-9]{{1,4}})\b", re.MULTILINE
)


@dataclass(frozen=True)
class Run:
    """What came out of a run.

    Attributes:
        received: Lines that answer the probes, by check.
        visible: What nbval said of the visible checks, by cell id: for the student's information, since the process
            that says it is the student's.
        ended: Why the run was stopped early, in words; empty when it ended by itself.
    """

    received: Mapping[str, list[bytes]]
    visible: Mapping[str, bool]
    ended: str


def run(assembled: Assembled, limits: Limits, isolation: Isolation, hidden: Sequence[str] = ()) -> Run:
    """Run a notebook: visible checks under nbval, probes answered on the way.

    What this process starts meanwhile is taken to be the submission's, and ended; see ``adopt_orphans``.
    """
    mine = _descendants(frozenset())
    with tempfile.TemporaryDirectory(prefix="grade-") as directory, tempfile.TemporaryFile() as said:
        room = Room(Path(directory), NOTEBOOK, tuple(hidden))
        room.furnish(assembled.text(isolation.paths(room).socket))
        with listening(room.socket, assembled.requests, limits.seconds) as received:
            process = subprocess.Popen(  # noqa: S603 - the command is ours, what it runs is the point of the room
                isolation.command(room, limits, _nbval(limits)),
                stdin=subprocess.DEVNULL,
                stdout=said,
                stderr=subprocess.DEVNULL,
                cwd=room.home,
                env=isolation.environment(room),
                start_new_session=True,
            )
            try:
                ended = _watch(process, limits, mine)
            finally:
                _end_all(mine)
        said.seek(0)
        return Run(received, _verdicts(assembled, said.read(HEARD).decode(errors="replace")), ended)


def adopt_orphans() -> None:
    """Make this process the parent of whatever its children leave behind, so that it can be found and ended."""
    ctypes.CDLL(None, use_errno=True).prctl(CHILD_SUBREAPER, 1, 0, 0, 0)


def _nbval(limits: Limits) -> list[str]:
    nbval = ["-p", "nbval.plugin", "--nbval-lax", "--nbval-current-env", f"--nbval-cell-timeout={limits.cell_seconds}"]
    alone = ["--noconftest", "-c", "/dev/null", "--rootdir=.", "-p", "no:cacheprovider"]
    return [sys.executable, "-m", "pytest", *nbval, *alone, "-q", "-rap", "--tb=no", "--color=no", NOTEBOOK]


def _watch(process: subprocess.Popen[bytes], limits: Limits, mine: frozenset[psutil.Process]) -> str:
    """Wait for the end, or for the first limit that is passed; says which."""
    deadline = time.monotonic() + limits.seconds
    while process.poll() is None:
        time.sleep(PAUSE)
        descendants = _descendants(mine)
        if time.monotonic() > deadline:
            return f"it ran for more than {limits.seconds:g} s"
        if len(descendants) > limits.processes:
            return f"it started more than {limits.processes} processes"
        if sum(map(_resident, descendants)) > limits.memory_gib * 2**30:
            return f"it used more than {limits.memory_gib:g} GiB of memory"
    return ""


def _end_all(mine: frozenset[psutil.Process]) -> None:
    """Kill until nothing is left: a storm of processes forks on while it is being killed."""
    while left := _descendants(mine):
        for process in left:
            try:
                process.kill()
            except psutil.NoSuchProcess:
                continue
        psutil.wait_procs(list(left), timeout=1)


def _descendants(mine: frozenset[psutil.Process]) -> frozenset[psutil.Process]:
    return frozenset(psutil.Process().children(recursive=True)) - mine


def _resident(process: psutil.Process) -> int:
    try:
        return int(process.memory_info().rss)
    except psutil.Error:  # it has ended meanwhile
        return 0


def _verdicts(assembled: Assembled, said: str) -> dict[str, bool]:
    cells = [cell.id for cell in assembled.cells]
    found = {int(number): word in ("PASSED", "XPASS") for word, number in _SAID.findall(said)}
    return {cells[number]: passed for number, passed in found.items() if number < len(cells)}
