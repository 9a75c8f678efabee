"""vLLM's engine core in a thread, behind the interface that its asynchronous front end expects.

vLLM puts the core into a process of its own, which costs another import of a quarter of a minute and some gigabytes
a replica. On a CPU the work happens in kernels that let go of Python's lock, so a thread is enough::

    event loop of the replica                      thread
    AsyncLLM: tokenise, detokenise  -- calls -->   core: schedule, run the model, sample
                                    <- outputs --
"""

import asyncio
import contextlib
import queue
from collections.abc import Callable
from concurrent.futures import Future
from threading import Thread
from types import SimpleNamespace
from typing import Any, Protocol, TypeVar

from labkit.errors import EngineFailure

T = TypeVar("T")

Request = Any
"""vLLM's ``EngineCoreRequest``; its types end at this module."""

Outputs = Any
"""vLLM's ``EngineCoreOutputs``."""


class Core(Protocol):
    """What is used of vLLM's in-process client of its core."""

    def add_request(self, request: Request) -> None:
        """Queue a request."""

    def abort_requests(self, request_ids: list[str]) -> None:
        """Drop requests, wherever they are."""

    def get_output(self) -> Outputs:
        """Run one step; its outputs."""

    def get_supported_tasks(self) -> tuple[str, ...]:
        """What the model can be asked for."""


class ThreadedCore:
    """A core that steps in its own thread as long as it has requests, and sleeps when it has none.

    Args:
        make: Makes the core; called in the thread, since OpenMP's threads belong to the one that first used them.
        busy: Whether the core still has something to do.
        refuse: The outputs that tell a caller of a request that could not be queued.
        loop: The event loop of the front end.

    Attributes:
        engine_ranks_managed: The one core, as vLLM numbers it.
        resources: Carries ``engine_dead``, as vLLM asks for it.
    """

    def __init__(
        self,
        make: Callable[[], Core],
        busy: Callable[[Core], bool],
        refuse: Callable[[Request], Outputs],
        loop: asyncio.AbstractEventLoop,
    ) -> None:
        self.engine_ranks_managed = [0]
        self.resources = SimpleNamespace(engine_dead=False)
        self._busy, self._refuse, self._loop = busy, refuse, loop
        self._calls: queue.SimpleQueue[Callable[[Core], None] | None] = queue.SimpleQueue()
        self._outputs: asyncio.Queue[Outputs] = asyncio.Queue()
        started: Future[tuple[str, ...]] = Future()
        self._thread = Thread(target=self._run, args=(make, started), name="vllm-core", daemon=True)
        self._thread.start()
        self._tasks = started.result()

    async def get_output_async(self) -> Outputs:
        """The outputs of the next step that has any.

        Raises:
            EngineFailure: The core has failed; its error is the cause.
        """
        outputs = await self._outputs.get()
        if isinstance(outputs, BaseException):
            raise EngineFailure(f"vLLM's core failed ({outputs})", remedy="restart the replica") from outputs
        return outputs

    async def get_supported_tasks_async(self) -> tuple[str, ...]:
        """What the model can be asked for."""
        return self._tasks

    async def add_request_async(self, request: Request) -> None:
        """Queue a request. Not waited for: a caller that goes away meanwhile could not say which one to drop."""

        def add(core: Core) -> None:
            try:
                core.add_request(request)
            except Exception:  # noqa: BLE001 - one bad request is answered with an error and ends no replica
                self._publish(self._refuse(request))

        self._calls.put(add)

    async def abort_requests_async(self, request_ids: list[str]) -> None:
        """Drop requests; their places in the batch are free from the next step on."""
        if request_ids:
            self._calls.put(lambda core: core.abort_requests(request_ids))

    async def reset_prefix_cache_async(self, *arguments: bool) -> bool:
        """Forget all cached prefixes."""
        return await self._ask(lambda core: core.reset_prefix_cache(*arguments))  # type: ignore[attr-defined]

    async def reset_mm_cache_async(self) -> None:
        """Forget cached images, of which a text model has none."""

    def shutdown(self, timeout: float | None = None) -> None:
        """End the thread after the step it is in."""
        self._calls.put(None)
        if self._thread.is_alive():
            self._thread.join(timeout if timeout is not None else 10.0)

    async def _ask(self, call: Callable[[Core], T]) -> T:
        answered: Future[T] = Future()

        def answer(core: Core) -> None:
            try:
                answered.set_result(call(core))
            except Exception as failure:  # noqa: BLE001 - it is the caller's
                answered.set_exception(failure)

        self._calls.put(answer)
        return await asyncio.wrap_future(answered)

    def _run(self, make: Callable[[], Core], started: "Future[tuple[str, ...]]") -> None:
        try:
            core = make()
            started.set_result(core.get_supported_tasks())
        except BaseException as failure:  # noqa: BLE001 - raised again by the one who waits for the start
            started.set_exception(failure)
            return
        try:
            while self._do_calls(core, wait=not self._busy(core)):
                outputs = core.get_output()
                if outputs.outputs or outputs.scheduler_stats:
                    self._publish(outputs)
        except BaseException as failure:  # noqa: BLE001 - raised again by get_output_async
            self.resources.engine_dead = True
            self._publish(failure)

    def _do_calls(self, core: Core, *, wait: bool) -> bool:
        """Do all calls that have come in, having waited for one where there is nothing else to do."""
        with contextlib.suppress(queue.Empty):
            while True:
                call = self._calls.get(block=wait)
                if call is None:
                    return False
                call(core)
                wait = False
        return True

    def _publish(self, outputs: Outputs) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has been closed: nobody listens any more
            self._loop.call_soon_threadsafe(self._outputs.put_nowait, outputs)
