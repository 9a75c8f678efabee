"""The caller's side of the hosted API: start it, use it, read its bill, end it."""

import contextlib
import os
import select
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import IO, Any

import httpx

from labkit.costs.hosted.settings import HostedSettings
from labkit.errors import BadArgument, EngineFailure
from labkit.serving.client import Endpoint

LONGEST_START, LONGEST_END = 60.0, 5.0
"""Seconds."""


@dataclass(frozen=True)
class HostedAPI:
    """A running API.

    Attributes:
        address: ``http://127.0.0.1:PORT``.
        pid: Its process.
        settings: What it was started with.
    """

    address: str
    pid: int
    settings: HostedSettings

    @property
    def api_base(self) -> str:
        """The address for OpenAI clients."""
        return f"{self.address}/v1"

    def endpoint(self, model: str = "", retries: int = 8) -> Endpoint:
        """A client that comes again after 429, as late as it is asked to, and after 5xx with growing pauses."""
        return Endpoint(self.api_base, model, retries=retries)

    def bill(self) -> dict[str, Any]:
        """What was answered, refused and failed so far, the tokens and the dollars.

        Raises:
            EngineFailure: It does not answer.
        """
        try:
            found: dict[str, Any] = httpx.get(f"{self.address}/bill", timeout=30).raise_for_status().json()
        except httpx.HTTPError as failure:
            raise self._silent(failure) from failure
        return found

    def fail_next(self, count: int, status: int = 500) -> None:
        """Answer the next requests with an error, before anything is forwarded or billed.

        Args:
            count: How many requests.
            status: 429, 500, 502 or 503.

        Raises:
            BadArgument: Another status, or a negative count.
            EngineFailure: It does not answer.
        """
        try:
            reply = httpx.post(f"{self.address}/fail", json={"count": count, "status": status}, timeout=30)
        except httpx.HTTPError as failure:
            raise self._silent(failure) from failure
        if reply.status_code != 200:
            raise BadArgument(f"count is {count}, status is {status}", remedy=reply.json()["error"]["message"])

    def _silent(self, failure: Exception) -> EngineFailure:
        return EngineFailure(
            f"the hosted API at {self.address} does not answer ({failure!r})", remedy="start it again: hosted_api(...)"
        )


@contextmanager
def hosted_api(settings: HostedSettings) -> Iterator[HostedAPI]:
    """Start the API in a process of its own; it ends with the block, or with this process.

    Raises:
        EngineFailure: It did not start.
    """
    command = [sys.executable, "-m", "labkit.costs.hosted.process", settings.to_json(), str(os.getpid())]
    with tempfile.TemporaryFile() as log:
        # A session of its own: Ctrl-C in the terminal is for this process, which then ends the other in order.
        process = subprocess.Popen(  # noqa: S603 - this very library
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=log, start_new_session=True
        )
        try:
            yield HostedAPI(_address(process, log), process.pid, settings)
        finally:
            _end(process)


def _address(process: "subprocess.Popen[bytes]", log: IO[bytes]) -> str:
    said = process.stdout
    ready = said and select.select([said], [], [], LONGEST_START)[0]
    line = said.readline().decode().strip() if said and ready else ""
    if not line:
        log.seek(0)
        last = log.read().decode(errors="replace")[-1000:].strip()
        raise EngineFailure(f"the hosted API did not start: {last or 'it said nothing'}", remedy="try again")
    return line


def _end(process: "subprocess.Popen[bytes]") -> None:
    process.terminate()
    try:
        process.wait(LONGEST_END)
    except subprocess.TimeoutExpired:
        process.kill()
        process.wait()
    with contextlib.suppress(OSError):
        if process.stdout:
            process.stdout.close()
