"""Quorum: a fact is asked several times over, and only what more than half of all say is believed.

With n votes, at most floor((n - 1) / 2) of them corrupted, the corrupted value never has a majority, wherever the
corrupted votes stand: more than half is more than they are. The price is n times the work, and an abstention where
honest sources disagree.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from math import comb

from labkit.documents import UNKNOWN, Answer
from labkit.errors import BadArgument
from labkit.scaling import require_number
from labkit.tasks.normalisation import normalise

Source = Callable[[str], Answer]
"""Asks one source, such as one shard or one copy of the documents, a question."""


class Outcome(StrEnum):
    """What a vote has come to."""

    MAJORITY = "majority"
    """More than half of all votes are for one value."""
    TIE = "tie"
    """Two values or more have equally many votes, and none has more."""
    NO_MAJORITY = "no majority"
    """One value leads, with half of all votes or fewer."""
    NO_VALUE = "no value"
    """Every vote abstains."""


@dataclass(frozen=True)
class Ballot:
    """A vote and its count.

    Attributes:
        outcome: What it has come to.
        text: The value of the majority, as the first of its voters wrote it; ``UNKNOWN`` where there is none.
        votes: The votes for each value, as first written, most votes first.
        asked: How many were asked, those who abstained included.
    """

    outcome: Outcome
    text: str
    votes: tuple[tuple[str, int], ...]
    asked: int

    def __str__(self) -> str:
        counted = ", ".join(f"{value!r} {count}" for value, count in self.votes) or "none"
        return f"{self.outcome} of {self.asked}: {self.text} (votes: {counted})"


def tolerated(asked: int) -> int:
    """How many corrupted votes of so many cannot win: floor((n - 1) / 2).

    >>> [tolerated(asked) for asked in (1, 2, 3, 4, 5)]
    [0, 0, 1, 1, 2]

    Raises:
        BadArgument: Nobody is asked.
    """
    if asked < 1:
        raise BadArgument(f"{asked} are asked", remedy="ask at least 1")
    return (asked - 1) // 2


def chance_of_a_wrong_majority(asked: int, corrupted: float) -> float:
    """Chance that more than half of all sources are corrupted, each by itself: sum over k > n/2 of C(n, k) p^k q^(n-k).

    That is the chance of a wrong answer where all corrupted sources tell the same lie, the worst that they can do.

    >>> round(chance_of_a_wrong_majority(3, 0.2), 3)  # 3 * 0.2^2 * 0.8 + 0.2^3
    0.104

    Source: the jury theorem, Condorcet, "Essai sur l'application de l'analyse", 1785.

    Args:
        asked: n, how many sources vote, at least 1.
        corrupted: p, the chance that one of them is corrupted, from 0 to 1.

    Raises:
        BadArgument: Nobody is asked, or the chance is none.
    """
    chance = require_number("corrupted", corrupted, least=0, most=1)
    votes = int(require_number("asked", asked, least=1))
    enough = range(votes // 2 + 1, votes + 1)
    return sum(comb(votes, lying) * chance**lying * (1 - chance) ** (votes - lying) for lying in enough)


def majority(values: Sequence[str], same: Callable[[str], str] = normalise) -> Ballot:
    """Count votes. An abstention (``UNKNOWN``) is no value, but it counts among those who were asked.

    >>> majority(["8", "eight", "9"]).text
    '8'
    >>> print(majority(["8", "9", "unknown"]))
    tie of 3: unknown (votes: '8' 1, '9' 1)

    Args:
        values: One answer a vote.
        same: Votes that it maps to the same text are for the same value; by default spelling is set aside.

    Raises:
        BadArgument: There are no votes.
    """
    if not values:
        raise BadArgument("0 votes were cast", remedy="ask at least 1")
    spelling: dict[str, str] = {}
    for value in values:
        spelling.setdefault(same(value), value)
    counts = Counter(same(value) for value in values if value != UNKNOWN).most_common()
    votes = tuple((spelling[value], count) for value, count in counts)
    if not votes:
        return Ballot(Outcome.NO_VALUE, UNKNOWN, (), len(values))
    leader, most = votes[0]
    if 2 * most > len(values):
        return Ballot(Outcome.MAJORITY, leader, votes, len(values))
    tied = len(votes) > 1 and votes[1][1] == most
    return Ballot(Outcome.TIE if tied else Outcome.NO_MAJORITY, UNKNOWN, votes, len(values))


def ask_quorum(phrasings: Sequence[str], sources: Sequence[Source]) -> tuple[Answer, Ballot]:
    """Put every phrasing to every source and believe the majority.

    One corrupted source of n spoils one vote a phrasing, so the same share of all votes, and floor((n - 1) / 2)
    of them are tolerated still.

    Args:
        phrasings: The same question in one wording or more.
        sources: Whom to ask, one or more.

    Returns:
        The majority's answer, with all of its citations and nobody's trace but the first supporter's; or an abstention
        that states what the vote came to. Beside it the count.

    Raises:
        BadArgument: There is no phrasing or no source.
    """
    answers = [source(phrasing) for source in sources for phrasing in phrasings]
    ballot = majority([answer.text for answer in answers])
    if ballot.outcome is not Outcome.MAJORITY:
        return Answer(UNKNOWN, failure=f"quorum: {ballot.outcome} of {ballot.asked}"), ballot
    agreeing = [answer for answer in answers if normalise(answer.text) == normalise(ballot.text)]
    citations = tuple(dict.fromkeys(place for answer in agreeing for place in answer.citations))
    return Answer(ballot.text, citations, agreeing[0].trace), ballot
