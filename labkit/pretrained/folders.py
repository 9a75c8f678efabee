"""Folders that are made once: whole or not there, and made again when what they were made from has changed."""

import json
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

from filelock import FileLock

from labkit.pretrained.files import sha256

MANIFEST = "sha256.json"


def prepare(target: Path, sources: Mapping[str, str], make: Callable[[Path], None]) -> Path:
    """Make the folder ``target``, unless it stands there whole already, made from these very sources.

    Args:
        target: The folder; its parent holds the lock and the temporary folder.
        sources: SHA-256 sum of each file that it is made from.
        make: Fills the temporary folder it is given, which it has to create.

    Returns:
        ``target``, complete and matching its own manifest of sums.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.parent / f".{target.name}.lock"):
        if not is_whole(target, sources):
            partial = target.parent / f".{target.name}.partial"
            for leftover in (partial, target):
                shutil.rmtree(leftover, ignore_errors=True)
            make(partial)
            write_manifest(partial, sources)
            partial.rename(target)
    return target


def write_manifest(folder: Path, sources: Mapping[str, str]) -> None:
    """Note what the folder was made from, and the sum of every file in it."""
    sums = {path.name: sha256(path) for path in sorted(folder.iterdir())}
    (folder / MANIFEST).write_text(json.dumps({"made from": dict(sources), "files": sums}, indent=1))


def is_whole(folder: Path, sources: Mapping[str, str]) -> bool:
    """Whether the folder was made from these sources and its files have the sums they had when they were written."""
    try:
        manifest = json.loads((folder / MANIFEST).read_text())
        made_from, sums = manifest["made from"], manifest["files"]
        same = bool(sums) and made_from == dict(sources)
        return same and all(sha256(folder / name) == sum_ for name, sum_ in sums.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False
