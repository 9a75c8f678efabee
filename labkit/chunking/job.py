"""A chunk job: what to cut and how, dealt into blocks of pages, each of which any process can do alone."""

import json
import os
import resource
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import labkit
from labkit.chunking.duplicates import Duplicates
from labkit.chunking.pages import Pages
from labkit.chunking.sentence_chunker import SentenceChunker
from labkit.chunking.tables import block_table, write_whole
from labkit.corpus import Note
from labkit.documents import Chunk
from labkit.errors import BadArgument, EmptyCorpus, UnreadableSource
from labkit.settings import settings

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = 1
NOTES = b"labkit.pages"
"""Key of a block file's metadata: how many pages it covers, and a note for each that failed."""


@dataclass(frozen=True)
class BlockDone:
    """What a finished block says of itself; only ``pages`` and ``failures`` are kept on disk.

    Attributes:
        pages: How many pages the block covers, failed ones included.
        failures: A note for each page that could not be read.
        seconds: How long it took; 0 where it was found finished.
        worker: Process that did it; 0 where it was found finished.
        peak_mib: The most memory that process has held so far, in MiB.
    """

    pages: int
    failures: tuple[Note, ...] = ()
    seconds: float = 0.0
    worker: int = 0
    peak_mib: float = 0.0


@dataclass(frozen=True)
class ChunkJob:
    """Pages, how to cut them, what counts as a duplicate, and how many pages make a block.

    Attributes:
        pages: The source.
        chunker: The pure function from one document to its chunks.
        duplicates: What is dropped.
        block_pages: Pages of a block: the unit that is dealt to workers, written, and redone after a kill. It
            decides how evenly work spreads, never what comes out.
    """

    pages: Pages
    chunker: SentenceChunker = field(default_factory=SentenceChunker)
    duplicates: Duplicates = field(default_factory=Duplicates)
    block_pages: int = 250

    def __post_init__(self) -> None:
        if self.block_pages < 1:
            raise BadArgument(f"block_pages is {self.block_pages}", remedy="give at least 1")
        if len(self.pages) == 0:
            raise EmptyCorpus("the source has 0 pages", remedy="give at least one")

    @property
    def blocks(self) -> int:
        """How many blocks there are."""
        return -(-len(self.pages) // self.block_pages)

    def numbers(self, block: int) -> range:
        """The pages of a block."""
        return range(block * self.block_pages, min((block + 1) * self.block_pages, len(self.pages)))

    def manifest(self) -> dict[str, object]:
        """All that the result depends on: two jobs with the same manifest write the same bytes."""
        return {
            "format": FORMAT,
            "version": labkit.__version__,
            "encoder": settings().encoder,
            "pages": len(self.pages),
            "inputs": self.pages.fingerprint(),
            "chunker": repr(self.chunker),
            "duplicates": repr(self.duplicates),
            "block_pages": self.block_pages,
        }

    def cut(self, number: int) -> list[Chunk]:
        """The chunks of one page.

        Raises:
            UnreadableSource: It could not be read, parsed or cut.
        """
        document = self.pages.document(number)
        try:
            return self.chunker.cut(document)
        except (TypeError, ValueError, UnicodeError) as error:  # a lone surrogate, say, in a text nobody cleaned
            remedy = f"clean the text ({type(error).__name__}: {error})"
            raise UnreadableSource("cannot be cut", remedy=remedy) from error

    def table(self, block: int) -> "tuple[pa.Table, tuple[Note, ...]]":
        """The chunks of a block with what finds their duplicates, and the pages that failed. Writes nothing."""
        chunks: list[Chunk] = []
        failures: list[Note] = []
        for number in self.numbers(block):
            try:
                chunks += self.cut(number)
            except UnreadableSource as error:
                failures.append(Note(self.pages.name(number), error.problem, error.remedy))
        return block_table(chunks, self.duplicates), tuple(failures)

    def write(self, block: int, folder: Path) -> BlockDone:
        """Do a block and put it into the folder: whole, or not at all if this process dies on the way."""
        begin = time.perf_counter()
        table, failures = self.table(block)
        pages = len(self.numbers(block))
        notes = json.dumps({"pages": pages, "failures": [[n.source, n.reason, n.remedy] for n in failures]})
        write_whole(table.replace_schema_metadata({NOTES: notes.encode()}), block_path(folder, block))
        seconds = time.perf_counter() - begin
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        return BlockDone(pages, failures, seconds, os.getpid(), peak)


def block_path(folder: Path, block: int) -> Path:
    """Where a block lies in a job's folder."""
    return folder / "blocks" / f"{block:06d}.parquet"


def finished(folder: Path, blocks: range) -> Iterator[tuple[int, BlockDone]]:
    """The blocks that lie whole in a folder, with what they say of themselves."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    for block in blocks:
        try:
            said = json.loads(pq.read_schema(block_path(folder, block)).metadata[NOTES])
        except (FileNotFoundError, pa.ArrowInvalid):
            continue
        yield block, BlockDone(said["pages"], tuple(Note(*note) for note in said["failures"]))
