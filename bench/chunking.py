"""Layer 1 against its targets: efficiency, latency-bound speedup, peers on the same function, memory.

| part | what is compared, interleaved within one run | target |
|---|---|---|
| computing | one process, Ray Data and `multiprocessing.Pool` at two workers | E(2) >= 0.88; >= 0.9 of Pool |
| waiting | one process and eight Ray workers on pages that take 200 ms to fetch | S(8) >= 7 |
| spark | Ray Data and PySpark `local[2]` | ahead of PySpark |
| memory | largest resident size of driver and workers, at two sizes of corpus | flat: at most 1.1x |

    python bench/chunking.py                     # all parts
    python bench/chunking.py computing --add     # one part; its repeats are added to those of the record
    python bench/chunking.py memory --pages 5000 25000   # a quicker look

Every time is from the start of the job to the finished Parquet file; clusters and pools are started and warmed
before the clock. The exit status says whether all targets of the record were met.
"""

import argparse
import json
import multiprocessing
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory

from records import RECORDS, write

from labkit.chunking import ChunkJob, HandbookPages, PageStore, Result, run_on_ray, run_serially
from labkit.chunking.job import BlockDone
from labkit.chunking.run import run
from labkit.cluster import cluster
from labkit.corpus import handbook
from labkit.scaling import parallel_efficiency, speedup

# Ray puts its workers at nice 15; those of its peers run at 0, and a comparison needs both alike.
os.environ.setdefault("RAY_worker_niceness", "0")

COMPUTED_PAGES, WAITED_PAGES = 20_000, 1_200
DELAY = 0.2  # seconds
WORKERS, WAITERS = 2, 8
Runner = Callable[[ChunkJob, str], Result]
Measured = dict[str, list[float]]


def job(pages: int) -> ChunkJob:
    """The CPU-bound job: Markdown pages written, parsed, cut and signed by whoever gets them."""
    return ChunkJob(HandbookPages(handbook(pages=pages, tenants=20, seed=7)))


def timed(runner: Runner, work: ChunkJob) -> float:
    """Seconds from start to finished file, in a fresh folder."""
    with TemporaryDirectory() as folder:
        begin = time.perf_counter()
        result = runner(work, folder)
        seconds = time.perf_counter() - begin
    if result.failures or not result.chunks:
        sys.exit(f"the job went wrong: {result}")
    return seconds


@contextmanager
def pool_runner() -> Iterator[Runner]:
    """`multiprocessing.Pool` on the same function, and the same joining of blocks."""
    with multiprocessing.get_context("spawn").Pool(WORKERS) as pool:

        def deal(work: ChunkJob, folder: Path, blocks: Sequence[int]) -> Iterator[BlockDone]:
            return pool.imap_unordered(partial(work.write, folder=folder), blocks)

        yield lambda work, folder: run(work, Path(folder), deal)


@contextmanager
def spark_runner() -> Iterator[Runner]:
    """PySpark on the same function, and the same joining of blocks."""
    from pyspark.sql import SparkSession

    os.environ["PYSPARK_PYTHON"] = sys.executable
    builder = SparkSession.builder.master(f"local[{WORKERS}]").config("spark.ui.enabled", "false")
    session = builder.config("spark.driver.bindAddress", "127.0.0.1").config("spark.driver.host", "127.0.0.1")
    spark = session.getOrCreate()

    def deal(work: ChunkJob, folder: Path, blocks: Sequence[int]) -> Iterator[BlockDone]:
        dealt = spark.sparkContext.parallelize(blocks, len(blocks))
        yield from dealt.map(partial(work.write, folder=folder)).collect()

    try:
        yield lambda work, folder: run(work, Path(folder), deal)
    finally:
        spark.stop()


def interleaved(runners: dict[str, Runner], work: ChunkJob, warm: ChunkJob, repeats: int) -> Measured:
    """Seconds of each runner, taken in turn after one small job each."""
    taken: Measured = {f"{name}_seconds": [] for name in runners}
    for runner in runners.values():
        timed(runner, warm)
        timed(runner, warm)
    for _ in range(repeats):
        for name, runner in runners.items():
            taken[f"{name}_seconds"].append(round(timed(runner, work), 2))
    return taken


def computing(options: argparse.Namespace) -> Measured:
    """One process, Ray Data and Pool on the CPU-bound job."""
    with cluster(), pool_runner() as pool:
        runners = {"serial": run_serially, "ray_2": partial(run_on_ray, workers=WORKERS), "pool_2": pool}
        return interleaved(runners, job(COMPUTED_PAGES), job(1_000), options.repeats)


