"""A replica is killed while both work: nothing is lost, nothing is answered twice, and Serve replaces it."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from labkit.serving import Fleet

pytestmark = pytest.mark.vllm

REQUESTS = 24
PATIENCE = 180.0


@pytest.fixture
def two(running: Fleet) -> Iterator[Fleet]:
    """The fleet with two replicas."""
    was = len(running.replicas())
    running.scale(2)
    yield running
    running.scale(was)


def test_nothing_is_lost_when_a_replica_dies(two):
    first, second = two.replicas()
    begun = two.counts()["begun_again"]
    answered = two.counts()["answered"]
    body = {"model": two.endpoint().model_name, "max_tokens": 64, "ignore_eos": True}
    bodies = [{**body, "prompt": f"Count from {number} to {number + 20}: "} for number in range(REQUESTS)]
    with ThreadPoolExecutor(REQUESTS) as pool:
        asked = [pool.submit(httpx.post, f"{two.api_base}/completions", json=each, timeout=PATIENCE) for each in bodies]
        until = time.monotonic() + PATIENCE
        while not any(replica.unfinished for replica in two.replicas() if replica.id == first.id):
            assert time.monotonic() < until, "the first replica got no request"
            time.sleep(0.05)
        os.kill(first.pid, signal.SIGKILL)
        replies = [each.result().json() for each in asked]
    assert [reply["usage"]["completion_tokens"] for reply in replies] == [64] * REQUESTS
    counts = two.counts()
    assert counts["begun_again"] > begun
    assert counts["answered"] - answered == REQUESTS

    until = time.monotonic() + PATIENCE
    while first.pid in (pids := {replica.pid for replica in two.replicas()}) or len(pids) < 2:
        assert time.monotonic() < until, "Serve did not replace the replica"
        time.sleep(0.5)
    assert second.pid in pids
