"""The front door, with the replicas played by a function."""

import asyncio
import json
from collections.abc import Awaitable, Callable
from typing import Any

import httpx
import pytest
from ray.exceptions import ActorDiedError
from ray.serve.exceptions import BackPressureError

from labkit.errors import BadArgument
from labkit.serving import EngineSettings, FleetSettings
from labkit.serving.exchange import Call, Head, Reply
from labkit.serving.front import DEADLINE_HEADER, Front, prompt_of
from labkit.serving.replica import ReplicaInfo

SETTINGS = FleetSettings(EngineSettings("/models/large", "large"), deadline=5.0)
Answer = Callable[[Call], Awaitable[Any]]


async def reply(call: Call) -> Reply:
    return Reply(Head(200, "application/json"), json.dumps({"path": call.path, "prompt": call.prompt}).encode())


class Everyone:
    """What a broadcast returns."""

    def __init__(self, answers: list[Any]) -> None:
        self.answers = answers

    async def results_async(self, **_: Any) -> list[Any]:
        return self.answers


class Stream:
    def __init__(self, parts: list[Any]) -> None:
        self.parts = iter(parts)

    def __aiter__(self) -> "Stream":
        return self

    async def __anext__(self) -> Any:
        try:
            return next(self.parts)
        except StopIteration:
            raise StopAsyncIteration from None

    def cancel(self) -> None: ...


class Cancellable:
    def __init__(self, work: Awaitable[Any]) -> None:
        self.work = work

    def __await__(self) -> Any:
        return self.work.__await__()

    def cancel(self) -> None: ...


class Handle:
    def __init__(self, answer: Answer = reply, replicas: int = 1, streams: bool = False) -> None:
        self.answer, self.replicas, self.streams = answer, replicas, streams

    def options(self, *, stream: bool = False, **_: Any) -> "Handle":
        return Handle(self.answer, self.replicas, stream)

    def remote(self, call: Call) -> Any:
        if self.streams:
            return Stream([Head(200, "text/event-stream"), b"data: 1\n\n", b"data: [DONE]\n\n"])
        return Cancellable(self.answer(call))

    def broadcast(self, method: str) -> Everyone:
        if not self.replicas:
            raise LookupError("no replicas")
        infos = [ReplicaInfo(f"r{number}", 100 + number, "large", 0) for number in range(self.replicas)]
        texts = [(info.id, f"running {number + 1.0}") for number, info in enumerate(infos)]
        return Everyone({"describe": infos, "metrics": [*texts, TimeoutError()]}[method])


def ask(front: Front, path: str, body: Any = None, **headers: str) -> httpx.Response:
    async def main() -> httpx.Response:
        transport = httpx.ASGITransport(front.application())
        async with httpx.AsyncClient(transport=transport, base_url="http://door") as client:
            sent = body if isinstance(body, bytes) or body is None else json.dumps(body).encode()
            return await client.request("GET" if body is None else "POST", path, content=sent, headers=headers)

    return asyncio.run(main())


async def no_scale(_: int) -> None: ...


def door(answer: Answer = reply, **changes: Any) -> Front:
    return Front(SETTINGS, Handle(answer, **changes), None, no_scale)


def test_a_request_reaches_a_replica_with_the_words_that_choose_it():
    front = door()
    found = ask(front, "/v1/chat/completions", {"messages": [{"role": "user", "content": "Which cluster?"}]})
    assert found.status_code == 200
    assert found.json() == {"path": "/v1/chat/completions", "prompt": "Which cluster?"}
    assert ask(front, "/v1/completions", b"{not json").json()["prompt"] == "/v1/completions"
    assert front.counts["answered"] == 2


def test_a_stream_goes_through_in_parts():
    found = ask(door(), "/v1/completions", {"prompt": "x", "stream": True})
    assert found.headers["content-type"].startswith("text/event-stream")
    assert found.text == "data: 1\n\ndata: [DONE]\n\n"


