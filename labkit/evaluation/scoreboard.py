"""The scoreboard: stages 0 to 7 on the same tasks, and the eight milestones, as one run of the benchmark left them.

Each stage is compared with the one before it, task by task. One that loses on this machine is shown losing, with the
reason that its traces give.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

from labkit.documents import Answer
from labkit.errors import StateCorrupt
from labkit.evaluation.change import Change
from labkit.evaluation.comparison import Comparison
from labkit.evaluation.outcome import Rate
from labkit.evaluation.profile import Profile
from labkit.evaluation.report import Report
from labkit.milestones import Ledger, Milestone, Target
from labkit.records import stored
from labkit.tables import Table

if TYPE_CHECKING:
    from pydantic import TypeAdapter

EIGHT = (
    Milestone("stage-1", "Chunking on many workers", Target.at_least(0.8, words="parallel efficiency at two workers")),
    Milestone("stage-2", "Data-parallel encoding", Target.at_least(0.8, words="parallel efficiency, 2 workers")),
    Milestone(
        "stage-3", "A sharded index that leaks nothing", Target.at_least(0.98, words="recall@10, filtered by access")
    ),
    Milestone("stage-4", "Multi-hop retrieval", Target.at_least(0.86, words="success on two-hop tasks")),
    Milestone(
        "stage-5", "Planner and specialists", Target.at_least(0.88, words="success on tasks that need both skills")
    ),
    Milestone(
        "stage-6",
        "A fleet that holds its SLO",
        Target.at_most(1.0, words="p99 latency over the SLO, at the target rate"),
    ),
    Milestone("stage-7", "A cheaper task", Target.at_least(0.4, words="share of a task's dollars saved, success held")),
    Milestone(
        "stage-8", "Evaluation on many workers", Target.at_least(0.8, words="parallel efficiency at two workers")
    ),
)
"""The milestones of layers 1 to 8, as their notebooks state them."""


@dataclass(frozen=True)
class StageResult:
    """One stage on the tasks of the scoreboard.

    Attributes:
        stage: Its number.
        replaced: The part that it replaced, and with what.
        counts: Successes and tasks by kind.
        leaks: Answers that let out what their principal may not see.
        seconds: Median and 99th percentile from question to answer.
        tokens: Tokens a task, read and written.
        dollars: Dollars a task.
        steps: Seconds a task by step.
        built: Seconds from the documents to an index that can be searched; None where it is that of the stage before.
        change: Against the stage before it; None for the first.
    """

    stage: int
    replaced: str
    counts: dict[str, tuple[int, int]]
    leaks: int
    seconds: tuple[float, float]
    tokens: float
    dollars: float
    steps: dict[str, float]
    built: float | None = None
    change: Change | None = None

    @classmethod
    def of(
        cls,
        stage: int,
        replaced: str,
        report: Report,
        answers: Sequence[Answer],
        before: "Measured | None" = None,
        *,
        built: float | None = None,
    ) -> "StageResult":
        """A stage's result from its run, beside that of the stage before it.

        Args:
            stage: Its number.
            replaced: The part that it replaced, and with what.
            report: Its report, with a price.
            answers: Its answers.
            before: Report and answers of the stage before it, on the same tasks.
            built: Seconds that building its index took, if it has one of its own.
        """
        latency, steps, change = report.latency(), Profile.of(answers).seconds, None
        if before is not None:
            change = Change.of(Comparison(before[0], report), Profile.of(before[1]).seconds, steps)
        counts = {kind: (rate.successes, rate.trials) for kind in report.kinds for rate in (report.success(kind),)}
        seconds = latency.p50, latency.p99
        tokens, dollars = sum(report.tokens()), report.dollars()
        return cls(stage, replaced, counts, report.leaks, seconds, tokens, dollars, steps, built, change)

    @property
    def success(self) -> Rate:
        """Success over all tasks."""
        return Rate(sum(won for won, _ in self.counts.values()), sum(asked for _, asked in self.counts.values()))


Measured = tuple[Report, Sequence[Answer]]


@dataclass(frozen=True)
class Reached:
    """One milestone as the ledger had it.

    Attributes:
        milestone: Its id and title.
        target: What was to be reached.
        predicted: What was predicted, or that nothing was.
        measured: The number with its label and spread.
        verdict: Met, not met, or not measured.
    """

    milestone: str
    target: str
    predicted: str
    measured: str
    verdict: str


def reached(ledger: Ledger) -> tuple[Reached, ...]:
    """The eight milestones as a ledger has them."""
    known = Ledger(ledger.path, EIGHT)
    return tuple(Reached(*row.cells()[:5]) for row in known.rows() if row.known)


@dataclass(frozen=True, repr=False)
class Scoreboard:
    """All stages and all milestones.

    Attributes:
        stages: In order.
        milestones: In order.
        caption: What was asked, how, and at what price.
    """

    stages: tuple[StageResult, ...]
    milestones: tuple[Reached, ...]
    caption: str

    @classmethod
    def stored(cls) -> "Scoreboard":
        """The scoreboard that ``bench/evaluation.py scoreboard`` left in the records.

        Raises:
            StateCorrupt: There is none, or it cannot be read.
        """
        found = stored("evaluation")["evaluation"]
        if "scoreboard" not in found:
            raise StateCorrupt("the record of the evaluation has no scoreboard", remedy="run: make bench")
        try:
            return _form().validate_python(found["scoreboard"])
        except ValueError as error:
            raise StateCorrupt(f"the stored scoreboard cannot be read ({error})", remedy="run: make bench") from error

    def to_json(self) -> dict[str, Any]:
        """The scoreboard as a record keeps it."""
        plain: dict[str, Any] = _form().dump_python(self, mode="json")
        return plain

    def table(self) -> Table:
        """A row a stage: success and price beside each other, and what the stage changed."""
        rows = tuple(
            (
                str(one.stage),
                one.replaced,
                f"{one.success.value:.2f} ({one.success.interval[0]:.2f}-{one.success.interval[1]:.2f})",
                str(one.leaks),
                "as before" if one.built is None else f"{one.built:.2g}",
                *(f"{seconds:.3g}" for seconds in one.seconds),
                f"{one.tokens:.0f}",
                f"{one.dollars:.6f}",
                one.change.verdict() if one.change else "-",
            )
            for one in self.stages
        )
        first = ("stage", "replaced", "success (95 % interval)", "leaks", "index built, s")
        columns = (*first, "p50 s", "p99 s", "tokens", "$ a task", "against the stage before")
        return Table(columns, rows, self.caption)

    def by_kind(self) -> Table:
        """Success by kind of task, a row a stage."""
        kinds = tuple(dict.fromkeys(kind for one in self.stages for kind in one.counts))
        rows = tuple(
            (str(one.stage), *(f"{won / asked:.2f}" for won, asked in (one.counts[kind] for kind in kinds)))
            for one in self.stages
        )
        return Table(("stage", *(kind.replace("_", "-") for kind in kinds)), rows, self.caption)

    def milestone_table(self) -> Table:
        """A row a milestone: predicted, measured, verdict."""
        rows = tuple((one.milestone, one.target, one.predicted, one.measured, one.verdict) for one in self.milestones)
        return Table(("milestone", "target", "predicted", "measured", "verdict"), rows)

    def __str__(self) -> str:
        return str(self.table())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


@cache
def _form() -> "TypeAdapter[Scoreboard]":
    from pydantic import TypeAdapter

    return TypeAdapter(Scoreboard)
