"""The peer: the same interface over Qdrant's engine, in this process (HNSW, with an index over the access field).

A Qdrant server by URL would take the ``qdrant-client`` package, which the course does not install; everything but
``QdrantIndex._ask`` and ``_write`` would stay.
"""

import shutil
import tempfile
import weakref
from collections import defaultdict
from collections.abc import Collection, Sequence
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np

from labkit.documents import Access, Chunk, Passage, Principal, tenants
from labkit.embedding import Vectors
from labkit.errors import BadArgument, MissingDependency
from labkit.index.access import require_corpus, require_principal, require_queries, require_rows
from labkit.index.ranking import Hit, first, passages

EdgeShard = Any
"""Qdrant's own type, named where the package may be missing."""

_FIELD = "access"
_BLOCK = 2_000


class QdrantIndex:
    """Chunks in one Qdrant shard, filtered by Qdrant itself. Build it with ``QdrantIndex.build``.

    A point's payload is one number, which stands for its access; a search names the numbers that the principal may
    read. Chunks stay in this object, as they do in a ``Shard``.

    Attributes:
        registered: Tenants that may search.
        breadth: Candidates kept while searching (``hnsw_ef``); None for Qdrant's own default.
        shard: Qdrant's shard.
    """

    def __init__(self, dimension: int, registered: Collection[str], threads: int = 1) -> None:
        self.registered = set(registered)
        self.dimension = dimension
        self.breadth: int | None = None
        self._codes: dict[Access, int] = {}
        self._chunks: list[Chunk] = []
        self._points: defaultdict[str, list[int]] = defaultdict(list)
        folder = Path(tempfile.mkdtemp(prefix="labkit-qdrant-"))
        self.shard = _create(folder, dimension, threads)
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)

    @classmethod
    def build(cls, chunks: Sequence[Chunk], vectors: Vectors, registered: Collection[str] = ()) -> "QdrantIndex":
        """Index chunks by their vectors, and build Qdrant's graph.

        Args:
            chunks: The n chunks.
            vectors: Their vectors, shape (n, dimension), float32, rows of length 1.
            registered: Tenants that may search although they own none of the chunks.

        Raises:
            EmptyCorpus: There are no chunks.
            BadArgument: Chunks and vectors do not match.
            MissingDependency: ``qdrant-edge-py`` is not installed.
        """
        require_corpus(chunks, vectors)
        index = cls(vectors.shape[1], registered)
        index.append(chunks, vectors)
        index.shard.optimize()
        return index

    def search(self, vectors: Vectors, k: int, principal: Principal) -> list[list[Passage]]:
        """For each query vector the k nearest chunks that the principal may read, nearest first.

        Raises:
            AccessRefused: There is no principal.
            UnknownTenant: The principal's tenant was never registered.
            BadArgument: k is below 1, or the vectors are not of this index's dimension.
        """
        require_principal(principal, self.registered)
        require_queries(vectors, k, self.dimension)
        requests = self.requests(vectors, k, principal)
        rankings = []
        for request in requests:
            hits = ((point.score, self._chunks[point.id]) for point in self.shard.query(request))
            rankings.append(first((Hit(-score, chunk.id, chunk) for score, chunk in hits), k))
        return passages(rankings)

    def requests(self, vectors: Vectors, k: int, principal: Principal) -> list[Any]:
        """The queries as Qdrant takes them, with the principal's filter."""
        edge = _engine()
        codes = [code for access, code in self._codes.items() if principal.may_read(access)]
        permitted = edge.Filter(must=[edge.FieldCondition(_FIELD, match=edge.MatchAny(codes))])
        return [
            edge.QueryRequest(
                limit=k,
                query=edge.Query.Nearest(query),
                filter=permitted,
                params=edge.SearchParams(hnsw_ef=self.breadth),
            )
            for query in vectors.tolist()
        ]

    def append(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Add chunks; Qdrant takes them into its graph at its next ``optimize``, and finds them before.

        Raises:
            BadArgument: Chunks and vectors do not match, or an id is here already with another text.
        """
        require_rows(chunks, vectors)
        edge = _engine()
        fresh = [row for row, chunk in enumerate(chunks) if not self._present(chunk)]
        self.registered |= tenants(chunks)
        for at in range(0, len(fresh), _BLOCK):
            rows = np.array(fresh[at : at + _BLOCK], dtype=np.int64)
            points = [edge.Point(*made) for made in self._points_of([chunks[row] for row in rows], vectors[rows])]
            self.shard.update(edge.UpdateOperation.upsert_points(points))

    def delete(self, document_ids: Collection[str]) -> int:
        """Take documents out; how many chunks went."""
        gone = [point for name in document_ids for point in self._points.pop(name, [])]
        if gone:
            self.shard.update(_engine().UpdateOperation.delete_points(gone))
        return len(gone)

    def _present(self, chunk: Chunk) -> bool:
        for point in self._points.get(chunk.document_id, ()):
            if self._chunks[point].id == chunk.id:
                if self._chunks[point] != chunk:
                    found = f"chunk {chunk.id!r} is here with another text"
                    raise BadArgument(found, remedy="delete its document first")
                return True
        return False

    def _points_of(self, chunks: Sequence[Chunk], vectors: Vectors) -> list[tuple[int, list[float], dict[str, int]]]:
        made = []
        for chunk, vector in zip(chunks, vectors.tolist(), strict=True):
            number = len(self._chunks)
            self._chunks.append(chunk)
            self._points[chunk.document_id].append(number)
            made.append((number, vector, {_FIELD: self._codes.setdefault(chunk.access, len(self._codes))}))
        return made


def _engine() -> ModuleType:
    try:
        import qdrant_edge
    except ImportError as error:
        raise MissingDependency(
            "Qdrant's in-process engine is not installed", remedy="run: .venv/bin/uv pip install qdrant-edge-py==0.9.0"
        ) from error
    engine: ModuleType = qdrant_edge
    return engine


def _create(folder: Path, dimension: int, threads: int) -> EdgeShard:
    edge = _engine()
    config = edge.EdgeConfig(
        vectors=edge.EdgeVectorParams(size=dimension, distance=edge.Distance.Cosine), max_search_threads=threads
    )
    shard = edge.EdgeShard.create(str(folder), config)
    field = edge.UpdateOperation.create_field_index(_FIELD, edge.PayloadSchemaType.Integer)
    shard.update(field)
    return shard
