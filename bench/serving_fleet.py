"""The parts of ``bench/serving.py`` that load a fleet."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor, wait
from contextlib import contextmanager
from dataclasses import replace
from multiprocessing import get_context
from pathlib import Path
from tempfile import TemporaryDirectory

import psutil

from labkit.embedding.bert import Shape
from labkit.embedding.peak import matmul_rate
from labkit.loadgen import LoadReport, Objective, Workload, offer, poisson, random_prompts, saturate
from labkit.scaling import replicas_needed
from labkit.serving import Fleet, default_settings, fleet, stop_fleet

Measured = dict[str, list[float]]

INPUT, OUTPUT = 200, 32  # tokens, about, of a question with its passages, and of its answer
CALLERS = 32  # that keep one replica busy
SLO = Objective(latency=20.0)
"""Written down before anything was measured: a person waits twenty seconds for a read answer on two small cores."""

UTILISATION = 0.7
SHAPE = Shape(layers=30, width=576, inner=1536, heads=9, epsilon=1e-5)
"""The sizes of SmolLM2-135M, whose products are like these: rows of 576 and 1536."""

SEEDS = iter(range(10_000))
"""No two loads ask the same: the prefix cache would answer the second."""


def work(requests: int, *, tokens: int = INPUT, output: int = OUTPUT, stream: bool = False) -> Workload:
    """Requests that no load before has made."""
    return Workload(random_prompts(requests, tokens, next(SEEDS) + int(time.time())), output, stream)


def busy(running: Fleet, callers: int, requests: int) -> LoadReport:
    """A saturating load, after a short one that warms up the connections and the batch."""
    name = running.settings.engine.name
    saturate(running.api_base, name, work(callers // 4 + 1, output=4), callers, callers // 4 + 1)
    report = saturate(running.api_base, name, work(requests), callers, requests)
    if set(report.statuses) != {200}:
        sys.exit(f"statuses {report.statuses}")
    return report


def startup(repeats: int, tiny: bool) -> Measured:
    """Seconds until a fleet of one, and one of two, answers; the caches are warm after the first, unmeasured start."""
    stop_fleet()
    taken: Measured = {"one_seconds": [], "two_seconds": [], "replica_gib": []}
    if not tiny:
        fleet(default_settings()).stop()
    for _ in range(1 if tiny else repeats):
        for name, replicas in (("one_seconds", 1), ("two_seconds", 2)):
            begin = time.perf_counter()
            running = fleet(default_settings(replicas=replicas))
            taken[name].append(time.perf_counter() - begin)
            taken["replica_gib"] += [psutil.Process(one.pid).memory_info().rss / 2**30 for one in running.replicas()]
            running.stop()
    return taken


def scaling(repeats: int, tiny: bool) -> Measured:
    """Requests per second of one and of two one-core replicas; as many requests and callers a replica.

    Beside them, what two cores can do at most: operations per second of bare matrix products on one and on both. And
    how many cores the replicas had: the front door, Ray and the load generator take theirs from the same machine.
    """
    names = ("one", "two", "products_one", "products_two", "replica_cores_one", "replica_cores_two")
    taken: Measured = {name: [] for name in names}
    callers, waves = (4, 2) if tiny else (CALLERS, 4)
    with fleet(default_settings(queue=4 * CALLERS)) as running, products() as bare:
        for _ in range(1 if tiny else repeats):
            taken["products_one"].append(bare(1))
            taken["products_two"].append(bare(2))
            for name, replicas in (("one", 1), ("two", 2)):
                running.scale(replicas)
                begin, used = time.perf_counter(), computed(running)
                report = busy(running, callers * replicas, callers * waves * replicas)
                taken[name].append(report.saturated_rate)
                taken[f"replica_cores_{name}"].append((computed(running) - used) / (time.perf_counter() - begin))
    return taken


def computed(running: Fleet) -> float:
    """Seconds of processor time that the replicas have used so far."""
    times = [psutil.Process(one.pid).cpu_times() for one in running.replicas()]
    return sum(one.user + one.system for one in times)


@contextmanager
def products() -> Iterator[Callable[[int], float]]:
    """A function from a number of processes to the products per second that they do together, a thread each."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=one_thread) as pool:
        wait([pool.submit(matmul_rate, 0.5, SHAPE) for _ in range(4)])  # both are up and warm

        def together(processes: int) -> float:
            return sum(one.result() for one in [pool.submit(matmul_rate, 3.0, SHAPE) for _ in range(processes)])

        yield together


def one_thread() -> None:
    """Let a process of the pool compute on one thread."""
    import torch

    torch.set_num_threads(1)


