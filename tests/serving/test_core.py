"""The thread that steps vLLM's core, with a core of four lines in vLLM's place."""

import asyncio
from collections.abc import Awaitable, Callable
from types import SimpleNamespace
from typing import Any

import pytest

from labkit.errors import EngineFailure
from labkit.serving.core import ThreadedCore


class CountingCore:
    """Answers each request after two steps, ``slow`` after ten million; refuses ``bad`` and dies of ``poison``."""

    def __init__(self) -> None:
        self.waiting: dict[str, int] = {}
        self.steps = 0
        self.aborted: list[str] = []

    def add_request(self, request: Any) -> None:
        if request.request_id == "bad":
            raise ValueError(request)
        self.waiting[request.request_id] = 10_000_000 if request.request_id == "slow" else 2

    def abort_requests(self, request_ids: list[str]) -> None:
        self.aborted += request_ids
        for name in request_ids:
            self.waiting.pop(name, None)

    def get_output(self) -> Any:
        self.steps += 1
        if "poison" in self.waiting:
            raise MemoryError("no cache left")
        self.waiting = {name: left - 1 for name, left in self.waiting.items()}
        done = [name for name, left in self.waiting.items() if not left]
        for name in done:
            del self.waiting[name]
        return SimpleNamespace(outputs=done, scheduler_stats=None)

    def get_supported_tasks(self) -> tuple[str, ...]:
        return ("generate",)

    def reset_prefix_cache(self) -> bool:
        return True


def request(name: str) -> Any:
    return SimpleNamespace(request_id=name)


def run(work: Callable[[ThreadedCore, CountingCore], Awaitable[None]]) -> None:
    """Run a test against a threaded core that is ended afterwards."""

    async def main() -> None:
        made = CountingCore()
        refusal = lambda refused: SimpleNamespace(outputs=[f"refused {refused.request_id}"], scheduler_stats=None)  # noqa: E731
        core = ThreadedCore(lambda: made, lambda core: bool(core.waiting), refusal, asyncio.get_running_loop())
        try:
            async with asyncio.timeout(60):
                await work(core, made)
        finally:
            core.shutdown()

    asyncio.run(main())


def test_steps_until_a_request_is_answered_and_then_sleeps():
    async def work(core: ThreadedCore, made: CountingCore) -> None:
        assert await core.get_supported_tasks_async() == ("generate",)
        await core.add_request_async(request("a"))
        assert (await core.get_output_async()).outputs == ["a"]
        steps = made.steps
        await asyncio.sleep(0.1)
        assert made.steps == steps == 2

    run(work)


def test_an_abort_drops_the_request_before_it_is_answered():
    async def work(core: ThreadedCore, made: CountingCore) -> None:
        await core.add_request_async(request("slow"))
        await core.abort_requests_async(["slow", "never asked"])
        await core.abort_requests_async([])
        await core.add_request_async(request("b"))
        assert (await core.get_output_async()).outputs == ["b"]
        assert made.aborted == ["slow", "never asked"]

    run(work)


def test_a_request_that_cannot_be_queued_is_answered_and_ends_nothing():
    async def work(core: ThreadedCore, _: CountingCore) -> None:
        await core.add_request_async(request("bad"))
        assert (await core.get_output_async()).outputs == ["refused bad"]
        await core.add_request_async(request("good"))
        assert (await core.get_output_async()).outputs == ["good"]
        assert not core.resources.engine_dead

    run(work)


def test_a_core_that_fails_says_so_and_counts_as_dead():
    async def work(core: ThreadedCore, _: CountingCore) -> None:
        await core.add_request_async(request("poison"))
        with pytest.raises(EngineFailure, match="no cache left"):
            await core.get_output_async()
        assert core.resources.engine_dead

    run(work)


def test_calls_are_answered_from_the_thread():
    async def work(core: ThreadedCore, _: CountingCore) -> None:
        assert await core.reset_prefix_cache_async()
        await core.reset_mm_cache_async()

    run(work)


def test_a_core_that_cannot_be_made_raises_where_it_was_asked_for():
    def make() -> CountingCore:
        raise OSError("no such model")

    async def main() -> None:
        ThreadedCore(make, bool, lambda refused: refused, asyncio.get_running_loop())

    with pytest.raises(OSError, match="no such model"):
        asyncio.run(main())
