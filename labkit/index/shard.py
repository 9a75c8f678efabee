"""One shard: a part of the chunks, grouped by access, searched in this process.

A search goes::

    principal -> the groups it may read -> the k first of each -> the k first of all

Which groups may be read is decided before any distance is computed. Ranking first and dropping forbidden chunks
afterwards would return too few, and the count alone would tell that something was hidden.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Sequence

import numpy as np

from labkit.documents import Access, Chunk, Passage, Principal, tenants
from labkit.embedding import Vectors
from labkit.errors import BadArgument
from labkit.index import engine
from labkit.index.access import require_distinct, require_principal, require_queries, require_rows
from labkit.index.group import Group
from labkit.index.kinds import IVF, Kind, require_kind
from labkit.index.ranking import Ranked, first, passages


class Shard:
    """Chunks that can be searched, appended and deleted, in this process. Build it with ``Shard.build``.

    Attributes:
        kind: The kind of index of its groups.
        dimension: Length of the vectors.
        registered: Tenants that may search.
        groups: The chunks, by who may read them.
    """

    def __init__(self, kind: Kind, dimension: int, registered: Iterable[str], groups: dict[Access, Group]) -> None:
        self.kind = kind
        self.dimension = dimension
        self.registered = set(registered)
        self.groups = groups
        self._accesses: defaultdict[str | None, list[Access]] = defaultdict(list)
        for access in groups:
            self._accesses[access.tenant].append(access)
        # Each document's living chunks: where they lie, by their id.
        self._places: defaultdict[str, dict[str, tuple[Group, int]]] = defaultdict(dict)
        for group in groups.values():
            for row, chunk in enumerate(group.chunks):
                if chunk is not None:
                    self._places[chunk.document_id][chunk.id] = (group, row)

    @classmethod
    def build(
        cls, chunks: Sequence[Chunk], vectors: Vectors, kind: Kind | None = None, registered: Collection[str] = ()
    ) -> "Shard":
        """Index chunks by their vectors.

        Args:
            chunks: The n chunks; none is allowed, a hash may send a shard nothing.
            vectors: Their vectors, shape (n, dimension), float32, rows of length 1.
            kind: Flat, IVF or HNSW; by default IVF as shipped.
            registered: Tenants that may search although they own none of the chunks.

        Raises:
            BadArgument: Chunks and vectors do not match, an id comes twice, or the kind is none.
        """
        kind = IVF() if kind is None else kind
        require_kind(kind)
        require_rows(chunks, vectors)
        require_distinct(chunks)
        groups = {
            access: Group(kind, vectors, np.array(rows, dtype=np.int64), [chunks[row] for row in rows])
            for access, rows in by_access(chunks).items()
        }
        return cls(kind, vectors.shape[1], {*registered, *tenants(chunks)}, groups)

    def search(self, vectors: Vectors, k: int, principal: Principal) -> list[list[Passage]]:
        """For each query vector the k nearest chunks that the principal may read, nearest first, ties by id.

        Args:
            vectors: Query vectors, shape (queries, dimension).
            k: Passages wanted per query, at least 1; fewer come back only where fewer may be read.
            principal: The one who asks.

        Raises:
            AccessRefused: There is no principal.
            UnknownTenant: The principal's tenant was never registered.
            BadArgument: k is below 1, or the vectors are not of this index's dimension.
        """
        return passages(self.rank(vectors, k, principal))

    def rank(self, vectors: Vectors, k: int, principal: Principal) -> list[Ranked]:
        """Like ``search``, with hits as the merge wants them."""
        require_principal(principal, self.registered)
        require_queries(vectors, k, self.dimension)
        queries = np.ascontiguousarray(vectors, dtype=np.float32)
        found = [group.search(queries, k) for group in self.readable(principal)]
        if len(found) == 1:
            return found[0]
        return [
            first((hit for ranked in of_query for hit in ranked), k)
            for of_query in (zip(*found, strict=True) if found else [()] * len(queries))
        ]

    def readable(self, principal: Principal) -> Iterator[Group]:
        """The groups that the principal may read: of the shared ones and its own tenant's, those open to it."""
        for access in (*self._accesses.get(None, ()), *self._accesses.get(principal.tenant, ())):
            if principal.may_read(access):
                yield self.groups[access]

    def probe(self, lists: int) -> None:
        """Read this many lists from now on, in the groups that keep lists; for looking at the trade-off.

        Raises:
            BadArgument: ``lists`` is below 1.
        """
        if lists < 1:
            raise BadArgument(f"lists is {lists}", remedy="read at least 1")
        for group in self.groups.values():
            if engine.is_inverted(group.faiss):
                group.faiss.nprobe = min(lists, group.faiss.nlist)

    def append(self, chunks: Sequence[Chunk], vectors: Vectors, registered: Collection[str] = ()) -> None:
        """Add chunks. One that is here already, and the same, is passed over, so an append may be repeated safely.

        Args:
            chunks: The n chunks.
            vectors: Their vectors, shape (n, dimension).
            registered: More tenants that may search from now on; the owners of the chunks may in any case.

        Raises:
            BadArgument: Chunks and vectors do not match, or a chunk differs from one that has its id.
        """
        require_rows(chunks, vectors)
        require_distinct(chunks)
        if len(chunks):
            require_queries(vectors, 1, self.dimension)
        fresh = [row for row, chunk in enumerate(chunks) if not self._present(chunk)]
        self.registered |= {*registered, *tenants(chunks)}
        for access, rows in by_access([chunks[row] for row in fresh]).items():
            self._extend(access, [fresh[row] for row in rows], chunks, vectors)

    def delete(self, document_ids: Collection[str]) -> int:
        """Take documents out; how many of their chunks were here. Once this returns, no search finds them."""
        gone = [place for name in document_ids for place in self._places.pop(name, {}).values()]
        for group, row in gone:
            group.bury(row)
        return len(gone)

    def __len__(self) -> int:
        """Living chunks."""
        return sum(group.living for group in self.groups.values())

    def _present(self, chunk: Chunk) -> bool:
        place = self._places.get(chunk.document_id, {}).get(chunk.id)
        if place is None:
            return False
        group, row = place
        if group.chunks[row] != chunk:
            raise BadArgument(f"chunk {chunk.id!r} is here with another text", remedy="delete its document first")
        return True

    def _extend(self, access: Access, rows: list[int], chunks: Sequence[Chunk], vectors: Vectors) -> None:
        arriving = [chunks[row] for row in rows]
        if access in self.groups:
            places = self.groups[access].append(arriving, vectors[rows])
        else:
            self.groups[access] = Group(self.kind, vectors, np.array(rows, dtype=np.int64), arriving)
            self._accesses[access.tenant].append(access)
            places = list(range(len(rows)))
        for place, chunk in zip(places, arriving, strict=True):
            self._places[chunk.document_id][chunk.id] = (self.groups[access], place)


def by_access(chunks: Sequence[Chunk]) -> dict[Access, list[int]]:
    """Rows of the chunks, by their access, in the order of the chunks."""
    rows: defaultdict[Access, list[int]] = defaultdict(list)
    for row, chunk in enumerate(chunks):
        rows[chunk.access].append(row)
    return dict(rows)
