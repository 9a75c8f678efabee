"""The nodes of the multi-hop graph: plain functions of the state and of what they may use."""

from collections.abc import Sequence

from labkit.agents import sources
from labkit.documents import UNKNOWN, Passage
from labkit.graphs import END, Done
from labkit.multihop.state import HopState, HopWork, Stop, Work
from labkit.reading import Reading
from labkit.skills import Plan, asked_in_vain, fill, is_calculation


def plan(state: HopState, work: Work) -> Done:
    """Let the model split the question; where it writes no valid plan, the question is its own only step.

    Where its first search was in vain, another plan is asked for.
    """
    question, asked = state["question"], state["asked"]
    planned = work.model.plan(asked_in_vain(question, asked[0]) if asked else question)
    steps = planned.plan.steps if planned.plan else (question,)
    result = planned.plan.to_json() if planned.plan else f"no plan: {planned.problem}; the question is the only step"
    in_vain = bool(asked) and not is_another(state, planned.plan)
    changes = {"stop": Stop.NO_EVIDENCE} if in_vain else {"steps": steps}
    return Done(question, result, changes, planned.input_tokens, planned.output_tokens)


def is_another(state: HopState, plan: Plan | None) -> bool:
    """Whether a second plan is worth a try: it is valid, begins with another search, and leaves nothing out."""
    if plan is None or was_asked(state, plan.steps[0]):
        return False
    return len(plan.steps) > 1 or plan.steps == (state["question"],)


def substitute(state: HopState, work: Work) -> Done:
    """Put the answers so far into the next step, or say why there is no sense in going on."""
    step = next_step(state)
    if is_calculation(step):
        return stopped(step, Stop.NO_CALCULATOR, f"step {step!r} is arithmetic, and this agent has no calculator")
    return next_query(state, work)


def next_step(state: HopState) -> str:
    """The first step that has no answer yet."""
    return state["steps"][len(state["answers"])]


def next_query(state: HopState, work: Work) -> Done:
    """The next search, unless it was made before or is one too many."""
    step = next_step(state)
    query = fill(step, state["answers"])
    if was_asked(state, query):
        return stopped(step, Stop.REPEATED_QUERY, f"{query!r} was searched for before")
    if len(state["asked"]) >= work.hops:
        return stopped(step, Stop.HOP_LIMIT, f"the plan wants more than {work.hops} searches")
    return Done(step, query, {"query": query, "asked": (*state["asked"], query)})


def was_asked(state: HopState, query: str) -> bool:
    """Whether the query has been searched for before."""
    return query.casefold() in map(str.casefold, state["asked"])


def stopped(given: str, stop: Stop, problem: str) -> Done:
    """The end of a run that cannot go on."""
    return Done(given, f"{stop}: {problem}", {"stop": stop, "problem": f"{stop}: {problem}"})


def retrieve(state: HopState, work: HopWork) -> Done:
    """Search for the query, among what the one who asks may read."""
    searches = sum(not is_calculation(step) for step in state["steps"])
    return found(state, work.search(state["query"], wanted(state, work, searches)))


def wanted(state: HopState, work: Work, searches: int) -> int:
    """Passages for the present search: a share of all; of what is left where this is no longer the first plan."""
    if len(state["asked"]) <= len(state["answers"]) + 1:
        return work.share(searches)
    to_come = sum(not is_calculation(step) for step in state["steps"][len(state["answers"]) :])
    return max(1, left(state, work) // max(1, to_come))


def left(state: HopState, work: Work) -> int:
    """Passages that the searches so far have not used up."""
    return work.passages - sum(len(step.found) for step in state["trace"])


def found(state: HopState, passages: Sequence[Passage]) -> Done:
    """What a search has come to."""
    kept = tuple(passages)
    return Done(state["query"], sources(kept), {"passages": kept}, found=kept)


def read(state: HopState, work: Work) -> Done:
    """Answer the query from its passages alone; what they do not bear out is unknown, and ends the run.

    Unless it was the first step of a plan: then the question itself is searched for, with the passages that are left.
    Or the question itself, or the first number of a calculation: then another plan is asked for.
    """
    reading = work.model.read(state["query"], state["passages"])
    if reading.text == UNKNOWN:
        changes = otherwise(state, work)
    else:
        changes = {"support": (*state["support"], *reading.support), **answered(state, reading.text)}
    return Done(state["query"], _shown(reading), changes, reading.input_tokens, reading.output_tokens)


def otherwise(state: HopState, work: Work) -> dict[str, object]:
    """Where a search leads nowhere: the other way that is left, or the end."""
    if may_drop_plan(state, work):
        return {"steps": (state["question"],)}
    return {"steps": ()} if may_plan_again(state, work) else {"stop": Stop.NO_EVIDENCE}


def may_drop_plan(state: HopState, work: Work) -> bool:
    """Whether the question itself can still be searched for: a plan that leads nowhere may be a bad one.

    Not where something was found already, since the question's words then lead back to it, nor where something is to be
    calculated, which stands on no page.
    """
    if state["answers"] or any(map(is_calculation, state["steps"])):
        return False
    searched = was_asked(state, state["question"])
    return not searched and len(state["asked"]) < work.hops and left(state, work) > 0


def may_plan_again(state: HopState, work: Work) -> bool:
    """Whether another plan may help: of a question that was left whole, or of a calculation with facts that are not it.

    Such are the numbers of a cluster where the name is that of a service. A passage for each of two searches must be
    left, and nothing have been found so far.
    """
    first = len(state["asked"]) == 1 and not state["answers"]
    other = state["steps"] == (state["question"],) or any(map(is_calculation, state["steps"]))
    return first and other and work.hops > 1 and left(state, work) > 1


def answered(state: HopState, text: str) -> dict[str, object]:
    """The changes that an answer to the present step makes; the last one ends the run."""
    answers = (*state["answers"], text)
    return {"answers": answers, "stop": Stop.ANSWERED if len(answers) == len(state["steps"]) else None}


def unless_stopped(name: str, state: HopState, end: str = END) -> str:
    """The node that follows; the end where the run has stopped, and the planner where it has no plan any more."""
    if state["stop"]:
        return end
    return name if state["steps"] else "plan"


def _shown(reading: Reading) -> str:
    guessed = reading.text == UNKNOWN and reading.said not in ("", UNKNOWN)
    return f"{UNKNOWN} (said {reading.said!r}, which the passages do not bear out)" if guessed else reading.text
