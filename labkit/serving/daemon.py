"""The process that owns the fleet: Ray's head, Ray Serve with the replicas, and the front door.

Started by ``labkit.serving.fleet()``. It ends when it is told to (SIGTERM), when the process that started it has
gone, however that ended, or when its start fails; Ray's processes are bound to it and end with it.
"""

import asyncio
import contextlib
import os
import signal
import socket
import sys
import time
import traceback
from collections.abc import Awaitable, Callable
from dataclasses import replace

import psutil

from labkit.cluster import cluster
from labkit.errors import BadArgument, EngineFailure
from labkit.ownership import end_with
from labkit.serving import state
from labkit.serving.engine import EngineSettings
from labkit.serving.front import Front
from labkit.serving.replica import Replica
from labkit.serving.settings import FleetSettings, cluster_slots, deployment_options
from labkit.serving.state import READY, FleetState

WRITER, READER = "writer", "reader"
"""Names of the two applications in Ray Serve."""

PATIENCE = 20.0
"""Seconds that an orderly end may take."""

LEGIBLE = 1.0
"""Seconds that the word of a failed start stays for the one who waits for the start."""

LOOPBACK = "127.0.0.1"


class Progress:
    """Keeps the state file up to date while the fleet starts."""

    def __init__(self, fleet: FleetSettings) -> None:
        me = psutil.Process()
        total = 2 + fleet.replicas + (1 if fleet.reader else 0)
        self.state = FleetState(me.pid, me.create_time(), "starting Ray", 0, total, settings=fleet.to_json())
        state.write(self.state)

    def at(self, phase: str, steps: int, address: str = "", problem: str = "") -> None:
        """Say what is being done."""
        if (phase, steps) != (self.state.phase, self.state.steps):
            self.state = replace(self.state, phase=phase, steps=steps, address=address, problem=problem)
            state.write(self.state)


def main(arguments: list[str]) -> int:
    """Run the fleet until it is told to stop.

    Args:
        arguments: The settings as JSON, and the process id of the owner.
    """
    fleet = FleetSettings.from_json(arguments[0])
    progress = Progress(fleet)
    signal.signal(signal.SIGTERM, _stop)
    end_with(int(arguments[1]), PATIENCE)
    try:
        with cluster(cluster_slots(fleet, len(os.sched_getaffinity(0)))):
            try:
                _run(fleet, progress)
            finally:
                _end_applications()
    except (SystemExit, KeyboardInterrupt):
        pass
    except BaseException as failure:  # noqa: BLE001 - the one who waits for the start has to hear of it
        traceback.print_exc()
        progress.at("failed", progress.state.steps, problem=f"{failure}")
        time.sleep(LEGIBLE)
        return 1
    finally:
        if (found := state.read()) and found.pid == os.getpid():
            state.remove()
    return 0


def _run(fleet: FleetSettings, progress: Progress) -> None:
    from ray import serve

    progress.at("starting Ray Serve", 1)
    serve.start(proxy_location="Disabled")
    apps = {WRITER: fleet.engine} | ({READER: fleet.reader} if fleet.reader else {})
    _deploy(fleet, apps)
    progress.at("starting vLLM", 2)
    _wait(fleet, progress)
    with socket.create_server((LOOPBACK, fleet.port)) as listening:
        address = f"http://{LOOPBACK}:{listening.getsockname()[1]}"
        handles = {name: serve.get_app_handle(name) for name in apps}
        front = Front(fleet, handles[WRITER], handles.get(READER), _scaler(fleet))
        asyncio.run(_listen(front, listening, lambda: progress.at(READY, progress.state.total, address=address)))


def _deploy(fleet: FleetSettings, apps: dict[str, EngineSettings]) -> None:
    from ray import serve

    serve.run_many(
        [
            serve.RunTarget(
                target=serve.deployment(Replica, name=name, **deployment_options(fleet, engine)).bind(engine),
                name=name,
                route_prefix=None,
                external_scaler_enabled=name == WRITER and not fleet.autoscaling,
            )
            for name, engine in apps.items()
        ],
        wait_for_applications_running=False,
    )


def _wait(fleet: FleetSettings, progress: Progress) -> None:
    """Until every replica answers, or Serve gives one up."""
    from ray import serve

    total = progress.state.total
    while progress.state.steps < total:
        found = serve.status().applications.values()
        for application in found:
            if application.status in ("DEPLOY_FAILED", "UNHEALTHY"):
                raise EngineFailure(
                    f"a replica of {fleet.engine.name} did not start ({application.message})",
                    remedy=f"see {state.log()}; free memory, or check the model with python -m labkit doctor",
                )
        running = sum(
            deployment.replica_states.get("RUNNING", 0)
            for application in found
            for deployment in application.deployments.values()
        )
        progress.at("starting vLLM", min(total, 2 + running))
        time.sleep(0.1)


async def _listen(front: Front, listening: socket.socket, ready: Callable[[], None]) -> None:
    import uvicorn

    config = uvicorn.Config(
        front.application(), log_level="warning", access_log=False, timeout_graceful_shutdown=2, lifespan="off"
    )
    server = uvicorn.Server(config)
    task = asyncio.create_task(server.serve(sockets=[listening]))
    while not server.started and not task.done():
        await asyncio.sleep(0.01)
    ready()
    await task


def _scaler(fleet: FleetSettings) -> Callable[[int], Awaitable[None]]:
    """Sets the number of replicas, as the dashboard's scaling call does."""

    async def scale(replicas: int) -> None:
        import ray
        from ray.serve._private.common import DeploymentID
        from ray.serve._private.constants import SERVE_CONTROLLER_NAME, SERVE_NAMESPACE

        most = int(ray.cluster_resources().get("CPU", 0)) // fleet.engine.cores
        if fleet.autoscaling or not 1 <= replicas <= most:
            by = "by itself" if fleet.autoscaling else f"from 1 to {most}, for which the cluster has cores"
            raise BadArgument(f"replicas is {replicas}", remedy=f"this fleet scales {by}")
        controller = ray.get_actor(SERVE_CONTROLLER_NAME, namespace=SERVE_NAMESPACE)
        await controller.update_deployment_replicas.remote(DeploymentID(name=WRITER, app_name=WRITER), replicas)

    return scale


def _end_applications() -> None:
    """On a cluster of the learner's own the replicas would live on; a local head takes them with it."""
    if "RAY_ADDRESS" not in os.environ:
        return
    from ray import serve

    for name in (WRITER, READER):
        with contextlib.suppress(Exception):
            serve.delete(name)


def _stop(*_: object) -> None:
    raise SystemExit(0)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
