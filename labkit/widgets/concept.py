"""A question on a concept that answers back: every choice, right or wrong, has its explanation."""

from collections.abc import Mapping
from typing import Any

import traitlets

from labkit.errors import BadArgument
from labkit.widgets.page import PageWidget, module


class ConceptQuestion(PageWidget):
    """Asks, explains the choice that was taken, and lets the learner try again until the right one is found.

    It checks nobody: the explanations travel with the page, and what was tried stays on it.

    >>> asked = ConceptQuestion("What splits best?", {"data": "Rows are independent.", "time": "No."}, right="data")
    >>> asked.answer("time")
    >>> asked
    Question: What splits best? - not yet, after 1 try
    >>> asked.answer("data")
    >>> asked
    Question: What splits best? - answered at try 2

    Args:
        question: What is asked, in plain text.
        choices: The explanation of each choice, by the choice's words, in the order shown.
        right: The right choice.

    Attributes:
        question: As above.
        choices: The choices' words.
        explanations: One for each choice.
        right: Number of the right choice, from 0.
        tried: Numbers of the choices taken so far, in order.

    Raises:
        BadArgument: An empty question, fewer than two choices, one without an explanation, or a right one that is not
            among them.
    """

    _esm = module("dom.js", "concept.js")

    question = traitlets.Unicode(read_only=True).tag(sync=True)
    choices = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)
    explanations = traitlets.List(traitlets.Unicode(), read_only=True).tag(sync=True)
    right = traitlets.Int(read_only=True).tag(sync=True)
    tried = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(self, question: str, choices: Mapping[str, str], *, right: str) -> None:
        _check(question, choices, right)
        super().__init__()
        self.set_trait("question", question.strip())
        self.set_trait("choices", list(choices))
        self.set_trait("explanations", list(choices.values()))
        self.set_trait("right", list(choices).index(right))

    @property
    def answered(self) -> bool:
        """Whether the right choice has been found."""
        return self.right in self.tried

    def answer(self, choice: str) -> None:
        """Take a choice from code, as the button does.

        Raises:
            BadArgument: There is no such choice.
        """
        if choice not in self.choices:
            raise BadArgument(f"choice is {choice!r}", remedy=f"choose one of {', '.join(self.choices)}")
        self.tried = [*self.tried, self.choices.index(choice)]

    def summary(self) -> str:
        """The question, and how far the learner has come."""
        tries = f"{len(self.tried)} {'try' if len(self.tried) == 1 else 'tries'}"
        state = f"answered at try {self.tried.index(self.right) + 1}" if self.answered else f"not yet, after {tries}"
        return f"Question: {self.question} - {state if self.tried else 'not tried yet'}"

    @traitlets.validate("tried")  # type: ignore[untyped-decorator]
    def _checked(self, proposal: dict[str, Any]) -> list[int]:
        """Numbers from the front end may be anything."""
        tried = list(proposal["value"])
        if not all(0 <= number < len(self.choices) for number in tried):
            raise BadArgument(f"tried is {tried}", remedy=f"there are choices 0 to {len(self.choices) - 1}")
        return tried


def _check(question: str, choices: Mapping[str, str], right: str) -> None:
    if not question.strip():
        raise BadArgument("question is empty", remedy="say what is asked")
    if len(choices) < 2:
        raise BadArgument(f"choices are {list(choices)}", remedy="give two or more")
    if silent := [choice for choice, explanation in choices.items() if not explanation.strip()]:
        raise BadArgument(f"choice {silent[0]!r} has no explanation", remedy="say why it is right or wrong")
    if right not in choices:
        raise BadArgument(f"right is {right!r}", remedy=f"name one of {', '.join(choices)}")
