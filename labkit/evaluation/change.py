"""What one stage changed against the one before it, on the same tasks, and why, if it lost."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from statistics import median

from labkit.evaluation.comparison import LEVEL, NO_DIFFERENCE, Comparison, mcnemar

SLOWER = 1.1
"""Ratio of seconds from which a detectable difference is worth a word."""


@dataclass(frozen=True)
class Change:
    """A stage against the one before it.

    Attributes:
        gained: Tasks that succeed now and did not before.
        broken: Tasks that fail now and did not before.
        difference: Success after minus success before.
        interval: Its 95 % interval.
        p: McNemar's exact test.
        slowdown: Median over the tasks of seconds after over seconds before.
        slowdown_p: The sign test on the same pairs.
        longer: The step on which a task now spends most seconds more; empty where none.
        longer_seconds: How many more.
        cause: What most of the broken tasks fail by; empty where none broke.
        added_tokens: Tokens that a task costs more.
    """

    gained: int
    broken: int
    difference: float
    interval: tuple[float, float]
    p: float
    slowdown: float
    slowdown_p: float
    longer: str
    longer_seconds: float
    cause: str
    added_tokens: float

    @classmethod
    def of(cls, comparison: Comparison, before: Mapping[str, float], after: Mapping[str, float]) -> "Change":
        """The change between two reports.

        Args:
            comparison: The reports.
            before: Seconds a task by step, of the first.
            after: Of the second.
        """
        pairs = [
            (old.seconds, new.seconds)
            for old, new in zip(comparison.before.outcomes, comparison.after.outcomes, strict=True)
        ]
        grown = {step: seconds - before.get(step, 0.0) for step, seconds in after.items()}
        longer = max(grown, key=lambda step: grown[step], default="")
        causes = Counter(outcome.cause for outcome in comparison.broken()).most_common(1)
        return cls(
            gained=len(comparison.gained()),
            broken=len(comparison.broken()),
            difference=comparison.difference(),
            interval=comparison.interval(),
            p=comparison.p_value(),
            slowdown=median([new / old for old, new in pairs if old > 0] or [1.0]),
            slowdown_p=mcnemar(sum(new > old for old, new in pairs), sum(new < old for old, new in pairs)),
            longer=longer if longer and grown[longer] > 0 else "",
            longer_seconds=max(0.0, grown.get(longer, 0.0)),
            cause=causes[0][0] if causes else "",
            added_tokens=comparison.added()[1],
        )

    @property
    def slower(self) -> bool:
        """Whether tasks take longer than before, beyond what chance makes."""
        return self.slowdown_p < LEVEL and self.slowdown > SLOWER

    @property
    def faster(self) -> bool:
        """Whether tasks take less long than before, beyond what chance makes."""
        return self.slowdown_p < LEVEL and self.slowdown < 1 / SLOWER

    def verdict(self) -> str:
        """Gains, loses, or no detectable difference, with the reason. Success counts before seconds."""
        broke = f" ({self.broken} broke, most by: {self.cause})" if self.broken else ""
        if self.p < LEVEL:
            word = "gains" if self.difference > 0 else "loses"
            return f"{word}: success {self.difference:+.2f}{broke}{self._price()}"
        if self.slower:
            return f"loses: success with {NO_DIFFERENCE}{broke}{self._price()}"
        if self.faster:
            return f"gains: success with {NO_DIFFERENCE}{broke}, {self.slowdown:.2g}x the seconds a task"
        return NO_DIFFERENCE + broke

    def _price(self) -> str:
        """What the change costs a task, where it can be detected."""
        if not self.slower:
            return ""
        where = f", {self.longer_seconds:.2g} s of them in: {self.longer}" if self.longer else ""
        tokens = f", {self.added_tokens:+.0f} tokens" if round(self.added_tokens) else ""
        return f", {self.slowdown:.2g}x the seconds a task{where}{tokens}"
