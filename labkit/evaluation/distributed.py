"""The harness on Ray: tasks are dealt to workers, each of which holds the application once.

Through Ray go a task on the way out and its judged answer on the way back. The index is built once, here, and each
worker gets it with the application; a sharded index is only pointed to, and stays where it is. A worker claims a core;
one that waits for a served model should have several tasks under way (``concurrency``).
"""

import os
import time
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path
from typing import Any, Self

from labkit.cluster import cluster
from labkit.costs import TokenPrice
from labkit.errors import BadArgument, EngineFailure, LabkitError
from labkit.evaluation.run import Run, carry_out
from labkit.evaluation.run_folder import Finished
from labkit.scaling import require_number
from labkit.settings import settings
from labkit.stages import Application
from labkit.tasks import Task

RETRIES = 2
"""How often a task is asked again after its worker died under it: one that has killed three is not asked again."""

CONNECTIONS = ("LABKIT_ENCODER", "LABKIT_MODEL", "LABKIT_API_BASE")
"""Settings that a worker must share with the process that asks."""


class EvaluationWorker:
    """What runs inside an actor: one application, asked and judged where it is.

    Args:
        shared: A list of the reference to it; held by the process that asks, so that an actor that is started again
            finds it too.
    """

    def __init__(self, shared: list[Any]) -> None:
        import ray

        self._application: Application = ray.get(shared[0])
        self._application.encoder.encode(["warm"])  # what is loaded on first use is loaded now

    def ready(self) -> int:
        """The process's id, once the application is there and warm."""
        return os.getpid()

    def ask(self, number: int, task: Task) -> Finished:
        """Ask one task and judge the answer."""
        answer = self._application.ask(task.question, task.principal)
        return Finished.judged(number, task, answer, f"{os.uname().nodename}:{os.getpid()}")


class EvaluationPool:
    """Workers that hold one application, from the start of a ``with`` block to its end.

    Use it inside ``labkit.cluster.cluster()``; for a single run ``evaluate_on_ray`` is shorter.

    Args:
        application: The application, over the corpus that the tasks are about.
        workers: Actors, by default one a core of the cluster.
        concurrency: Tasks under way in each; more than one where it waits for a served model.

    Attributes:
        start_seconds: What building the index and starting the workers took.

    Raises:
        BadArgument: A count below 1, or more workers than cores.
        EngineFailure: A worker did not start.
    """

    def __init__(self, application: Application, workers: int | None = None, concurrency: int = 1) -> None:
        import ray

        begin = time.perf_counter()
        require_number("concurrency", concurrency, least=1)
        self._application, self._concurrency = application, concurrency
        count = _require_room(workers)
        application.searchable  # noqa: B018 - built once, and sent to the workers with the application
        self._shared = ray.put(application)
        actor = ray.remote(**_options(concurrency))(EvaluationWorker)
        self._actors = [actor.remote([self._shared]) for _ in range(count)]
        self._wait()
        self.start_seconds = time.perf_counter() - begin

    def _wait(self) -> None:
        import ray
        from ray.exceptions import RayError

        try:
            ray.get([one.ready.remote() for one in self._actors])
        except RayError as failure:
            self.__exit__()
            raise EngineFailure(
                f"an evaluation worker did not start ({_last_line(failure)})",
                remedy="see the cause above; its encoder is loaded when it starts",
            ) from failure

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        import ray

        for one in self._actors:
            ray.kill(one)
        self._actors = []

    def evaluate(
        self, tasks: Sequence[Task], folder: str | Path, *, workers: int | None = None, price: TokenPrice | None = None
    ) -> Run:
        """Ask every task that the folder does not hold yet; see ``evaluate_on_ray``.

        Args:
            tasks: The tasks.
            folder: Where to keep the results.
            workers: How many of the pool's workers to use, by default all: for measuring a scaling curve.
            price: What a token costs, for the report.
        """
        return carry_out(self._application, tasks, folder, partial(self.ask, tasks, workers=workers), price)

    def ask(self, tasks: Sequence[Task], numbers: Sequence[int], workers: int | None = None) -> Iterator[Finished]:
        """The tasks with these numbers, judged, as they are finished.

        No more than workers times concurrency are under way. A task whose worker died is asked again, and comes once.
        """
        from ray.exceptions import RayActorError, RayTaskError
        from ray.util import ActorPool

        used = len(self._actors) if workers is None else workers
        if not 1 <= used <= len(self._actors):
            raise BadArgument(f"workers is {used} in a pool of {len(self._actors)}", remedy="open a larger pool")
        pool = ActorPool(self._actors[:used] * self._concurrency)
        try:
            yield from pool.map_unordered(partial(_ask, tasks), numbers)
        except RayTaskError as failure:
            raise _told(failure) from failure
        except RayActorError as failure:
            raise EngineFailure(
                f"the workers of one task died {RETRIES + 1} times ({_last_line(failure)})",
                remedy="look at the machine's memory and give fewer workers; a new call goes on where this one ended",
            ) from failure


