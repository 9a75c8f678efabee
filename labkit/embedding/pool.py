"""The pool: one copy of the model in each of several Ray actors, and texts dealt out among them.

    with cluster(), EncoderPool(workers=2) as pool:
        vectors = pool.encode(texts)

Data parallelism: every actor holds the whole model, no actor talks to another. A model is 90 MB and stays; a text is
a few hundred bytes and travels.
"""

import os
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any, Self

import numpy as np

from labkit.embedding.dealing import parcels
from labkit.embedding.encoders import Vectors
from labkit.embedding.model import Precision, load_model
from labkit.embedding.peak import matmul_rate
from labkit.embedding.shards import Shards
from labkit.errors import BadArgument, EngineFailure
from labkit.pretrained import encoder_folder
from labkit.progress import bar
from labkit.settings import quiet_engines

PARCEL_CHARACTERS = 16_384
"""At most; about four thousand tokens. Short parcels make small matrix products, which waste a core's strength."""

PARCELS_PER_WORKER = 8
"""At least, where there are texts enough: the last parcel that runs alone is then a small part of the job."""

START_TIMEOUT = 300.0
"""Seconds; actors that found no room by then never will."""

RETRIES = 2
"""How often an actor that died is started again, and its parcel encoded again. Encoding twice does no harm."""


class EncodingWorker:
    """What runs inside an actor: one model, one thread (or one GPU)."""

    def __init__(self, folder: str, precision: str, on_gpu: bool) -> None:
        quiet_engines()
        os.environ["TOKENIZERS_PARALLELISM"] = "false"  # its threads would take the core of the actor next door
        import torch

        torch.set_num_threads(1)
        self._model = load_model(Path(folder), Precision(precision), "cuda" if on_gpu else "cpu")
        self._model.encode(["warm", "warmer than the first"])

    def ready(self) -> int:
        """The process's id, once the model is loaded and warm."""
        return os.getpid()

    def encode(self, number: int, texts: list[str]) -> tuple[int, Vectors]:
        """The vectors of a parcel, with its number."""
        return number, self._model.encode(texts)

    def write(self, number: int, texts: list[str], shards: Shards) -> int:
        """Encode a block and put it on disk from here: its vectors never pass through the driver."""
        shards.write(number, self._model.encode(texts))
        return number

    def matmul_rate(self, seconds: float) -> float:
        """Bare matrix products per second in this process; see ``labkit.embedding.matmul_rate``."""
        return matmul_rate(seconds)


