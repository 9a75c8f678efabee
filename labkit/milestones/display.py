"""The ledger for people: the box that opens a notebook, and the table of all milestones (HTML and plain text).

Nothing is told by colour alone, table cells have their headings, and every text from the ledger is escaped.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from labkit.milestones.record import Prediction, Record
from labkit.milestones.target import Milestone, Verdict

_COLUMNS = ("Milestone", "Target", "Prediction", "Result", "Verdict", "Taken on")
_MARKDOWN_MARKS = re.compile(r"([\\`*_{}\[\]()#+!|<>~$&-])")
# Dark text on a light ground, both stated: readable in light and dark themes.
_GREEN = "border-left:4px solid #1a7f37;background:#e6f4ea;color:#0b3d1c;padding:.6em 1em;margin:.5em 0"
_AMBER = "border-left:4px solid #b54708;background:#fff4e5;color:#4a2500;padding:.6em 1em;margin:.5em 0"


@dataclass(frozen=True, repr=False)
class Requirement:
    """What a notebook shows about the milestone it stands on.

    Attributes:
        id: The milestone asked for.
        milestone: Its definition, or None where the ledger has never heard of it.
        record: Its result, or None where it was never run.
    """

    id: str
    milestone: Milestone | None
    record: Record | None

    @property
    def verdict(self) -> Verdict:
        """Met, not met, or not measured."""
        return self.record.verdict if self.record else Verdict.NOT_MEASURED

    @property
    def met(self) -> bool:
        """Whether the stage may be built on."""
        return self.verdict is Verdict.MET

    def lines(self) -> tuple[str, ...]:
        """Headline, target, result and advice, as plain sentences; those that are known."""
        title = f" ({self.milestone.title})" if self.milestone and self.milestone.title else ""
        headline = f"Milestone {self.verdict.value}: {self.id}{title}"
        target = (f"Target: {self.milestone.target}.",) if self.milestone else ()
        result = (f"Result: {self.record.quote()}.",) if self.record else ()
        return (headline, *target, *result, *self._advice())

    def _advice(self) -> tuple[str, ...]:
        if self.met:
            return ()
        if self.record:
            return ("What follows stands on this number: go back and reach it before you build on it.",)
        return (f"Nothing is recorded for {self.id} in this ledger: run its notebook first.",)

    def __repr__(self) -> str:
        headline, *rest = self.lines()
        return " ".join((f"{headline}.", *rest))

    def _repr_html_(self) -> str:
        headline, *rest = (escape(line) for line in self.lines())
        body = "".join(f"<div>{line}</div>" for line in rest)
        return f'<div role="note" style="{_GREEN if self.met else _AMBER}"><strong>{headline}</strong>{body}</div>'

    def _repr_markdown_(self) -> str:
        headline, *rest = (_markdown(line) for line in self.lines())
        return "  \n".join(f"> {line}" for line in (f"**{headline}**", *rest))


@dataclass(frozen=True)
class Row:
    """One milestone of the table."""

    id: str
    known: Milestone | None
    prediction: Prediction
    record: Record | None

    def cells(self) -> tuple[str, ...]:
        """The texts under each heading; a dash where there is nothing."""
        milestone = self.known or (self.record.milestone if self.record else None)
        unit = milestone.target.unit if milestone else ""
        name = f"{self.id}: {milestone.title}" if milestone and milestone.title else self.id
        target = str(milestone.target) if milestone else "-"
        if self.record is None:
            return (name, target, self.prediction.words(unit), "-", Verdict.NOT_MEASURED.value, "-")
        return (
            name,
            target,
            self.record.prediction.words(unit),
            self.record.quote() + ("" if self.record.seed is None else f", seed {self.record.seed}"),
            self.record.verdict.value,
            f"{self.record.hardware}, {self.record.recorded[:10]}",
        )


def html_table(rows: Sequence[Row]) -> str:
    """The ledger as an HTML table with a caption, and headings for columns and rows."""
    head = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    body = "".join(_html_row(row.cells()) for row in rows)
    empty = f'<tr><td colspan="{len(_COLUMNS)}">No milestone yet.</td></tr>'
    caption = "<caption>Milestones</caption>"
    content = f"<thead><tr>{head}</tr></thead><tbody>{body or empty}</tbody>"
    return f'<table class="dataframe">{caption}{content}</table>'


def text_table(rows: Sequence[Row]) -> str:
    """The ledger as lines of plain text, columns aligned.

    >>> print(text_table([]))
    No milestone yet.
    """
    if not rows:
        return "No milestone yet."
    lines = [_COLUMNS, *(tuple(" ".join(cell.split()) for cell in row.cells()) for row in rows)]
    widths = [max(len(line[place]) for line in lines) for place in range(len(_COLUMNS))]
    lines.insert(1, tuple("-" * width for width in widths))
    return "\n".join("  ".join(map(str.ljust, line, widths)).rstrip() for line in lines)


def _html_row(cells: tuple[str, ...]) -> str:
    name, *rest = (escape(cell) for cell in cells)
    return f'<tr><th scope="row">{name}</th>{"".join(f"<td>{cell}</td>" for cell in rest)}</tr>'


def _markdown(line: str) -> str:
    return _MARKDOWN_MARKS.sub(r"\\\1", " ".join(line.split()))