def evaluate_on_ray(
    application: Application,
    tasks: Sequence[Task],
    folder: str | Path,
    *,
    workers: int | None = None,
    concurrency: int = 1,
    price: TokenPrice | None = None,
) -> Run:
    """Ask an application every task on Ray workers, and judge the answers; what ``evaluate`` does, spread out.

    Finished tasks are on disk within seconds. A second call with the same folder asks only those that are missing: so
    a run goes on where it was broken off. A task whose worker dies is asked again; its result counts once.

    A model of this process is loaded by every worker. For one behind an address start it first (``fleet()``): the
    workers find it. Where the index stands on Ray, call this inside ``labkit.cluster.cluster()``, which then outlives
    it. Results are those of a serial run; a served model may round otherwise in a batch of another size.

    Args:
        application: The application, over the corpus that the tasks are about.
        tasks: The tasks; each is asked on behalf of its own principal.
        folder: Where to keep the results; on a cluster of several machines only this process writes there.
        workers: Actors, by default one a core of the cluster.
        concurrency: Tasks under way in each worker; more than one where it waits for a served model.
        price: What a token costs, for the report.

    Raises:
        BadArgument: No tasks, a count below 1, more workers than cores, or a folder that holds another run.
        EngineFailure: A task's workers died again and again.
        LabkitError: What the application raised; what was finished before is on disk.
    """
    require_number("concurrency", concurrency, least=1)

    def deal(missing: Sequence[int]) -> Iterator[Finished]:
        with EvaluationPool(application, workers, concurrency) as pool:
            yield from pool.ask(tasks, missing)

    with cluster(workers):
        _require_room(workers)
        return carry_out(application, tasks, folder, deal, price)


def _ask(tasks: Sequence[Task], actor: Any, number: int) -> Any:  # noqa: ANN401 - Ray's handles and references
    return actor.ask.remote(number, tasks[number])


def _told(failure: Any) -> Exception:  # noqa: ANN401 - a RayTaskError, whose cause is what the application raised
    """What the application raised on purpose, as it was raised there."""
    if isinstance(failure.cause, LabkitError):
        return failure.cause
    return EngineFailure(
        f"a task failed in its worker: {_last_line(failure)}", remedy="mend it and call again: what was finished stays"
    )


def _last_line(failure: Exception) -> str:
    return str(failure).strip().rpartition("\n")[2]


def _options(concurrency: int) -> dict[str, Any]:
    """What Ray is asked for each actor: a core, a new process when it dies, and the settings of this process."""
    held = {name: os.environ[name] for name in CONNECTIONS if name in os.environ}
    return {
        "num_cpus": 1,
        "max_concurrency": concurrency,
        "max_restarts": -1,
        "max_task_retries": RETRIES,
        # A worker is a core: were its engines to use all of them, the workers would wait for each other.
        "runtime_env": {"env_vars": {**held, "LABKIT_HOME": str(settings().home), "LABKIT_THREADS": "1"}},
    }


def _require_room(workers: int | None) -> int:
    """How many workers there will be."""
    import ray

    room = int(ray.cluster_resources().get("CPU", 0))
    used = room if workers is None else workers
    if not 1 <= used <= room:
        raise BadArgument(f"workers is {workers}", remedy=f"give 1 to {room}: the cluster has {room} cores")
    return used
