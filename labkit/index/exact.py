"""Stage 0's index: every permitted chunk is compared with every query, in one process."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.documents import Access, Chunk, Passage, Principal, tenants
from labkit.embedding import Vectors
from labkit.errors import BadArgument
from labkit.index.access import require_corpus, require_principal


@dataclass(frozen=True)
class ExactIndex:
    """Exact cosine search with FAISS: every permitted chunk is compared with every query.

    Build it with ``ExactIndex.build``.
    """

    chunks: Sequence[Chunk]
    registered: frozenset[str]
    _flat: Any
    _by_access: dict[Access, NDArray[np.int64]]

    @classmethod
    def build(cls, chunks: Sequence[Chunk], vectors: Vectors, registered: Collection[str] = ()) -> "ExactIndex":
        """Index chunks by their vectors.

        Args:
            chunks: The n chunks.
            vectors: Their vectors, shape (n, dimension), float32, rows of length 1.
            registered: Tenants that may search although they own none of the chunks.

        Raises:
            EmptyCorpus: There are no chunks.
            BadArgument: The numbers of chunks and vectors differ.
        """
        import faiss

        require_corpus(chunks, vectors)
        flat = faiss.IndexFlatIP(vectors.shape[1])
        flat.add(np.ascontiguousarray(vectors, dtype=np.float32))
        return cls(tuple(chunks), frozenset(registered) | tenants(chunks), flat, _rows_by_access(chunks))

    def search(self, vectors: Vectors, k: int, principal: Principal) -> list[list[Passage]]:
        """For each query vector the k nearest chunks that the principal may read, nearest first.

        Args:
            vectors: Query vectors, shape (queries, dimension).
            k: Passages wanted per query, at least 1; fewer come back where fewer may be read.
            principal: The one who asks.

        Raises:
            AccessRefused: There is no principal.
            UnknownTenant: The principal's tenant was never registered with this index.
            BadArgument: k is below 1.
        """
        require_principal(principal, self.registered)
        if k < 1:
            raise BadArgument(f"k is {k}", remedy="ask for at least 1 passage")
        import faiss

        permitted = self._permitted(principal)
        if not len(permitted):
            return [[] for _ in vectors]
        selector = faiss.SearchParameters(sel=faiss.IDSelectorBatch(permitted))
        wanted = min(k, len(permitted))
        scores, rows = self._flat.search(np.ascontiguousarray(vectors, np.float32), wanted, params=selector)
        return [self._passages(*pair) for pair in zip(scores, rows, strict=True)]

    def _permitted(self, principal: Principal) -> NDArray[np.int64]:
        rows = [rows for access, rows in self._by_access.items() if principal.may_read(access)]
        return np.concatenate(rows) if rows else np.empty(0, dtype=np.int64)

    def _passages(self, scores: NDArray[np.float32], rows: NDArray[np.int64]) -> list[Passage]:
        # Equal scores are put in the order of the corpus, so that the result does not depend on FAISS's heap.
        ranked = sorted(zip(-scores, rows, strict=True))
        return [Passage(self.chunks[row], float(-negated)) for negated, row in ranked]


def _rows_by_access(chunks: Sequence[Chunk]) -> dict[Access, NDArray[np.int64]]:
    rows: defaultdict[Access, list[int]] = defaultdict(list)
    for row, chunk in enumerate(chunks):
        rows[chunk.access].append(row)
    return {access: np.array(found, dtype=np.int64) for access, found in rows.items()}
