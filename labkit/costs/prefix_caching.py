"""Prefix caching, measured: the same calls with and without it, on the same server, beside what was predicted.

A server's cache cannot be switched off while it runs, but it can be kept from recognising anything: prompts of another
*salt* (vLLM's ``cache_salt``) share nothing. With one salt for a whole pass the calls share among themselves and with
nobody before them; with a salt for every call they share nothing at all.
"""

import statistics
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import httpx

from labkit.costs.prefix_prediction import predicted_cached
from labkit.costs.recording import Call
from labkit.costs.usage import Usage
from labkit.errors import BadArgument, EngineFailure
from labkit.scaling import require_number
from labkit.serving.client import Endpoint
from labkit.serving.in_process import Message
from labkit.serving.metrics import label_of, total
from labkit.tables import Table

Metrics = Callable[[], str]
"""The server's metrics in Prometheus's text form, such as ``Fleet.metrics``."""


@dataclass(frozen=True)
class CacheCounts:
    """What vLLM itself counts.

    Attributes:
        queries: Tokens of all prompts that were looked up.
        hits: Those of them that the cache held.
    """

    queries: int
    hits: int

    @classmethod
    def of(cls, metrics: str) -> "CacheCounts":
        """The counts so far, in Prometheus's text form."""
        return cls(*(int(total(metrics, f"vllm:prefix_cache_{name}_total")) for name in ("queries", "hits")))

    def __sub__(self, earlier: "CacheCounts") -> "CacheCounts":
        return CacheCounts(self.queries - earlier.queries, self.hits - earlier.hits)


def block_tokens(metrics: str) -> int:
    """Tokens of a block of the server's cache, as it states it.

    Raises:
        EngineFailure: It does not.
    """
    found = label_of(metrics, "vllm:cache_config_info", "block_size")
    if not found or not found.isdecimal():
        raise EngineFailure(
            f"the server states the block size {found!r}", remedy="give the metrics of a vLLM server, Fleet.metrics()"
        )
    return int(found)


def prompt_tokens(endpoint: Endpoint, messages: Sequence[Message]) -> tuple[int, ...]:
    """Token ids of a conversation, from the tokenizer of the served model itself (vLLM's ``/tokenize``).

    Raises:
        EngineFailure: The endpoint does not tokenise; only vLLM's servers do.
    """
    body = {"model": endpoint.model_name, "messages": [dict(message) for message in messages]}
    address = endpoint.base.removesuffix("/v1") + "/tokenize"
    try:
        reply = httpx.post(address, json=body, timeout=endpoint.patience).raise_for_status()
        return tuple(map(int, reply.json()["tokens"]))
    except (httpx.HTTPError, KeyError, ValueError, TypeError) as failure:
        raise EngineFailure(
            f"{address} gave no tokens ({failure!r})", remedy="ask a vLLM server, such as the fleet's"
        ) from failure


@dataclass(frozen=True)
class Pass:
    """All calls once.

    Attributes:
        usage: What the replies say was used.
        counts: What the server's metrics say, over the same calls.
        first_token: Seconds to the first token of each call.
    """

    usage: Usage
    counts: CacheCounts
    first_token: tuple[float, ...]


@dataclass(frozen=True)
class CacheReport:
    """The same calls with and without a prefix cache.

    Attributes:
        calls: How many there were.
        block: Tokens of a block of the cache.
        predicted: Tokens that the cache should hold over one pass, computed from the prompts.
        cached: Passes with the cache.
        fresh: Passes without.
    """

    calls: int
    block: int
    predicted: int
    cached: tuple[Pass, ...]
    fresh: tuple[Pass, ...]

    @property
    def measured(self) -> float:
        """Tokens that the cache held over one pass, by the replies' own usage; the mean of the passes."""
        return statistics.fmean(one.usage.cached_tokens for one in self.cached)

    @property
    def counted(self) -> float:
        """The same by the server's metrics."""
        return statistics.fmean(one.counts.hits for one in self.cached)

    @property
    def error(self) -> float:
        """By how much the prediction is off, relative to what was measured; 0 where both are 0."""
        if not self.measured:
            return 0.0 if not self.predicted else float("inf")
        return abs(self.predicted - self.measured) / self.measured

    def first_token(self, passes: Sequence[Pass]) -> float:
        """Median seconds to the first token."""
        return statistics.median(seconds for one in passes for seconds in one.first_token)

    def table(self) -> Table:
        """With and without the cache, a row a quantity."""
        return Table(
            ("", "without", "with the cache"),
            (
                ("prompt tokens of a pass", *(self._mean(which, "input_tokens") for which in self._both)),
                ("of them computed", *(self._mean(which, "computed_tokens") for which in self._both)),
                ("of them cached, by usage", *(self._mean(which, "cached_tokens") for which in self._both)),
                ("cached, by the server's metrics", f"{_hits(self.fresh):.0f}", f"{self.counted:.0f}"),
                ("cached, predicted", "0", str(self.predicted)),
                ("median seconds to first token", *(f"{self.first_token(which):.3f}" for which in self._both)),
            ),
            f"{self.calls} calls, blocks of {self.block} tokens, {len(self.cached)} passes (measured)",
        )

    @property
    def _both(self) -> tuple[tuple[Pass, ...], tuple[Pass, ...]]:
        return self.fresh, self.cached

    def _mean(self, passes: Sequence[Pass], name: str) -> str:
        return f"{statistics.fmean(getattr(one.usage, name) for one in passes):.0f}"


def measure_caching(calls: Sequence[Call], endpoint: Endpoint, metrics: Metrics, passes: int = 2) -> CacheReport:
    """Send recorded calls with and without the cache, by turns, one call at a time.

    Nothing else may use the server meanwhile, or its counts would be those of others too. It should have one replica:
    each replica has a cache of its own.

    Args:
        calls: The calls, in the order in which the application made them.
        endpoint: A vLLM server.
        metrics: Its metrics.
        passes: How often, each way.

    Raises:
        BadArgument: There are no calls, or fewer than one pass.
        EngineFailure: The server did not answer, or is none of vLLM's.
    """
    if not calls:
        raise BadArgument("there are 0 calls", remedy="record some with labkit.costs.Recorder")
    turns = range(int(require_number("passes", passes, least=1)))
    block = block_tokens(metrics())
    predicted = sum(predicted_cached([prompt_tokens(endpoint, call.messages) for call in calls], block))
    found = [(_run(calls, endpoint, metrics, share=False), _run(calls, endpoint, metrics, share=True)) for _ in turns]
    fresh, cached = zip(*found, strict=True)
    return CacheReport(len(calls), block, predicted, cached, fresh)


def _run(calls: Sequence[Call], endpoint: Endpoint, metrics: Metrics, *, share: bool) -> Pass:
    before, usage, seconds, salt = CacheCounts.of(metrics()), Usage(), [], uuid.uuid4().hex
    for number, call in enumerate(calls):
        reply, waited = endpoint.timed(call.messages, call.max_tokens, salt if share else f"{salt}-{number}")
        usage += Usage(1, reply.input_tokens, reply.cached_tokens, reply.output_tokens)
        seconds.append(waited)
    return Pass(usage, CacheCounts.of(metrics()) - before, tuple(seconds))


def _hits(passes: Sequence[Pass]) -> float:
    return statistics.fmean(one.counts.hits for one in passes)
