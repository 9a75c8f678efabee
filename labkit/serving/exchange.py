"""A request to an ASGI application in the same process, without a socket.

vLLM's server is such an application. A replica gets requests from Ray Serve instead of from a socket, and hands them
on as they are, so that everything which vLLM's server understands works in the fleet too.
"""

import asyncio
from collections.abc import AsyncGenerator, Awaitable, Callable, Iterator, MutableMapping
from dataclasses import dataclass
from typing import Any

Message = MutableMapping[str, Any]
Application = Callable[
    [Message, Callable[[], Awaitable[Message]], Callable[[Message], Awaitable[None]]], Awaitable[None]
]

GRACE = 5.0
"""Seconds that the application has to stop after its caller has hung up."""


@dataclass(frozen=True)
class Call:
    """A request as it crosses from the front door to a replica.

    Attributes:
        method: GET, POST, ...
        path: Path with its query, such as ``/v1/chat/completions``.
        body: The body, unread.
        prompt: The text by which a prefix-aware router chooses a replica; never empty.
    """

    method: str
    path: str
    body: bytes = b""
    prompt: str = "/"

    def scope(self) -> Message:
        """The request as ASGI describes it."""
        path, _, query = self.path.partition("?")
        return {
            "type": "http",
            "asgi": {"version": "3.0", "spec_version": "2.3"},
            "http_version": "1.1",
            "method": self.method,
            "scheme": "http",
            "path": path,
            "raw_path": path.encode(),
            "root_path": "",
            "query_string": query.encode(),
            "headers": [(b"content-type", b"application/json"), (b"content-length", str(len(self.body)).encode())],
            "client": None,
            "server": None,
        }


@dataclass(frozen=True)
class Head:
    """How a reply begins: status and content type."""

    status: int
    content_type: str


@dataclass(frozen=True)
class Reply:
    """A whole reply."""

    head: Head
    body: bytes


async def exchange(application: Application, call: Call) -> AsyncGenerator[Head | bytes, None]:
    """Make the request; yields the head, then the parts of the body as they come.

    When the one who iterates goes away, the application is told that its client has hung up.
    """
    sent: asyncio.Queue[Message | None] = asyncio.Queue()
    hung_up = asyncio.Event()
    incoming: Iterator[Message] = iter([{"type": "http.request", "body": call.body, "more_body": False}])

    async def receive() -> Message:
        for message in incoming:
            return message
        await hung_up.wait()
        return {"type": "http.disconnect"}

    async def run() -> None:
        try:
            await application(call.scope(), receive, sent.put)
        finally:
            sent.put_nowait(None)

    task = asyncio.create_task(run())
    try:
        while (message := await sent.get()) is not None:
            if message["type"] == "http.response.start":
                yield _head(message)
            elif message.get("body"):
                yield bytes(message["body"])
        await task
    finally:
        if not task.done():
            hung_up.set()
            await asyncio.wait([task], timeout=GRACE)
            task.cancel()


async def whole(application: Application, call: Call) -> Reply:
    """Make the request and wait for the whole reply."""
    head, body = Head(500, "text/plain"), bytearray()
    async for part in exchange(application, call):
        if isinstance(part, Head):
            head = part
        else:
            body += part
    return Reply(head, bytes(body))


def _head(message: Message) -> Head:
    headers = {bytes(name).lower(): bytes(value).decode() for name, value in message.get("headers", [])}
    return Head(message["status"], headers.get(b"content-type", "application/json"))
