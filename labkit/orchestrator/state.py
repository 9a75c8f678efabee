"""What an orchestrated run remembers beyond a multi-hop one, and what its specialists may use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from labkit.multihop.state import HopState, Work, beginning
from labkit.orchestrator.toolbox import Toolbox
from labkit.planning import Planner, Routed
from labkit.skills import is_calculation
from labkit.tasks.task import Skill

Router = Callable[[Sequence[str], Planner], Routed]
"""(steps, model) -> a specialist for each step. Routes are settled before the first document is read."""


class TaskState(HopState):
    """The state of an orchestrated run.

    Attributes:
        routes: The specialist of each step.
        text: The composed answer.
    """

    routes: tuple[Skill, ...]
    text: str


def task_beginning(question: str) -> TaskState:
    """The state before the first node."""
    return TaskState(**beginning(question), routes=(), text="")


@dataclass(frozen=True)
class Desk(Work):
    """What the specialists may use; fixed before the first node runs.

    Attributes:
        tools: The tools of the principal who asks.
        router: Chooses the specialists.
    """

    tools: Toolbox
    router: Router


def by_form(steps: Sequence[str], model: Planner) -> Routed:  # noqa: ARG001 - a router may ask the model; this one need not
    """Route by the form of a step: what the planner wrote as arithmetic is calculated. Costs no tokens."""
    return Routed(tuple(Skill.CALCULATE if is_calculation(step) else Skill.RETRIEVE for step in steps))


def by_model(steps: Sequence[str], model: Planner) -> Routed:
    """Let the model route every step, all in one batch; where it names no specialist, the form decides."""
    said, form = model.route(steps), by_form(steps, model)
    skills = tuple(chosen or fallback for chosen, fallback in zip(said.skills, form.skills, strict=True))
    return Routed(skills, said.input_tokens, said.output_tokens)