def waiting(options: argparse.Namespace) -> Measured:
    """One process and eight workers on a store that answers after a stated delay."""
    runners = {"serial": run_serially, "ray_8": partial(run_on_ray, workers=WAITERS)}
    small, large = (handbook(pages=pages, tenants=20, seed=7) for pages in (80, WAITED_PAGES))
    with cluster(WAITERS), PageStore(small, DELAY) as warm, PageStore(large, DELAY) as pages:
        return interleaved(runners, ChunkJob(pages, block_pages=5), ChunkJob(warm, block_pages=2), options.repeats)


def spark(options: argparse.Namespace) -> Measured:
    """Ray Data and PySpark on the CPU-bound job."""
    try:
        with cluster(), spark_runner() as peer:
            runners = {"ray_2": partial(run_on_ray, workers=WORKERS), "spark_2": peer}
            return interleaved(runners, job(COMPUTED_PAGES), job(1_000), options.repeats)
    except (ImportError, RuntimeError) as missing:  # PySpark says RuntimeError where it finds no Java
        remedy = "run `.venv/bin/uv pip install --python .venv/bin/python pyspark` and install Java (17 or later)"
        print(f"skipped spark: {missing}; {remedy}")
        return {}


def memory(options: argparse.Namespace) -> Measured:
    """Peak resident sizes at each number of pages, each in fresh processes."""
    taken: Measured = {"pages": [], "driver_mib": [], "worker_mib": []}
    for pages in options.pages:
        said = subprocess.run([sys.executable, __file__, "--peak", str(pages)], capture_output=True, check=True)
        for name, value in json.loads(said.stdout).items():
            taken[name].append(value)
    return taken


def peak(pages: int) -> None:
    """Run once on Ray and print the peaks."""
    with TemporaryDirectory() as folder, cluster():
        workers = max(block.peak_mib for block in run_on_ray(job(pages), folder, WORKERS).redone)
    driver = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(json.dumps({"pages": pages, "driver_mib": round(driver), "worker_mib": round(workers)}))


def ratios(found: dict[str, Measured]) -> dict[str, tuple[float, bool]]:
    """Each target's number, from medians within one part, and whether it was met."""
    mid = {part: {name: median(values) for name, values in taken.items()} for part, taken in found.items() if taken}
    judged: dict[str, tuple[float, bool]] = {}
    if times := mid.get("computing"):
        value = parallel_efficiency(times["serial_seconds"], times["ray_2_seconds"], WORKERS)
        judged["E(2) >= 0.88"] = value, value >= 0.88
        value = times["pool_2_seconds"] / times["ray_2_seconds"]
        judged["throughput >= 0.9 of Pool"] = value, value >= 0.9
    if times := mid.get("waiting"):
        value = speedup(times["serial_seconds"], times["ray_8_seconds"])
        judged["S(8) >= 7 on pages that wait"] = value, value >= 7
    if times := mid.get("spark"):
        value = times["spark_2_seconds"] / times["ray_2_seconds"]
        judged["throughput > 1 of PySpark"] = value, value > 1
    if sizes := found.get("memory"):
        for who in ("driver_mib", "worker_mib"):
            value = sizes[who][-1] / sizes[who][0]
            words = f"{who.removesuffix('_mib')} memory <= 1.1x, {sizes['pages'][0]:,} to {sizes['pages'][-1]:,} pages"
            judged[words] = value, value <= 1.1
    return judged


SIZES = {
    "computing": {"pages": COMPUTED_PAGES},
    "waiting": {"waited_pages": WAITED_PAGES, "delay_seconds": DELAY},
}
"""What the record says of a part's job: only of a part that was measured, so that a kept part keeps its own."""

PARTS = {"computing": computing, "waiting": waiting, "spark": spark, "memory": memory}


def main() -> int:
    """Measure, record, and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--add", action="store_true", help="add the repeats to those of the record")
    parser.add_argument("--pages", type=int, nargs="+", default=[20_000, 100_000], help="sizes of the memory part")
    parser.add_argument("--peak", type=int, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.peak:
        peak(options.peak)
        return 0
    path = RECORDS / "chunking.json"
    kept = json.loads(path.read_text())["chunking"] if path.exists() else {"job": {}, "parts": {}}
    found: dict[str, Measured] = kept["parts"]
    sizes: dict[str, float] = kept["job"]
    for part in options.parts or PARTS:
        taken = PARTS[part](options)
        same = SIZES.get(part, {}).items() <= sizes.items()  # repeats of another job are no repeats
        before = found.get(part, {}) if options.add and same else {}
        if taken:
            found[part] = {name: before.get(name, []) + values for name, values in taken.items()}
            sizes |= SIZES.get(part, {})
    judged = ratios(found)
    write("chunking", {"job": sizes, "parts": found, "ratios": {name: round(v, 3) for name, (v, _) in judged.items()}})
    for target, (value, reached) in judged.items():
        print(f"{'met' if reached else 'NOT MET':<8} {target}: {value:.3f}")
    return 0 if all(reached for _, reached in judged.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
