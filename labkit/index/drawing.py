"""Vectors drawn around real ones, for corpus sizes that would take hours to encode. Say so beside every number."""

from collections.abc import Sequence

import numpy as np

from labkit.documents import Chunk
from labkit.embedding import Vectors
from labkit.errors import BadArgument
from labkit.scaling import require_number

_BLOCK = 50_000  # noise made at once, so that it never takes a second copy of it all


def drawn_around(real: Vectors, count: int, spread: float = 0.5, seed: int = 0) -> Vectors:
    """Vectors of length 1: a real one picked at random, plus normal noise.

    >>> drawn_around(np.eye(3, dtype=np.float32), 5).shape
    (5, 3)

    Args:
        real: Shape (n, dimension), rows of length 1.
        count: How many to draw, at least 1.
        spread: Root mean square length of the noise; the cosine to the real one is about 1 / sqrt(1 + spread ** 2).
        seed: Of the draw.

    Raises:
        BadArgument: No real vectors, a count below 1, or a spread that is not positive.
    """
    if not len(real) or count < 1:
        raise BadArgument(f"{count} vectors around {len(real)} real ones", remedy="give at least 1 of both")
    require_number("spread", spread, above=0)
    rng = np.random.default_rng(seed)
    drawn = np.empty((count, real.shape[1]), np.float32)
    for at in range(0, count, _BLOCK):
        part = drawn[at : at + _BLOCK]
        rng.standard_normal(dtype=np.float32, out=part)
        part *= spread / real.shape[1] ** 0.5
        part += real[rng.integers(len(real), size=len(part))]
        part /= np.linalg.norm(part, axis=1, keepdims=True)
    return drawn


def copies(chunks: Sequence[Chunk], count: int) -> list[Chunk]:
    """Chunks to go with drawn vectors: those given, in turn, each copy a document with an id of its own.

    >>> chunk = Chunk("a#0", "a", "text", 0, 4)
    >>> [copy.id for copy in copies([chunk], 2)]
    ['a.0#0', 'a.1#0']
    """
    made = []
    for number in range(count):
        turn, place = divmod(number, len(chunks))
        given = chunks[place]
        name = f"{given.document_id}.{turn}"
        place_id = f"{name}#{given.start}"
        made.append(
            Chunk(place_id, name, given.text, given.start, given.end, given.source, given.access, given.updated)
        )
    return made
