import os
import signal

import numpy as np
import pytest

from labkit.embedding import EncoderPool, Shards
from labkit.errors import BadArgument


@pytest.fixture(scope="module")
def pool(head):  # noqa: ARG001 - usefixtures has no effect on a fixture
    """Two actors, started once."""
    with EncoderPool(workers=2) as opened:
        yield opened


class TestEncode:
    @pytest.mark.parametrize("workers", [1, 2])
    def test_equals_one_process_in_the_order_given(self, workers, pool, texts, vectors):
        found = pool.encode(texts, workers=workers)
        assert found.dtype == np.float32
        assert np.abs(found - vectors).max() < 1e-5

    def test_two_workers_are_two_processes_and_both_work(self, pool, texts):
        import psutil

        assert len({*pool.processes, os.getpid()}) == 3
        before = [psutil.Process(process).cpu_times().user for process in pool.processes]
        pool.encode(texts * 4)
        spent = [
            psutil.Process(process).cpu_times().user - b for process, b in zip(pool.processes, before, strict=True)
        ]
        assert min(spent) > 0.25 * max(spent)

    @pytest.mark.parametrize("workers", [0, 3])
    def test_uses_no_workers_that_it_has_not(self, workers, pool, texts):
        with pytest.raises(BadArgument, match=f"workers is {workers} in a pool of 2"):
            pool.encode(texts, workers=workers)

    def test_refuses_nothing(self, pool):
        with pytest.raises(BadArgument, match="given 0 texts; give at least one"):
            pool.encode([])

    def test_every_worker_tells_its_peak(self, pool):
        rates = pool.matmul_rates(0.05)
        assert len(rates) == 2
        assert min(rates) > 1e8


class TestShardsThroughThePool:
    def test_workers_write_what_is_missing_and_nothing_else(self, pool, model, texts, vectors, tmp_path):
        shards = Shards.plan(texts, tmp_path, block=8)
        shards.write(2, model.encode(texts[16:24]))
        stamp = shards.path(2).stat().st_mtime_ns
        pool.encode_shards(shards, texts)
        assert shards.path(2).stat().st_mtime_ns == stamp
        assert np.abs(shards.load() - vectors).max() < 1e-5


class TestFaults:
    def test_a_killed_worker_is_replaced_and_its_texts_are_encoded(self, pool, texts, vectors):
        import psutil

        worker = psutil.Process(pool.processes[0])
        os.kill(worker.pid, signal.SIGKILL)
        worker.wait(60)
        assert np.abs(pool.encode(texts) - vectors).max() < 1e-5

    @pytest.mark.usefixtures("head")
    @pytest.mark.parametrize("wrong", ["none", "one too many"])
    def test_refuses_workers_that_there_is_no_room_for(self, wrong):
        import ray

        room = int(ray.cluster_resources()["CPU"])
        asked = 0 if wrong == "none" else room + 1
        with pytest.raises(BadArgument, match=f"workers is {asked}; give 1 to {room}: the cluster has {room} cores"):
            EncoderPool(asked)

    def test_a_closed_pool_says_so(self, pool, texts):
        pool.__exit__()
        with pytest.raises(BadArgument, match="pool of 0"):
            pool.encode(texts)
