"""What a layer must reach before the course goes on, and the verdict on a number."""

from dataclasses import dataclass
from enum import Enum

from labkit.errors import BadArgument
from labkit.milestones.quantity import exactly, with_unit
from labkit.scaling import require_number


class Direction(Enum):
    """Which side of the target is the good one."""

    AT_LEAST = "at least"
    AT_MOST = "at most"


class Verdict(Enum):
    """What the number says about the milestone."""

    MET = "met"
    NOT_MET = "not met"
    NOT_MEASURED = "not measured"


@dataclass(frozen=True)
class Target:
    """The number to reach.

    >>> str(Target.at_most(2.5, unit="s", words="p99 latency at 40 requests per second"))
    'p99 latency at 40 requests per second: at most 2.5 s'

    Attributes:
        value: The bound; it counts as reached itself.
        direction: Whether a result must be at least or at most the bound.
        unit: Unit of the number, such as ``s`` or ``$ per task``; empty for a ratio.
        words: What the number is.

    Raises:
        BadArgument: The bound is not a finite number.
    """

    value: float
    direction: Direction
    unit: str = ""
    words: str = ""

    def __post_init__(self) -> None:
        require_number("target value", self.value)

    @classmethod
    def at_least(cls, value: float, unit: str = "", words: str = "") -> "Target":
        """A target that more is better for, such as efficiency."""
        return cls(value, Direction.AT_LEAST, unit, words)

    @classmethod
    def at_most(cls, value: float, unit: str = "", words: str = "") -> "Target":
        """A target that less is better for, such as latency."""
        return cls(value, Direction.AT_MOST, unit, words)

    def verdict(self, value: float) -> Verdict:
        """The verdict on one result."""
        reached = value >= self.value if self.direction is Direction.AT_LEAST else value <= self.value
        return Verdict.MET if reached else Verdict.NOT_MET

    def __str__(self) -> str:
        bound = f"{self.direction.value} {with_unit(exactly(self.value), self.unit)}"
        return f"{self.words}: {bound}" if self.words else bound


@dataclass(frozen=True)
class Milestone:
    """The promise of one stage.

    Attributes:
        id: Unique and stable, such as ``stage-2``; the key in the ledger.
        title: For people.
        target: The number to reach.

    Raises:
        BadArgument: The id is empty.
    """

    id: str
    title: str
    target: Target

    def __post_init__(self) -> None:
        if not isinstance(self.id, str) or not self.id.strip():
            raise BadArgument(f"milestone id is {self.id!r}", remedy="give a name such as 'stage-2'")
