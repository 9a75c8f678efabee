"""A check: what is asked of the student's code from outside, and what would be right.

The description lives in ``solutions/checks/`` and never enters a process that runs a student's code. Only the inputs
of its cases do.
"""

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

Plain = None | bool | float | str | list["Plain"] | dict[str, "Plain"]
"""What a student's code can answer: a JSON value."""

Case = Mapping[str, Plain]
"""The keyword arguments of one call."""

Rule = Callable[..., Plain]
"""Works a case out: called with the case's keyword arguments."""


@dataclass(frozen=True)
class Check:
    """One thing that earns points.

    Attributes:
        id: Id of the visible check cell in the notebook.
        title: A few words for tables.
        points: What it earns, all or nothing.
        target: Name of the student's function that is called, or of the variable that is read.
        asks: What is expected, in the student's terms and without an answer.
        hint: The hint shown when it fails.
        expected: The right answer to a case.
        draw: Makes a case from random numbers. Without it the target is a variable, and ``expected`` and the mistakes
            are called with ``student`` alone.
        fixed: Cases that are always among those asked: edges that chance would miss.
        mistakes: Known mistakes: the words for each, and what it would answer.
        count: How many cases are drawn.
        tolerance: Relative difference at which numbers still count as the same.
    """

    id: str
    title: str
    points: int
    target: str
    asks: str
    hint: str
    expected: Rule
    draw: Callable[[random.Random], Case] | None = None
    fixed: Sequence[Case] = ()
    mistakes: Mapping[str, Rule] = field(default_factory=dict)
    count: int = 30
    tolerance: float = 1e-6

    def cases(self, chance: random.Random, student: str) -> list[Case]:
        """The cases asked of one student."""
        if self.draw is None:
            return [{"student": student}]
        return [*self.fixed, *(self.draw(chance) for _ in range(self.count))]

    def request(self, cases: Sequence[Case]) -> dict[str, object]:
        """What the student's process is told: a name and inputs, nothing else."""
        return {"target": self.target, "calls": None if self.draw is None else [dict(case) for case in cases]}
