"""Run a chunk job in a folder, and go on where an earlier run of it was killed.

    manifest.json     what the result depends on
    blocks/*.parquet  one file a finished block
    chunks.parquet    the survivors of all blocks, in order
    report.json       what was done, and every page that failed

Every file appears whole or not at all. A run does the blocks that are not there and then joins all of them.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
from filelock import FileLock, Timeout
from numpy.typing import NDArray

from labkit.chunking.job import BlockDone, ChunkJob, block_path, finished
from labkit.chunking.survivors import survivors
from labkit.chunking.tables import (
    ROWS_PER_GROUP,
    chunk_schema,
    partial_name,
    read_chunks,
    settle,
)
from labkit.corpus import Note
from labkit.documents import Chunk
from labkit.errors import BadArgument
from labkit.progress import bar

Deal = Callable[[ChunkJob, Path, Sequence[int]], Iterator[BlockDone]]
"""Does some blocks of a job in a folder, in any order, and yields each as it is finished."""


@dataclass(frozen=True)
class Result:
    """A finished job.

    Attributes:
        path: The Parquet file of the chunks that stay.
        pages: Pages of the source.
        chunks: Chunks that stay.
        exact: Chunks dropped as copies.
        near: Chunks dropped as near copies.
        failures: A note for each page that could not be read, in order.
        redone: What this run did itself, block by block; blocks of an earlier run are not among it.
    """

    path: Path
    pages: int
    chunks: int
    exact: int
    near: int
    failures: tuple[Note, ...]
    redone: tuple[BlockDone, ...] = ()

    def __iter__(self) -> Iterator[Chunk]:
        """The chunks, in the order of the corpus, read from disk as they are asked for."""
        return read_chunks(self.path)

    def __str__(self) -> str:
        failed = f"; failed: {'; '.join(map(str, self.failures[:3]))}" if self.failures else ""
        more = f" and {len(self.failures) - 3} more" if len(self.failures) > 3 else ""
        dropped = f"{self.exact:,} exact and {self.near:,} near copies dropped"
        return f"{self.pages:,} pages, {self.chunks:,} chunks; {dropped}; {len(self.failures)} failed{failed}{more}"


def run_serially(job: ChunkJob, folder: str | Path) -> Result:
    """Do a job on this process alone: the baseline of every speedup.

    Raises:
        BadArgument: The folder holds another job, or another process is at work in it.
    """
    return run(job, Path(folder), _one_after_the_other)


def run(job: ChunkJob, folder: Path, deal: Deal) -> Result:
    """Do the blocks of a job that the folder does not hold yet, then judge the duplicates and join all blocks."""
    with _taken(folder):
        _check_manifest(job, folder)
        done = dict(finished(folder, range(job.blocks)))
        missing = [block for block in range(job.blocks) if block not in done]
        redone = []
        with bar("chunking", total=len(job.pages), unit="page") as steps:
            steps.update(sum(block.pages for block in done.values()))
            for block in deal(job, folder, missing) if missing else ():
                redone.append(block)
                steps.update(block.pages)
        return _join(job, folder, tuple(redone))


def _one_after_the_other(job: ChunkJob, folder: Path, missing: Sequence[int]) -> Iterator[BlockDone]:
    return (job.write(block, folder) for block in missing)


@contextmanager
def _taken(folder: Path) -> Iterator[None]:
    """Hold the folder against other runs; the system lets go of it when this process ends, however it ends."""
    (folder / "blocks").mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(folder / ".lock", timeout=0):
            yield
    except Timeout as busy:
        raise BadArgument(f"another process is at work in {folder}", remedy="wait for it, or give a folder") from busy


def _check_manifest(job: ChunkJob, folder: Path) -> None:
    path, wanted = folder / "manifest.json", job.manifest()
    if not path.exists():
        _write_json(path, wanted)
    found = json.loads(path.read_text())
    differing = sorted(key for key in wanted.keys() | found.keys() if wanted.get(key) != found.get(key))
    if differing:
        raise BadArgument(
            f"{folder} holds a job with other {', '.join(differing)}", remedy="give an empty folder, or delete this one"
        )
    for partial in folder.rglob(".*.partial"):  # what a killed run was in the middle of
        partial.unlink(missing_ok=True)


def _join(job: ChunkJob, folder: Path, redone: tuple[BlockDone, ...]) -> Result:
    paths = [block_path(folder, block) for block in range(job.blocks)]
    verdict = survivors(paths, job.duplicates)
    path = folder / "chunks.parquet"
    _write_kept(paths, verdict.kept, path)
    failures = tuple(note for _, done in finished(folder, range(job.blocks)) for note in done.failures)
    result = Result(path, len(job.pages), int(verdict.kept.sum()), verdict.exact, verdict.near, failures, redone)
    report = {name: getattr(result, name) for name in ("pages", "chunks", "exact", "near")}
    _write_json(folder / "report.json", {**report, "failures": [asdict(note) for note in failures]})
    return result


def _write_kept(paths: Sequence[Path], kept: NDArray[np.bool_], path: Path) -> None:
    """Stream the blocks through the verdict, in row groups whose borders do not depend on those of the blocks."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema, partial, place = chunk_schema(), partial_name(path), 0
    waiting = schema.empty_table()
    with pq.ParquetWriter(partial, schema) as writer:
        for block in paths:
            table = pq.read_table(block, columns=schema.names).replace_schema_metadata()
            mask = pa.array(kept[place : place + len(table)], pa.bool_())
            place += len(table)
            waiting = pa.concat_tables([waiting, table.filter(mask)])
            while len(waiting) >= ROWS_PER_GROUP:
                writer.write_table(waiting.slice(0, ROWS_PER_GROUP).combine_chunks())
                waiting = waiting.slice(ROWS_PER_GROUP)
        writer.write_table(waiting.combine_chunks())
    settle(partial, path)


def _write_json(path: Path, content: object) -> None:
    partial = partial_name(path)
    partial.write_text(json.dumps(content, indent=1) + "\n")
    settle(partial, path)
