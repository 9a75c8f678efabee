"""What happened to a shard since it was saved: one line an event, on disk before the event is acknowledged.

A line is the SHA-256 of the rest, a space, and JSON. A last line without its end was being written when the process
died and was never acknowledged; any other line that does not match its sum is damage.
"""

import base64
import hashlib
import json
import os
from collections.abc import Collection, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from labkit.documents import Chunk
from labkit.embedding import Vectors
from labkit.errors import StateCorrupt
from labkit.index import records
from labkit.index.shard import Shard

NAME = "journal.jsonl"


def note_append(folder: Path, chunks: Sequence[Chunk], vectors: Vectors, registered: Collection[str]) -> None:
    """Keep an append."""
    rows = np.ascontiguousarray(vectors, dtype="<f4")
    _write(
        folder,
        {
            "chunks": [records.encode(chunk) for chunk in chunks],
            "vectors": base64.b64encode(rows.tobytes()).decode(),
            "registered": sorted(registered),
        },
    )


def note_delete(folder: Path, document_ids: Collection[str]) -> None:
    """Keep a deletion."""
    _write(folder, {"delete": sorted(document_ids)})


def replay(folder: Path, shard: Shard) -> None:
    """Do to a shard what its journal says, in order.

    Raises:
        StateCorrupt: A line does not match its sum.
    """
    for event in _events(folder / NAME):
        if "delete" in event:
            shard.delete(event["delete"])
        else:
            rows = np.frombuffer(base64.b64decode(event["vectors"]), dtype="<f4").astype(np.float32)
            chunks = [records.decode(record) for record in event["chunks"]]
            shard.append(chunks, rows.reshape(len(chunks), shard.dimension), event["registered"])


def _write(folder: Path, event: dict[str, object]) -> None:
    text = json.dumps(event, separators=(",", ":"))
    path = folder / NAME
    _cut_torn_line(path)
    with path.open("a", encoding="utf-8") as journal:
        journal.write(f"{_sum(text)} {text}\n")
        journal.flush()
        os.fsync(journal.fileno())


def _cut_torn_line(path: Path) -> None:
    """Drop a last line that was never finished, so that the next one does not grow onto it."""
    if not path.exists():
        return
    content = path.read_bytes() if not _ends_whole(path) else b""
    if content:
        os.truncate(path, content.rfind(b"\n") + 1)


def _ends_whole(path: Path) -> bool:
    with path.open("rb") as journal:
        if not journal.seek(0, os.SEEK_END):
            return True
        journal.seek(-1, os.SEEK_END)
        return journal.read() == b"\n"


def _events(path: Path) -> Iterator[dict[str, Any]]:
    if not path.exists():
        return
    with path.open(encoding="utf-8") as journal:
        for number, line in enumerate(journal, start=1):
            if not line.endswith("\n"):
                return
            claimed, _, text = line[:-1].partition(" ")
            if _sum(text) != claimed:
                raise StateCorrupt(
                    f"line {number} of {path} does not match its checksum",
                    remedy="restore the index from a copy, or build it anew from its documents",
                )
            yield json.loads(text)


def _sum(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
