"""What agents that plan need of a model beyond reading: a plan of a question, a specialist for a step, plain words.

What a model wrote is kept beside what was understood of it, so that a trace can show both.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, runtime_checkable

from labkit.errors import BadArgument
from labkit.reading import Model
from labkit.skills import Plan
from labkit.tasks.task import Skill


@dataclass(frozen=True)
class Planned:
    """What a model made of a question.

    Attributes:
        plan: The plan, or None where the model wrote none that is valid.
        said: The model's own words.
        problem: Why there is no plan; empty where there is one.
        input_tokens: Tokens the model read.
        output_tokens: Tokens the model wrote.
    """

    plan: Plan | None
    said: str = ""
    problem: str = ""
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True)
class Routed:
    """Which specialists a model chose.

    Attributes:
        skills: One a step, in order; None where the model named no specialist.
        input_tokens: Tokens the model read.
        output_tokens: Tokens the model wrote.
    """

    skills: tuple[Skill | None, ...]
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True)
class Written:
    """What a model wrote when it was free to.

    Attributes:
        text: Its words.
        input_tokens: Tokens the model read.
        output_tokens: Tokens the model wrote.
    """

    text: str
    input_tokens: int = 0
    output_tokens: int = 0


@runtime_checkable
class Planner(Model, Protocol):
    """A model that also plans and routes."""

    def plan(self, question: str) -> Planned:
        """Split a question into steps. Documents play no part in it, so no document can bend a plan."""
        ...

    def route(self, steps: Sequence[str]) -> Routed:
        """Choose a specialist for every step."""
        ...


@runtime_checkable
class Writer(Model, Protocol):
    """A model that also continues any conversation."""

    def write(self, messages: Sequence[Mapping[str, str]], max_tokens: int) -> Written:
        """Write the next turn."""
        ...


def require_planner(model: Model) -> Planner:
    """The model, known to plan.

    Raises:
        BadArgument: It does not.
    """
    if not isinstance(model, Planner):
        raise _lacking(model, "plan")
    return model


def require_writer(model: Model) -> Writer:
    """The model, known to continue any conversation.

    Raises:
        BadArgument: It does not.
    """
    if not isinstance(model, Writer):
        raise _lacking(model, "write freely")
    return model


def _lacking(model: Model, skill: str) -> BadArgument:
    return BadArgument(
        f"the model is a {type(model).__name__}, which cannot {skill}",
        remedy="give the application a labkit.serving.LanguageModel",
    )
