"""One request sent and timed."""

import json
import time
from dataclasses import dataclass
from typing import Any

import aiohttp

from labkit.loadgen.timing import Timing
from labkit.loadgen.workload import Workload

NO_ANSWER = 0
"""The status of a request whose connection broke or whose time ran out."""


@dataclass(frozen=True)
class Sender:
    """Sends the requests of a workload to one endpoint.

    Attributes:
        session: The HTTP client, without a limit on connections: an open loop never waits for one.
        base: The endpoint's address up to and with ``/v1``.
        model: The model's name there.
        workload: What is asked.
        start: The clock's reading at the start of the load.
    """

    session: aiohttp.ClientSession
    base: str
    model: str
    workload: Workload
    start: float

    def now(self) -> float:
        """Seconds from the start of the load."""
        return time.perf_counter() - self.start

    async def send(self, number: int, intended: float) -> Timing:
        """Send request ``number`` now and follow it to its end; a failure is a result too."""
        sent = self.now()
        first, tokens, status = 0.0, (0, 0), NO_ANSWER
        try:
            body = self.workload.body(number, self.model)
            async with self.session.post(f"{self.base}/completions", json=body) as response:
                if response.status != 200:
                    await response.read()
                elif self.workload.stream:
                    first, tokens = await self._follow(response)
                else:
                    tokens = _usage(await response.json())
                status = response.status
        except (aiohttp.ClientError, TimeoutError, ValueError):
            status = NO_ANSWER
        end = self.now()
        return Timing(intended, sent, first or end, end, *tokens, status)

    async def _follow(self, response: aiohttp.ClientResponse) -> tuple[float, tuple[int, int]]:
        """When the first token came, and the tokens of prompt and reply."""
        first, tokens, ended = 0.0, (0, 0), False
        async for line in response.content:
            event = line.strip()
            if event == b"data: [DONE]":
                ended = True
            elif event.startswith(b"data: "):
                first = first or self.now()
                found = json.loads(event[6:])
                tokens = _usage(found) if found.get("usage") else tokens
        if not ended:
            raise aiohttp.ClientPayloadError("the stream broke off")
        return first, tokens


def open_session(seconds: float) -> aiohttp.ClientSession:
    """An HTTP client without a limit on connections.

    Args:
        seconds: The longest a request may take.
    """
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), timeout=aiohttp.ClientTimeout(total=seconds), trust_env=False
    )


def _usage(reply: dict[str, Any]) -> tuple[int, int]:
    usage = reply.get("usage") or {}
    return usage.get("prompt_tokens", 0), usage.get("completion_tokens", 0)
