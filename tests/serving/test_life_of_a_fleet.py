"""However a fleet's owner ends, nothing of the fleet is left running. Starts fleets of its own, under another home."""

import os
import signal
import subprocess
import sys
import time

import httpx
import psutil
import pytest

from labkit.serving import state

pytestmark = pytest.mark.vllm

START = "from labkit.serving import fleet; print(fleet().address, flush=True); import time; time.sleep(600)"


def family(pid: int) -> list[psutil.Process]:
    process = psutil.Process(pid)
    return [process, *process.children(recursive=True)]


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGINT])
@pytest.mark.usefixtures("other_home")
def test_a_fleet_ends_with_its_owner(how):
    owner = subprocess.Popen(
        [sys.executable, "-c", START], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    address = owner.stdout.readline().strip()
    assert httpx.get(f"{address}/health", timeout=30).json()["replicas"] == 1
    of_fleet = family(state.read().pid)
    assert len(of_fleet) > 3
    os.kill(owner.pid, how)
    owner.wait(timeout=30)
    owner.stdout.close()
    _, left = psutil.wait_procs(of_fleet, timeout=60)
    assert not left
    assert state.read() is None


@pytest.mark.usefixtures("other_home")
def test_a_start_that_is_interrupted_leaves_nothing():
    owner = subprocess.Popen([sys.executable, "-c", START], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while (found := state.read()) is None or found.steps < 2:
        assert owner.poll() is None
        time.sleep(0.1)
    of_fleet = family(found.pid)
    owner.send_signal(signal.SIGINT)
    owner.wait(timeout=60)
    _, left = psutil.wait_procs(of_fleet, timeout=30)
    assert not left
    assert state.read() is None
