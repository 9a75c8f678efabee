"""Price sheets: what models and replicas cost, as named and dated data.

A number in dollars is worth no more than the prices behind it, so each sheet says what it is called, from when it is
and where it comes from, and whoever reports dollars can say which sheet they were reckoned with.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from labkit.costs.arithmetic import TokenPrice
from labkit.costs.usage import Usage
from labkit.errors import BadArgument
from labkit.scaling import require_number

COURSE_SHEET = Path(__file__).with_name("prices.json")
MILLION = 1_000_000


@dataclass(frozen=True)
class ModelPrice:
    """What one model's tokens cost, in dollars per token.

    Attributes:
        name: Of the model on its sheet.
        input: Dollars for a token that the model reads.
        output: Dollars for a token that the model writes.
        cached_input: Dollars for a token read that a prefix cache held; None where there is no discount.
        source: Where the price comes from, in words.

    Raises:
        BadArgument: A price that is negative or not finite, or a cached token that is dearer than any other.
    """

    name: str
    input: float
    output: float
    cached_input: float | None = None
    source: str = ""

    def __post_init__(self) -> None:
        require_number(f"{self.name}: price of an input token", self.input, least=0)
        require_number(f"{self.name}: price of an output token", self.output, least=0)
        if self.cached_input is not None:
            require_number(f"{self.name}: price of a cached token", self.cached_input, least=0, most=self.input)

    @property
    def tokens(self) -> TokenPrice:
        """The price without the cache, for ``cost_per_task``."""
        return TokenPrice(self.input, self.output)

    def dollars(self, usage: Usage) -> float:
        """What these tokens cost.

        >>> large = price_sheet().model("generic-large")
        >>> f"${large.dollars(Usage(calls=1, input_tokens=1500, cached_tokens=1000, output_tokens=300)):.4f}"
        '$0.0063'
        """
        cached = self.input if self.cached_input is None else self.cached_input
        fresh = usage.input_tokens - usage.cached_tokens
        return fresh * self.input + usage.cached_tokens * cached + usage.output_tokens * self.output


@dataclass(frozen=True)
class ReplicaPrice:
    """What one replica costs, busy or idle.

    Attributes:
        name: Of the kind of replica on its sheet.
        dollars_per_hour: Dollars for one of them for an hour.
        source: Where the price comes from, in words.

    Raises:
        BadArgument: A price that is negative or not finite.
    """

    name: str
    dollars_per_hour: float
    source: str = ""

    def __post_init__(self) -> None:
        require_number(f"{self.name}: dollars_per_hour", self.dollars_per_hour, least=0)


@dataclass(frozen=True)
class PriceSheet:
    """The prices of one day.

    Attributes:
        name: What the sheet is called.
        dated: The day that its prices are from.
        models: Prices by the token.
        replicas: Prices by the hour.
        source: Where they come from, in words.
    """

    name: str
    dated: date
    models: tuple[ModelPrice, ...]
    replicas: tuple[ReplicaPrice, ...]
    source: str = ""

    def model(self, name: str) -> ModelPrice:
        """The price of a model's tokens.

        Raises:
            BadArgument: The sheet has no such model.
        """
        found = {price.name: price for price in self.models}
        return found[_known(self, name, "model", found)]

    def replica(self, name: str) -> ReplicaPrice:
        """The price of a kind of replica.

        Raises:
            BadArgument: The sheet has no such replica.
        """
        found = {price.name: price for price in self.replicas}
        return found[_known(self, name, "replica", found)]

    def __str__(self) -> str:
        return f"{self.name}, {self.dated.isoformat()}"


def price_sheet(path: Path = COURSE_SHEET) -> PriceSheet:
    """A sheet from a JSON file, by default the course's own; model prices there are per million tokens.

    >>> print(price_sheet())
    course prices, 2026-11-24

    Args:
        path: A file of the form of ``labkit/costs/prices.json``.

    Raises:
        BadArgument: The file cannot be read, has not this form, or holds a price that is none.
    """
    try:
        found: dict[str, Any] = json.loads(path.read_text())
        return PriceSheet(
            name=str(found["name"]),
            dated=date.fromisoformat(found["date"]),
            models=tuple(map(_model, found["models"])),
            replicas=tuple(ReplicaPrice(**row) for row in found["replicas"]),
            source=str(found.get("source", "")),
        )
    except BadArgument:
        raise
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise BadArgument(
            f"{path} is no price sheet ({error!r})",
            remedy=f"give a file of the form of {COURSE_SHEET.name}: name, date, models, replicas",
        ) from error


def _model(row: Mapping[str, Any]) -> ModelPrice:
    per_token = {
        name: require_number(f"{row['name']}: {name} per million tokens", value, least=0) / MILLION
        for name in ("input", "output", "cached_input")
        if (value := row.get(name)) is not None
    }
    unknown = set(row) - {"name", "source", "input", "output", "cached_input"}
    if unknown:
        raise BadArgument(
            f"{row['name']} has {sorted(unknown)}", remedy="give input, output, cached_input and source alone"
        )
    return ModelPrice(name=str(row["name"]), source=str(row.get("source", "")), **per_token)


def _known(sheet: PriceSheet, name: str, what: str, found: Mapping[str, object]) -> str:
    if name not in found:
        raise BadArgument(f"{sheet} has no {what} {name!r}", remedy=f"ask for one of {', '.join(found)}")
    return name
