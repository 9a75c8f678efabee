"""The process that is the hosted API; started by ``hosted_api()``.

It says its address on its standard output, and ends when it is told to or when the process that started it has gone,
however that ended.
"""

import asyncio
import socket
import sys

import httpx
import uvicorn

from labkit.costs.hosted.door import Door
from labkit.costs.hosted.settings import HostedSettings
from labkit.ownership import end_with

PATIENCE = 5.0
"""Seconds that an orderly end may take."""

LOOPBACK = "127.0.0.1"


def main(arguments: list[str]) -> int:
    """Serve until told to stop.

    Args:
        arguments: The settings as JSON, and the process id of the owner.
    """
    end_with(int(arguments[1]), PATIENCE)
    asyncio.run(_serve(HostedSettings.from_json(arguments[0])))
    return 0


async def _serve(settings: HostedSettings) -> None:
    with socket.create_server((LOOPBACK, 0)) as listening:
        async with httpx.AsyncClient(timeout=settings.patience) as client:
            config = uvicorn.Config(
                Door(settings, client).application(),
                log_level="error",
                access_log=False,
                timeout_graceful_shutdown=1,
                lifespan="off",
            )
            server = uvicorn.Server(config)
            task = asyncio.create_task(server.serve(sockets=[listening]))
            while not server.started and not task.done():
                await asyncio.sleep(0.01)
            sys.stdout.write(f"http://{LOOPBACK}:{listening.getsockname()[1]}\n")
            sys.stdout.flush()
            await task


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