def sizing(repeats: int, tiny: bool) -> Measured:
    """Mu of one replica; a rate for which N = ceil(lambda / (rho mu)) is 2; p99 with 2 replicas and with 1."""
    taken: Measured = {"mu": [], "rate": [], "replicas": [], "predicted_p99": [], "fewer_p99": []}
    callers, waves, requests = (4, 1, 6) if tiny else (CALLERS, 3, 150)
    with fleet(default_settings(queue=512)) as running:
        name = running.settings.engine.name
        for _ in range(1 if tiny else repeats):
            running.scale(1)
            mu = busy(running, callers, callers * waves).saturated_rate
            rate = 1.9 * UTILISATION * mu
            needed = replicas_needed(rate, mu, UTILISATION)
            arrivals = poisson(rate, requests, seed=next(SEEDS))
            for key, replicas in (("fewer_p99", needed - 1), ("predicted_p99", needed)):
                running.scale(replicas)
                load = offer(running.api_base, name, work(requests), arrivals, warm_up=requests // 10)
                taken[key].append(load.latency.p99)
            taken["mu"].append(mu)
            taken["rate"].append(rate)
            taken["replicas"].append(needed)
    return taken


def cores(repeats: int, tiny: bool) -> Measured:
    """Two replicas on a core each and one on both: requests per second when busy, seconds of one request alone."""
    taken: Measured = {f"{name}_{what}": [] for name in ("two_by_one", "one_by_two") for what in ("rate", "alone")}
    callers, waves = (4, 2) if tiny else (CALLERS, 3)
    base = default_settings(queue=4 * CALLERS)
    kinds = {
        "two_by_one": replace(base, replicas=2),
        "one_by_two": replace(base, engine=replace(base.engine, cores=2, batch=2 * base.engine.batch)),
    }
    for _ in range(1 if tiny else repeats):
        for name, settings in kinds.items():
            with fleet(settings) as running:
                taken[f"{name}_rate"].append(busy(running, 2 * callers, 2 * callers * waves).saturated_rate)
                alone = saturate(running.api_base, settings.engine.name, work(3), 1, 3)
                taken[f"{name}_alone"].append(alone.latency.p50)
    return taken


def loadgen(repeats: int, tiny: bool) -> Measured:
    """Our open loop and ``vllm bench serve`` on one replica at a third of its rate: mean times, and requests served.

    Both send at even distances: two draws of a Poisson process would differ by more than what is compared.
    """
    names = ("latency", "first_token", "per_token", "rate")
    taken: Measured = {f"{who}_{name}": [] for who in ("ours", "theirs") for name in names}
    requests = 4 if tiny else 40
    with fleet(default_settings(queue=512)) as running, TemporaryDirectory() as folder:
        name = running.settings.engine.name
        mu = busy(running, 4 if tiny else CALLERS, 4 if tiny else 2 * CALLERS).saturated_rate
        for turn in range(1 if tiny else repeats):
            theirs = vllm_bench(running, mu / 3, requests, seed=turn, folder=Path(folder))
            arrivals = [(place + 1) / (mu / 3) for place in range(requests)]
            load = offer(running.api_base, name, work(requests, stream=True), arrivals)
            ours = (load.latency.mean, load.time_to_first_token.mean, load.per_token.mean, load.served_rate)
            for key, mine, other in zip(names, ours, theirs, strict=True):
                taken[f"ours_{key}"].append(mine)
                taken[f"theirs_{key}"].append(other)
    return taken


def autoscaling(repeats: int, tiny: bool) -> Measured:
    """A step of load on a fleet that scales itself from one to two: replicas over time, until there is one again.

    The moments of all repeats follow each other, each from 0; so do the replicas and the waiting requests then.
    """
    taken: Measured = {"up_seconds": [], "down_seconds": [], "moments": [], "replicas": [], "unfinished": []}
    for _ in range(1 if tiny else repeats):
        with fleet(default_settings(replicas=1, most=2, queue=512)) as running, ThreadPoolExecutor(1) as pool:
            begin = time.perf_counter()
            load = pool.submit(busy, running, CALLERS, 2 * CALLERS)
            most, loaded = 1, 0.0
            while most < 2 or not load.done() or len(running.replicas()) > 1:
                found, now = running.replicas(), time.perf_counter() - begin
                taken["moments"].append(round(now, 1))
                taken["replicas"].append(len(found))
                taken["unfinished"].append(sum(one.unfinished for one in found))
                if most < len(found):
                    most = len(found)
                    taken["up_seconds"].append(now)
                loaded = loaded or (now if load.done() else 0.0)
                time.sleep(1.0)
            load.result()
            taken["down_seconds"].append(time.perf_counter() - begin - loaded)
    return taken


def vllm_bench(running: Fleet, rate: float, requests: int, seed: int, folder: Path) -> tuple[float, ...]:
    """What ``vllm bench serve`` measures: mean latency, time to first token, time per token, requests per second."""
    metadata = (
        folder / "vllm-0.32.0+cpu.dist-info" / "METADATA"
    )  # it asks this distribution whether it is the CPU build
    metadata.parent.mkdir(exist_ok=True)
    metadata.write_text("Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n")
    command = [sys.executable, "-m", "vllm.entrypoints.cli.main", "bench", "serve", "--save-result", "--ignore-eos"]
    command += ["--backend", "openai", "--endpoint", "/v1/completions", "--dataset-name", "random"]
    command += ["--base-url", running.address, "--model", running.settings.engine.name]
    command += ["--tokenizer", running.settings.engine.model, "--seed", str(seed + int(time.time()) % 10_000)]
    command += ["--random-input-len", str(INPUT), "--random-output-len", str(OUTPUT)]
    command += ["--num-prompts", str(requests), "--request-rate", str(rate), "--percentile-metrics", "ttft,tpot,e2el"]
    command += ["--burstiness", "inf"]
    command += ["--result-dir", str(folder), "--result-filename", "result.json"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(folder), os.environ.get("PYTHONPATH", "")])}
    subprocess.run(command, check=True, env=environment, stdout=subprocess.DEVNULL)
    found = json.loads((folder / "result.json").read_text())
    return (
        found["mean_e2el_ms"] / 1000,
        found["mean_ttft_ms"] / 1000,
        found["mean_tpot_ms"] / 1000,
        found["request_throughput"],
    )
