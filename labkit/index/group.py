"""The chunks of one shard that share one access: they are searched together or not at all.

Grouping rows by who may read them is what makes filtering cheap. A principal's search opens the few groups that it
may read, and the vectors of all others are not even touched; no list of permitted ids is built or tested.
"""

from collections.abc import Callable, Sequence

import numpy as np
from numpy.typing import NDArray

from labkit.documents import Chunk
from labkit.embedding import Vectors
from labkit.index import engine
from labkit.index.kinds import Flat, Kind
from labkit.index.ranking import Hit, Ranked

SLACK = 4
"""Rows asked for beyond k, so that a tie at place k seldom needs a second look."""

_TIE = 1e-5  # scores nearer than this may change places when they are computed again; FAISS's rounding is ~1e-7
_QUERIES = 256  # scored at once

Alive = NDArray[np.bool_] | None
Find = Callable[[engine.FaissIndex, Vectors, int, Alive], tuple[engine.Scores, engine.Rows]]


class Group:
    """Chunks of one access, and a FAISS index of their vectors.

    Args:
        kind: The kind of index; small groups are scanned exactly whatever it is.
        vectors: Vectors of many chunks, shape (n, dimension).
        rows: Which of them are this group's.
        chunks: The chunks of those rows, in the same order.
    """

    def __init__(self, kind: Kind, vectors: Vectors, rows: engine.Rows, chunks: Sequence[Chunk]) -> None:
        self.kind = kind
        self.chunks: list[Chunk | None] = list(chunks)
        self.living = len(chunks)
        self._alive: Alive = None
        self.faiss: engine.FaissIndex = engine.build(kind, vectors, rows)

    @classmethod
    def restored(cls, kind: Kind, faiss_index: engine.FaissIndex, chunks: Sequence[Chunk | None]) -> "Group":
        """A group as it was saved; deleted chunks are None."""
        group = cls.__new__(cls)
        group.kind, group.faiss, group.chunks = kind, faiss_index, list(chunks)
        group.living = sum(chunk is not None for chunk in chunks)
        group._alive = None
        return group

    def append(self, chunks: Sequence[Chunk], vectors: Vectors) -> list[int]:
        """Add chunks; their row numbers come back. A group that outgrew scanning gets the index its kind asks for."""
        begin = len(self.chunks)
        engine.add(self.faiss, vectors)
        self.chunks += chunks
        self._alive = None
        self.living += len(chunks)
        if not isinstance(self.kind, Flat) and begin < self.kind.smallest <= len(self.chunks):
            rows = np.arange(len(self.chunks), dtype=np.int64)
            self.faiss = engine.build(self.kind, engine.vectors_of(self.faiss, rows), rows)
        return list(range(begin, len(self.chunks)))

    def bury(self, row: int) -> None:
        """Delete a chunk: its text is let go at once, and its vector is passed over from now on."""
        self.living -= self.chunks[row] is not None
        self.chunks[row] = None
        self._alive = None

    def search(self, queries: Vectors, k: int) -> list[Ranked]:
        """The k first hits of every query, all of them if the group has fewer.

        Equal vectors get equal scores and are ordered by id, wherever they lie: the scores are computed again in
        double precision, since FAISS's last digits depend on what else it computes at the time.
        """
        wanted = min(k, self.living)
        if not wanted:
            return [[] for _ in queries]
        if self._alive is None and self.living < len(self.chunks):
            self._alive = np.fromiter((chunk is not None for chunk in self.chunks), np.bool_, len(self.chunks))
        rankings: list[Ranked] = []
        for at in range(0, len(queries), _QUERIES):
            rankings += self._ranked(queries[at : at + _QUERIES], wanted, min(wanted + SLACK, self.living))
        return rankings

    def _ranked(self, queries: Vectors, wanted: int, fetched: int, find: Find = engine.search) -> list[Ranked]:
        scores, rows = find(self.faiss, queries, fetched, self._alive)
        rankings = self._scored(queries, rows, wanted)
        found = rows[:, wanted - 1] >= 0
        if fetched < self.living:  # rows that were not fetched may tie with the last that counts
            found &= (rows[:, -1] < 0) | (scores[:, -1] < scores[:, wanted - 1] - _TIE)
        if not found.all():
            missed = np.flatnonzero(~found)
            again = self._ranked(queries[missed], wanted, min(4 * fetched, self.living), engine.exhaustive)
            for place, ranked in zip(missed, again, strict=True):
                rankings[place] = ranked
        return rankings

    def _scored(self, queries: Vectors, rows: engine.Rows, wanted: int) -> list[Ranked]:
        found = engine.vectors_of(self.faiss, np.maximum(rows, 0).ravel()).reshape(*rows.shape, -1)
        exact = np.einsum("qkd,qd->qk", found.astype(np.float64), queries.astype(np.float64))
        scores = (-exact.astype(np.float32)).tolist()
        chunks = self.chunks
        return [
            sorted(
                Hit(score, chunk.id, chunk)
                for score, row in zip(*pair, strict=True)
                if row >= 0 and (chunk := chunks[row]) is not None
            )[:wanted]
            for pair in zip(scores, rows.tolist(), strict=True)
        ]
