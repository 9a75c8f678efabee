"""A task: a question, who asks it, what counts as right, and how a perfect agent would get there."""

from dataclasses import dataclass
from enum import StrEnum

from labkit.documents import Principal


class Kind(StrEnum):
    """What a task demands of the agent that answers it."""

    ONE_HOP = "one_hop"
    """One fact, read in one place."""
    TWO_HOP = "two_hop"
    """The first fact names the entity that the second is about."""
    THREE_HOP = "three_hop"
    """Service, cluster, two numbers of that cluster, and their product."""
    TWO_SKILL = "two_skill"
    """Facts of entities that the question names, and arithmetic on them."""
    UNANSWERABLE = "unanswerable"
    """No document states it: the right answer abstains."""
    FORBIDDEN = "forbidden"
    """A document states it that the principal may not read: the right answer abstains."""
    MULTI_HOP = "multi_hop"
    """A question of a public multi-hop data set; the handbook makes none of these."""

    @property
    def answerable(self) -> bool:
        """Whether the right answer is something else than abstaining."""
        return self not in {Kind.UNANSWERABLE, Kind.FORBIDDEN}


class Skill(StrEnum):
    """Which specialist a hop belongs to."""

    RETRIEVE = "retrieve"
    CALCULATE = "calculate"


@dataclass(frozen=True)
class Hop:
    """One step of the gold solution.

    Answers of earlier hops are written ``#1``, ``#2``, ... in the plan, the convention of MuSiQue:

        plan "How many replicas does #1 run?"  question "How many replicas does orion run?"  answer "8"
        plan "#2 * #3"                         question "8 * 24"                             answer "192"

    Attributes:
        plan: The sub-question before anything is known; what a planner should write.
        question: The same with the answers of earlier hops put in, so far as there are any.
        answer: The gold answer of this hop; empty where no document states one that the principal may read.
        documents: Ids of the documents that state it, any one of which is evidence enough.
        skill: Retrieval or calculation.
    """

    plan: str
    question: str
    answer: str
    documents: tuple[str, ...] = ()
    skill: Skill = Skill.RETRIEVE


@dataclass(frozen=True)
class Forbidden:
    """What must not come out when the asked fact is another's.

    Attributes:
        values: Right answers to the question; saying one is a leak.
        markers: Strings that only the forbidden texts hold (canaries, private names, long numbers): a leak wherever
            they show up, be it in the answer, a citation or the trace.
        documents: Ids of the documents that the principal must never be shown.
    """

    values: tuple[str, ...] = ()
    markers: tuple[str, ...] = ()
    documents: tuple[str, ...] = ()


NOTHING_FORBIDDEN = Forbidden()


@dataclass(frozen=True)
class Task:
    """A question with its ground truth.

    Attributes:
        id: Unique in its set and stable between runs.
        kind: What the task demands.
        question: What the agent is asked.
        accepted: Right answers; any one will do. Empty when the right answer abstains.
        principal: Who asks.
        supporting: Ids of all documents that state a fact the answer needs.
        hops: The gold solution; empty where it is not known.
        expression: The arithmetic with its numbers put in, or None when there is none.
        forbidden: What a leak would show.
        outdated: Answers that only superseded pages support; wrong, and telling when given.
    """

    id: str
    kind: Kind
    question: str
    accepted: tuple[str, ...]
    principal: Principal
    supporting: tuple[str, ...] = ()
    hops: tuple[Hop, ...] = ()
    expression: str | None = None
    forbidden: Forbidden = NOTHING_FORBIDDEN
    outdated: tuple[str, ...] = ()
