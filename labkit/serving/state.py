"""What is known of the running fleet: one small file under the course's home, and a lock for who starts it."""

import contextlib
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import psutil
from filelock import FileLock, Timeout

from labkit.errors import EngineFailure
from labkit.settings import settings

READY = "ready"
LONGEST_START = 600.0
"""Seconds that one process waits while another starts the fleet."""


@dataclass(frozen=True)
class FleetState:
    """What the fleet's process tells others about itself.

    Attributes:
        pid: The process that owns the fleet.
        born: When that process was created, so that a later one with the same number is not taken for it.
        phase: What it is doing: ``starting Ray``, ..., or ``READY``.
        steps: Steps of the start that are done.
        total: Steps of the start in all.
        address: ``http://127.0.0.1:PORT``, once it is ready.
        settings: The fleet's settings, as JSON.
        problem: Why it could not start; empty while all is well.
    """

    pid: int
    born: float
    phase: str
    steps: int
    total: int
    address: str = ""
    settings: str = ""
    problem: str = ""

    def alive(self) -> bool:
        """Whether the process still exists."""
        with contextlib.suppress(psutil.Error):
            process = psutil.Process(self.pid)
            return bool(process.status() != psutil.STATUS_ZOMBIE and abs(process.create_time() - self.born) < 1.0)
        return False


def folder() -> Path:
    """Where the fleet's files lie: ``state.json``, ``lock``, ``log.txt``."""
    return settings().home / "fleet"


def write(state: FleetState) -> None:
    """Put the state in place of the one before, in one piece."""
    folder().mkdir(parents=True, exist_ok=True)
    partial = folder() / f".state.{os.getpid()}"
    partial.write_text(json.dumps(asdict(state)))
    partial.rename(folder() / "state.json")


def read() -> FleetState | None:
    """The state of a fleet whose process is alive, or None; what a dead one left behind is removed."""
    try:
        found = FleetState(**json.loads((folder() / "state.json").read_text()))
    except (OSError, ValueError, TypeError):
        return None
    if found.alive():
        return found
    remove()
    return None


def remove() -> None:
    """Forget the fleet."""
    (folder() / "state.json").unlink(missing_ok=True)


@contextmanager
def starting() -> Iterator[None]:
    """Held by whoever looks for the fleet and starts it if there is none: of two at once, one starts it.

    Raises:
        EngineFailure: Another process has been starting it for minutes.
    """
    folder().mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder() / "lock", timeout=LONGEST_START):
            yield
    except Timeout as waited:
        raise EngineFailure(
            f"another process has been starting the fleet for {LONGEST_START:.0f} s",
            remedy=f"see {folder() / 'log.txt'}, or stop that process",
        ) from waited


def log() -> Path:
    """The log of the fleet's process, of Ray's and of vLLM's errors."""
    return folder() / "log.txt"
