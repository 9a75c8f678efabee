"""Following a plan: each step's slots are filled with the answers so far, then somebody reads or calculates."""

import re
from collections.abc import Callable, Sequence

from labkit.documents import UNKNOWN
from labkit.skills.planning import REFERENCE, Plan, is_calculation

Read = Callable[[str], str]
"""(sub-question) -> its answer, or ``UNKNOWN``."""

Calculate = Callable[[str], str]
"""(expression of numbers) -> its result, or ``UNKNOWN`` where it has none."""


def fill(step: str, answers: Sequence[str]) -> str:
    """A step with the answers of earlier ones in their slots.

    >>> fill("How many replicas does #1 run?", ["orion"])
    'How many replicas does orion run?'

    Args:
        step: A step of a valid plan.
        answers: Answers of all steps before it, in order.
    """

    def answer(reference: re.Match[str]) -> str:
        return answers[int(reference[1]) - 1]

    return REFERENCE.sub(answer, step)


def follow(plan: Plan, read: Read, calculate: Calculate) -> tuple[str, ...]:
    """Answer the steps in order, as far as they can be answered.

    A plan is *executable* when following it with a reader that never errs leads to the right answer: what remains
    wrong after that is the plan's own fault.

    >>> plan = Plan(("Which cluster serves kelmar?", "How many replicas does #1 run?"))
    >>> known = {"Which cluster serves kelmar?": "orion", "How many replicas does orion run?": "8"}
    >>> follow(plan, known.__getitem__, lambda expression: UNKNOWN)
    ('orion', '8')

    Returns:
        One answer a step, in order; the last is ``UNKNOWN`` where a step could not be answered, and no later step is
        tried.
    """
    answers: list[str] = []
    for step in plan.steps:
        specialist = calculate if is_calculation(step) else read
        answers.append(specialist(fill(step, answers)))
        if answers[-1] == UNKNOWN:
            break
    return tuple(answers)
