"""Layer 1: documents become chunks, on one process or on many, with the same result.

    read -> parse -> clean -> cut into chunks -> drop duplicates -> Parquet

The steps before the duplicates look at one page at a time, so pages are dealt to workers in blocks. Which of
several duplicates stays is decided once, over all blocks, by a rule that no worker and no block size can sway.
"""

from labkit.chunking.distributed import RayChunker, run_on_ray
from labkit.chunking.duplicates import Duplicates
from labkit.chunking.faults import FaultyPages
from labkit.chunking.job import ChunkJob
from labkit.chunking.object_store import PageStore, StoredPages
from labkit.chunking.pages import DocumentPages, FolderPages, HandbookPages, Pages
from labkit.chunking.parsing import RawPage, clean, parse
from labkit.chunking.run import Result, run_serially
from labkit.chunking.sentence_chunker import ENCODER_LIMIT, SentenceChunker, WholeDocuments
from labkit.chunking.sentences import Span, sentences
from labkit.chunking.tables import read_chunks
from labkit.chunking.trials import Trial, trial

__all__ = [
    "ENCODER_LIMIT",
    "ChunkJob",
    "DocumentPages",
    "Duplicates",
    "FaultyPages",
    "FolderPages",
    "HandbookPages",
    "PageStore",
    "Pages",
    "RawPage",
    "RayChunker",
    "Result",
    "SentenceChunker",
    "Span",
    "StoredPages",
    "Trial",
    "WholeDocuments",
    "clean",
    "parse",
    "read_chunks",
    "run_on_ray",
    "run_serially",
    "sentences",
    "trial",
]
