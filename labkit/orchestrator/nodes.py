"""The nodes of the orchestrator: it plans, routes and composes; two specialists do the work with their tools."""

from labkit.documents import UNKNOWN
from labkit.graphs import Done
from labkit.multihop.nodes import answered, found, next_query, next_step, plan, read, stopped, wanted
from labkit.multihop.state import Stop
from labkit.orchestrator.operands import NoNumber, with_numbers
from labkit.orchestrator.state import Desk, TaskState
from labkit.tasks.task import Skill

__all__ = ["assign", "calculate", "compose", "plan", "read", "retrieve", "route", "specialist"]


def route(state: TaskState, desk: Desk) -> Done:
    """Choose a specialist for every step of the plan."""
    routed = desk.router(state["steps"], desk.model)
    skills = tuple(skill or Skill.RETRIEVE for skill in routed.skills)
    steps = "; ".join(state["steps"])
    return Done(steps, ", ".join(skills), {"routes": skills}, routed.input_tokens, routed.output_tokens)


def assign(state: TaskState, desk: Desk) -> Done:
    """Put the answers so far into the next step, as words for a search and as numbers for arithmetic."""
    if _skill(state) is Skill.RETRIEVE:
        return next_query(state, desk)
    step = next_step(state)
    try:
        expression = with_numbers(step, state["answers"])
    except NoNumber as error:
        return stopped(step, Stop.NO_NUMBER, error.problem)
    return Done(step, expression, {"query": expression})


def specialist(state: TaskState) -> str:
    """The node that takes the assigned step; the run composes at once where it has stopped."""
    return "compose" if state["stop"] else str(_skill(state))


def retrieve(state: TaskState, desk: Desk) -> Done:
    """The retrieval specialist searches, with a tool that is bound to the principal."""
    k = wanted(state, desk, sum(skill is Skill.RETRIEVE for skill in state["routes"]))
    result = desk.tools.search(query=state["query"], k=k)
    if result.reply is None:
        return stopped(state["query"], Stop.TOOL_FAILED, result.failure)
    return found(state, result.reply.passages)


def calculate(state: TaskState, desk: Desk) -> Done:
    """The calculation specialist works the expression out."""
    result = desk.tools.calculate(expression=state["query"])
    if result.reply is None:
        return stopped(state["query"], Stop.TOOL_FAILED, result.failure)
    text = f"{result.reply.value:f}"
    return Done(state["query"], text, answered(state, text))


def compose(state: TaskState, desk: Desk) -> Done:  # noqa: ARG001 - a node; composing uses no tool
    """The answer of the last step, or an abstention."""
    text = state["answers"][-1] if state["stop"] is Stop.ANSWERED else UNKNOWN
    return Done(f"{len(state['answers'])} of {len(state['steps'])} steps", text, {"text": text})


def _skill(state: TaskState) -> Skill:
    return state["routes"][len(state["answers"])]
