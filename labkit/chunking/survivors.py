"""Which chunks stay, decided over all blocks at once: the one step of layer 1 that sees everything.

The rule depends on the chunks alone. Chunks are ranked by date, newest first, then by their place in the corpus;
in that order a chunk goes if one that stays already says the same. Workers and block sizes appear nowhere in it.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from labkit.chunking.buckets import Buckets, Numbers
from labkit.chunking.duplicates import Duplicates
from labkit.chunking.spool import Spool
from labkit.chunking.tables import BAND_COLUMNS, CHUNK_COLUMNS, EXACT_COLUMNS, chunks_of
from labkit.documents import Chunk


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

    What is held is a few numbers a chunk, so that the memory of a hundred thousand pages is that of twenty
    thousand and a little more. Texts are read only of chunks that share a band with another, from a file on disk.

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


def _rank(blocks: Sequence[Path]) -> NDArray[np.int32]:
    """The place of each chunk in the order of preference: newest first, undated last, then as in the corpus."""
    days = _column(blocks, "updated")
    rank = np.empty(len(days), dtype=np.int32)
    rank[np.argsort(-days.astype(np.int64), kind="stable")] = np.arange(len(days), dtype=np.int32)
    return rank


def _first_of_each(rank: NDArray[np.int32], *keys: Numbers) -> NDArray[np.bool_]:
    """True for the best-ranked chunk of each group with equal keys."""
    order = np.lexsort((rank, *keys))
    begins = np.arange(len(order)) == 0
    for key in keys:
        ordered = key[order]
        begins[1:] |= ordered[1:] != ordered[:-1]
    first = np.empty(len(order), dtype=bool)
    first[order] = begins
    return first


def _drop_near(
    blocks: Sequence[Path], rule: Duplicates, rank: NDArray[np.int32], kept: NDArray[np.bool_]
) -> NDArray[np.bool_]:
    places = np.flatnonzero(kept).astype(np.int32)
    places = places[np.argsort(rank[places])]  # row 0 is the chunk that all others would have to repeat
    buckets = Buckets.of(_column(blocks, name)[places] for name in BAND_COLUMNS)
    suspects = np.sort(places[buckets.rows()])
    staying = np.ones(len(places), dtype=bool)
    with Spool(_at(blocks, suspects), blocks[0].parent) as spool:

        def chunk(row: int) -> Chunk:
            return spool.chunk(int(np.searchsorted(suspects, places[row])))

        for row, earlier in buckets.meetings():
            rivals = {rival for rows in earlier for rival in rows[staying[rows]].tolist()}
            staying[row] = not any(rule.repeats(chunk(row), chunk(rival)) for rival in rivals)
    kept = kept.copy()
    kept[places[~staying]] = False
    return kept


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


def _at(blocks: Sequence[Path], places: NDArray[np.int32]) -> Iterator[Chunk]:
    """The chunks at some places of the corpus, in order."""
    import pyarrow.parquet as pq

    before = 0
    for path in blocks:
        rows = pq.read_metadata(path).num_rows
        wanted = places[(places >= before) & (places < before + rows)] - before
        if len(wanted):
            with pq.ParquetFile(path) as file:
                yield from chunks_of(file.read(list(CHUNK_COLUMNS), use_threads=False).take(wanted))
        before += rows
