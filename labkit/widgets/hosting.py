"""Self-host or API, as one question: what a task asks for, what tokens and replicas cost, what is done to save.

All arithmetic is ``labkit.costs``'; here it is put together for one workload, one API and one fleet.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from typing import Any

from labkit.costs import (
    TokenPrice,
    autoscaled_cost_per_task,
    cascade_cost_per_task,
    cost_per_task,
    crossover_tasks_per_hour,
    self_hosted_cost_per_task,
)
from labkit.costs.arithmetic import SECONDS_PER_HOUR
from labkit.scaling import replicas_needed
from labkit.widgets.bounds import Bounds

_POSITIVE = Bounds(above=0)  # a logarithmic axis has no place for zero
_SHARE = Bounds(least=0, most=1)
BOUNDS = {
    "calls": _POSITIVE,
    "input_tokens": _POSITIVE,
    "output_tokens": _POSITIVE,
    "input_price": _POSITIVE,
    "output_price": _POSITIVE,
    "small_input_price": _POSITIVE,
    "small_output_price": _POSITIVE,
    "hit_rate": _SHARE,
    "passed_on": _SHARE,
    "replicas": Bounds(least=1, whole=True),
    "dollars_per_replica_hour": _POSITIVE,
    "requests_per_second": _POSITIVE,
    "utilisation": Bounds(above=0, below=1),
    "tasks_per_hour": _POSITIVE,
}
"""What each number of the question may be, by its name; prices are in dollars per million tokens."""


class _Checked:
    """Checks the fields that have bounds."""

    def __post_init__(self) -> None:
        for name in (found.name for found in fields(self)):  # type: ignore[arg-type]  # every subclass is a dataclass
            if name in BOUNDS:
                BOUNDS[name].check(name, getattr(self, name))


@dataclass(frozen=True)
class TokenProfile(_Checked):
    """What one task asks of a model; means over many tasks need not be whole.

    Attributes:
        calls: r, model calls of one task, above 0.
        input_tokens: t_in, tokens read in one call, above 0.
        output_tokens: t_out, tokens written in one call, above 0.

    Raises:
        BadArgument: A count that is not positive.
    """

    calls: float = 8
    input_tokens: float = 2000
    output_tokens: float = 400


@dataclass(frozen=True)
class Fleet(_Checked):
    """A fleet of one's own.

    Attributes:
        replicas: N of the fixed fleet, at least 1.
        dollars_per_replica_hour: d, price of one replica for an hour, above 0.
        requests_per_second: mu, model calls that one replica completes per second when it is kept busy, above 0.
        utilisation: rho, the share of the time that a replica is to be busy, between 0 and 1.

    Raises:
        BadArgument: A number outside its domain.
    """

    replicas: int = 8
    dollars_per_replica_hour: float = 2
    requests_per_second: float = 40
    utilisation: float = 0.7


@dataclass(frozen=True)
class Savings(_Checked):
    """What is done to pay for fewer or cheaper tokens. The defaults of the cascade are made up.

    Attributes:
        prefix_cache: Whether input that the prefix cache holds is free.
        hit_rate: Prefix cache hit rate: the share of the input tokens that the cache holds, in [0, 1].
        cascade: Whether a small tier answers first.
        small_price: What the small tier's tokens cost.
        passed_on: The share of the calls that the small tier passes on to the large one, in [0, 1].

    Raises:
        BadArgument: A share outside [0, 1].
    """

    prefix_cache: bool = False
    hit_rate: float = 7 / 8
    cascade: bool = False
    small_price: TokenPrice = field(default_factory=lambda: TokenPrice.per_million(0.2, 0.8))
    passed_on: float = 0.4


@dataclass(frozen=True)
class Hosting:
    """One workload on an API, on a fixed fleet and on an autoscaled one. The savings touch the API's bill alone.

    >>> asked = Hosting(TokenProfile(), TokenPrice.per_million(3, 15), Fleet(), Savings())
    >>> f"${asked.api_cost_per_task:.3f}, crossover {asked.crossover:.1f}, full at {asked.capacity:,.0f} tasks/h"
    '$0.096, crossover 166.7, full at 100,800 tasks/h'

    Attributes:
        profile: What one task asks for.
        price: What tokens cost at the API; in a cascade, those of the large tier.
        fleet: The fleet that the API is compared with.
        savings: Prefix cache and cascade at the API.
    """

    profile: TokenProfile
    price: TokenPrice
    fleet: Fleet
    savings: Savings

    @property
    def api_cost_per_task(self) -> float:
        """Dollars for one task at the API, whatever the volume."""
        if not self.savings.cascade:
            return self._token_cost(self.price)
        small, large = self._token_cost(self.savings.small_price), self._token_cost(self.price)
        return cascade_cost_per_task(small, large, self.savings.passed_on)

    @property
    def plain_api_cost_per_task(self) -> float:
        """Dollars for one task at the API with neither prefix cache nor cascade."""
        return replace(self, savings=Savings()).api_cost_per_task

    @property
    def tasks_per_second(self) -> float:
        """Tasks that one replica completes per second when it is kept busy: mu / r."""
        return self.fleet.requests_per_second / self.profile.calls

    @property
    def capacity(self) -> float:
        """Tasks per hour that the fixed fleet carries at its utilisation: 3600 N rho mu / r."""
        return self.fleet.replicas * self._capacity_of_one

    @property
    def crossover(self) -> float | None:
        """Tasks per hour from which the fixed fleet is cheaper than the API; None where it is full before."""
        return self._reached(self.fleet.replicas)

    @property
    def autoscaled_crossover(self) -> float | None:
        """Tasks per hour at which the autoscaled fleet is first cheaper: still a fleet of one; None if it never is.

        If one full replica is dearer than the API, so is every larger fleet, since none costs less per task.
        """
        return self._reached(1)

    def carried(self, tasks_per_hour: float) -> bool:
        """Whether the fixed fleet can carry a volume."""
        return self.replicas_for(tasks_per_hour) <= self.fleet.replicas

    def replicas_for(self, tasks_per_hour: float) -> int:
        """Replicas that an autoscaled fleet runs at a volume."""
        return replicas_needed(tasks_per_hour / SECONDS_PER_HOUR, self.tasks_per_second, self.fleet.utilisation)

    def fixed_cost_per_task(self, tasks_per_hour: float) -> float | None:
        """Dollars for one task on the fixed fleet; None for more than it can carry."""
        if not self.carried(tasks_per_hour):
            return None
        fleet = self.fleet
        load = tasks_per_hour / SECONDS_PER_HOUR
        return self_hosted_cost_per_task(fleet.replicas, fleet.dollars_per_replica_hour, load)

    def autoscaled_cost_per_task(self, tasks_per_hour: float) -> float:
        """Dollars for one task on a fleet that follows the load."""
        fleet = self.fleet
        load = tasks_per_hour / SECONDS_PER_HOUR
        return autoscaled_cost_per_task(load, self.tasks_per_second, fleet.utilisation, fleet.dollars_per_replica_hour)

    @property
    def _capacity_of_one(self) -> float:
        return self.fleet.utilisation * self.tasks_per_second * SECONDS_PER_HOUR

    def _reached(self, replicas: int) -> float | None:
        """The crossover of so many replicas, if they can carry it."""
        price = self.fleet.dollars_per_replica_hour
        volume = crossover_tasks_per_hour(replicas, price, self.api_cost_per_task)
        return volume if volume <= replicas * self._capacity_of_one else None

    def _token_cost(self, price: TokenPrice) -> float:
        asked = self.profile
        cached = self.savings.hit_rate * asked.calls if self.savings.prefix_cache else 0
        return cost_per_task(asked.calls, asked.input_tokens, asked.output_tokens, price, cached_calls=cached)


def trait_values(hosting: Hosting) -> dict[str, Any]:
    """The question as flat numbers by name, the way a front end holds it; prices per million tokens."""
    saved = {found.name: getattr(hosting.savings, found.name) for found in fields(Savings)}
    small = saved.pop("small_price")
    prices = _per_million("", hosting.price) | _per_million("small_", small)
    return vars(hosting.profile) | vars(hosting.fleet) | saved | prices


def hosting_from(values: Mapping[str, Any]) -> Hosting:
    """The question from flat numbers by name: the way back from ``trait_values``."""
    small = TokenPrice.per_million(values["small_input_price"], values["small_output_price"])
    return Hosting(
        profile=TokenProfile(**_own(TokenProfile, values)),
        price=TokenPrice.per_million(values["input_price"], values["output_price"]),
        fleet=Fleet(**_own(Fleet, values)),
        savings=Savings(**_own(Savings, values), small_price=small),
    )


def _own(kind: type, values: Mapping[str, Any]) -> dict[str, Any]:
    """Those of the values that are fields of a dataclass."""
    return {found.name: values[found.name] for found in fields(kind) if found.name in values}


def _per_million(prefix: str, price: TokenPrice) -> dict[str, float]:
    """Dollars per million tokens, without the float noise of the division by a million."""
    return {f"{prefix}{kind}_price": float(f"{getattr(price, kind) * 1e6:.12g}") for kind in ("input", "output")}
