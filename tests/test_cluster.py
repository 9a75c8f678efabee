"""A local head listens on loopback, is shared by nested blocks, and is gone afterwards."""

import os
import subprocess
import sys

import pytest

from labkit.cluster import cluster
from labkit.errors import BadArgument

NESTED = """
from labkit.cluster import cluster
with cluster(workers=3):
    import ray
    outer = ray.get_runtime_context().gcs_address
    with cluster():
        assert ray.get_runtime_context().gcs_address == outer
    resources = ray.cluster_resources()
    assert ray.get(ray.remote(lambda: 6 * 7).remote()) == 42
    print(outer.split(":")[0], int(resources["CPU"]), resources.get("node:127.0.0.1"))
assert not ray.is_initialized()
"""

NOBODY = """
from labkit.cluster import cluster
from labkit.errors import EngineFailure
try:
    with cluster():
        pass
except EngineFailure as failure:
    print(failure.problem[:60], "|", failure.remedy)
"""


FIRST_START_FAILS = """
import gc, subprocess, sys, warnings
import ray
from labkit.cluster import cluster

warnings.simplefilter("error", ResourceWarning)
complaints = []
sys.unraisablehook = complaints.append

class Left:
    pass

def times_out(start=ray.init, **_):
    ray.init = start
    left = Left()
    left.of_a_ring, left.process = left, subprocess.Popen(["sleep", "5"])
    raise Exception("the node timed out")

ray.init = times_out
with cluster():
    gc.collect()
    print(ray.is_initialized(), len(complaints))
"""


def run(script: str, **environment: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", script],
        check=False,
        capture_output=True,
        text=True,
        timeout=300,
        env={**os.environ, **environment},
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def test_a_local_head_is_on_loopback_shared_and_stopped():
    assert run(NESTED) == "127.0.0.1 3 1.0"


def test_an_address_where_nobody_answers_is_named():
    said = run(NOBODY, RAY_ADDRESS="127.0.0.1:1")
    assert said.startswith("no Ray cluster answers at RAY_ADDRESS='127.0.0.1:1'")
    assert said.endswith("| start the cluster it names, or unset RAY_ADDRESS to use this machine")


def test_a_start_that_times_out_is_tried_once_more_without_complaint():
    assert run(FIRST_START_FAILS) == "True 0"


def test_no_cluster_without_workers():
    with pytest.raises(BadArgument, match="workers is 0"), cluster(workers=0):
        pass
