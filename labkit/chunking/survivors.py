"""Which chunks stay, decided over all blocks at once: the one step of layer 1 that sees everything.

The rule depends on the chunks alone. Chunks are ranked by date, newest first, then by their place in the corpus;
in that order a chunk goes if one that stays already says the same. Workers and block sizes appear nowhere in it.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labkit.chunking.duplicates import Duplicates
from labkit.chunking.tables import BAND_COLUMNS, EXACT_COLUMNS, chunks_of
from labkit.documents import Chunk

Bucket = tuple[int, int]
"""A band, and the number of a value in it that several chunks have."""

Numbers = NDArray[np.int64] | NDArray[np.uint64]


@dataclass(frozen=True)
class Survivors:
    """The verdict on every chunk.

    Attributes:
        kept: One bool a chunk, in the order of the corpus.
        exact: How many were dropped as copies.
        near: How many were dropped as near copies.
    """

    kept: NDArray[np.bool_]
    exact: int
    near: int


def survivors(blocks: Sequence[Path], rule: Duplicates) -> Survivors:
    """Judge all chunks of the blocks.

    One column is held at a time, 8 bytes a chunk; texts are read only of those that share a band with another.

    Args:
        blocks: Parquet files of ``tables.block_table``, in the order of the corpus.
        rule: What a duplicate is.
    """
    rank = _rank(blocks)
    kept = _first_of_each(rank, *(_column(blocks, name) for name in EXACT_COLUMNS))
    exact = int((~kept).sum())
    if rule.resemblance is not None:
        kept = _drop_near(blocks, rule, rank, kept)
    return Survivors(kept, exact, int((~kept).sum()) - exact)


def _rank(blocks: Sequence[Path]) -> NDArray[np.int64]:
    """The place of each chunk in the order of preference: newest first, undated last, then as in the corpus."""
    days = _column(blocks, "updated")
    rank = np.empty(len(days), dtype=np.int64)
    rank[np.argsort(-days.astype(np.int64), kind="stable")] = np.arange(len(days))
    return rank


def _first_of_each(rank: NDArray[np.int64], *keys: Numbers) -> NDArray[np.bool_]:
    """True for the best-ranked chunk of each group with equal keys."""
    order = np.lexsort((rank, *keys))
    begins = np.ones(len(order), dtype=bool)
    begins[1:] = np.any([key[order][1:] != key[order][:-1] for key in keys], axis=0)
    first = np.empty(len(order), dtype=bool)
    first[order] = begins
    return first


def _drop_near(
    blocks: Sequence[Path], rule: Duplicates, rank: NDArray[np.int64], kept: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    alive = np.flatnonzero(kept)
    buckets = _buckets(blocks, alive)
    suspects = np.array(sorted(buckets), dtype=np.int64)
    chunks = _chunks(blocks, alive[suspects])
    staying: dict[Bucket, list[Chunk]] = {}
    kept = kept.copy()
    for suspect in suspects[np.argsort(rank[alive[suspects]])].tolist():
        place = int(alive[suspect])
        chunk = chunks[place]
        rivals = {rival.id: rival for bucket in buckets[suspect] for rival in staying.get(bucket, ())}
        if any(rule.repeats(chunk, rival) for rival in rivals.values()):
            kept[place] = False
            continue
        for bucket in buckets[suspect]:
            staying.setdefault(bucket, []).append(chunk)
    return kept


def _buckets(blocks: Sequence[Path], alive: NDArray[np.int64]) -> dict[int, list[Bucket]]:
    """The buckets of each living chunk that shares one; most share none, and take no memory."""
    found: defaultdict[int, list[Bucket]] = defaultdict(list)
    for band, name in enumerate(BAND_COLUMNS):
        groups = _shared(_column(blocks, name)[alive])
        for row in np.flatnonzero(groups).tolist():
            found[row].append((band, int(groups[row])))
    return found


def _shared(band: Numbers) -> NDArray[np.int64]:
    """For each value the number of its group, from 1; 0 for a value that no other shares."""
    _, group, count = np.unique(band, return_inverse=True, return_counts=True)
    return np.where(count[group] > 1, group + 1, 0)


def _column(blocks: Sequence[Path], name: str) -> Numbers:
    import pyarrow as pa
    import pyarrow.compute as pc
    import pyarrow.parquet as pq

    parts = []
    for path in blocks:
        with pq.ParquetFile(path) as file:
            column = file.read([name], use_threads=False).column(name)
        if pa.types.is_date(column.type):
            column = pc.fill_null(column.cast(pa.int32()), -(2**31))
        parts.append(column.to_numpy())
    return np.concatenate(parts) if parts else np.empty(0, dtype=np.int64)


def _chunks(blocks: Sequence[Path], places: NDArray[np.int64]) -> dict[int, Chunk]:
    """The chunks at some places of the corpus."""
    return dict(zip(places.tolist(), _at(blocks, places), strict=True))


def _at(blocks: Sequence[Path], places: NDArray[np.int64]) -> Iterator[Chunk]:
    import pyarrow.parquet as pq

    before = 0
    for path in blocks:
        rows = pq.read_metadata(path).num_rows
        wanted = places[(places >= before) & (places < before + rows)] - before
        if len(wanted):
            yield from chunks_of(pq.read_table(path).take(wanted))
        before += rows
