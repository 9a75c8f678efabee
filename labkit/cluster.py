"""The Ray cluster: the learner's own where ``RAY_ADDRESS`` names one, else a head on this machine's loopback.

For instance::

    with cluster():                # or cluster(workers=8): slots of which each task takes one
        ray.get(task.remote())

Everything that uses Ray in the course goes through here, so pointing the course at another cluster is one
environment variable and no change of code.
"""

import gc
import logging
import os
import socket
import warnings
from collections.abc import Iterator
from contextlib import contextmanager

from labkit.errors import BadArgument, EngineFailure

OBJECT_STORE_BYTES = 1 << 30
ATTEMPTS = 2
"""Starts of a local head: on a machine that is busy the first may run into Ray's own time limit."""

SECONDS_TO_KNOCK = 5


@contextmanager
def cluster(workers: int | None = None) -> Iterator[None]:
    """Connect to Ray for the length of a ``with`` block; a local head that was started here is stopped at its end.

    Inside another ``cluster()`` block, or where the notebook has called ``ray.init`` itself, this joins what is there
    and leaves it running.

    Args:
        workers: Slots of a local head, by default the cores that this process may use. More slots than cores make
            sense for work that waits. An existing cluster keeps its own.

    Raises:
        BadArgument: ``workers`` is below 1.
        EngineFailure: Ray could not be started or reached.
    """
    slots = len(os.sched_getaffinity(0)) if workers is None else workers
    if slots < 1:
        raise BadArgument(f"workers is {slots}", remedy="give at least 1")
    # Ray reads these when it is imported: no usage reports, and a local head that listens on loopback alone
    # (by default it takes the address that the network knows this machine by, except on Windows and macOS).
    os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
    if "RAY_ADDRESS" not in os.environ:
        os.environ.setdefault("RAY_ENABLE_WINDOWS_OR_OSX_CLUSTER", "0")
    import ray

    started = not ray.is_initialized()
    if started:
        _connect(slots)
    try:
        yield
    finally:
        if started:
            ray.shutdown()


def _connect(slots: int) -> None:
    import ray

    address = os.environ.get("RAY_ADDRESS")
    if address:
        _knock(address)
    local = {"num_cpus": slots, "object_store_memory": OBJECT_STORE_BYTES, "include_dashboard": False}
    for attempt in range(1, ATTEMPTS + 1):
        try:
            ray.init(address=address, logging_level=logging.ERROR, log_to_driver=False, **({} if address else local))
        except Exception as failure:  # Ray raises a bare Exception when its own start-up times out
            ray.shutdown()
            if address or attempt == ATTEMPTS:
                raise _failed(address, failure) from failure
        else:
            return
        _forget_processes()


def _forget_processes() -> None:
    """Collect what a failed start has left: Ray ends its processes and waits for none, of which Python complains."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ResourceWarning)
        gc.collect()


def _knock(address: str) -> None:
    """Find out in seconds that nobody is there; Ray itself would go on asking for minutes."""
    host, _, port = address.removeprefix("ray://").rpartition(":")
    if not port.isdecimal():  # "auto" and the like, which Ray resolves
        return
    try:
        socket.create_connection((host, int(port)), timeout=SECONDS_TO_KNOCK).close()
    except OSError as failure:
        raise _failed(address, failure) from failure


def _failed(address: str | None, failure: Exception) -> EngineFailure:
    if address:
        return EngineFailure(
            f"no Ray cluster answers at RAY_ADDRESS={address!r} ({failure})",
            remedy="start the cluster it names, or unset RAY_ADDRESS to use this machine",
        )
    return EngineFailure(
        f"Ray could not start on this machine in {ATTEMPTS} attempts ({failure})",
        remedy="run: python -m labkit doctor; it checks memory and loopback ports",
    )
