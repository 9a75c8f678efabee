"""The same job on Ray Data: blocks are dealt to workers, each reads its own pages and writes its own file.

Through Ray go block numbers on the way out and a few counts on the way back. Texts do not: they are read where
they are cut and written where they were cut, so neither the driver nor the object store grows with the corpus.
"""

import logging
import warnings
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

from labkit.chunking.duplicates import Duplicates
from labkit.chunking.job import BlockDone, ChunkJob
from labkit.chunking.pages import DocumentPages
from labkit.chunking.run import Result, run
from labkit.chunking.sentence_chunker import SentenceChunker
from labkit.cluster import cluster
from labkit.documents import Chunk, Document
from labkit.errors import BadArgument, EngineFailure
from labkit.settings import settings

if TYPE_CHECKING:
    import ray

LONGEST_TASK = 16
"""Blocks."""

_LOGGER = logging.getLogger(__name__)


def run_on_ray(job: ChunkJob, folder: str | Path, workers: int | None = None) -> Result:
    """Do a job on a number of Ray workers; the files are those of ``run_serially``, byte for byte.

    Args:
        job: What to do. It is sent to every worker.
        folder: Where to do it; on a cluster of several machines, storage that all of them share.
        workers: Blocks in work at a time, by default one a core of the cluster. More than there are cores makes
            sense where pages are waited for; each then claims its share of a core.

    Raises:
        BadArgument: ``workers`` is below 1, or the folder is taken or holds another job.
        EngineFailure: Ray could not be started, or lost a worker more often than it retries.
    """
    if workers is not None and workers < 1:
        raise BadArgument(f"workers is {workers}", remedy="give at least 1")
    with cluster():
        return run(job, Path(folder).absolute(), partial(_deal, workers=workers))


@dataclass(frozen=True)
class RayChunker:
    """Stage 1's chunker: ``chunker`` on Ray, less the duplicates, in the same order.

    A page that fails is logged as a warning, and the others go on.

    Attributes:
        chunker: What cuts a document.
        duplicates: What is dropped: only ever a chunk whose words stay in another with the same access.
        workers: As in ``run_on_ray``.
        block_documents: Documents dealt to a worker at a time.
    """

    chunker: SentenceChunker = field(default_factory=SentenceChunker)
    duplicates: Duplicates = field(default_factory=Duplicates)
    workers: int | None = None
    block_documents: int = 100

    def __call__(self, documents: Iterable[Document]) -> Iterator[Chunk]:
        """Cut the documents, in order."""
        pages = DocumentPages.of(documents)
        if not len(pages):
            return iter(())
        scratch = settings().home / "scratch"
        scratch.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=scratch) as folder:
            job = ChunkJob(pages, self.chunker, self.duplicates, self.block_documents)
            result = run_on_ray(job, folder, self.workers)
            if result.failures:
                _LOGGER.warning("%s", result)
            return iter(list(result))


def _deal(job: ChunkJob, folder: Path, missing: Sequence[int], workers: int | None) -> Iterator[BlockDone]:
    import ray
    from ray.data import TaskPoolStrategy

    _hush_ray_data()
    cores = ray.cluster_resources().get("CPU", 1.0)
    size = min(workers or max(int(cores), 1), len(missing))
    tasks = guided(missing, size)
    work = partial(_work, job=ray.put(job), folder=folder)
    done = ray.data.from_items([{"blocks": task} for task in tasks], override_num_blocks=len(tasks)).map_batches(
        work,
        batch_size=None,
        compute=TaskPoolStrategy(size=size),
        num_cpus=min(1.0, int(1000 * cores / size) / 1000),
    )
    try:
        for batch in done.iter_batches(batch_size=None, prefetch_batches=0):
            yield from batch["done"]
    except ray.exceptions.RayError as failure:
        said = str(failure).strip().rpartition("\n")[2]
        raise EngineFailure(
            f"Ray gave the job up: {said}", remedy="mend it and run again: finished blocks stay"
        ) from failure


def guided(blocks: Sequence[int], workers: int) -> list[list[int]]:
    """Deal blocks into tasks: long ones first, since each hand-over costs; single blocks last, to end together.

    Ray Data notices within a fifth of a second that a task has ended, and its worker is idle meanwhile. A task takes
    one worker's share of what is left, so there are few of them, and still no worker is left alone with a long one.

    Source: C. D. Polychronopoulos and D. J. Kuck, "Guided self-scheduling: a practical scheduling scheme for parallel
    supercomputers", IEEE Transactions on Computers, 1987; here with a longest task, so that the progress bar moves
    and one slow worker cannot hold up a large job.

    >>> guided(range(10), workers=2)
    [[0, 1, 2, 3, 4], [5, 6, 7], [8], [9]]

    Args:
        blocks: Numbers of the blocks, in order.
        workers: How many work side by side, at least 1.
    """
    tasks, begin = [], 0
    while begin < len(blocks):
        share = -(-(len(blocks) - begin) // workers)
        end = begin + min(share, LONGEST_TASK)
        tasks.append(list(blocks[begin:end]))
        begin = end
    return tasks


def _work(
    batch: "dict[str, Sequence[Sequence[int]]]", job: "ray.ObjectRef", folder: Path
) -> dict[str, list[BlockDone]]:
    """One task: its blocks, one after the other."""
    import ray

    known = ray.get(job)
    return {"done": [known.write(int(block), folder) for task in batch["blocks"] for block in task]}


def _hush_ray_data() -> None:
    """The course has one progress bar of its own, and results in the place of logs."""
    from ray.data import DataContext

    with warnings.catch_warnings():  # Ray Data warns of its own old settings when it makes its first context
        warnings.simplefilter("ignore", DeprecationWarning)
        context = DataContext.get_current()
    context.enable_progress_bars = False
    logging.getLogger("ray.data").setLevel(logging.ERROR)
