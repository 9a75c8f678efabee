"""A report: the outcomes of one application on one task set, as a table and as a file."""

import json
import os
import statistics
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from labkit.costs import TokenPrice, cost_per_task
from labkit.errors import BadArgument, StateCorrupt
from labkit.evaluation.outcome import Outcome, Rate
from labkit.loadgen import Spread
from labkit.milestones import Hardware
from labkit.tables import Table
from labkit.tasks import Kind, Score

ALL = "all"
COLUMNS = ("tasks", "n", "success", "95 % interval", "cited", "leaks", "p50 s", "p90 s", "p99 s", "tokens a task")
DOLLARS = "$ a task"
"""The column that a report with a price has besides."""


@dataclass(frozen=True, repr=False)
class Report:
    """The outcomes of one application on one task set, as *measured* on one machine.

    Attributes:
        outcomes: One for each task, in the order of the tasks.
        hardware: The machine.
        price: What a token costs, so that success and dollars stand side by side; None shows no dollars.
    """

    outcomes: tuple[Outcome, ...]
    hardware: Hardware
    price: TokenPrice | None = None

    def at(self, price: TokenPrice | None) -> "Report":
        """The same outcomes at another price."""
        return replace(self, price=price)

    def of_kind(self, kind: Kind | str = ALL) -> tuple[Outcome, ...]:
        """The outcomes of one kind of task, or of all."""
        return tuple(outcome for outcome in self.outcomes if kind in (ALL, outcome.kind))

    def success(self, kind: Kind | str = ALL) -> Rate:
        """How many tasks of a kind succeeded.

        Raises:
            BadArgument: The report has no task of that kind.
        """
        chosen = self._chosen(kind)
        return Rate(sum(outcome.verdict.success for outcome in chosen), len(chosen))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of task in the report, in the order they first occur."""
        return tuple(dict.fromkeys(outcome.kind for outcome in self.outcomes))

    @property
    def leaks(self) -> int:
        """How many answers let out what their principal may not see."""
        return sum(outcome.verdict.leaked for outcome in self.outcomes)

    def causes(self, kind: Kind | str = ALL) -> Table:
        """The failures of a kind by what went wrong first, the commonest first, with one example each."""
        failed = [outcome for outcome in self.of_kind(kind) if not outcome.verdict.success]
        counts = Counter(outcome.cause for outcome in failed).most_common()
        examples = {outcome.cause: outcome for outcome in reversed(failed)}
        rows = ((name, str(count), examples[name].question, examples[name].said) for name, count in counts)
        return Table(("cause", "n", "for example", "said"), tuple(rows))

    def latency(self, kind: Kind | str = ALL) -> Spread:
        """Mean, median, 90th and 99th percentile of the seconds from question to answer."""
        return Spread.of([outcome.seconds for outcome in self._chosen(kind)])

    def tokens(self, kind: Kind | str = ALL) -> tuple[float, float]:
        """Tokens that a task makes models read and write, on average."""
        chosen = self._chosen(kind)
        read = statistics.fmean(outcome.input_tokens for outcome in chosen)
        return read, statistics.fmean(outcome.output_tokens for outcome in chosen)

    def dollars(self, kind: Kind | str = ALL) -> float:
        """Dollars that a task costs on average, paid by the token.

        Raises:
            BadArgument: The report has no price, or no task of that kind.
        """
        if self.price is None:
            raise BadArgument("the report's price is None", remedy="give it one: report.at(TokenPrice(...))")
        return cost_per_task(1, *self.tokens(kind), self.price)

    @property
    def columns(self) -> tuple[str, ...]:
        """The headings of the table."""
        return COLUMNS if self.price is None else (*COLUMNS, DOLLARS)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The report's table: a row a kind and one for all, under ``columns``."""
        for kind in (*self.kinds, ALL):
            chosen, rate, latency = self.of_kind(kind), self.success(kind), self.latency(kind)
            low, high = rate.interval
            cells = (
                kind.replace("_", "-"),
                str(rate.trials),
                f"{rate.value:.2f}",
                f"{low:.2f}-{high:.2f}",
                f"{sum(outcome.verdict.cited_correctly for outcome in chosen) / rate.trials:.2f}",
                str(sum(outcome.verdict.leaked for outcome in chosen)),
                *(f"{seconds:.4f}" for seconds in (latency.p50, latency.p90, latency.p99)),
                f"{sum(self.tokens(kind)):.0f}",
            )
            yield cells if self.price is None else (*cells, f"{self.dollars(kind):.6f}")

    def table(self) -> Table:
        """The rows under their headings."""
        return Table(self.columns, tuple(self.rows()), f"Measured on {self.hardware}")

    def save(self, path: Path) -> Path:
        """Write the report as JSON; the file appears whole or not at all."""
        path.parent.mkdir(parents=True, exist_ok=True)
        partial = path.with_name(f".{path.name}.{os.getpid()}")
        partial.write_text(json.dumps(asdict(self), indent=1))
        partial.replace(path)
        return path

    @classmethod
    def load(cls, path: Path) -> "Report":
        """Read a saved report back.

        Raises:
            StateCorrupt: The file is not a saved report.
        """
        try:
            found: dict[str, Any] = json.loads(path.read_text())
            outcomes = [Outcome(**{**row, "verdict": Score(**row["verdict"])}) for row in found["outcomes"]]
            price = found.get("price")
            return cls(tuple(outcomes), Hardware(**found["hardware"]), TokenPrice(**price) if price else None)
        except (ValueError, KeyError, TypeError) as error:
            raise StateCorrupt(f"{path} is no saved report ({error})", remedy="run the evaluation again") from error

    def __str__(self) -> str:
        return str(self.table())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def _chosen(self, kind: Kind | str) -> tuple[Outcome, ...]:
        chosen = self.of_kind(kind)
        if not chosen:
            raise BadArgument(f"the report has no task of kind {str(kind)!r}", remedy=f"ask for one of {self.kinds}")
        return chosen
