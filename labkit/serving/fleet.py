"""One fleet for everything on this machine: attach to the one that runs, or start it.

For instance, in a notebook::

    running = fleet()            # seconds if it runs already, else up to a minute, with a progress bar
    running.api_base             # any OpenAI client works with this

A fleet belongs to the process that started it and ends with it, whatever ends that process. Around several processes
(the tests, all notebooks of a book) put ``python -m labkit serve -- COMMAND``: they find its fleet and share it.
"""

import contextlib
import os
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from typing import Any, Self

import httpx
import psutil

from labkit.errors import BadArgument, EngineFailure
from labkit.pretrained import model_folder
from labkit.progress import bar
from labkit.serving import state
from labkit.serving.client import Endpoint
from labkit.serving.engine import EngineSettings
from labkit.serving.replica import ReplicaInfo
from labkit.serving.settings import FleetSettings
from labkit.serving.state import READY, FleetState

LONGEST_END = 30.0
"""Seconds that a fleet may take to end in order; then it is killed."""

LOOK = 0.2
"""Seconds between two looks at a fleet that is starting or scaling."""

LOG_LINES = 12

_children: dict[int, "subprocess.Popen[bytes]"] = {}
"""Fleets that this process has started; kept, since a child that nobody keeps is complained of when it is collected."""


@dataclass(frozen=True)
class Fleet:
    """A running fleet. In a ``with`` block it is stopped at the end if it was started here.

    Attributes:
        address: ``http://127.0.0.1:PORT``.
        pid: The process that owns it.
        settings: What it was started with.
        started_here: Whether this process started it.
    """

    address: str
    pid: int
    settings: FleetSettings
    started_here: bool

    @property
    def api_base(self) -> str:
        """The address for OpenAI clients."""
        return f"{self.address}/v1"

    def endpoint(self) -> Endpoint:
        """A client of the model that writes."""
        return Endpoint(self.api_base, self.settings.engine.name)

    def replicas(self) -> list[ReplicaInfo]:
        """The replicas that answer, of all models."""
        return [ReplicaInfo(**found) for found in self._get("/fleet").json()["replicas"]]

    def writers(self) -> int:
        """How many replicas of the model that writes answer."""
        return sum(found.model == self.settings.engine.name for found in self.replicas())

    def counts(self) -> dict[str, int]:
        """What became of the requests so far, by outcome."""
        found: dict[str, int] = self._get("/fleet").json()["counts"]
        return found

    def metrics(self, *, by_replica: bool = False) -> str:
        """Prometheus's text form, summed over the replicas or by each."""
        return self._get("/metrics/replicas" if by_replica else "/metrics").text

    def scale(self, replicas: int, patience: float = 300.0) -> None:
        """Set the number of replicas and wait until as many answer.

        Args:
            replicas: How many.
            patience: Seconds to wait.

        Raises:
            BadArgument: The cluster has no room for as many.
            EngineFailure: They did not start in time.
        """
        reply = httpx.post(f"{self.address}/fleet/replicas", json={"replicas": replicas}, timeout=30)
        if reply.status_code != 200:
            raise BadArgument(f"replicas is {replicas}", remedy=reply.json()["error"]["message"])
        until = time.monotonic() + patience
        while self.writers() != replicas:
            if time.monotonic() > until:
                raise EngineFailure(f"not {replicas} replicas after {patience:.0f} s", remedy=f"see {state.log()}")
            time.sleep(LOOK)

    def stop(self) -> None:
        """End the fleet, whoever started it, and wait until nothing of it is left."""
        end_process(self.pid)
        if (found := state.read()) and found.pid == self.pid:
            state.remove()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.started_here:
            self.stop()

    def _get(self, path: str) -> httpx.Response:
        try:
            return httpx.get(self.address + path, timeout=30).raise_for_status()
        except httpx.HTTPError as failure:
            raise EngineFailure(
                f"the fleet at {self.address} does not answer ({failure})", remedy=f"see {state.log()}"
            ) from failure


