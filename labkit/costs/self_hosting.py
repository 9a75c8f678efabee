"""Self-host or API: what a token costs on one's own replica, and from which volume on the replica pays.

One's own tokens have no price list. What is paid for is time, so a token costs what it takes of a busy replica's time:

    seconds of a batch = a * computed input + b * cached input + c * output      fitted to measured batches
    dollars per token  = a (or b, c) * dollars per replica-hour / 3600
"""

import statistics
from collections.abc import Sequence
from dataclasses import dataclass

from labkit.costs.arithmetic import SECONDS_PER_HOUR, crossover_tasks_per_hour
from labkit.costs.prices import ModelPrice, ReplicaPrice
from labkit.costs.usage import Usage
from labkit.errors import BadArgument
from labkit.scaling import require_number
from labkit.tasks import bootstrap_interval


@dataclass(frozen=True)
class Batch:
    """Work that kept one replica busy.

    Attributes:
        usage: What was read and written.
        seconds: How long it took, above 0.
    """

    usage: Usage
    seconds: float

    def __post_init__(self) -> None:
        require_number("seconds", self.seconds, above=0)


def self_hosted_price(name: str, batches: Sequence[Batch], replica: ReplicaPrice) -> ModelPrice:
    """The price of a token on one's own replica that is kept busy.

    Least squares with coefficients of at least 0 over relative errors, so that a long batch counts no more than a short
    one. Batches should differ: prompts without the cache, the same prompts again, and long replies.

    Source of the method: C. L. Lawson and R. J. Hanson, "Solving least squares problems", 1974, chapter 23 (NNLS).

    Args:
        name: Of the model.
        batches: Measured ones, at least three.
        replica: What the replica costs.

    Raises:
        BadArgument: Fewer than three batches.
    """
    import numpy as np
    from scipy.optimize import nnls

    if len(batches) < 3:
        raise BadArgument(f"{len(batches)} batches were measured", remedy="give at least 3 that differ")
    rows = [(one.usage.computed_tokens, one.usage.cached_tokens, one.usage.output_tokens) for one in batches]
    seconds = np.array([one.seconds for one in batches])
    found, _ = nnls(np.array(rows, dtype=float) / seconds[:, None], np.ones(len(batches)))
    fresh, cached, written = (float(value) * replica.dollars_per_hour / SECONDS_PER_HOUR for value in found)
    return ModelPrice(name, fresh, written, min(cached, fresh), f"measured seconds of a busy {replica.name}")


@dataclass(frozen=True)
class Estimate:
    """A number with its bounds.

    Attributes:
        value: The number.
        low: Lower bound.
        high: Upper bound.
        bounds: What the bounds are.
    """

    value: float
    low: float
    high: float
    bounds: str = "95 % interval"

    def __str__(self) -> str:
        return f"{self.value:.4g} ({self.bounds} {self.low:.4g} to {self.high:.4g})"


@dataclass(frozen=True)
class SelfHostOrAPI:
    """What was measured of one workload, and what follows from it.

    Attributes:
        api_dollars: What the API took for each task.
        service_rates: Tasks per second that one replica completed when kept busy, a number a repeat.
        utilisation: The share of the time that replicas are to be busy, between 0 and 1.
        replica: What one replica costs.
        replicas: How many the fixed fleet has.

    Raises:
        BadArgument: Nothing was measured, or a number is out of its bounds.
    """

    api_dollars: tuple[float, ...]
    service_rates: tuple[float, ...]
    utilisation: float
    replica: ReplicaPrice
    replicas: int = 1

    def __post_init__(self) -> None:
        if not self.api_dollars or not self.service_rates:
            raise BadArgument(
                f"{len(self.api_dollars)} tasks and {len(self.service_rates)} service rates were measured",
                remedy="measure at least one of each",
            )
        for dollars in self.api_dollars:
            require_number("api_dollars", dollars, least=0)
        for rate in self.service_rates:
            require_number("service_rate", rate, above=0)
        require_number("utilisation", self.utilisation, above=0, below=1)
        require_number("replicas", self.replicas, least=1)

    def crossover(self, seed: int = 0) -> Estimate:
        """Tasks per hour from which the fixed fleet is cheaper; the interval is the tasks' own spread, by bootstrap.

        Raises:
            BadArgument: The API took nothing for any task.
        """
        least, most = bootstrap_interval(self.api_dollars, seed)
        mean = statistics.fmean(self.api_dollars)
        return Estimate(self._crossover_at(mean), self._crossover_at(most), self._crossover_at(least))

    def capacity(self) -> Estimate:
        """Tasks per hour that the fixed fleet carries at the utilisation; least to most over the repeats."""
        per_hour = self.replicas * self.utilisation * SECONDS_PER_HOUR
        rates = [per_hour * rate for rate in self.service_rates]
        return Estimate(statistics.median(rates), min(rates), max(rates), "repeats")

    def floor(self) -> Estimate:
        """Dollars for a task on an autoscaled fleet at high volume: d / (rho mu), the least that it can come to."""
        found = [
            self.replica.dollars_per_hour / (SECONDS_PER_HOUR * self.utilisation * rate) for rate in self.service_rates
        ]
        return Estimate(statistics.median(found), min(found), max(found), "repeats")

    @property
    def reachable(self) -> bool:
        """Whether the fixed fleet carries the volume at which it would become the cheaper one."""
        return self.crossover().value <= self.capacity().value

    def _crossover_at(self, api_dollars: float) -> float:
        return crossover_tasks_per_hour(self.replicas, self.replica.dollars_per_hour, api_dollars)