class EncoderPool:
    """Actors that encode, from the start of a ``with`` block to its end. Use it inside ``labkit.cluster.cluster()``.

    Args:
        workers: Actors, at least 1; by default one a GPU where the cluster has GPUs, else one a core.
        precision: What to compute in.

    Attributes:
        workers: Actors.
        on_gpu: Whether each has a GPU to itself.
        processes: The actors' process ids, at their start.
        start_seconds: What starting them took, loading and warming up included.

    Raises:
        BadArgument: Fewer than one worker, or more than the cluster has room for.
        EngineFailure: The actors did not start.
    """

    def __init__(self, workers: int | None = None, precision: Precision = Precision.FLOAT32) -> None:
        import ray

        room = ray.cluster_resources()
        self.on_gpu, most = worker_kind(room)
        self.workers = most if workers is None else workers
        if not 1 <= self.workers <= most:
            kind = "GPUs" if self.on_gpu else "cores"
            raise BadArgument(f"workers is {workers}", remedy=f"give 1 to {most}: the cluster has {most} {kind}")
        begin = time.perf_counter()
        remote = ray.remote(**actor_options(self.on_gpu))(EncodingWorker)
        folder = str(encoder_folder())
        self._actors = [remote.remote(folder, precision.value, self.on_gpu) for _ in range(self.workers)]
        try:
            self.processes = tuple(_all([actor.ready.remote() for actor in self._actors], START_TIMEOUT))
        except EngineFailure:
            self.__exit__()  # an actor that waits for room must not take it once somebody else has left
            raise
        self.start_seconds = time.perf_counter() - begin

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        import ray

        for actor in self._actors:
            ray.kill(actor)
        self._actors = []

    def encode(self, texts: Sequence[str], workers: int | None = None) -> Vectors:
        """Vectors of the texts, shape (texts, dimension), float32, in the order given.

        Whoever is done asks for the next parcel, longest first: the actors finish within one short parcel of each
        other, whatever slowed one of them down.

        Args:
            texts: At least one text.
            workers: How many of the pool's actors to use, by default all: for measuring a scaling curve.

        Raises:
            BadArgument: There are no texts, or the pool has not as many workers.
            EngineFailure: An actor failed and could not be started again.
        """
        if not texts:
            raise BadArgument("the pool was given 0 texts", remedy="give at least one")
        used = self.workers if workers is None else workers
        share = sum(map(len, texts)) // (PARCELS_PER_WORKER * max(used, 1))
        cut = parcels(texts, max(1, min(PARCEL_CHARACTERS, share)))
        work = [(number, [texts[place] for place in parcel]) for number, parcel in enumerate(cut)]
        found = dict(self._each(lambda actor, item: actor.encode.remote(*item), work, workers, "encoding"))
        vectors = np.empty((len(texts), found[0].shape[1]), dtype=np.float32)
        for number, rows in found.items():
            vectors[cut[number]] = rows
        return vectors

    def encode_shards(self, shards: Shards, texts: Sequence[str]) -> None:
        """Encode the blocks that are not on disk yet; the actors write them, to a folder that all of them can see.

        Args:
            shards: What to make.
            texts: The texts it was planned for.

        Raises:
            BadArgument: These are other texts.
            EngineFailure: An actor failed and could not be started again.
        """
        shards.require_inputs(texts)
        work = [(number, list(texts[shards.span(number)]), shards) for number in shards.unfinished()]
        for _ in self._each(lambda actor, item: actor.write.remote(*item), work, None, "encoding blocks"):
            pass
        shards.finish()

    def matmul_rates(self, seconds: float = 0.5) -> list[float]:
        """Floating-point operations per second of each worker on bare matrix products, all at the same time."""
        return _all([actor.matmul_rate.remote(seconds) for actor in self._actors])

    def _each(
        self, call: Callable[[Any, Any], Any], work: Sequence[Any], workers: int | None, doing: str
    ) -> Iterator[Any]:
        """What the calls return, in the order they finish."""
        from ray.exceptions import RayError
        from ray.util import ActorPool

        used = self.workers if workers is None else workers
        if not 1 <= used <= len(self._actors):
            raise BadArgument(f"workers is {used} in a pool of {len(self._actors)}", remedy="open a larger pool")
        pool = ActorPool(self._actors[:used])
        try:
            yield from bar(doing, pool.map_unordered(call, work), total=len(work), unit="parcel")
        except RayError as failure:
            raise _broken() from failure


def worker_kind(resources: dict[str, float]) -> tuple[bool, int]:
    """Whether workers get a GPU each, and how many there is room for.

    >>> worker_kind({"CPU": 32.0, "GPU": 4.0}), worker_kind({"CPU": 2.0})
    ((True, 4), (False, 2))
    """
    on_gpu = resources.get("GPU", 0) >= 1
    return on_gpu, int(resources.get("GPU" if on_gpu else "CPU", 0))


def actor_options(on_gpu: bool) -> dict[str, Any]:
    """What Ray is asked for each actor: one core, and one GPU where there are GPUs.

    >>> actor_options(on_gpu=True)["num_gpus"], actor_options(on_gpu=False)["num_gpus"]
    (1, 0)
    """
    return {
        "num_cpus": 1,
        "num_gpus": 1 if on_gpu else 0,
        "max_restarts": RETRIES,
        "max_task_retries": RETRIES,
    }


def _all(references: list[Any], timeout: float | None = None) -> list[Any]:
    import ray
    from ray.exceptions import RayError

    try:
        found: list[Any] = ray.get(references, timeout=timeout)
    except RayError as failure:
        raise _broken() from failure
    return found


def _broken() -> EngineFailure:
    return EngineFailure(
        "an encoding worker failed or never started",
        remedy="see the cause above; close other pools of this cluster, or use fewer workers where memory is short",
    )
