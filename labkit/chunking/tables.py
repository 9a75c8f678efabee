"""Chunks as Arrow tables and Parquet files, written whole or not at all."""

import os
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.chunking.duplicates import BANDS, Duplicates, exact_digest
from labkit.documents import Access, Chunk

if TYPE_CHECKING:
    import pyarrow as pa

ROWS_PER_GROUP = 4096
"""Rows that a reader must hold at once."""

CHUNK_COLUMNS = ("id", "document_id", "text", "start", "end", "source", "tenant", "groups", "updated")
EXACT_COLUMNS = ("exact_high", "exact_low")
BAND_COLUMNS = tuple(f"band_{number}" for number in range(BANDS))


def chunk_schema() -> "pa.Schema":
    """The columns of a chunk: the finished product."""
    import pyarrow as pa

    text, count = pa.string(), pa.int64()
    types = (text, text, text, count, count, text, text, pa.list_(pa.string()), pa.date32())
    return pa.schema(list(zip(CHUNK_COLUMNS, types, strict=True)))


def block_table(chunks: Sequence[Chunk], duplicates: Duplicates) -> "pa.Table":
    """Chunks with what is needed to find their duplicates: one row a chunk, in order."""
    import pyarrow as pa

    table = pa.Table.from_pylist([_row(chunk) for chunk in chunks], schema=chunk_schema())
    digests = [exact_digest(chunk) for chunk in chunks]
    for name, part in zip(EXACT_COLUMNS, (slice(8), slice(8, 16)), strict=True):
        table = table.append_column(name, pa.array([int.from_bytes(d[part], "big") for d in digests], pa.uint64()))
    if duplicates.resemblance is not None:
        bands = [duplicates.bands(chunk) for chunk in chunks]
        for number, name in enumerate(BAND_COLUMNS):
            table = table.append_column(name, pa.array([band[number] for band in bands], pa.uint64()))
    return table


def chunks_of(table: "pa.Table | pa.RecordBatch") -> Iterator[Chunk]:
    """The chunks of a table, in order."""
    for row in table.select(list(CHUNK_COLUMNS)).to_pylist():
        access = Access(row.pop("tenant"), frozenset(row.pop("groups")))
        yield Chunk(access=access, **row)


def read_chunks(path: str | Path) -> Iterator[Chunk]:
    """The chunks of a Parquet file, in order; only a few thousand are held at once."""
    import pyarrow.parquet as pq

    with pq.ParquetFile(path) as file:
        for batch in file.iter_batches(batch_size=ROWS_PER_GROUP):
            yield from chunks_of(batch)


def write_whole(table: "pa.Table", path: Path) -> None:
    """Write a Parquet file under another name, and rename it when it is safely on disk."""
    import pyarrow.parquet as pq

    partial = partial_name(path)
    pq.write_table(table, partial, row_group_size=ROWS_PER_GROUP)
    settle(partial, path)


def partial_name(path: Path) -> Path:
    """The name that a file has while this process writes it."""
    return path.with_name(f".{path.name}.{os.getpid()}.partial")


def settle(partial: Path, path: Path) -> None:
    """Give a written file its name, once its bytes are on disk: a reader sees all of it or nothing."""
    with partial.open("rb") as stream:
        os.fsync(stream.fileno())
    partial.replace(path)


def _row(chunk: Chunk) -> dict[str, object]:
    return {
        "id": chunk.id,
        "document_id": chunk.document_id,
        "text": chunk.text,
        "start": chunk.start,
        "end": chunk.end,
        "source": chunk.source,
        "tenant": chunk.access.tenant,
        "groups": sorted(chunk.access.groups),
        "updated": chunk.updated,
    }
