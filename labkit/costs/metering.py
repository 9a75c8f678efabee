"""A meter: counts what every call of a model used, by tier and by task, and puts a price on it.

Counts are those that the server reports with each reply (``usage``), never estimates. A tier is a name with a price:
``large``, ``small``, or the model of an API.
"""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from threading import Lock

from labkit.costs.prices import ModelPrice
from labkit.costs.usage import Usage
from labkit.errors import BadArgument
from labkit.extraction import ExtractiveReader, Logits, RememberedSpans, SpanModel, course_span_model
from labkit.pretrained import reader_folder
from labkit.serving.in_process import Chat, Completion, Message

Prices = Mapping[str, ModelPrice]
"""A price for each tier."""


@dataclass(frozen=True)
class Bill:
    """What some calls used, by tier.

    Attributes:
        used: Usage by tier.
    """

    used: Mapping[str, Usage] = field(default_factory=dict)

    @property
    def total(self) -> Usage:
        """All tiers together."""
        return sum(self.used.values(), Usage())

    def dollars(self, prices: Prices) -> float:
        """What it costs.

        Raises:
            BadArgument: A tier has no price.
        """
        missing = set(self.used) - set(prices)
        if missing:
            raise BadArgument(
                f"no price for {sorted(missing)}", remedy="give a ModelPrice for every tier that was used"
            )
        return sum(prices[tier].dollars(usage) for tier, usage in self.used.items())

    def uncached(self) -> "Bill":
        """The bill as it would be without a prefix cache."""
        return Bill({tier: usage.uncached for tier, usage in self.used.items()})


class Meter:
    """Counts calls. Safe to be used by several threads; a task's calls are told apart by ``task``."""

    def __init__(self) -> None:
        self._lock = Lock()
        self._all: dict[str, Usage] = defaultdict(Usage)
        self._tasks: dict[str, dict[str, Usage]] = {}
        self._current: ContextVar[str | None] = ContextVar("task", default=None)

    def over(self, chat: Chat, tier: str) -> Chat:
        """The chat, metered."""

        def metered(conversations: Sequence[Sequence[Message]], max_tokens: int = 48) -> list[Completion]:
            replies = chat(conversations, max_tokens)
            for reply in replies:
                self.count(tier, Usage(1, reply.input_tokens, reply.cached_tokens, reply.output_tokens))
            return replies

        return metered

    def count(self, tier: str, usage: Usage) -> None:
        """Add what a call used, to the total and to the task under way."""
        task = self._current.get()
        with self._lock:
            self._all[tier] += usage
            if task is not None:
                used = self._tasks.setdefault(task, {})
                used[tier] = used.get(tier, Usage()) + usage

    @contextmanager
    def task(self, name: str) -> Iterator[None]:
        """While this is open, calls made from here belong to the named task."""
        token = self._current.set(name)
        try:
            with self._lock:
                self._tasks.setdefault(name, {})
            yield
        finally:
            self._current.reset(token)

    @property
    def bill(self) -> Bill:
        """All calls so far."""
        with self._lock:
            return Bill(dict(self._all))

    def bill_of(self, task: str) -> Bill:
        """The calls of one task.

        Raises:
            BadArgument: The meter knows no such task.
        """
        with self._lock:
            if task not in self._tasks:
                raise BadArgument(f"no task {task!r} was metered", remedy="run it inside: with meter.task(name)")
            return Bill(dict(self._tasks[task]))

    def dollars_per_task(self, prices: Prices, of: Callable[[Bill], Bill] = lambda bill: bill) -> float:
        """Mean dollars of a task.

        Args:
            prices: A price for each tier.
            of: What of each bill is priced, such as ``Bill.uncached``; by default all of it as it was.

        Raises:
            BadArgument: No task was metered, or a tier has no price.
        """
        with self._lock:
            bills = [Bill(dict(used)) for used in self._tasks.values()]
        if not bills:
            raise BadArgument("0 tasks were metered", remedy="run them inside: with meter.task(name)")
        return sum(of(bill).dollars(prices) for bill in bills) / len(bills)


@dataclass(frozen=True)
class MeteredSpans:
    """A small reader's model whose tokens are counted, whoever reads with it: a cascade or the judge of a search.

    Attributes:
        model: Gives the logits.
        meter: Counts.
        tier: Its name on the bill.
    """

    model: SpanModel
    meter: Meter
    tier: str = "small"

    def logits(self, sequences: Sequence[Sequence[int]]) -> list[Logits]:
        """Logits of each sequence, shape (its tokens, 2), in the order given; one call on the bill."""
        self.meter.count(self.tier, Usage(1, sum(map(len, sequences))))
        return self.model.logits(sequences)


def metered_reader(meter: Meter, tier: str = "small") -> ExtractiveReader:
    """The course's small reader with its tokens counted, to read or to judge with; nothing is read or paid for twice.

    Raises:
        MissingDependency: The package that carries the encoder is not installed.
        ModelUnavailable: What training changed in it is not to be had.
    """
    return ExtractiveReader.of(reader_folder(), RememberedSpans(MeteredSpans(course_span_model(), meter, tier)))
