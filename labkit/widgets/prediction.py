"""A prediction asked for before a result shows: a number or a choice, committed once."""

from collections.abc import Callable, Sequence
from typing import Any

import traitlets

from labkit.errors import BadArgument, LabkitError
from labkit.scaling import require_number
from labkit.widgets.page import PageWidget, module

Value = float | str


class Prediction(PageWidget):
    """Asks the learner for a number or a choice. Until it is committed ``value`` is None.

    Nothing waits for it: a notebook that runs with nobody there goes on, and records "no prediction".

    >>> asked = Prediction("How much faster will four workers be?", unit="x", minimum=0)
    >>> asked.value is None
    True
    >>> asked.commit(3.5)
    >>> asked
    Prediction: How much faster will four workers be? - committed: 3.5 x

    Args:
        question: What is asked, in plain text.
        choices: The answers to choose from; empty asks for a number.
        unit: Unit of the number, shown beside it.
        minimum: Smallest number accepted; None for no bound.
        maximum: Largest number accepted; None for no bound.
        on_commit: Called once, with the value, when it is committed.
        then: What to do next; shown after the commit.

    Attributes:
        question: As above.
        choices: As above.
        unit: As above.
        minimum: As above.
        maximum: As above.
        then: As above.
        value: The committed number or choice; None before. Cannot be changed once it is set.
        problem: Why ``on_commit`` could not take the value, shown under it; empty when all is well.

    Raises:
        BadArgument: An empty question, a single choice, choices that repeat, bounds on choices or that exclude
            every number, or a committed value outside the bounds or choices.
    """

    _esm = module("dom.js", "prediction.js")

    question = traitlets.Unicode(read_only=True).tag(sync=True)
    choices = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)
    unit = traitlets.Unicode(read_only=True).tag(sync=True)
    minimum = traitlets.Float(allow_none=True, read_only=True).tag(sync=True)
    maximum = traitlets.Float(allow_none=True, read_only=True).tag(sync=True)
    then = traitlets.Unicode(read_only=True).tag(sync=True)
    value = traitlets.Any(default_value=None, allow_none=True).tag(sync=True)
    problem = traitlets.Unicode(read_only=True).tag(sync=True)

    def __init__(
        self,
        question: str,
        choices: Sequence[str] = (),
        *,
        unit: str = "",
        minimum: float | None = None,
        maximum: float | None = None,
        on_commit: Callable[[Value], object] | None = None,
        then: str = "Now read on: what follows measures it.",
    ) -> None:
        _check_question(question, choices, minimum, maximum)
        super().__init__()
        self.set_trait("question", question.strip())
        self.set_trait("choices", list(choices))
        self.set_trait("unit", unit)
        self.set_trait("minimum", minimum)
        self.set_trait("maximum", maximum)
        self.set_trait("then", then)
        self._on_commit = on_commit
        self.observe(self._hand_over, "value")

    def commit(self, value: Value) -> None:
        """Commit a prediction from code, as the button does.

        Args:
            value: A number within the bounds, or one of the choices.

        Raises:
            BadArgument: The value does not fit, or another was committed before.
        """
        self.value = value

    def summary(self) -> str:
        """The question, and what was answered."""
        if self.value is None:
            return f"Prediction: {self.question} - no prediction"
        shown = self.value if self.choices else f"{self.value:g} {self.unit}".rstrip()
        return f"Prediction: {self.question} - committed: {shown}"

    def _hand_over(self, change: dict[str, Any]) -> None:
        """Pass the value on. A press of the button has no caller to raise to, so the widget shows what went wrong."""
        if self._on_commit is None:
            return
        try:
            self._on_commit(change["new"])
        except LabkitError as error:
            self.set_trait("problem", str(error))
            raise

    @traitlets.validate("value")  # type: ignore[untyped-decorator]
    def _checked(self, proposal: dict[str, Any]) -> Value:
        """A prediction is made once, and before the result: the first value stays."""
        value = proposal["value"]
        if self.value is not None and value != self.value:
            raise BadArgument(f"the prediction is {self.value!r} already", remedy="run the cell again to ask anew")
        if not self.choices:
            return require_number("prediction", value, least=self.minimum, most=self.maximum)
        if value not in self.choices:
            raise BadArgument(f"prediction is {value!r}", remedy=f"choose one of {', '.join(self.choices)}")
        return str(value)


def _check_question(question: str, choices: Sequence[str], minimum: float | None, maximum: float | None) -> None:
    if not question.strip():
        raise BadArgument("question is empty", remedy="say what is to be predicted")
    if isinstance(choices, str) or len(choices) == 1 or len(set(choices)) != len(choices):
        raise BadArgument(f"choices is {choices!r}", remedy="give two or more that differ, or none for a number")
    bounds = [require_number("a bound", bound) for bound in (minimum, maximum) if bound is not None]
    if choices and bounds:
        raise BadArgument(f"bounds are {bounds} beside choices", remedy="give bounds for a number only")
    if bounds != sorted(bounds):
        raise BadArgument(f"minimum {minimum} is above maximum {maximum}", remedy="swap them")
