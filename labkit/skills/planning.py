"""The skill *plan*: a question in, sub-questions with slots out, in one fixed JSON shape.

Worked example::

    How many requests per second can the cluster that serves kelmar sustain with all its replicas?

    ["Which cluster runs kelmar?",
     "How many replicas has #1?",
     "Requests per second per replica of #1?",
     "#2 * #3"]

``#1`` stands for the answer of the first step, the convention of MuSiQue and of ``labkit.tasks.Hop.plan``. A question
that needs one fact is its own only step, and ``#0`` says so without repeating it: what a model writes costs more than
what it reads. The answer of the last step is the answer to the question.

Source of the convention: Trivedi et al., "MuSiQue: Multihop Questions via Single-hop Question Composition", TACL 2022.
"""

import json
import re
from dataclasses import dataclass

from labkit.errors import LabkitError
from labkit.skills.prompts import Message, conversation

INSTRUCTIONS = (
    "Split the question into steps that each ask for one fact or calculate; #1 is the answer of step 1. "
    "Reply as a JSON list."
)

IN_VAIN = "As one step it found nothing."
WHICH_IN_VAIN = "Nothing was found for:"

MOST_STEPS = 8
"""A longer plan is refused: every step is a search and a model call."""

REFERENCE = re.compile(r"#(\d+)")
ITSELF = "#0"
"""The only step of a plan that leaves the question whole."""

_CALCULATION = re.compile(r"[-\s\d#.,+*/()]*[-+*/][-\s\d#.,+*/()]*")
_LONGEST_STEP = 400

_NAME = re.compile(r"""(?<!^)(?<![.!?:;"'] )(?<![."'“])\b[A-Z][a-z]+\b""")
"""A word with a capital where no sentence begins."""


class InvalidPlan(LabkitError, ValueError):
    """What a planner wrote is no plan; the problem says where it departs from the shape."""


@dataclass(frozen=True)
class Plan:
    """Steps that lead to an answer.

    Attributes:
        steps: Sub-questions and calculations; ``#n`` stands for the answer of an earlier step, from 1.

    Raises:
        InvalidPlan: There is no step or too many, one is empty or too long, or one refers to itself or to a later one.
    """

    steps: tuple[str, ...]

    def __post_init__(self) -> None:
        if not 1 <= len(self.steps) <= MOST_STEPS:
            raise InvalidPlan(f"the plan has {len(self.steps)} steps", remedy=f"write 1 to {MOST_STEPS}")
        for number, step in enumerate(self.steps, start=1):
            if not step.strip() or len(step) > _LONGEST_STEP:
                raise InvalidPlan(
                    f"step {number} has {len(step.strip())} characters", remedy=f"write 1 to {_LONGEST_STEP}"
                )
            for reference in map(int, REFERENCE.findall(step)):
                if not 1 <= reference < number:
                    raise InvalidPlan(
                        f"step {number} refers to step {reference}", remedy="refer to an earlier step, from #1"
                    )

    def to_json(self, question: str | None = None) -> str:
        """The plan as the model writes it.

        >>> Plan(("Who owns kelmar?", "Who is on call for #1?")).to_json()
        '["Who owns kelmar?", "Who is on call for #1?"]'
        >>> Plan(("Who owns kelmar?",)).to_json("Who owns kelmar?")
        '["#0"]'

        Args:
            question: What is written as ``#0`` where it is the only step.
        """
        steps = [ITSELF] if self.steps == (question,) else list(self.steps)
        return json.dumps(steps, ensure_ascii=False)


def plan_messages(question: str) -> list[Message]:
    """Ask for a plan of the question."""
    return conversation(INSTRUCTIONS, f"Question: {question}")


def asked_in_vain(question: str, query: str) -> str:
    """The question with the remark that its plan's first search found nothing, so that another plan is written.

    The question itself for a plan means that nothing is to be calculated, or, where it was left whole already, that the
    model sees no other way.

    >>> asked_in_vain("Where do the machines of kelmar stand?", "Where do the machines of kelmar stand?")
    'Where do the machines of kelmar stand? As one step it found nothing.'
    >>> asked_in_vain("What does all of kelmar cost an hour?", "How many replicas has kelmar?")
    'What does all of kelmar cost an hour? Nothing was found for: How many replicas has kelmar?'

    Args:
        question: The question.
        query: What was searched for in vain; the question itself where it was left whole.
    """
    return f"{question} {IN_VAIN}" if query == question else f"{question} {WHICH_IN_VAIN} {query}"


def parse_plan(text: str, question: str | None = None) -> Plan:
    """Read a plan as the model writes it; nothing may stand around the JSON list but white space.

    >>> parse_plan('["#0"]', "Who owns kelmar?").steps
    ('Who owns kelmar?',)

    Args:
        text: What the model wrote.
        question: What ``#0`` stands for, which is an only step; where it is not given, ``#0`` is refused.

    Raises:
        InvalidPlan: The text is not JSON, not of the fixed shape, or its steps make no plan.
    """
    try:
        found = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidPlan(f"the plan {text[:60]!r} is not JSON ({error})", remedy="ask the planner again") from error
    if not isinstance(found, list):
        raise InvalidPlan(f"the plan is {text[:60]!r}", remedy="write one list of steps, each a text")
    for number, step in enumerate(found, start=1):
        if not isinstance(step, str):
            raise InvalidPlan(f"step {number} is {json.dumps(step)[:60]}", remedy="write every step as a text")
    if question and found == [ITSELF]:
        return Plan((question,))
    return Plan(tuple(found))


def lost_names(question: str, plan: Plan) -> tuple[str, ...]:
    """Names in a question that its plan asks nothing about: such a plan answers another question.

    >>> lost_names("Which of the two is older, Ann or Bob?", Plan(("How old is Ann?",)))
    ('Bob',)

    Args:
        question: The question; only names that a capital within a sentence marks are seen.
        plan: Its plan.
    """
    kept = " ".join(plan.steps)
    return tuple(name for name in dict.fromkeys(_NAME.findall(question)) if name not in kept)


def is_calculation(step: str) -> bool:
    """Whether a step is arithmetic: numbers, slots, operators and brackets, with at least one operator.

    >>> is_calculation("#2 * #3"), is_calculation("8 * 2.40 * 24"), is_calculation("How many replicas does #1 run?")
    (True, True, False)
    """
    return _CALCULATION.fullmatch(step) is not None and any(character.isdigit() for character in step)
