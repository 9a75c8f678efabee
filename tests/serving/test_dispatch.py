"""Retries, refusals and hanging up, with Serve's handle played by a list of what happens."""

import asyncio
from collections.abc import AsyncIterator, Callable
from typing import Any

import pytest
from ray.exceptions import ActorDiedError, ActorUnavailableError
from ray.serve.exceptions import BackPressureError

from labkit.serving.dispatch import TRIES, Dispatcher, Refused, ReplicasLost, before, until_gone
from labkit.serving.exchange import Call, Head, Reply

CALL = Call("POST", "/v1/completions", b"{}", "words")
REPLY = Reply(Head(200, "application/json"), b"yes")


class Response:
    """A response to come, or a stream of parts."""

    def __init__(self, happens: Any) -> None:
        self.happens, self.cancelled = happens, False
        self.parts = iter(happens) if isinstance(happens, list) else None

    def __await__(self) -> Any:
        return self._result().__await__()

    async def _result(self) -> Reply:
        if isinstance(self.happens, BaseException):
            raise self.happens
        if self.happens is None:
            await asyncio.sleep(60)
        return self.happens

    def __aiter__(self) -> "Response":
        return self

    async def __anext__(self) -> Any:
        if self.parts is None:
            return await self._result()
        for part in self.parts:
            if isinstance(part, BaseException):
                raise part
            if part is None:
                await asyncio.sleep(60)
            return part
        raise StopAsyncIteration

    def cancel(self) -> None:
        self.cancelled = True


class Handle:
    """Serve's handle: each call meets the next thing that happens."""

    def __init__(self, *happens: Any) -> None:
        self.happens, self.made = list(happens), []

    def options(self, **_: Any) -> "Handle":
        return self

    def remote(self, call: Call) -> Response:
        assert call == CALL
        self.made.append(Response(self.happens.pop(0)))
        return self.made[-1]


def died() -> Exception:
    return ActorDiedError()


def run(handle: Handle, work: Callable[[Dispatcher], Any]) -> tuple[Any, int]:
    again: list[int] = []
    dispatcher = Dispatcher(handle, lambda: again.append(1), first_pause=0.0001)
    return asyncio.run(work(dispatcher)), len(again)


def test_a_request_whose_replica_died_is_done_again_and_answered_once():
    handle = Handle(died(), ActorUnavailableError("gone", None), REPLY)
    assert run(handle, lambda dispatcher: dispatcher.unary(CALL)) == (REPLY, 2)
    assert not handle.happens


def test_a_request_that_kills_every_replica_is_given_up():
    with pytest.raises(ReplicasLost, match=f"begun {TRIES} times"):
        run(Handle(*(died() for _ in range(TRIES))), lambda dispatcher: dispatcher.unary(CALL))


def test_a_full_queue_refuses_at_once():
    handle = Handle(BackPressureError(5, 5, 429, 3.0), REPLY)
    with pytest.raises(Refused) as refused:
        run(handle, lambda dispatcher: dispatcher.unary(CALL))
    assert refused.value.retry_after == 3.0
    assert len(handle.made) == 1


def test_other_failures_are_not_repeated():
    handle = Handle(ZeroDivisionError(), REPLY)
    with pytest.raises(ZeroDivisionError):
        run(handle, lambda dispatcher: dispatcher.unary(CALL))


def test_a_caller_who_goes_away_cancels_the_call():
    handle = Handle(None)

    async def work(dispatcher: Dispatcher) -> Any:
        return await until_gone(asyncio.sleep(0.02), dispatcher.unary(CALL))

    assert run(handle, work) == (None, 0)
    assert handle.made[0].cancelled


def test_a_stream_is_begun_again_only_before_its_first_part():
    handle = Handle([died()], [REPLY.head, b"a", b"b"])

    async def work(dispatcher: Dispatcher) -> Any:
        head, parts = await dispatcher.stream(CALL)
        return head, [part async for part in parts]

    assert run(handle, work) == ((REPLY.head, [b"a", b"b"]), 1)
    assert not handle.made[1].cancelled

    with pytest.raises(ActorDiedError):
        run(Handle([REPLY.head, b"a", died()], [REPLY.head]), work)


def test_a_stream_that_is_closed_is_cancelled():
    handle = Handle([REPLY.head, b"a", None])

    async def work(dispatcher: Dispatcher) -> Any:
        _, parts = await dispatcher.stream(CALL)
        await anext(parts)
        await parts.aclose()

    run(handle, work)
    assert handle.made[0].cancelled


def test_a_stream_breaks_at_its_deadline():
    async def endless() -> AsyncIterator[bytes]:
        while True:
            yield b"a"
            await asyncio.sleep(0.005)

    async def main() -> int:
        seen = 0
        try:
            async for _ in before(asyncio.get_running_loop().time() + 0.05, endless()):
                seen += 1
        except TimeoutError:
            return seen
        pytest.fail("the stream went on")

    assert asyncio.run(main()) > 1


def test_work_that_fails_raises_although_the_caller_is_still_there():
    async def fail() -> None:
        raise ZeroDivisionError

    async def main() -> None:
        await until_gone(asyncio.sleep(60), fail())

    with pytest.raises(ZeroDivisionError):
        asyncio.run(main())
