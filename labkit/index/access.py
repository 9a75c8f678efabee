"""What every index keeps: the interface, and the checks that come before any search."""

from collections.abc import Collection, Sequence
from typing import Protocol

import numpy as np

from labkit.documents import Chunk, Passage, Principal
from labkit.embedding import Vectors
from labkit.errors import AccessRefused, BadArgument, EmptyCorpus, UnknownTenant


class Index(Protocol):
    """What an application needs of its index."""

    def search(self, vectors: Vectors, k: int, principal: Principal) -> list[list[Passage]]:
        """For each query vector the k nearest chunks that the principal may read, nearest first."""
        ...


class ChangingIndex(Index, Protocol):
    """An index whose documents come and go without a rebuild."""

    def append(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Add chunks; once this returns, searches find them."""
        ...

    def delete(self, document_ids: Collection[str]) -> int:
        """Take documents out; once this returns, no search finds them. Returns how many chunks went."""
        ...


def require_principal(principal: Principal | None, registered: Collection[str]) -> None:
    """Refuse a search that has no principal, or one of a tenant that was never registered."""
    if not isinstance(principal, Principal):
        raise AccessRefused(f"the principal is {principal!r}", remedy="pass the Principal on whose behalf you search")
    if principal.tenant not in registered:
        known = ", ".join(sorted(registered)[:5]) or "none"
        raise UnknownTenant(
            f"{principal.name!r} belongs to tenant {principal.tenant!r}, which this index does not know",
            remedy=f"register the tenant when building the index (known: {known})",
        )


def require_corpus(chunks: Sequence[Chunk], vectors: Vectors) -> None:
    """Refuse to build an index of nothing, or of chunks and vectors that do not belong together."""
    if not chunks:
        raise EmptyCorpus("the index was given 0 chunks", remedy="give documents that have words in them")
    require_rows(chunks, vectors)


def require_rows(chunks: Sequence[Chunk], vectors: Vectors) -> None:
    """Refuse chunks and vectors that do not belong together row by row."""
    if vectors.ndim != 2 or len(vectors) != len(chunks):
        raise BadArgument(
            f"{len(chunks)} chunks came with vectors of shape {vectors.shape}",
            remedy="give one row for each chunk, in the same order",
        )
    for at in range(0, len(vectors), 50_000):  # in blocks: a mask of all of them would be large
        require_finite(vectors[at : at + 50_000])


def require_distinct(chunks: Sequence[Chunk]) -> None:
    """Refuse chunks of which two share an id: one of them could not be told from the other."""
    seen: set[str] = set()
    for chunk in chunks:
        if chunk.id in seen:
            raise BadArgument(f"chunk id {chunk.id!r} comes twice", remedy="give every chunk once")
        seen.add(chunk.id)


def require_queries(vectors: Vectors, k: int, dimension: int) -> None:
    """Refuse query vectors of another dimension than the index, and a k below 1."""
    if isinstance(k, bool) or k < 1:
        raise BadArgument(f"k is {k}", remedy="ask for at least 1 passage")
    if vectors.ndim != 2 or vectors.shape[1] != dimension:
        raise BadArgument(
            f"the queries have shape {vectors.shape}",
            remedy=f"give one row for each query, of {dimension} numbers: encode them as the chunks were",
        )
    require_finite(vectors)


def require_finite(vectors: Vectors) -> None:
    """Refuse NaN and infinities: nothing is near to them, and nothing is far."""
    bad = np.flatnonzero(~np.isfinite(vectors).all(axis=1))
    if len(bad):
        raise BadArgument(f"vector {bad[0]} holds NaN or an infinity", remedy="encode its text again")
