"""The API's door, as an ASGI application: lets in or refuses, forwards, and writes the bill."""

import json
import math
import time
from collections import deque
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from labkit.costs.hosted.rate_limit import RateLimit
from labkit.costs.hosted.settings import HostedSettings
from labkit.costs.usage import Usage

INJECTED = frozenset({429, 500, 502, 503})
"""Statuses that may be asked for."""

RETRY_AFTER = 1
"""Seconds that a 429 on request asks for."""


class Door:
    """The door of one API.

    Args:
        settings: Upstream, price and limits.
        client: Speaks to the upstream.
    """

    def __init__(self, settings: HostedSettings, client: httpx.AsyncClient) -> None:
        self._settings, self._client = settings, client
        self._limit = RateLimit(settings.requests_per_minute, settings.burst, time.monotonic())
        self._failing: deque[int] = deque()
        self._usage = Usage()
        self._counts = {"answered": 0, "refused": 0, "failed": 0}

    def application(self) -> Starlette:
        """The door as an ASGI application."""
        return Starlette(
            routes=[
                Route("/bill", self.bill),
                Route("/fail", self.fail, methods=["POST"]),
                Route("/v1/models", self.models),
                Route("/v1/chat/completions", self.complete, methods=["POST"]),
            ]
        )

    async def bill(self, _: Request) -> Response:
        """What was answered so far, and what it costs."""
        price = self._settings.price
        used = {name: getattr(self._usage, name) for name in ("input_tokens", "cached_tokens", "output_tokens")}
        return JSONResponse(
            {"price": price.name, **self._counts, **used, "dollars": price.dollars(self._usage)},
        )

    async def fail(self, request: Request) -> Response:
        """Answer the next requests with an error: ``{"count": 2, "status": 500}``."""
        try:
            asked = await request.json()
            count, status = int(asked["count"]), int(asked["status"])
        except (ValueError, KeyError, TypeError):
            return _error(400, "give a count and a status")
        if status not in INJECTED or count < 0:
            return _error(400, f"status {status}, count {count}: give one of {sorted(INJECTED)}, and at least 0")
        self._failing.extend([status] * count)
        return JSONResponse({"failing": list(self._failing)})

    async def models(self, _: Request) -> Response:
        """The models of the upstream; asking for them costs nothing."""
        try:
            return _passed(await self._client.get(f"{self._settings.upstream}/models"))
        except httpx.HTTPError as failure:
            return _error(502, f"the upstream does not answer: {failure!r}")

    async def complete(self, request: Request) -> Response:
        """A chat completion; only what is answered is billed."""
        wait = self._limit.wait(time.monotonic())
        if wait:
            self._counts["refused"] += 1
            limit = f"{self._settings.requests_per_minute:g} requests a minute"
            return _error(429, f"the limit is {limit}", {"Retry-After": str(math.ceil(wait))})
        if self._failing:
            return self._failed(self._failing.popleft(), "an error on request")
        try:
            content = json.loads(await request.body())
            streams = bool(content.get("stream"))
        except (ValueError, AttributeError):
            return _error(400, "the body is no JSON object")
        if streams:
            return _error(400, "this API answers in one piece; leave stream out")
        try:
            reply = await self._client.post(f"{self._settings.upstream}/chat/completions", json=content)
        except httpx.HTTPError as failure:
            return self._failed(502, f"the upstream does not answer: {failure!r}")
        return self._billed(reply)

    def _billed(self, reply: httpx.Response) -> Response:
        if reply.status_code != 200:
            self._counts["failed"] += 1
            return _passed(reply)
        try:
            usage = _usage(reply.json())
        except (ValueError, KeyError, TypeError):
            return self._failed(502, "the upstream's reply states no usage, and cannot be billed")
        self._usage += usage
        self._counts["answered"] += 1
        return _passed(reply)

    def _failed(self, status: int, message: str) -> Response:
        self._counts["failed"] += 1
        return _error(status, message, {"Retry-After": str(RETRY_AFTER)} if status == 429 else None)


def _usage(content: dict[str, Any]) -> Usage:
    used = content["usage"]
    cached = (used.get("prompt_tokens_details") or {}).get("cached_tokens") or 0
    return Usage(1, used["prompt_tokens"], cached, used["completion_tokens"])


def _passed(reply: httpx.Response) -> Response:
    kept = {name: reply.headers[name] for name in ("retry-after",) if name in reply.headers}
    return Response(reply.content, reply.status_code, kept, media_type=reply.headers.get("content-type"))


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """An error in OpenAI's form."""
    return JSONResponse({"error": {"message": message, "type": "api_error", "code": status}}, status, headers)