def default_settings(**changes: Any) -> FleetSettings:  # noqa: ANN401 - checked by the two classes
    """The course's fleet: the model that the settings name, a core and a gibibyte of cache a replica.

    Args:
        changes: Fields of ``FleetSettings`` or of its ``EngineSettings`` to set otherwise.
    """
    folder = model_folder()
    of_engine = {name: changes.pop(name) for name in list(changes) if name in EngineSettings.__dataclass_fields__}
    return FleetSettings(EngineSettings(str(folder), folder.name, **of_engine), **changes)


def fleet(wanted: FleetSettings | None = None) -> Fleet:
    """Attach to the running fleet, or start one; shows progress while it starts.

    Args:
        wanted: Settings; None takes the running fleet as it is, or starts the course's own with one replica.

    Raises:
        BadArgument: A fleet with other settings is running.
        EngineFailure: The fleet could not be started; nothing of it is left.
    """
    with state.starting():
        found = state.read()
        if found is not None and found.phase == READY and _answers(found):
            return _attach(found, wanted)
        if found is not None:  # its start was broken off, or its front door has fallen
            end_process(found.pid)
        return _start(wanted or default_settings())


def running_fleet() -> Fleet | None:
    """The fleet that runs, or None."""
    found = state.read()
    return _attach(found, None) if found is not None and found.phase == READY and _answers(found) else None


def stop_fleet() -> bool:
    """End the running fleet, also one that is still starting; whether there was one."""
    found = state.read()
    if found is None:
        return False
    end_process(found.pid)
    state.remove()
    return True


def end_process(pid: int) -> None:
    """End a fleet's process in order and wait; kill it and what it started if it does not end."""
    try:
        process = psutil.Process(pid)
        family = [process, *process.children(recursive=True)]
        process.send_signal(signal.SIGTERM)
    except psutil.NoSuchProcess:
        family = []
    _, left = psutil.wait_procs(family, timeout=LONGEST_END)
    for one in left:
        with contextlib.suppress(psutil.NoSuchProcess):
            one.kill()
    psutil.wait_procs(left, timeout=5)
    if pid in _children:
        _children.pop(pid).wait()


def _attach(found: FleetState, wanted: FleetSettings | None) -> Fleet:
    running = FleetSettings.from_json(found.settings)
    attached = Fleet(found.address, found.pid, running, started_here=False)
    if wanted is None or wanted.fingerprint() == running.fingerprint():
        if wanted is not None and not running.autoscaling and wanted.replicas != attached.writers():
            attached.scale(wanted.replicas)
        return attached
    raise BadArgument(
        f"a fleet of {running.engine.name} with other settings runs at {found.address}",
        remedy="use it as it is: fleet(); or stop it first: labkit.serving.stop_fleet()",
    )


def _answers(found: FleetState) -> bool:
    """Whether the front door is open, be it to say that no replica answers: those that died are being replaced."""
    try:
        httpx.get(f"{found.address}/health", timeout=30)
    except httpx.HTTPError:
        return False
    return True


def _start(wanted: FleetSettings) -> Fleet:
    command = [sys.executable, "-m", "labkit.serving.daemon", wanted.to_json(), str(os.getpid())]
    with state.log().open("w") as log:
        # A session of its own: Ctrl-C in the terminal is for this process, which then ends the fleet in order.
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True)  # noqa: S603
    _children[process.pid] = process
    try:
        found = _wait_until_ready(process)
    except BaseException:
        end_process(process.pid)
        state.remove()
        raise
    return Fleet(found.address, found.pid, wanted, started_here=True)


def _wait_until_ready(process: "subprocess.Popen[bytes]") -> FleetState:
    with bar("starting the fleet", total=1) as steps:
        while True:
            ended = process.poll() is not None
            found = state.read()
            if found is not None and found.pid == process.pid:
                if found.problem:
                    raise EngineFailure(found.problem, remedy=f"see {state.log()}")
                steps.total, steps.n = found.total, found.steps
                steps.set_description(found.phase)
                if found.phase == READY:
                    return found
            if ended:
                last = "\n".join(state.log().read_text(errors="replace").splitlines()[-LOG_LINES:])
                raise EngineFailure(f"the fleet ended while it started:\n{last}", remedy=f"see {state.log()}")
            time.sleep(LOOK)
