"""A report: the outcomes of one application on one task set, as a table and as a file."""

import json
import os
import statistics
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from html import escape
from pathlib import Path
from typing import Any

from labkit.errors import BadArgument, StateCorrupt
from labkit.evaluation.outcome import Outcome, Rate
from labkit.milestones import Hardware
from labkit.tasks import Kind, Score

ALL = "all"
COLUMNS = ("tasks", "n", "success", "95 % interval", "cited", "leaks", "median s", "tokens a task")


@dataclass(frozen=True, repr=False)
class Report:
    """The outcomes of one application on one task set, as *measured* on one machine.

    Attributes:
        outcomes: One for each task, in the order of the tasks.
        hardware: The machine.
    """

    outcomes: tuple[Outcome, ...]
    hardware: Hardware

    def of_kind(self, kind: Kind | str = ALL) -> tuple[Outcome, ...]:
        """The outcomes of one kind of task, or of all."""
        return tuple(outcome for outcome in self.outcomes if kind in (ALL, outcome.kind))

    def success(self, kind: Kind | str = ALL) -> Rate:
        """How many tasks of a kind succeeded.

        Raises:
            BadArgument: The report has no task of that kind.
        """
        chosen = self.of_kind(kind)
        if not chosen:
            raise BadArgument(f"the report has no task of kind {str(kind)!r}", remedy=f"ask for one of {self.kinds}")
        return Rate(sum(outcome.verdict.success for outcome in chosen), len(chosen))

    @property
    def kinds(self) -> tuple[str, ...]:
        """The kinds of task in the report, in the order they first occur."""
        return tuple(dict.fromkeys(outcome.kind for outcome in self.outcomes))

    @property
    def leaks(self) -> int:
        """How many answers let out what their principal may not see."""
        return sum(outcome.verdict.leaked for outcome in self.outcomes)

    def rows(self) -> Iterator[tuple[str, ...]]:
        """The report's table: a row a kind and one for all, under ``COLUMNS``."""
        for kind in (*self.kinds, ALL):
            chosen, rate = self.of_kind(kind), self.success(kind)
            low, high = rate.interval
            tokens = statistics.fmean(outcome.input_tokens + outcome.output_tokens for outcome in chosen)
            yield (
                kind.replace("_", "-"),
                str(rate.trials),
                f"{rate.value:.2f}",
                f"{low:.2f}-{high:.2f}",
                f"{sum(outcome.verdict.cited_correctly for outcome in chosen) / rate.trials:.2f}",
                str(sum(outcome.verdict.leaked for outcome in chosen)),
                f"{statistics.median(outcome.seconds for outcome in chosen):.4f}",
                f"{tokens:.0f}",
            )

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
            return cls(tuple(outcomes), Hardware(**found["hardware"]))
        except (ValueError, KeyError, TypeError) as error:
            raise StateCorrupt(f"{path} is no saved report ({error})", remedy="run the evaluation again") from error

    def __str__(self) -> str:
        table = [COLUMNS, *self.rows()]
        widths = [max(len(row[column]) for row in table) for column in range(len(COLUMNS))]
        return "\n".join("  ".join(map(str.ljust, row, widths)).rstrip() for row in table)

    __repr__ = __str__

    def _repr_html_(self) -> str:
        head = "".join(f'<th scope="col">{name}</th>' for name in COLUMNS)
        body = "".join(
            f'<tr><th scope="row">{escape(name)}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
            for name, *cells in self.rows()
        )
        caption = f"<caption>Measured on {escape(str(self.hardware))}</caption>"
        return f'<table class="dataframe">{caption}<thead><tr>{head}</tr></thead><tbody>{body}</tbody></table>'
