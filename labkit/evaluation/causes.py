"""Why a task failed: the trace is followed along the gold hops to the first one that went astray."""

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from labkit.documents import UNKNOWN, Answer, Chunk, Passage
from labkit.tasks import Hop, Score, Skill, Task
from labkit.tasks.normalisation import normalise


class Cause(StrEnum):
    """What went wrong first."""

    NONE = ""
    """Nothing: the task succeeded."""
    PLAN = "plan"
    """There was no valid plan, or one with fewer searches than the question has facts."""
    WRONG_HOP_1 = "wrong hop 1"
    """The first search missed its evidence, so that everything after it was led astray."""
    READING = "reading"
    """The evidence was among the passages, and another value or none was read."""
    LOST_ENTITY = "lost entity"
    """An earlier hop was right, and its answer is missing from the query of a later one."""
    SEARCH = "search"
    """A later query was right and missed its evidence."""
    CALCULATION = "calculation"
    """All facts were right, and the answer was not."""
    FAILURE = "stated failure"
    """A tool failed, a limit was reached, or the run was going in a circle; the answer says which."""
    INVENTED = "invented"
    """A question without an answer was answered."""
    LEAK = "leak"
    """Something came out that the principal may not see."""


@dataclass(frozen=True)
class Lookup:
    """One search of a trace and what was read from it.

    Attributes:
        query: What was searched for.
        found: The passages found.
        read: The answer that was read; ``UNKNOWN`` where there was none.
    """

    query: str
    found: tuple[Passage, ...]
    read: str


def lookups(answer: Answer) -> Iterator[Lookup]:
    """The searches of a trace in order, each with the reading that follows it."""
    steps = answer.trace.steps
    for place, step in enumerate(steps):
        if step.name == "retrieve":
            after = steps[place + 1] if place + 1 < len(steps) else None
            read = after.result if after and after.name == "read" else UNKNOWN
            if read.startswith(UNKNOWN):  # a guess that no passage bears out may follow, and is no answer
                read = UNKNOWN
            yield Lookup(step.given, step.found, read)


def cause(task: Task, answer: Answer, verdict: Score) -> Cause:
    """The first thing that went wrong.

    Args:
        task: What was asked; where its hops are not known, only failures that the answer states can be told.
        answer: What came back, with its trace.
        verdict: Its score.

    Returns:
        The cause; ``NONE`` for a success.
    """
    if verdict.success:
        return Cause.NONE
    if verdict.leaked:
        return Cause.LEAK
    if not task.kind.answerable:
        return Cause.INVENTED
    hops = [hop for hop in task.hops if hop.skill is Skill.RETRIEVE]
    made = list(lookups(answer))
    return _astray(hops, made, answer) or (Cause.FAILURE if answer.failure else Cause.CALCULATION)


def _astray(hops: list[Hop], made: list[Lookup], answer: Answer) -> Cause | None:
    """What befell the first gold hop whose answer nobody read; None where all were read."""
    planned = any(step.name == "plan" for step in answer.trace.steps)
    for number, hop in enumerate(hops):
        if any(_holds(lookup.read, hop.answer) for lookup in made):
            continue
        if any(states(passage.chunk, hop) for lookup in made for passage in lookup.found):
            return Cause.READING if planned or len(hops) == 1 else Cause.PLAN
        if len(made) <= number or not planned or _too_few(hops, made):
            return _short(answer, made)
        if number == 0:
            return Cause.WRONG_HOP_1
        return Cause.SEARCH if _knows(hop, hops, made[number].query) else Cause.LOST_ENTITY
    return None


def _too_few(hops: list[Hop], made: list[Lookup]) -> bool:
    """Whether a run made fewer searches than there are facts, although each of them had an answer."""
    return len(made) < len(hops) and made[-1].read != UNKNOWN


def _short(answer: Answer, made: list[Lookup]) -> Cause:
    """The run made no search for a hop: it failed, or an earlier reading stopped it, or nobody planned it."""
    if answer.failure:
        return Cause.FAILURE
    return Cause.READING if made and made[-1].read == UNKNOWN else Cause.PLAN


def _knows(hop: Hop, hops: list[Hop], query: str) -> bool:
    """Whether the query names the earlier answers that the hop's plan refers to."""
    needed = [earlier.answer for place, earlier in enumerate(hops, start=1) if f"#{place}" in hop.plan]
    return all(_holds(query, name) for name in needed)


def states(chunk: Chunk, hop: Hop) -> bool:
    """Whether the chunk is evidence: a page states the fact, but not every chunk of that page does."""
    return chunk.document_id in hop.documents and _holds(chunk.text, hop.answer)


def _holds(text: str, value: str) -> bool:
    return bool(value) and f" {normalise(value)} " in f" {normalise(text)} "
