"""Canaries: secrets laid where strangers search.

For every access there is in a corpus a few chunks are added whose vectors are copies of vectors that *other*
principals may read. Whoever asks about its own texts has a stranger's secret as near as its own text, and only
access control stands between them.
"""

from collections.abc import Sequence

import numpy as np

from labkit.documents import Access, Chunk, Document
from labkit.embedding import Vectors
from labkit.errors import BadArgument

PREFIX = "canary"


def canaries(chunks: Sequence[Chunk], vectors: Vectors, each: int = 2, seed: int = 0) -> tuple[list[Chunk], Vectors]:
    """Canary chunks for every restricted access among the chunks, and their vectors.

    Args:
        chunks: The corpus.
        vectors: Its vectors, shape (chunks, dimension).
        each: Canaries per access, at least 1.
        seed: Of the choice of places.

    Returns:
        The canaries and their vectors, to be appended to the index that is to be audited.
    """
    if each < 1:
        raise BadArgument(f"each is {each}", remedy="give at least 1 canary for every access")
    rng = np.random.default_rng(seed)
    accesses = sorted({chunk.access for chunk in chunks if chunk.access.tenant is not None}, key=_name)
    owner = np.array([chunk.access.tenant or "" for chunk in chunks])
    laid, places = [], []
    for access in accesses:
        foreign = np.flatnonzero(owner != access.tenant)
        for number in range(each):
            place = int(rng.choice(foreign)) if len(foreign) else int(rng.integers(len(chunks)))
            laid.append(_canary(access, number))
            places.append(place)
    return laid, vectors[np.array(places, dtype=np.int64)].copy()


def _canary(access: Access, number: int) -> Chunk:
    text = f"The secret of {_name(access)} is canary number {number}."
    return Chunk.cut(Document(f"{PREFIX}-{_name(access)}-{number}", text, access=access), 0, len(text))


def _name(access: Access) -> str:
    return "/".join([access.tenant or "", *sorted(access.groups)])
