"""From the front door to a replica and back: wait, route, try again when a replica dies, give up in time.

A request that a dead replica had not finished is done again on another. Its caller has seen nothing of the first try,
so exactly one answer reaches it; once a part of a stream has gone out it cannot be taken back, and the stream breaks.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator
from contextlib import aclosing
from typing import Any, TypeVar

from labkit.errors import EngineFailure
from labkit.serving.exchange import Call, Head, Reply

T = TypeVar("T")

Handle = Any
"""Serve's ``DeploymentHandle``; Ray's own types stop here."""

Response = Any
"""What a handle returns at once: a reply, or a stream, to come."""

FIRST_PAUSE, LONGEST_PAUSE, TRIES = 0.05, 2.0, 12
"""Back-off after a replica's death, in seconds, and how often a request is begun at most."""


class ReplicasLost(EngineFailure):
    """Every replica that was given the request died of it, or with it."""


class Refused(EngineFailure):
    """The queue is full.

    Attributes:
        retry_after: Seconds after which trying again makes sense.
    """

    def __init__(self, problem: str, *, remedy: str, retry_after: float = 1.0) -> None:
        super().__init__(problem, remedy=remedy)
        self.retry_after = retry_after


class Dispatcher:
    """Sends requests to the replicas of one deployment.

    Args:
        handle: Serve's handle of the deployment.
        on_retry: Called whenever a request is begun again.
        first_pause: Back-off in seconds after the first death; doubles with each.
    """

    def __init__(
        self, handle: Handle, on_retry: Callable[[], None] = lambda: None, first_pause: float = FIRST_PAUSE
    ) -> None:
        self.handle = handle
        self._unary = handle.options(method_name="unary")
        self._stream = handle.options(method_name="stream", stream=True)
        self._on_retry, self._first_pause = on_retry, first_pause

    async def unary(self, call: Call) -> Reply:
        """The whole reply.

        Raises:
            Refused: The queue is full.
            ReplicasLost: Replicas died again and again.
        """

        async def once() -> Reply:
            response = self._unary.remote(call)
            try:
                reply: Reply = await response
            except asyncio.CancelledError:
                response.cancel()
                raise
            return reply

        return await self._with_retries(once)

    async def stream(self, call: Call) -> tuple[Head, AsyncGenerator[bytes, None]]:
        """The head, and the parts as they come; close the generator to hang up.

        Raises:
            Refused: The queue is full.
            ReplicasLost: Replicas died again and again before the reply began.
        """

        async def once() -> tuple[Head, AsyncGenerator[bytes, None]]:
            response = self._stream.remote(call)
            try:
                head: Head = await anext(response)
            except asyncio.CancelledError:
                response.cancel()
                raise
            return head, _parts(response)

        return await self._with_retries(once)

    async def _with_retries(self, once: Callable[[], Awaitable[T]]) -> T:
        from ray.serve.exceptions import BackPressureError

        last: Exception | None = None
        for pause in _pauses(self._first_pause):
            try:
                return await once()
            except BackPressureError as full:
                raise Refused(
                    f"{full.message}", remedy="try again later, or add a replica", retry_after=full.retry_after_s or 1.0
                ) from full
            except _lost_errors() as death:
                last = death
                self._on_retry()
                await asyncio.sleep(pause)
        raise ReplicasLost(
            f"the request was begun {TRIES} times and its replica died each time ({last})",
            remedy="see the fleet's log; a request that no replica survives needs more memory",
        ) from last


async def _parts(response: Response) -> AsyncGenerator[bytes, None]:
    finished = False
    try:
        async for part in response:
            yield part
        finished = True
    finally:
        if not finished:
            response.cancel()


async def until_gone(gone: Awaitable[None], work: Awaitable[T]) -> T | None:
    """The work's result, or None when its caller went away first; the work is cancelled then."""
    working, leaving = asyncio.ensure_future(work), asyncio.ensure_future(gone)
    try:
        await asyncio.wait({working, leaving}, return_when=asyncio.FIRST_COMPLETED)
        return working.result() if working.done() else None
    finally:
        for task in (working, leaving):
            task.cancel()
        await asyncio.wait({working, leaving}, timeout=1.0)


async def before(deadline: float, parts: AsyncGenerator[bytes, None]) -> AsyncGenerator[bytes, None]:
    """The parts until the event loop's clock shows ``deadline``; then the stream breaks.

    Raises:
        TimeoutError: The deadline has passed.
    """
    async with aclosing(parts), asyncio.timeout_at(deadline):
        async for part in parts:
            yield part


def _pauses(first: float) -> Iterator[float]:
    for attempt in range(TRIES):
        yield min(LONGEST_PAUSE, first * 2**attempt)


def _lost_errors() -> tuple[type[Exception], ...]:
    from ray.exceptions import ObjectLostError, RayActorError, WorkerCrashedError
    from ray.serve.exceptions import ReplicaUnavailableError

    return RayActorError, WorkerCrashedError, ObjectLostError, ReplicaUnavailableError
