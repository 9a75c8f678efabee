"""A load's outcome: rates, percentiles, and goodput under an objective."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from labkit.errors import BadArgument
from labkit.loadgen.timing import Timing
from labkit.scaling import require_number


@dataclass(frozen=True)
class Spread:
    """Percentiles of some seconds, each between the two nearest values where it falls between them.

    >>> Spread.of([1.0, 2.0, 3.0])
    Spread(mean=2.0, p50=2.0, p90=2.8, p99=2.98)
    """

    mean: float
    p50: float
    p90: float
    p99: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """The spread of at least one value.

        Raises:
            BadArgument: There is none.
        """
        if not len(values):
            raise BadArgument("0 values have no percentiles", remedy="look at the statuses: no request was answered")
        p50, p90, p99 = (round(float(value), 9) for value in np.percentile(values, (50, 90, 99)))
        return cls(float(np.mean(values)), p50, p90, p99)


@dataclass(frozen=True)
class Objective:
    """A service-level objective (SLO): what a request must reach to count. None asks for nothing.

    Attributes:
        latency: Most seconds to the complete reply.
        first_token: Most seconds to the first token.
        per_token: Most seconds per token after it.

    Raises:
        BadArgument: A bound is not above 0.
    """

    latency: float | None = None
    first_token: float | None = None
    per_token: float | None = None

    def __post_init__(self) -> None:
        for name in ("latency", "first_token", "per_token"):
            if getattr(self, name) is not None:
                require_number(name, getattr(self, name), above=0)

    def met_by(self, timing: Timing) -> bool:
        """Whether a request was answered, and in time.

        >>> Objective(latency=2.0).met_by(Timing(intended=0.0, sent=1.9, first_token=2.0, finished=2.1))
        False
        """
        bounds = (
            (self.latency, timing.latency),
            (self.first_token, timing.time_to_first_token),
            (self.per_token, timing.per_token),
        )
        return timing.ok and all(bound is None or taken <= bound for bound, taken in bounds)


@dataclass(frozen=True)
class LoadReport:
    """All requests of a load.

    Attributes:
        timings: One for each request, also for those that failed.

    Raises:
        BadArgument: There are none.
    """

    timings: tuple[Timing, ...]

    def __post_init__(self) -> None:
        if not self.timings:
            raise BadArgument("the load had 0 requests", remedy="report at least one")

    @cached_property
    def answered(self) -> tuple[Timing, ...]:
        """Those that were answered."""
        return tuple(timing for timing in self.timings if timing.ok)

    @property
    def statuses(self) -> dict[int, int]:
        """How many requests ended with each status."""
        found = [timing.status for timing in self.timings]
        return {status: found.count(status) for status in sorted(set(found))}

    @property
    def seconds(self) -> float:
        """From the first intended moment to the last answer."""
        return max(timing.finished for timing in self.timings) - min(timing.intended for timing in self.timings)

    @property
    def offered_rate(self) -> float:
        """Requests per second that were meant to be sent; with one request, that one over the whole time."""
        moments = [timing.intended for timing in self.timings]
        span = max(moments) - min(moments)
        return (len(moments) - 1) / span if span else len(moments) / self.seconds

    @property
    def served_rate(self) -> float:
        """Requests answered per second."""
        return len(self.answered) / self.seconds

    @property
    def saturated_rate(self) -> float:
        """Requests answered per second for as long as there were more to send: the service rate mu, of a closed loop.

        Once the last one has been sent the callers leave one by one, and what they leave behind works on ever smaller
        batches; none of that counts here. Where no answer came before that moment, the first answer ends the count.
        """
        begin = min(timing.sent for timing in self.timings)
        ends = [timing.finished for timing in self.answered]
        end = max(*(timing.sent for timing in self.timings), min(ends, default=math.inf))
        return sum(finished <= end for finished in ends) / (end - begin)

    @property
    def token_rate(self) -> float:
        """Tokens written per second."""
        return sum(timing.output_tokens for timing in self.answered) / self.seconds

    @property
    def latency(self) -> Spread:
        """Seconds from the intended moment to the complete reply, of those answered."""
        return self._spread(lambda timing: timing.latency)

    @property
    def time_to_first_token(self) -> Spread:
        """Seconds from the intended moment to the first token, of those answered."""
        return self._spread(lambda timing: timing.time_to_first_token)

    @property
    def per_token(self) -> Spread:
        """Seconds per token after the first, of those answered."""
        return self._spread(lambda timing: timing.per_token)

    def goodput(self, objective: Objective) -> float:
        """Requests per second that met the objective."""
        return sum(objective.met_by(timing) for timing in self.timings) / self.seconds

    def share_in_time(self, objective: Objective) -> float:
        """The share of all requests, failed ones included, that met the objective."""
        return sum(objective.met_by(timing) for timing in self.timings) / len(self.timings)

    def __str__(self) -> str:
        offered = f"{len(self.timings)} requests, {self.offered_rate:.2f}/s offered, {self.served_rate:.2f}/s served"
        if not self.answered:
            return f"{offered}, statuses {self.statuses}"
        return f"{offered}; latency p50 {self.latency.p50:.2f} s, p99 {self.latency.p99:.2f} s"

    def _spread(self, of: Callable[[Timing], float]) -> Spread:
        return Spread.of([of(timing) for timing in self.answered])
