"""The order of results, and the exact merge of what several shards found.

Higher scores first, equal scores by chunk id. The order is total and looks at nothing but the chunk itself, so
the k first of a whole are the k first of the k first of its parts, however it was cut: that is all that
scatter-gather rests on.
"""

from collections.abc import Iterable, Sequence
from typing import NamedTuple

from labkit.documents import Chunk, Passage


class Hit(NamedTuple):
    """A chunk that one query found.

    Sorting hits gives the order of results: tuples compare from the left, and no two chunks share an id.
    """

    negated: float
    """The cosine times -1, so that the smallest comes first."""
    id: str
    chunk: Chunk


Ranked = list[Hit]
"""Hits of one query, in order."""


def first(hits: Iterable[Hit], k: int) -> Ranked:
    """The k first hits.

    >>> from labkit.documents import Document
    >>> a, b, c = (Chunk.cut(Document(name, "text"), 0, 4) for name in "abc")
    >>> [hit.id for hit in first([Hit(-0.5, b.id, b), Hit(-0.9, c.id, c), Hit(-0.5, a.id, a)], 2)]
    ['c#0', 'a#0']
    """
    return sorted(hits)[:k]


def merge(replies: Sequence[Sequence[Ranked]], k: int) -> list[Ranked]:
    """The k first of every query, from the k first that each shard found for it.

    Args:
        replies: One reply a shard, each with one ranking for every query.
        k: How many to keep per query.
    """
    if len(replies) == 1:
        return [ranked[:k] for ranked in replies[0]]
    return [first((hit for ranked in found for hit in ranked), k) for found in zip(*replies, strict=True)]


def passages(rankings: Iterable[Ranked]) -> list[list[Passage]]:
    """Rankings as an index returns them."""
    return [[Passage(hit.chunk, -hit.negated) for hit in ranked] for ranked in rankings]
