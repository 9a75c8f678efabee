"""One small JSON file that survives being killed and being written by two processes at once.

A writer takes an exclusive lock on a side file, reads the newest state, writes the next one to a temporary file in
the same directory, forces it to disk and renames it over the old one. A rename is all or nothing, so whoever reads,
at any moment, finds the old file or the new one, whole. The system drops the lock when its holder dies.
"""

import fcntl
import json
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NoReturn

from labkit.errors import LabkitError, StateCorrupt


def read(path: Path) -> object | None:
    """The file's JSON value, or None where there is no file yet.

    Raises:
        StateCorrupt: The file is not JSON text, or holds NaN or an infinity.
        LabkitError: The file may not be read.
    """
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        return None
    except OSError as error:
        raise _refused(path, "read", error) from error
    try:
        value: object = json.loads(content, parse_constant=_no_such_number)
    except (ValueError, RecursionError) as error:
        raise corrupt(path, str(error)) from error
    if value is None:  # to the caller None means that there is no file
        raise corrupt(path, "it holds null")
    return value


def update(path: Path, change: Callable[[object | None], object]) -> None:
    """Replace the file's value by ``change`` of the newest one, one process at a time.

    Raises:
        StateCorrupt: The present file cannot be read back; it is left as it is.
        LabkitError: The directory or the file may not be written.
    """
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with _locked(path.with_name(path.name + ".lock")):
            _write(path, json.dumps(change(read(path)), indent=1, allow_nan=False, sort_keys=True) + "\n")
    except OSError as error:
        raise _refused(path, "written", error) from error


def corrupt(path: Path, found: str) -> StateCorrupt:
    """The error for a file whose content cannot be used."""
    return StateCorrupt(
        f"the milestone ledger {path} cannot be read back ({found})",
        remedy=f"repair it, or start a new one with: mv '{path}' '{path}.broken'",
    )


def _refused(path: Path, action: str, error: OSError) -> LabkitError:
    return LabkitError(
        f"the milestone ledger {path} cannot be {action} ({error.strerror or error})",
        remedy="make its directory writable, or set LABKIT_HOME to one that is",
    )


@contextmanager
def _locked(side_file: Path) -> Iterator[None]:
    with side_file.open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def _write(path: Path, text: str) -> None:
    # One name for all writers: the lock keeps them apart, and what a killed one left behind is overwritten.
    temporary = path.with_name(path.name + ".tmp")
    with temporary.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
    directory = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(directory)
    finally:
        os.close(directory)


def _no_such_number(name: str) -> NoReturn:
    raise ValueError(f"{name} is not JSON")
