"""The fleet as its callers see it: one address, OpenAI's protocol, vLLM underneath."""

import asyncio
import json
import subprocess
import sys
import time
from dataclasses import replace

import httpx
import openai
import pytest

from labkit.serving import Fleet, LanguageModel, fleet
from labkit.serving.front import DEADLINE_HEADER

pytestmark = pytest.mark.vllm

SAYS = [{"role": "user", "content": "Say hello."}]
LONG = "The night sky holds many clusters. " * 60


@pytest.fixture
def client(running: Fleet) -> openai.OpenAI:
    return openai.OpenAI(base_url=running.api_base, api_key="none", timeout=120, max_retries=0)


@pytest.fixture
def model(running: Fleet) -> str:
    return running.settings.engine.name


def value(running: Fleet, name: str) -> float:
    """The sum of a metric over its labels and the replicas."""
    lines = [line for line in running.metrics().splitlines() if line.startswith(name)]
    return sum(float(line.rsplit(" ", 1)[1]) for line in lines)


def until(holds, seconds: float = 30.0) -> bool:
    """Whether something comes to hold in time."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if holds():
            return True
        time.sleep(0.2)
    return False


def test_chat_with_usage(client, model):
    reply = client.chat.completions.create(model=model, messages=SAYS, max_tokens=4, temperature=0)
    assert reply.choices[0].message.content
    assert reply.usage.completion_tokens <= 4 < reply.usage.prompt_tokens
    assert [card.id for card in client.models.list()] == [model]


def test_replies_are_held_to_a_form(running):
    hello = [{"role": "user", "content": "Say hello."}]
    [free] = running.endpoint().chat([hello], 8)
    [held] = replace(running.endpoint(), form="one replica|two replicas").chat([hello], 24)
    assert held.text in {"one replica", "two replicas"}
    assert free.text not in {"one replica", "two replicas"}


def test_the_same_words_streamed_and_whole(client, model):
    asked = {"model": model, "prompt": "One, two, three,", "max_tokens": 6, "temperature": 0}
    whole = client.completions.create(**asked).choices[0].text
    parts = [part.choices[0].text for part in client.completions.create(**asked, stream=True)]
    assert "".join(parts) == whole
    assert len(parts) > 1


def test_logprobs(client, model):
    reply = client.chat.completions.create(
        model=model, messages=SAYS, max_tokens=2, temperature=0, logprobs=True, top_logprobs=3
    )
    first = reply.choices[0].logprobs.content[0]
    assert len(first.top_logprobs) == 3
    assert first.logprob == max(one.logprob for one in first.top_logprobs) <= 0


def test_structured_output(client, model):
    choice = client.chat.completions.create(
        model=model,
        messages=SAYS,
        max_tokens=8,
        temperature=0,
        extra_body={"structured_outputs": {"choice": ["orion", "lyra"]}},
    )
    assert choice.choices[0].message.content in ("orion", "lyra")
    schema = {
        "type": "object",
        "properties": {"count": {"type": "integer", "minimum": 0, "maximum": 9}},
        "required": ["count"],
        "additionalProperties": False,
    }
    shaped = client.chat.completions.create(
        model=model,
        messages=SAYS,
        max_tokens=16,
        temperature=0,
        response_format={"type": "json_schema", "json_schema": {"name": "n", "schema": schema}},
    )
    assert set(json.loads(shaped.choices[0].message.content)) == {"count"}


def test_usage_says_what_the_prefix_cache_held(client, model):
    asked = {"model": model, "prompt": LONG, "max_tokens": 1, "temperature": 0}
    tokens = client.completions.create(**asked).usage.prompt_tokens
    cached = client.completions.create(**asked).usage.prompt_tokens_details.cached_tokens
    assert tokens >= cached >= tokens - 256
    assert cached % 128 == 0


def test_what_vllm_refuses_is_refused(client, model):
    with pytest.raises(openai.NotFoundError):
        client.completions.create(model="no such model", prompt="x", max_tokens=1)
    with pytest.raises(openai.BadRequestError):
        client.completions.create(model=model, prompt="word " * 3_000, max_tokens=1)


def test_health_and_metrics_summed_and_by_replica(running):
    assert httpx.get(f"{running.address}/health").json()["replicas"] == len(running.replicas())
    assert value(running, "vllm:request_success_total") > 0
    for replica in running.replicas():
        assert f'replica="{replica.id}"' in running.metrics(by_replica=True)


def test_a_request_past_its_deadline_is_told_so_and_frees_its_place(running, model):
    body = {"model": model, "prompt": "Once", "max_tokens": 1_500, "ignore_eos": True}
    reply = httpx.post(f"{running.api_base}/completions", json=body, headers={DEADLINE_HEADER: "0.5"}, timeout=60)
    assert reply.status_code == 504
    assert until(lambda: value(running, "vllm:num_requests_running") == 0)


@pytest.mark.parametrize("stream", [False, True])
def test_a_caller_who_hangs_up_frees_the_place(running, model, stream):
    body = {"model": model, "prompt": "Once", "max_tokens": 1_500, "ignore_eos": True, "stream": stream}

    async def ask() -> None:
        address = f"{running.api_base}/completions"
        async with httpx.AsyncClient(timeout=120) as caller, caller.stream("POST", address, json=body) as reply:
            await reply.aread()

    async def hang_up_once_it_is_worked_on() -> None:
        asking = asyncio.create_task(ask())
        assert await asyncio.to_thread(until, lambda: value(running, "vllm:num_requests_running") >= 1)
        asking.cancel()
        await asyncio.wait([asking])

    before = running.counts()["hung_up"]
    asyncio.run(hang_up_once_it_is_worked_on())
    assert until(lambda: value(running, "vllm:num_requests_running") == 0)
    assert stream or running.counts()["hung_up"] == before + 1


def test_more_than_the_queue_holds_is_refused_with_429(running, model):
    body = {"model": model, "prompt": "Once", "max_tokens": 1_500, "ignore_eos": True}

    async def ask_until_one_is_answered() -> tuple[int, httpx.Response]:
        asking: list[asyncio.Task[httpx.Response]] = []
        endless = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(timeout=120, limits=endless) as caller:
            while not (answered := [task for task in asking if task.done()]):
                asking.append(asyncio.create_task(caller.post(f"{running.api_base}/completions", json=body)))
                await asyncio.sleep(0.05)
            for task in asking:
                task.cancel()
            await asyncio.wait(asking)
        return len(asking), answered[0].result()

    asked, reply = asyncio.run(asyncio.wait_for(ask_until_one_is_answered(), 120))
    assert (reply.status_code, reply.headers["retry-after"]) == (429, "1")
    assert asked > running.settings.queue
    assert until(lambda: value(running, "vllm:num_requests_running") == 0)


def test_another_process_attaches(running):
    code = "from labkit.serving import fleet; found = fleet(); print(found.address, found.started_here)"
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert said.split() == [running.address, "False"]
    assert fleet().pid == running.pid
    status = subprocess.run(
        [sys.executable, "-c", "from labkit.serving import running_fleet; print(running_fleet().pid)"],
        capture_output=True,
        text=True,
        check=True,
    )
    assert int(status.stdout) == running.pid


def test_the_language_model_reads_through_the_fleet(running):
    from labkit.documents import Chunk, Passage

    text = "The orion cluster runs eight vLLM replicas."
    passage = Passage(Chunk("0#0", "0", text, 0, len(text)), 1.0)
    reading = LanguageModel(max_tokens=16, chat=running.endpoint().chat).read("What does orion run?", [passage])
    assert reading.said
    assert reading.input_tokens > 20
