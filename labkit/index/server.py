"""A shard with a home on disk, as the actor on the other side of Ray holds it.

Every change goes to the journal before it is acknowledged, so a server started in the same home after a crash is
the shard that its callers were told of: a deletion that was confirmed stays done.
"""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labkit.documents import Chunk, Principal
from labkit.embedding import Vectors
from labkit.index import journal, storage
from labkit.index.access import require_rows
from labkit.index.kinds import Kind
from labkit.index.ranking import Ranked
from labkit.index.shard import Shard


@dataclass(frozen=True)
class Material:
    """What a shard is built from; arguments of ``Shard.build``."""

    chunks: Sequence[Chunk]
    vectors: Vectors
    kind: Kind
    registered: Collection[str]


class ShardServer:
    """One shard and its folder.

    Args:
        home: The shard's folder.
        material: What to build the shard from; None reads back what the folder holds.
        threads: Threads of FAISS in this process, or None to leave them.

    Raises:
        StateCorrupt: The folder does not hold what was saved there.
    """

    def __init__(self, home: str, material: Material | None = None, threads: int | None = None) -> None:
        if threads is not None:
            import faiss

            faiss.omp_set_num_threads(threads)
        self.home = Path(home)
        if material is None:
            self.shard = storage.load(self.home)
        else:
            # Arrays from Ray's object store are read-only views of it; FAISS copies them while it builds.
            self.shard = Shard.build(material.chunks, material.vectors, material.kind, material.registered)
            storage.save(self.shard, self.home)

    def rank(self, vectors: Vectors, k: int, principal: Principal) -> list[Ranked]:
        """The k first of every query, of this shard."""
        return self.shard.rank(vectors, k, principal)

    def append(self, chunks: Sequence[Chunk], vectors: Vectors, registered: Collection[str]) -> int:
        """Add chunks for good; how many living chunks the shard has now."""
        require_rows(chunks, vectors)
        rows = np.array(vectors, dtype=np.float32)
        self.shard.append(chunks, rows, registered)  # refuses before anything is written
        journal.note_append(self.home, chunks, rows, registered)
        return len(self.shard)

    def delete(self, document_ids: Collection[str]) -> int:
        """Take documents out for good; how many of their chunks were here."""
        journal.note_delete(self.home, document_ids)
        return self.shard.delete(document_ids)

    def save(self, folder: str, adopt: bool) -> str:
        """Write the shard into a new folder, which is its home from now on if ``adopt``; the manifest's SHA-256."""
        checksum = storage.save(self.shard, Path(folder))
        if adopt:
            self.home = Path(folder)
        return checksum

    def size(self) -> int:
        """Living chunks."""
        return len(self.shard)
