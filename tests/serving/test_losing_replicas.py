"""A replica is killed while both work: nothing is lost, nothing is answered twice, and Serve replaces it."""

import os
import signal
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import pytest

from labkit.serving import Fleet

pytestmark = pytest.mark.vllm

REQUESTS = 24


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
    questions = [[{"role": "user", "content": f"Count from {number} to {number + 20}."}] for number in range(REQUESTS)]
    with ThreadPoolExecutor(1) as pool:
        answers = pool.submit(two.endpoint().chat, questions, 24)
        while not any(replica.unfinished for replica in two.replicas() if replica.id == first.id):
            time.sleep(0.05)
        os.kill(first.pid, signal.SIGKILL)
        replies = answers.result(timeout=300)
    assert len(replies) == REQUESTS
    assert all(reply.output_tokens > 0 for reply in replies)
    counts = two.counts()
    assert counts["begun_again"] > begun
    assert counts["answered"] - answered == REQUESTS

    until = time.monotonic() + 180
    while first.pid in (pids := {replica.pid for replica in two.replicas()}) or len(pids) < 2:
        assert time.monotonic() < until, "Serve did not replace the replica"
        time.sleep(0.5)
    assert second.pid in pids
