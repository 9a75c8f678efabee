"""A replica: one vLLM engine and vLLM's own OpenAI-compatible server in one process, held by Ray Serve.

A unary request crosses Serve once, as the whole reply: vLLM then tells nobody of single tokens. Only a request that
streams sends its parts one by one. When a caller goes away Serve cancels the call, the server is told that its client
hung up, and vLLM frees the place in the batch.
"""

import asyncio
import gc
import json
import os
import warnings
from collections.abc import AsyncGenerator, Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from labkit.errors import EngineFailure
from labkit.serving.core import Core, ThreadedCore
from labkit.serving.engine import EngineSettings, arguments, without_collecting
from labkit.serving.exchange import Application, Call, Head, Reply, exchange, whole

Engine = Any
"""vLLM's ``AsyncLLM``."""

Foreign = Any
"""A value of vLLM's that is only handed on."""


@dataclass(frozen=True)
class ReplicaInfo:
    """One living replica.

    Attributes:
        id: Serve's name for it.
        pid: Its process.
        model: The name of the model it serves.
        unfinished: Requests it is working on, or that wait in it.
    """

    id: str
    pid: int
    model: str
    unfinished: int


class Replica:
    """What Serve holds and calls.

    Args:
        engine: The engine's settings.
    """

    async def __init__(self, engine: EngineSettings) -> None:  # type: ignore[misc]  # Serve awaits it
        self._settings = engine
        self._engine, self._application = await open_server(engine)
        await self._warm_up()

    async def unary(self, call: Call) -> Reply:
        """The whole reply."""
        return await whole(self._application, call)

    async def stream(self, call: Call) -> AsyncGenerator[Head | bytes, None]:
        """The head of the reply, then its parts."""
        async for part in exchange(self._application, call):
            yield part

    async def metrics(self) -> tuple[str, str]:
        """Serve's name for the replica, and vLLM's metrics in Prometheus's text form."""
        from prometheus_client import generate_latest
        from vllm.v1.metrics.prometheus import get_prometheus_registry

        return _replica_id(), generate_latest(get_prometheus_registry()).decode()

    async def describe(self) -> ReplicaInfo:
        """Who this is."""
        unfinished = self._engine.get_num_unfinished_requests()
        return ReplicaInfo(_replica_id(), os.getpid(), self._settings.name, unfinished)

    async def check_health(self) -> None:
        """Called by Serve every few seconds; an error makes it replace the replica."""
        await self._engine.check_health()

    async def _warm_up(self) -> None:
        # The first batch after a start is several times slower than the next; no caller should pay for that.
        body = {
            "model": self._settings.name,
            "max_tokens": 4,
            "logprobs": 1,
            "temperature": 0.0,
            "prompt": "warm up " * 64,
        }
        path = "/v1/completions"
        if self._settings.pooling:
            body, path = {"model": self._settings.name, "input": "warm up"}, "/pooling"
        reply = await self.unary(Call("POST", path, json.dumps(body).encode()))
        if reply.head.status != 200:
            said = reply.body.decode(errors="replace")[:500]
            raise EngineFailure(
                f"the first request to {self._settings.name} got status {reply.head.status}: {said}",
                remedy="try the model with vllm serve; it must answer there first",
            )


async def open_server(engine: EngineSettings) -> tuple[Engine, Application]:
    """Start vLLM and its server's application in this process, on the running event loop.

    Returns:
        The engine and the ASGI application.
    """
    with without_collecting(), warnings.catch_warnings():
        warnings.simplefilter("ignore")
        from vllm.engine.arg_utils import AsyncEngineArgs
        from vllm.entrypoints.launchers.api_server.app_state import init_app_state
        from vllm.entrypoints.launchers.app import build_app
        from vllm.usage.usage_lib import UsageContext
        from vllm.v1.engine.async_llm import AsyncLLM

        gc.freeze()
        options = _server_options(engine)
        config = AsyncEngineArgs.from_cli_args(options).create_engine_config(UsageContext.OPENAI_API_SERVER)
        with _core_in_a_thread() if not engine.gpus else warnings.catch_warnings():
            client = AsyncLLM.from_vllm_config(config, usage_context=UsageContext.OPENAI_API_SERVER)
        tasks = await client.get_supported_tasks()
        application = build_app(options, tasks, client.model_config)
        await init_app_state(client, application.state, options, tasks)
    return client, application


def _server_options(engine: EngineSettings) -> Foreign:
    """The options of vLLM's own server, with this engine's arguments put in."""
    from vllm.config import StructuredOutputsConfig
    from vllm.entrypoints.launchers.cli_args import make_arg_parser
    from vllm.utils.argparse_utils import FlexibleArgumentParser

    options = make_arg_parser(FlexibleArgumentParser()).parse_args([])
    for name, value in arguments(engine).items():
        setattr(options, name, value)
    options.served_model_name = [engine.name]
    options.enable_prompt_tokens_details = True  # usage says how many tokens the prefix cache held
    options.disable_fastapi_docs = True
    # A small model told to write JSON goes on with blank lines for ever where the grammar lets it.
    options.structured_outputs_config = StructuredOutputsConfig(backend="xgrammar", disable_any_whitespace=True)
    return options


@contextmanager
def _core_in_a_thread() -> Iterator[None]:
    """While this is open, an ``AsyncLLM`` gets a core in a thread instead of one in another process."""
    from vllm.v1.engine.core_client import EngineCoreClient, InprocClient

    def make_client(vllm_config: Foreign, executor_class: Foreign, log_stats: bool, **_: object) -> ThreadedCore:
        def make() -> Core:
            core: Core = InprocClient(vllm_config, executor_class, log_stats)
            return core

        return ThreadedCore(make, _has_requests, _refusal, asyncio.get_running_loop())

    original: Callable[..., Any] = EngineCoreClient.make_async_mp_client
    EngineCoreClient.make_async_mp_client = staticmethod(make_client)
    try:
        yield
    finally:
        EngineCoreClient.make_async_mp_client = staticmethod(original)


def _has_requests(core: Foreign) -> bool:
    return bool(core.engine_core.scheduler.has_requests())


def _refusal(request: Foreign) -> Foreign:
    from vllm.v1.engine import EngineCoreOutput, EngineCoreOutputs, FinishReason

    failed = EngineCoreOutput(request_id=request.request_id, new_token_ids=[], finish_reason=FinishReason.ERROR)
    return EngineCoreOutputs(outputs=[failed], finished_requests={request.request_id})


def _replica_id() -> str:
    from ray import serve

    return str(serve.get_replica_context().replica_id.unique_id)
