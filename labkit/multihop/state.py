"""What a multi-hop run remembers, and what it may use."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum

from labkit.documents import Passage
from labkit.graphs import Traced
from labkit.planning import Planner

Search = Callable[[str, int], Sequence[Passage]]
"""(query, k) -> at most k passages, nearest first. Whose passages is settled before a run begins, for good."""


class Stop(StrEnum):
    """Why a run ended."""

    ANSWERED = "answered"
    """The last step has an answer."""
    NO_EVIDENCE = "no evidence"
    """The passages of a hop do not hold its answer."""
    HOP_LIMIT = "hop limit"
    """The plan wants more searches than are allowed."""
    REPEATED_QUERY = "repeated query"
    """The run was about to search for what it has searched for already."""
    NO_CALCULATOR = "no calculator"
    """A step is arithmetic, and this agent has no tool for it."""
    NO_NUMBER = "no number"
    """A step is arithmetic, and an answer that it needs holds no number, or several."""
    TOOL_FAILED = "tool failed"
    """A tool raised, hung or returned junk, as often as it was tried."""

    @property
    def failed(self) -> bool:
        """Whether something other than missing evidence kept the answer away."""
        return self not in {Stop.ANSWERED, Stop.NO_EVIDENCE}


class HopState(Traced):
    """The state of a multi-hop run. Words of documents get in here, and nowhere else.

    Attributes:
        question: What was asked.
        steps: The plan, with slots, which no document has a part in; or the question itself in its place, where its
            first step has led nowhere; or nothing, where another is to be written.
        answers: Answers of the steps so far.
        query: The present step with answers put in.
        asked: All queries so far that were searched for.
        passages: What the present query found.
        support: The passages that bear out the answers so far, each needed.
        stop: Why the run ended; None while it goes on.
        problem: What went wrong, for people; empty where nothing did.
    """

    question: str
    steps: tuple[str, ...]
    answers: tuple[str, ...]
    query: str
    asked: tuple[str, ...]
    passages: tuple[Passage, ...]
    support: tuple[Passage, ...]
    stop: Stop | None
    problem: str


def beginning(question: str) -> HopState:
    """The state before the first node."""
    return HopState(
        question=question,
        steps=(),
        answers=(),
        query="",
        asked=(),
        passages=(),
        support=(),
        stop=None,
        problem="",
        trace=(),
    )


@dataclass(frozen=True)
class Work:
    """What the nodes of any run that hops may use; fixed before the first of them runs.

    Attributes:
        model: Plans and reads.
        hops: Most searches of a run.
        k: Least passages a search.
        passages: Passages that a plan shares out over its searches when they are few enough.
    """

    model: Planner
    hops: int
    k: int
    passages: int

    def share(self, searches: int) -> int:
        """Passages for each of a plan's searches."""
        return max(self.k, self.passages // max(searches, 1))


@dataclass(frozen=True)
class HopWork(Work):
    """What the nodes of a multi-hop run may use.

    Attributes:
        search: The retriever, bound to the principal who asks.
    """

    search: Search
