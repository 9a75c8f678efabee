"""The part of ``bench/serving.py`` that compares how an engine can be set up: what each choice brings for decoding.

Every configuration is a process of its own, since most of them are read when a process starts. All are up at once and
decode in turn, so that a drift of the machine meets them alike; one that is not asked sleeps and costs nothing.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import torch
from serving_engine import copy_rate
from serving_fleet import Measured

from labkit.pretrained import model_folder
from labkit.serving import EngineSettings
from labkit.serving.engine import arguments, environment

CONFIGURATIONS: dict[str, tuple[dict[str, str | None], dict[str, Any]]] = {
    "as_served": ({}, {}),
    "malloc_of_libc": ({"LD_PRELOAD": None}, {}),
    "two_threads": ({"OMP_NUM_THREADS": "2", "MKL_NUM_THREADS": "2"}, {}),
    "float32": ({}, {"dtype": "float32"}),
    "compiled": ({"TORCH_COMPILE_DISABLE": "0"}, {"enforce_eager": False}),
    "blocks_of_32": ({}, {"block_size": 32}),
    "async_scheduling": ({}, {"async_scheduling": True}),
    "engine_apart": ({"VLLM_ENABLE_V1_MULTIPROCESSING": "1"}, {}),
}
"""Variables (None takes one away) and engine arguments that differ from a replica's."""

NICE = 15
"""What Ray gives its workers, unless ``RAY_worker_niceness`` says otherwise."""


def configurations(repeats: int, tiny: bool) -> Measured:
    """Steps per second at batch 1 of each configuration, with a copy's bandwidth and the seconds to a first answer.

    ``crowded`` is a replica's while other jobs want both cores, at niceness 0, as a replica has; ``crowded_nice`` the
    same at 15. ``compiled_cold_seconds`` is a start that finds no compiled code of an earlier one.
    """
    chosen = list(CONFIGURATIONS)[: 2 if tiny else None]
    tokens = 8 if tiny else 96
    taken: Measured = {name: [] for name in (*chosen, "crowded", "crowded_nice", "copy_gb_per_second")}
    with ExitStack() as stack:
        if not tiny:
            cache = stack.enter_context(TemporaryDirectory())
            begin = time.perf_counter()
            with started("compiled", {"VLLM_CACHE_ROOT": cache}):
                taken["compiled_cold_seconds"] = [time.perf_counter() - begin]
        engines = {}
        for name in chosen:
            begin = time.perf_counter()
            engines[name] = stack.enter_context(started(name, {"VLLM_CACHE_ROOT": cache} if name == "compiled" else {}))
            taken[f"{name}_seconds"] = [time.perf_counter() - begin]
        nice = stack.enter_context(started("as_served", {}, prefix=["nice", "-n", str(NICE)]))
        torch.set_num_threads(1)
        for _ in range(1 if tiny else repeats):
            taken["copy_gb_per_second"].append(copy_rate(torch) / 1e9)
            for name, engine in engines.items():
                taken[name].append(rate(engine, tokens))
            with busy(cores=os.cpu_count() or 1):
                taken["crowded"].append(rate(engines["as_served"], tokens))
                taken["crowded_nice"].append(rate(nice, tokens))
    return taken


@contextmanager
def started(name: str, also: dict[str, str], prefix: Sequence[str] = ()) -> Iterator[subprocess.Popen]:
    """A process with an engine of this configuration, ready to decode."""
    variables, _ = CONFIGURATIONS[name]
    changed = os.environ | environment(EngineSettings(str(model_folder()), "model")) | variables | also
    with subprocess.Popen(
        [*prefix, sys.executable, __file__, name],
        env={key: value for key, value in changed.items() if value is not None},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        rate(process, 4)  # answers once it is up
        yield process  # and ends with its standard input, which Popen closes


def rate(process: subprocess.Popen, tokens: int) -> float:
    """Steps per second of one reply of so many tokens.

    Raises:
        RuntimeError: The process has ended.
    """
    process.stdin.write(f"{tokens}\n")
    process.stdin.flush()
    for line in process.stdout:
        if line.startswith("{"):
            return json.loads(line)["rate"]
    raise RuntimeError(f"the engine ended: {process.args}; its own message is above")


@contextmanager
def busy(cores: int) -> Iterator[None]:
    """Something else at work on every core, at niceness 0: as a load generator or another notebook would be."""
    with ExitStack() as stack:
        for _ in range(cores):
            process = stack.enter_context(subprocess.Popen([sys.executable, "-c", "while True: pass"]))
            stack.callback(process.kill)
        yield


def decode(name: str) -> None:
    """Serve one configuration: a number of tokens on each line in, steps per second on each line out."""
    import vllm

    _, changed = CONFIGURATIONS[name]
    llm = vllm.LLM(**arguments(EngineSettings(str(model_folder()), "model")) | changed)
    for line in sys.stdin:
        tokens = int(line)
        settings = vllm.SamplingParams(temperature=0.0, max_tokens=tokens, min_tokens=tokens, ignore_eos=True)
        begin = time.perf_counter()
        llm.generate(["The night sky"], settings, use_tqdm=False)
        print(json.dumps({"rate": tokens / (time.perf_counter() - begin)}), flush=True)


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    decode(sys.argv[1])
