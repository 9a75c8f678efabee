import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from labkit.serving.exchange import Call, Head, exchange, whole

told: list[str] = []


async def echo(request: Request) -> Response:
    return JSONResponse({"said": (await request.body()).decode(), "query": dict(request.query_params)}, 201)


async def count(_: Request) -> Response:
    async def numbers() -> AsyncIterator[str]:
        try:
            for number in range(1_000):
                yield f"{number} "
                await asyncio.sleep(0.001)
        finally:
            told.append("the stream was closed")

    return StreamingResponse(numbers(), media_type="text/event-stream")


async def patient(request: Request) -> Response:
    await request.body()
    message = await request.receive()
    told.append(message["type"])
    return Response()


async def broken(_: Request) -> Response:
    raise ZeroDivisionError


application = Starlette(
    routes=[
        Route("/echo", echo, methods=["POST"]),
        Route("/count", count),
        Route("/patient", patient, methods=["POST"]),
        Route("/broken", broken),
    ]
)


@pytest.fixture(autouse=True)
def nothing_told() -> None:
    told.clear()


def test_a_call_and_its_whole_reply():
    reply = asyncio.run(whole(application, Call("POST", "/echo?a=1", "grüße".encode())))
    assert reply.head == Head(201, "application/json")
    assert reply.body == '{"said":"grüße","query":{"a":"1"}}'.encode()


def test_a_stream_comes_in_parts_after_its_head():
    async def main() -> list[Head | bytes]:
        return [part async for part in exchange(application, Call("GET", "/count"))]

    head, *parts = asyncio.run(main())
    assert head == Head(200, "text/event-stream; charset=utf-8")
    assert len(parts) == 1_000
    assert parts[:2] == [b"0 ", b"1 "]


def test_who_closes_a_stream_hangs_up():
    async def main() -> None:
        parts = exchange(application, Call("GET", "/count"))
        await anext(parts)
        await anext(parts)
        await parts.aclose()

    asyncio.run(main())
    assert told == ["the stream was closed"]


def test_a_cancelled_call_hangs_up():
    async def main() -> None:
        task = asyncio.create_task(whole(application, Call("POST", "/patient", b"{}")))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    asyncio.run(main())
    assert told == ["http.disconnect"]


def test_what_the_application_raises_is_raised():
    with pytest.raises(ZeroDivisionError):
        asyncio.run(whole(application, Call("GET", "/broken")))
