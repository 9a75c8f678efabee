"""One timed run of a job, start to finished file, that leaves nothing behind but what it found."""

import hashlib
import time
from dataclasses import dataclass
from tempfile import TemporaryDirectory

from labkit.chunking.distributed import run_on_ray
from labkit.chunking.job import ChunkJob
from labkit.chunking.run import run_serially


@dataclass(frozen=True)
class Trial:
    """What a run took and gave.

    Attributes:
        seconds: Wall-clock time from the start of the job to its finished Parquet file.
        sha256: The sum of that file: equal sums, equal chunks in equal order.
        chunks: How many chunks are in it.
        failed: How many pages could not be read.
    """

    seconds: float
    sha256: str
    chunks: int
    failed: int


def trial(job: ChunkJob, workers: int = 0) -> Trial:
    """Run a job in a fresh folder, on this process (0 workers) or on Ray, and delete the folder.

    Raises:
        BadArgument: ``workers`` is below 0.
        EngineFailure: Ray could not be started or lost a worker for good.
    """
    with TemporaryDirectory() as folder:
        begin = time.perf_counter()
        result = run_on_ray(job, folder, workers) if workers else run_serially(job, folder)
        seconds = time.perf_counter() - begin
        sha256 = hashlib.sha256(result.path.read_bytes()).hexdigest()
        return Trial(seconds, sha256, result.chunks, len(result.failures))
