"""Loads on a server whose delays are known."""

import asyncio
import json
from collections.abc import Iterator
from threading import Thread

import pytest
from aiohttp import web

from labkit.errors import BadArgument
from labkit.loadgen import Workload, offer, poisson, random_prompts, saturate


class Server:
    """Answers one request at a time, each in ``seconds``; what it was sent is in ``bodies``."""

    def __init__(self, seconds: float, status: int = 200, broken: bool = False) -> None:
        self.seconds, self.status, self.broken = seconds, status, broken
        self.bodies: list[dict] = []
        self.most_at_once = self.now = 0

    async def complete(self, request: web.Request) -> web.StreamResponse:
        body = await request.json()
        self.bodies.append(body)
        self.now += 1
        self.most_at_once = max(self.most_at_once, self.now)
        async with self.turn:
            await asyncio.sleep(self.seconds)
        self.now -= 1
        usage = {"usage": {"prompt_tokens": 5, "completion_tokens": body["max_tokens"]}}
        if self.status != 200 or not body.get("stream"):
            return web.json_response(usage, status=self.status)
        response = web.StreamResponse()
        await response.prepare(request)
        await response.write(b'data: {"choices": [{"text": "a"}]}\n\n')
        await asyncio.sleep(0.05)
        if not self.broken:
            await response.write(b"data: " + json.dumps(usage).encode() + b"\n\ndata: [DONE]\n\n")
        return response

    def run(self) -> Iterator[str]:
        loop = asyncio.new_event_loop()
        thread = Thread(target=loop.run_forever, daemon=True)
        thread.start()
        base, runner = asyncio.run_coroutine_threadsafe(self._open(), loop).result()
        yield base
        asyncio.run_coroutine_threadsafe(runner.cleanup(), loop).result()
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()

    async def _open(self) -> tuple[str, web.AppRunner]:
        self.turn = asyncio.Lock()
        application = web.Application()
        application.router.add_post("/v1/completions", self.complete)
        runner = web.AppRunner(application)
        await runner.setup()
        site = web.TCPSite(runner, "127.0.0.1", 0)
        await site.start()
        return f"http://127.0.0.1:{runner.addresses[0][1]}/v1", runner


@pytest.fixture
def serving():
    """Starts servers that end with the test."""
    open_ones = []

    def start(server: Server) -> str:
        running = server.run()
        open_ones.append(running)
        return next(running)

    yield start
    for running in open_ones:
        next(running, None)


STREAM = Workload(random_prompts(3, words=5, seed=1), output_tokens=4)


def test_a_server_that_falls_behind_cannot_hide_it(serving):
    """Ten requests in 0.1 s to a server that takes 0.1 s each: the last waits for all the others.

    A closed loop with one caller would have reported 0.1 s for each of them.
    """
    server = Server(seconds=0.1)
    base = serving(server)
    report = offer(base, "m", STREAM, [number / 100 for number in range(10)])
    latencies = [timing.latency for timing in report.timings]
    assert latencies == sorted(latencies)
    assert latencies[-1] > 0.85
    assert all(timing.sent - timing.intended < 0.5 for timing in report.timings)
    assert server.most_at_once > 5
    one = saturate(base, "m", STREAM, callers=1, requests=3)
    assert max(timing.latency for timing in one.timings) < 0.6


def test_first_tokens_and_the_tokens_are_counted(serving):
    report = offer(serving(Server(seconds=0.0)), "m", STREAM, poisson(50, 5, seed=2))
    for timing in report.timings:
        assert (timing.input_tokens, timing.output_tokens, timing.status) == (5, 4, 200)
        assert timing.finished - timing.first_token > 0.04
    assert report.per_token.p50 > 0.04 / 3


def test_whole_replies_have_no_first_token_of_their_own(serving):
    server = Server(seconds=0.3)
    report = saturate(serving(server), "m", Workload(["x"], 4, stream=False), callers=2, requests=5)
    assert all(timing.first_token == timing.finished and timing.output_tokens == 4 for timing in report.timings)
    assert len(report.timings) == 5
    assert server.most_at_once == 2
    assert "stream" not in server.bodies[0]
    assert (server.bodies[0]["min_tokens"], server.bodies[0]["temperature"]) == (4, 0.0)


def test_warm_up_is_sent_but_not_reported(serving):
    server = Server(seconds=0.0)
    report = offer(serving(server), "m", STREAM, [0.0, 0.01, 0.02], warm_up=2)
    assert len(server.bodies) == 3
    assert [timing.intended for timing in report.timings] == [0.02]


def test_failures_are_results(serving):
    refused = offer(serving(Server(0.0, status=429)), "m", STREAM, [0.0])
    assert refused.statuses == {429: 1}
    broken = offer(serving(Server(0.0, broken=True)), "m", STREAM, [0.0])
    assert broken.statuses == {0: 1}
    nobody = offer("http://127.0.0.1:9/v1", "m", STREAM, [0.0])
    assert nobody.statuses == {0: 1}
    late = offer(serving(Server(5.0)), "m", STREAM, [0.0], longest=0.1)
    assert late.statuses == {0: 1}


def test_prompts_are_used_in_turn(serving):
    server = Server(0.0)
    saturate(serving(server), "m", STREAM, callers=1, requests=4)
    assert [body["prompt"] for body in server.bodies] == [*STREAM.prompts, STREAM.prompts[0]]


def test_what_cannot_be_is_refused():
    for wrong in ([], [1.0, 0.0]):
        with pytest.raises(BadArgument):
            offer("http://127.0.0.1:9/v1", "m", STREAM, wrong)
    with pytest.raises(BadArgument):
        offer("http://127.0.0.1:9/v1", "m", STREAM, [0.0], warm_up=1)
    with pytest.raises(BadArgument):
        offer("orion", "m", STREAM, [0.0])
    with pytest.raises(BadArgument):
        saturate("http://127.0.0.1:9/v1", "m", STREAM, callers=0, requests=1)
    with pytest.raises(BadArgument):
        Workload([])
    with pytest.raises(BadArgument):
        Workload(["x"], output_tokens=0)
