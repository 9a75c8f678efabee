"""Recall@k: what share of the truly nearest an approximate index finds."""

from collections.abc import Sequence

from labkit.documents import Passage
from labkit.errors import BadArgument


def recall(found: Sequence[Sequence[Passage]], exact: Sequence[Sequence[Passage]]) -> float:
    """The share of the exact results that were found, over all queries, in [0, 1].

    >>> from labkit.documents import Chunk
    >>> a, b = (Passage(Chunk(name, name, "text", 0, 4), 1.0) for name in "ab")
    >>> recall([[a], [b]], [[a], [a]])
    0.5

    Args:
        found: The answers to judge, one for each query.
        exact: The answers of exact search to the same queries, for the same principal and k.

    Raises:
        BadArgument: Different numbers of queries, or none with a result.
    """
    if len(found) != len(exact):
        raise BadArgument(f"{len(found)} answers beside {len(exact)} exact ones", remedy="ask both the same queries")
    wanted = [{passage.chunk.id for passage in answer} for answer in exact]
    if not any(wanted):
        raise BadArgument("exact search found nothing", remedy="ask as a principal that may read something")
    hits = sum(len(ids & {p.chunk.id for p in answer}) for ids, answer in zip(wanted, found, strict=True))
    return hits / sum(map(len, wanted))