def test_a_full_queue_is_429_with_the_time_to_wait():
    async def full(_: Call) -> Reply:
        raise BackPressureError(64, 64, 429, 2.0)

    front = door(full)
    found = ask(front, "/v1/completions", {"prompt": "x"})
    assert (found.status_code, found.headers["retry-after"]) == (429, "2")
    assert found.json()["error"]["code"] == 429
    assert front.counts["refused"] == 1


def test_a_request_past_its_deadline_is_504_and_a_wrong_deadline_400():
    async def slow(call: Call) -> Reply:
        await asyncio.sleep(60)
        return await reply(call)

    front = door(slow)
    assert ask(front, "/v1/completions", {"prompt": "x"}, **{DEADLINE_HEADER: "0.05"}).status_code == 504
    assert ask(front, "/v1/completions", {"prompt": "x"}, **{DEADLINE_HEADER: "-1"}).status_code == 400
    assert ask(front, "/v1/completions", {"prompt": "x"}, **{DEADLINE_HEADER: "soon"}).status_code == 400
    assert front.counts["expired"] == 1


def test_a_death_is_invisible_and_counted():
    deaths = [ActorDiedError()]

    async def dies_once(call: Call) -> Reply:
        if deaths:
            raise deaths.pop()
        return await reply(call)

    front = door(dies_once)
    assert ask(front, "/v1/completions", {"prompt": "x"}).status_code == 200
    assert front.counts == {**dict.fromkeys(front.counts, 0), "answered": 1, "begun_again": 1}


def test_what_goes_wrong_inside_is_502():
    async def fails(_: Call) -> Reply:
        raise ZeroDivisionError("in the replica")

    found = ask(door(fails), "/v1/completions", {"prompt": "x"})
    assert found.status_code == 502
    assert "in the replica" in found.json()["error"]["message"]


def test_health_is_whether_a_replica_answers():
    assert ask(door(replicas=2), "/health").json() == {"replicas": 2}
    assert ask(door(replicas=0), "/health").status_code == 503


def test_metrics_summed_and_by_replica():
    front = door(replicas=2)
    assert "running 3.0\n" in ask(front, "/metrics").text
    assert 'labkit_requests_total{outcome="answered"} 0\n' in ask(front, "/metrics").text
    assert 'running{replica="r1"} 2.0\n' in ask(front, "/metrics/replicas").text


def test_both_models_are_listed_and_pooling_goes_to_the_reader():
    def listing(name: str) -> Answer:
        async def answer(_: Call) -> Reply:
            found = {"data": [{"id": name}], "by": name}
            return Reply(Head(200, "application/json"), json.dumps(found).encode())

        return answer

    reader = EngineSettings("/models/small", "small", pooling=True)
    settings = FleetSettings(SETTINGS.engine, reader=reader)
    front = Front(settings, Handle(listing("large")), Handle(listing("small")), no_scale)
    assert [card["id"] for card in ask(front, "/v1/models").json()["data"]] == ["large", "small"]
    assert ask(front, "/pooling", {"input": "x"}).json()["by"] == "small"
    assert ask(front, "/v1/completions", {"prompt": "x"}).json()["by"] == "large"


def test_scaling_is_asked_for_and_refusals_are_told():
    asked = []

    async def scale(replicas: int) -> None:
        asked.append(replicas)
        if replicas > 2:
            raise BadArgument(f"replicas is {replicas}", remedy="there are 2 cores")

    front = Front(SETTINGS, Handle(), None, scale)
    assert ask(front, "/fleet/replicas", {"replicas": 2}).status_code == 200
    assert "2 cores" in ask(front, "/fleet/replicas", {"replicas": 3}).json()["error"]["message"]
    assert ask(front, "/fleet/replicas", {}).status_code == 400
    assert asked == [2, 3]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        ({"prompt": [1, 2]}, "[1, 2]"),
        ({"input": ["a", "b"]}, '["a", "b"]'),
        ({"messages": [{"content": [{"type": "text", "text": "hi"}]}, "odd"]}, "[{'type': 'text', 'text': 'hi'}]"),
        ({}, ""),
    ],
)
def test_the_words_of_unusual_requests(content, words):
    assert prompt_of(content) == words
