"""The front door: the one OpenAI-compatible address of the fleet.

What vLLM's server understands is passed on as it is. The door itself adds what only a fleet has: a bounded queue with
status 429, deadlines with 504, another try when a replica dies, and metrics of all replicas together.
"""

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import asdict
from typing import Any

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, PlainTextResponse, Response, StreamingResponse
from starlette.routing import Route

from labkit.errors import LabkitError
from labkit.serving.dispatch import Dispatcher, Handle, Refused, before, until_gone
from labkit.serving.exchange import Call, Reply
from labkit.serving.metrics import by_replica, summed
from labkit.serving.replica import ReplicaInfo
from labkit.serving.settings import FleetSettings

DEADLINE_HEADER = "x-request-deadline-seconds"
POOLING_PATHS = frozenset({"/pooling", "/classify", "/score", "/rerank", "/v1/embeddings", "/v1/score", "/v1/rerank"})
HUNG_UP = 499
PATIENCE = 5.0
"""Seconds that replicas have to say how they are."""

OUTCOMES = ("answered", "refused", "expired", "hung_up", "failed", "begun_again")


class Front:
    """The front door of a running fleet.

    Args:
        settings: The fleet's.
        writer: Serve's handle of the model that writes.
        reader: Serve's handle of the pooling model, if there is one.
        scale: Sets the number of replicas that write.
    """

    def __init__(
        self, settings: FleetSettings, writer: Handle, reader: Handle | None, scale: Callable[[int], Awaitable[None]]
    ) -> None:
        self.settings = settings
        self.counts = dict.fromkeys(OUTCOMES, 0)
        self._scale = scale
        self._writer = Dispatcher(writer, self._again)
        self._reader = Dispatcher(reader, self._again) if reader is not None else None

    def application(self) -> Starlette:
        """The door as an ASGI application."""
        return Starlette(
            routes=[
                Route("/health", self.health),
                Route("/metrics", self.metrics),
                Route("/metrics/replicas", self.metrics),
                Route("/fleet", self.describe),
                Route("/fleet/replicas", self.scale, methods=["POST"]),
                Route("/v1/models", self.models),
                Route("/{path:path}", self.forward, methods=["GET", "POST"]),
            ]
        )

    async def health(self, _: Request) -> Response:
        """Status 200 as long as one replica answers."""
        found = await self.replicas()
        return JSONResponse({"replicas": len(found)}, 200 if found else 503)

    async def metrics(self, request: Request) -> Response:
        """Prometheus metrics, summed or by replica."""
        texts = dict(await self._ask_all("metrics"))
        joined = by_replica(texts) if request.url.path.endswith("replicas") else summed(texts)
        own = "".join(f'labkit_requests_total{{outcome="{name}"}} {count}\n' for name, count in self.counts.items())
        return PlainTextResponse(joined + own)

    async def describe(self, _: Request) -> Response:
        """The fleet's settings, replicas and counts."""
        found = [asdict(replica) for replica in await self.replicas()]
        return JSONResponse({"settings": json.loads(self.settings.to_json()), "replicas": found, "counts": self.counts})

    async def scale(self, request: Request) -> Response:
        """Set the number of replicas: ``{"replicas": 2}``."""
        try:
            await self._scale(int((await request.json())["replicas"]))
        except (LabkitError, KeyError, TypeError, ValueError) as refusal:
            return _error(400, str(refusal))
        return JSONResponse({})

    async def models(self, request: Request) -> Response:
        """The models of the fleet, as vLLM lists each."""
        listed = [await door.unary(Call("GET", request.url.path)) for door in self._doors()]
        cards = [card for reply in listed for card in json.loads(reply.body)["data"]]
        return JSONResponse({"object": "list", "data": cards})

    async def forward(self, request: Request) -> Response:
        """Pass a request on to a replica, and its reply back."""
        body = await request.body()
        content = _content(body)
        call = Call(request.method, request.url.path, body, prompt_of(content) or request.url.path)
        pools = request.url.path in POOLING_PATHS and self._reader is not None
        door = self._reader if pools and self._reader else self._writer
        try:
            deadline = asyncio.get_running_loop().time() + self._seconds(request)
            async with asyncio.timeout_at(deadline):
                if content.get("stream") is True:
                    response = await until_gone(_hang_up(request), self._stream(door, call, deadline))
                else:
                    response = await until_gone(_hang_up(request), self._unary(door, call))
        except Refused as refusal:
            self.counts["refused"] += 1
            return _error(429, str(refusal), {"Retry-After": str(max(1, round(refusal.retry_after)))})
        except TimeoutError:
            self.counts["expired"] += 1
            return _error(504, "the request was not answered by its deadline")
        except ValueError as wrong:
            return _error(400, str(wrong))
        except Exception as failure:  # noqa: BLE001 - whatever happens, the caller gets an answer
            self.counts["failed"] += 1
            return _error(502, f"no replica could answer: {failure}")
        if response is None:
            self.counts["hung_up"] += 1
            return Response(status_code=HUNG_UP)
        return response

    async def replicas(self) -> list[ReplicaInfo]:
        """The replicas that answer, of all models."""
        found: list[ReplicaInfo] = await self._ask_all("describe")
        return sorted(found, key=lambda replica: (replica.model, replica.id))

    async def _unary(self, door: Dispatcher, call: Call) -> Response:
        reply: Reply = await door.unary(call)
        self.counts["answered"] += 1
        return Response(reply.body, reply.head.status, media_type=reply.head.content_type)

    async def _stream(self, door: Dispatcher, call: Call, deadline: float) -> Response:
        head, parts = await door.stream(call)
        self.counts["answered"] += 1
        return StreamingResponse(before(deadline, parts), head.status, media_type=head.content_type)

    async def _ask_all(self, method: str) -> list[Any]:
        """What every replica that answers in time says; a fleet whose replicas are all down says nothing."""
        found: list[Any] = []
        for door in self._doors():
            try:
                replies = await door.handle.broadcast(method).results_async(timeout_s=PATIENCE, return_exceptions=True)
            except Exception:  # noqa: BLE001, S112 - no replica is left to ask
                continue
            found += [reply for reply in replies if not isinstance(reply, BaseException)]
        return found

    def _doors(self) -> list[Dispatcher]:
        return [self._writer, *([self._reader] if self._reader else [])]

    def _again(self) -> None:
        self.counts["begun_again"] += 1

    def _seconds(self, request: Request) -> float:
        asked = request.headers.get(DEADLINE_HEADER)
        seconds = float(asked) if asked else self.settings.deadline
        if not seconds > 0:
            raise ValueError(f"{DEADLINE_HEADER} is {asked}; give seconds above 0")
        return seconds


def prompt_of(content: Mapping[str, Any]) -> str:
    """The words by which a prefix-aware router knows a request again.

    >>> prompt_of({"messages": [{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Why?"}]})
    'Be brief.Why?'
    >>> prompt_of({"prompt": "Once"})
    'Once'
    """
    messages = content.get("messages")
    if isinstance(messages, list):
        return "".join(str(message.get("content", "")) for message in messages if isinstance(message, dict))
    found = content.get("prompt", content.get("input", ""))
    return found if isinstance(found, str) else json.dumps(found)


def _content(body: bytes) -> dict[str, Any]:
    """The body as JSON, or nothing: what is wrong with it is vLLM's to say."""
    try:
        found = json.loads(body) if body else {}
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


async def _hang_up(request: Request) -> None:
    """Return when the caller has closed the connection; the body has been read by then."""
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _error(status: int, message: str, headers: dict[str, str] | None = None) -> Response:
    """An error in OpenAI's form."""
    return JSONResponse({"error": {"message": message, "type": "fleet_error", "code": status}}, status, headers)
