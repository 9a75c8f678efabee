"""Two applications on the same tasks: what succeeds now, what broke, and whether chance would do as much."""

from dataclasses import dataclass
from math import comb, sqrt

from labkit.errors import BadArgument
from labkit.evaluation.outcome import Outcome, Rate
from labkit.evaluation.report import ALL, Report
from labkit.tables import Table
from labkit.tasks import Kind, wilson_interval

COLUMNS = (
    *("tasks", "before", "after", "difference", "95 % interval", "gained", "broken", "p", "verdict"),
    *("+ s", "+ tokens"),
)
LEVEL = 0.05
"""A difference that chance alone makes at least as large this often is not called one."""

NO_DIFFERENCE = "no detectable difference"


@dataclass(frozen=True, repr=False)
class Comparison:
    """One report beside another on the same tasks; differences are after minus before.

    Attributes:
        before: The report to compare with.
        after: The other one.

    Raises:
        BadArgument: They are not about the same tasks in the same order.
    """

    before: Report
    after: Report

    def __post_init__(self) -> None:
        asked = [[outcome.task for outcome in report.outcomes] for report in (self.before, self.after)]
        if asked[0] != asked[1]:
            raise BadArgument(
                f"the reports are about {len(asked[0])} and {len(asked[1])} tasks, not the same ones in the same order",
                remedy="evaluate both applications on one task set",
            )

    def gained(self, kind: Kind | str = ALL) -> tuple[Outcome, ...]:
        """Tasks that succeed and did not before, as they came out now."""
        return tuple(new for old, new in self._pairs(kind) if new.verdict.success and not old.verdict.success)

    def broken(self, kind: Kind | str = ALL) -> tuple[Outcome, ...]:
        """Tasks that fail and did not before, as they came out now."""
        return tuple(new for old, new in self._pairs(kind) if old.verdict.success and not new.verdict.success)

    def p_value(self, kind: Kind | str = ALL) -> float:
        """The exact two-sided p value of McNemar's test; see :func:`mcnemar`."""
        return mcnemar(len(self.gained(kind)), len(self.broken(kind)))

    def difference(self, kind: Kind | str = ALL) -> float:
        """Success after minus success before."""
        return self.after.success(kind).value - self.before.success(kind).value

    def interval(self, kind: Kind | str = ALL) -> tuple[float, float]:
        """The 95 % interval of the difference; see :func:`paired_interval`."""
        pairs, gained, broken = self._pairs(kind), len(self.gained(kind)), len(self.broken(kind))
        both = sum(old.verdict.success and new.verdict.success for old, new in pairs)
        return paired_interval(both, gained, broken, len(pairs) - both - gained - broken)

    def verdict(self, kind: Kind | str = ALL) -> str:
        """Better, worse, or no detectable difference, by McNemar's test at a level of 0.05.

        A table has a test for each kind: of twenty that compare equals, one calls a difference by chance.
        """
        if self.p_value(kind) >= LEVEL:
            return NO_DIFFERENCE
        return "better" if self.difference(kind) > 0 else "worse"

    def sentence(self, kind: Kind | str = ALL) -> str:
        """The result in words, with what a test that finds nothing leaves open."""
        low, high = self.interval(kind)
        before, after = self.before.success(kind), self.after.success(kind)
        found = f"success {before.value:.2f} before and {after.value:.2f} after on the same {after.trials} tasks"
        test = f"difference {self.difference(kind):+.2f}, 95 % interval {low:+.2f} to {high:+.2f}"
        counts = f"{len(self.gained(kind))} gained, {len(self.broken(kind))} broken, p = {self.p_value(kind):.2g}"
        return f"{self.verdict(kind)}: {found} ({test}; {counts}, McNemar's exact test)"

    def added(self, kind: Kind | str = ALL) -> tuple[float, float]:
        """Seconds and tokens that a task costs more, on average."""
        pairs = self._pairs(kind)
        seconds = sum(new.seconds - old.seconds for old, new in pairs)
        tokens = sum(_tokens(new) - _tokens(old) for old, new in pairs)
        return seconds / len(pairs), tokens / len(pairs)

    def table(self) -> Table:
        """A row a kind of task and one for all."""
        return Table(COLUMNS, tuple(self._row(kind) for kind in (*self.after.kinds, ALL)))

    def changed(self) -> Table:
        """The tasks that succeed now and those that broke, a row a task."""
        named = (("gained", self.gained()), ("broken", self.broken()))
        rows = ((what, one.kind, one.question, one.said, one.cause) for what, found in named for one in found)
        return Table(("", "kind", "question", "said now", "cause"), tuple(rows))

    def __str__(self) -> str:
        return str(self.table())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()

    def _row(self, kind: str) -> tuple[str, ...]:
        low, high = self.interval(kind)
        seconds, tokens = self.added(kind)
        return (
            kind.replace("_", "-"),
            _short(self.before.success(kind)),
            _short(self.after.success(kind)),
            f"{self.difference(kind):+.2f}",
            f"{low:+.2f} to {high:+.2f}",
            str(len(self.gained(kind))),
            str(len(self.broken(kind))),
            f"{self.p_value(kind):.3g}",
            self.verdict(kind),
            f"{seconds:+.2f}",
            f"{tokens:+.0f}",
        )

    def _pairs(self, kind: Kind | str) -> list[tuple[Outcome, Outcome]]:
        return list(zip(self.before.of_kind(kind), self.after.of_kind(kind), strict=True))


