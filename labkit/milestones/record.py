"""What the ledger keeps of a milestone: the prediction before, the numbers after."""

import statistics
from dataclasses import dataclass
from enum import Enum

from labkit.errors import BadArgument
from labkit.milestones.hardware import Hardware
from labkit.milestones.quantity import decimals, exactly, with_unit, written
from labkit.milestones.target import Milestone, Verdict
from labkit.scaling import require_number

NO_PREDICTION = "no prediction"


class Label(Enum):
    """Where a number comes from. Every recorded number carries one."""

    MEASURED = "measured"
    SIMULATED = "simulated"
    COMPUTED = "computed"


@dataclass(frozen=True)
class Prediction:
    """What the learner expected before the result showed.

    Attributes:
        value: A number, a choice, or None when nobody was there to predict (a run without a person).
        made: When, as ISO 8601 in UTC.
    """

    value: float | str | None = None
    made: str = ""

    def __post_init__(self) -> None:
        if isinstance(self.value, str):
            if not self.value.strip():
                raise BadArgument("the prediction is an empty text", remedy="give a number, a choice, or None")
        elif self.value is not None:
            require_number("prediction", self.value)

    def words(self, unit: str = "") -> str:
        """The prediction for people, a number with its unit."""
        if self.value is None:
            return NO_PREDICTION
        return self.value if isinstance(self.value, str) else with_unit(exactly(self.value), unit)


@dataclass(frozen=True)
class Record:
    """The result of one milestone, with all that is needed to judge and repeat it.

    The verdict follows from the median and the target; there is no way to state it.

    Attributes:
        milestone: What was to be reached.
        values: The number of each repeat, in the order taken.
        label: Whether they were measured, simulated or computed.
        hardware: The machine.
        recorded: When, as ISO 8601 in UTC.
        version: The version of labkit.
        seed: The seed of the run, or None where nothing was random.
        prediction: What the learner had predicted by then.

    Raises:
        BadArgument: No value, or one that is not a finite number.
    """

    milestone: Milestone
    values: tuple[float, ...]
    label: Label
    hardware: Hardware
    recorded: str
    version: str
    seed: int | None = None
    prediction: Prediction = Prediction()

    def __post_init__(self) -> None:
        if not self.values:
            raise BadArgument("values is empty", remedy="give the result of at least one repeat")
        for place, value in enumerate(self.values):
            require_number(f"values[{place}]", value)
        if not isinstance(self.label, Label):
            raise BadArgument(
                f"kind is {self.label!r}", remedy="give Label.MEASURED, Label.SIMULATED or Label.COMPUTED"
            )
        if self.seed is not None and (isinstance(self.seed, bool) or not isinstance(self.seed, int)):
            raise BadArgument(f"seed is {self.seed!r}", remedy="give a whole number, or None where nothing is random")

    @property
    def repeats(self) -> int:
        """How many values there are."""
        return len(self.values)

    @property
    def value(self) -> float:
        """The median, which one slow repeat does not move."""
        return statistics.median(self.values)

    @property
    def spread(self) -> tuple[float, float, float]:
        """Smallest, median and largest value."""
        return min(self.values), self.value, max(self.values)

    @property
    def verdict(self) -> Verdict:
        """Whether the median reaches the target."""
        return self.milestone.target.verdict(self.value)

    def number(self) -> str:
        """The median with its unit: ``0.41 s``."""
        return with_unit(written(self.value, self._places()), self.milestone.target.unit)

    def repeated(self) -> str:
        """How often, and between which bounds: ``5 repeats, 0.40-0.43``."""
        low, _, high = (written(value, self._places()) for value in self.spread)
        if low == high:
            return f"{self.repeats} repeat{'s' if self.repeats > 1 else ''}"
        return f"{self.repeats} repeats, {low}{' to ' if min(self.values) < 0 else '-'}{high}"

    def quote(self) -> str:
        """The number as prose may cite it: ``0.41 s (measured, 5 repeats, 0.40-0.43)``.

        A single computed value has no repeats to speak of: ``10 replicas (computed)``.
        """
        if self.label is Label.COMPUTED and self.repeats == 1:
            return f"{self.number()} ({self.label.value})"
        return f"{self.number()} ({self.label.value}, {self.repeated()})"

    def _places(self) -> int:
        """Decimals for the values; more where rounding would hide on which side of the target the median lies."""
        places, target = decimals(self.value, self.values), self.milestone.target.value
        while places < 12 and self.value != target and round(self.value, places) == target:
            places += 1
        return places
