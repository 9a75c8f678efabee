"""A shard on disk: FAISS files, chunks, and a manifest with the SHA-256 of each, then a journal of what came after.

Its folder::

    shard-000/
        manifest.json   kind, dimension, tenants, groups, checksums
        chunks.jsonl    every group's chunks, row by row; null where one was deleted
        group-0.faiss   one for each group
        journal.jsonl   appends and deletions since (labkit.index.journal)

The manifest is written last: a folder without one was never finished.
"""

import hashlib
import json
import os
from pathlib import Path
from typing import Any

from labkit.errors import EngineFailure, StateCorrupt
from labkit.index import kinds, records
from labkit.index.group import Group
from labkit.index.journal import replay
from labkit.index.shard import Shard

MANIFEST = "manifest.json"
FORMAT = 1


def save(shard: Shard, folder: Path) -> str:
    """Write a shard as it is now into a new folder; the SHA-256 of its manifest comes back."""
    import faiss

    folder.mkdir(parents=True)
    names = []
    for number, group in enumerate(shard.groups.values()):
        names.append(f"group-{number}.faiss")
        faiss.write_index(group.faiss, str(folder / names[-1]))
    with (folder / "chunks.jsonl").open("w", encoding="utf-8") as lines:
        for group in shard.groups.values():
            lines.writelines(json.dumps(chunk and records.encode(chunk)) + "\n" for chunk in group.chunks)
    manifest = {
        "format": FORMAT,
        "kind": kinds.encode(shard.kind),
        "dimension": shard.dimension,
        "registered": sorted(shard.registered),
        "groups": [[records.encode_access(access), len(group.chunks)] for access, group in shard.groups.items()],
        "files": {name: sum_of(folder / name) for name in ["chunks.jsonl", *names]},
    }
    write_json(folder / MANIFEST, manifest)
    return sum_of(folder / MANIFEST)


def load(folder: Path, checksum: str | None = None) -> Shard:
    """Read a shard back, checked, with its journal replayed.

    Args:
        folder: Where ``save`` put it.
        checksum: What ``save`` returned, where it is known.

    Raises:
        StateCorrupt: A file is missing, or is not the one that was written.
    """
    if checksum is not None:
        verify(folder, checksum)
    manifest = read_json(folder / MANIFEST)
    for name, wanted in manifest["files"].items():
        if sum_of(folder / name) != wanted:
            raise corrupt(folder / name, "does not match its checksum")
    kind = kinds.decode(manifest["kind"])
    with (folder / "chunks.jsonl").open(encoding="utf-8") as lines:
        groups = {
            records.decode_access(access): _group(
                kind, folder / f"group-{number}.faiss", [next(lines) for _ in range(rows)]
            )
            for number, (access, rows) in enumerate(manifest["groups"])
        }
    shard = Shard(kind, manifest["dimension"], manifest["registered"], groups)
    replay(folder, shard)
    return shard


def verify(folder: Path, checksum: str) -> None:
    """Hold a shard's manifest, and with it the checksums it states, against the one that ``save`` returned.

    Raises:
        StateCorrupt: It is missing, or is another.
    """
    if sum_of(folder / MANIFEST) != checksum:
        raise corrupt(folder / MANIFEST, "does not match its checksum")


def read_json(path: Path) -> dict[str, Any]:
    """A manifest.

    Raises:
        StateCorrupt: It is missing, no JSON, or of another format.
    """
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise corrupt(path, f"cannot be read ({error})") from error
    if not isinstance(content, dict) or content.get("format") != FORMAT:
        raise corrupt(path, f"is not of format {FORMAT}")
    return content


def write_json(path: Path, content: object) -> None:
    """Put a manifest in place: the old one or the new one is there at any moment, whole."""
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    with partial.open("w", encoding="utf-8") as file:
        json.dump(content, file, indent=1)
        file.flush()
        os.fsync(file.fileno())
    partial.replace(path)


def sum_of(path: Path) -> str:
    """SHA-256 of a file.

    Raises:
        StateCorrupt: It is missing.
    """
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise corrupt(path, "is missing") from error


def corrupt(path: Path, found: str) -> StateCorrupt:
    """The error for a file that cannot be used."""
    return StateCorrupt(f"{path} {found}", remedy="restore the index from a copy, or build it anew from its documents")


def _group(kind: kinds.Kind, path: Path, lines: list[str]) -> Group:
    import faiss

    try:
        index = faiss.read_index(str(path))
    except RuntimeError as error:
        raise EngineFailure(f"FAISS cannot read {path}", remedy="build the index anew with this FAISS") from error
    chunks = [None if record is None else records.decode(record) for record in map(json.loads, lines)]
    return Group.restored(kind, index, chunks)