def mcnemar(gained: int, broken: int) -> float:
    """The exact two-sided p value of McNemar's test.

    Were both applications equally good, a task that only one of them solves would be the first's or the second's with
    even chances: p is the chance of a split at least as uneven.

    Source: Q. McNemar, "Note on the sampling error of the difference between correlated proportions or percentages",
    Psychometrika 12 (1947), 153-157.

    >>> mcnemar(5, 0), mcnemar(1, 1)
    (0.0625, 1.0)

    Args:
        gained: Tasks that only the second solves.
        broken: Tasks that only the first solves.
    """
    if gained < 0 or broken < 0:
        raise BadArgument(f"gained is {gained} and broken is {broken}", remedy="give counts")
    trials = gained + broken
    tail = sum(comb(trials, count) for count in range(min(gained, broken) + 1))
    return min(1.0, 2 * tail / (1 << trials))


def paired_interval(both: int, gained: int, broken: int, neither: int) -> tuple[float, float]:
    """The 95 % interval of the difference of two success rates on the same tasks.

    Wilson intervals of the two rates, combined with regard to how far the same tasks succeed in both.

    Source: R. G. Newcombe, "Improved confidence intervals for the difference between binomial proportions based on
    paired data", Statistics in Medicine 17 (1998), 2635-2650, method 10.

    >>> low, high = paired_interval(both=40, gained=30, broken=2, neither=28)
    >>> round(low, 2), round(high, 2)
    (0.18, 0.37)

    Args:
        both: Tasks that both solve.
        gained: Tasks that only the second solves.
        broken: Tasks that only the first solves.
        neither: Tasks that neither solves.

    Raises:
        BadArgument: There are no tasks, or a count is negative.
    """
    count = both + gained + broken + neither
    if min(both, gained, broken, neither) < 0:
        raise BadArgument(f"counts are {(both, gained, broken, neither)}", remedy="give counts of at least 0")
    after, before = both + gained, both + broken
    (low_2, high_2), (low_1, high_1) = wilson_interval(after, count), wilson_interval(before, count)
    p_2, p_1 = after / count, before / count
    product = after * before * (count - after) * (count - before)
    together = float(both * neither - gained * broken)
    if together > 0:  # the method's correction for continuity, which never turns the sign
        together = max(0.0, together - count / 2)
    phi = together / sqrt(product) if product else 0.0
    down = (p_2 - low_2) ** 2 - 2 * phi * (p_2 - low_2) * (high_1 - p_1) + (high_1 - p_1) ** 2
    up = (high_2 - p_2) ** 2 - 2 * phi * (high_2 - p_2) * (p_1 - low_1) + (p_1 - low_1) ** 2
    return p_2 - p_1 - sqrt(down), p_2 - p_1 + sqrt(up)


def _tokens(outcome: Outcome) -> int:
    return outcome.input_tokens + outcome.output_tokens


def _short(rate: Rate) -> str:
    return f"{rate.value:.2f} ({rate.successes}/{rate.trials})"
