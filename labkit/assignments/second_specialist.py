"""The documents, the questions and the planner of the assignment *Second specialist*, one set for each student.

The planner knows six kinds of questions and splits each into steps, with ``#1`` for the answer of the first step. A
step asks for one fact or joins two numbers::

    How many requests per second does the cluster that serves the inference fleet answer?

    Which cluster serves the inference fleet?
    How many vLLM replicas does the #1 cluster run?
    How many requests per second does one replica of the #1 cluster answer?
    #2 * #3

Planner and retrieval are templates, so that an answer is always the same and nothing but the agents' own work decides.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isclose
from random import Random

from labkit.assignments.drawing import CLUSTERS, SERVICES, drawn_for
from labkit.assignments.three_hop_agent import ANSWERS, CLUSTER, QUESTION, RATE, REPLICAS, RUNS, SERVED_BY
from labkit.assignments.wordings import stated
from labkit.corpus.numerals import spell
from labkit.documents import UNKNOWN
from labkit.errors import BadArgument
from labkit.tasks.normalisation import normalise

PRICE = "How much does one replica of the {} cluster cost in an hour?"
COSTS = "one replica of the {} cluster costs {} in an hour"

RUN = "How many vLLM replicas does the cluster that serves the {} run?"
BILL = "How many dollars does the cluster that serves the {} cost in an hour?"
BUSY = "How busy is the cluster that serves the {} at {} requests per second?"
MORE = "How many more vLLM replicas does the {} cluster run than the {} cluster?"
CAPACITY = QUESTION
"""Requests per second of the whole cluster, for a service."""

ADDS_UP = "the cluster that serves the {} answers {} requests per second in all"
"""What a document says that has the sum already, be it right or out of date."""

WORDINGS = ((CLUSTER, SERVED_BY), (REPLICAS, RUNS), (RATE, ANSWERS), (PRICE, COSTS), (CAPACITY, ADDS_UP))
"""The questions that a single document can answer, and its words."""

_OF_FIRST = tuple(asked.format("#1") for asked in (REPLICAS, RATE, PRICE))
_PLANS = (
    (CLUSTER, (CLUSTER,)),
    (RUN, (CLUSTER, _OF_FIRST[0])),
    (CAPACITY, (CLUSTER, _OF_FIRST[0], _OF_FIRST[1], "#2 * #3")),
    (BILL, (CLUSTER, _OF_FIRST[0], _OF_FIRST[2], "#2 * #3")),
    (BUSY, (CLUSTER.replace("{}", "{0}"), _OF_FIRST[0], _OF_FIRST[1], "#2 * #3", "{1} / #4")),
    (MORE, (REPLICAS.replace("{}", "{0}"), REPLICAS.replace("{}", "{1}"), "#1 - #2")),
)


@dataclass(frozen=True)
class Desk:
    """One student's documents, questions, and what a call of an agent takes.

    Attributes:
        documents: What is to be searched. Some facts are missing, and a sum that stands in them may be out of date.
        right: The right answer to each question; ``unknown`` where the documents leave it open.
        milliseconds: What one call takes, by who is called: made up, and given.
    """

    documents: tuple[str, ...]
    right: Mapping[str, str | float]
    milliseconds: Mapping[str, float]


def desk_for(student: str) -> Desk:
    """What one student works with: always the same for the same id.

    >>> desk_for("ada") == desk_for("ada") != desk_for("grace")
    True

    Args:
        student: The id the course knows the student by.

    Raises:
        BadArgument: An empty id.
    """
    draw = drawn_for(student, "second specialist")
    documents, right = _drawn(draw)
    milliseconds = {
        "plan": draw.randrange(300, 900, 10),
        "retrieve": draw.randrange(200, 600, 10),
        "calculate": draw.randint(1, 9),
    }
    return Desk(documents, right, milliseconds)


def plan(question: str) -> list[str]:
    """The steps that lead to an answer.

    >>> plan("How many more vLLM replicas does the lyra cluster run than the vela cluster?")[-1]
    '#1 - #2'

    Raises:
        BadArgument: The question is of no kind that it knows.
    """
    for asked, steps in _PLANS:
        about = re.fullmatch(re.escape(asked).replace(r"\{\}", "(.+)"), question)
        if about:
            return [step.format(*about.groups()) for step in steps]
    raise BadArgument(f"the question {question!r} is not known", remedy=f"ask like this: {CAPACITY.format('...')}")


def retrieve(question: str, documents: Sequence[str]) -> str:
    """The retrieval specialist: what a document says to a question, as it is written there, or ``unknown``.

    It does not calculate: to arithmetic, no document says anything.

    >>> retrieve("Which cluster serves the wiki?", ["the wiki is served by a cluster called orion"])
    'orion'
    >>> retrieve("8 * 12", ["the orion cluster runs eight vLLM replicas behind one router"])
    'unknown'
    """
    return stated(question, documents, WORDINGS) or UNKNOWN


def same(said: object, right: object) -> bool:
    """Whether two answers are the same, however they are written.

    >>> same("eight", 8.0), same("orion", "Orion."), same("unknown", 0)
    (True, True, False)
    """
    forms = normalise(str(said)), normalise(str(right))
    try:
        return isclose(float(forms[0]), float(forms[1]), rel_tol=1e-6)
    except ValueError:
        return forms[0] == forms[1]


def _drawn(draw: Random) -> tuple[tuple[str, ...], dict[str, str | float]]:
    """Four services, of which the second has an old sum, the third no rate but the sum, the fourth no fixed price."""
    services, clusters = [f"{name} service" for name in draw.sample(SERVICES, 4)], draw.sample(CLUSTERS, 4)
    replicas, rates = draw.sample(range(21, 60), 4), draw.sample(range(3, 15), 4)
    dollars = [draw.randrange(120, 480, 5) / 100 for _ in services]
    sums = [count * rate for count, rate in zip(replicas, rates, strict=True)]
    load = draw.randrange(20, 95) * sums[0] // 100
    small, large = sorted((1, 3), key=replicas.__getitem__)
    documents = [
        *map(SERVED_BY.format, services, clusters),
        *(RUNS.format(cluster, draw.choice([n, spell(n)])) for cluster, n in zip(clusters, replicas, strict=True)),
        *(ANSWERS.format(clusters[place], draw.choice([rates[place], spell(rates[place])])) for place in (0, 1, 3)),
        *(COSTS.format(clusters[place], f"${dollars[place]:.2f}") for place in (0, 1, 2)),
        COSTS.format(clusters[3], "what the market asks"),
        ADDS_UP.format(services[1], sums[1] - draw.randint(1, 20)),
        ADDS_UP.format(services[2], sums[2]),
    ]
    right: dict[str, str | float] = {
        CLUSTER.format(services[0]): clusters[0],
        CLUSTER.format(services[3]): clusters[3],
        RUN.format(services[1]): replicas[1],
        RUN.format(services[2]): replicas[2],
        **{CAPACITY.format(service): total for service, total in zip(services, sums, strict=True)},
        BILL.format(services[0]): round(replicas[0] * dollars[0], 2),
        BILL.format(services[3]): UNKNOWN,
        BUSY.format(services[0], load): load / sums[0],
        MORE.format(clusters[large], clusters[small]): replicas[large] - replicas[small],
    }
    asked = draw.sample(list(right), len(right))
    return tuple(draw.sample(documents, len(documents))), {question: right[question] for question in asked}
