"""The documents of the assignment *Three-hop agent*, one set for each student, and what retrieves and reads them.

It takes three hops to say how many requests a second a service can answer: the service names its cluster, the cluster
its replicas, and a third document how much one replica does. A calculator does the rest::

    the inference fleet is served by a cluster called orion
    the orion cluster runs eight vLLM replicas behind one router
    one replica of the orion cluster answers 12 requests per second

Retrieval and reading are the baseline's: a hashing encoder, and one wording for each fact. The reader returns what is
written, ``eight`` and not 8.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from labkit.assignments.drawing import CLUSTERS, SERVICES, drawn_for
from labkit.baseline import encode
from labkit.corpus.numerals import spell
from labkit.errors import BadArgument

QUESTION = "How many requests per second does the cluster that serves the {} answer?"
"""The question, for any service."""

CLUSTER = "Which cluster serves the {}?"
"""The first hop, for a service."""

REPLICAS = "How many vLLM replicas does the {} cluster run?"
"""The second hop, for a cluster."""

RATE = "How many requests per second does one replica of the {} cluster answer?"
"""The third hop, for a cluster."""

SERVED_BY = "the {} is served by a cluster called {}"
RUNS = "the {} cluster runs {} vLLM replicas behind one router"
ANSWERS = "one replica of the {} cluster answers {} requests per second"

_WRITTEN = r"([\w.,-]+(?: [\w.,-]+)*?)"
_TEMPLATES = (
    (CLUSTER, r"\bthe {} is served by a cluster called ([\w-]+)"),
    (REPLICAS, rf"\bthe {{}} cluster runs {_WRITTEN} vLLM replicas\b"),
    (RATE, rf"\bone replica of the {{}} cluster answers {_WRITTEN} requests per second\b"),
)


@dataclass(frozen=True)
class Fleet:
    """One student's service and the documents about it: two of the three facts that the question takes.

    Attributes:
        service: What the question is about.
        documents: Where two of the facts are, among others.
        rate: Requests that one replica of the service's cluster answers in a second, which no document says yet.
    """

    service: str
    documents: tuple[str, ...]
    rate: float

    @property
    def question(self) -> str:
        """How many requests a second the service's cluster answers."""
        return QUESTION.format(self.service)


def fleet_for(student: str) -> Fleet:
    """The documents of one student: always the same for the same id.

    >>> fleet_for("ada") == fleet_for("ada") != fleet_for("grace")
    True

    Args:
        student: The id the course knows the student by.

    Raises:
        BadArgument: An empty id.
    """
    draw = drawn_for(student, "three-hop agent")
    mine, other = (f"{name} service" for name in draw.sample(SERVICES, 2))
    cluster, elsewhere = draw.sample(CLUSTERS, 2)
    documents = [
        SERVED_BY.format(mine, cluster),
        RUNS.format(cluster, spell(draw.randint(21, 48))),
        *distractors(mine, cluster),
        SERVED_BY.format(other, elsewhere),
        RUNS.format(elsewhere, draw.randint(3, 20)),
        ANSWERS.format(elsewhere, draw.randint(3, 20)),
    ]
    draw.shuffle(documents)
    return Fleet(mine, tuple(documents), draw.randint(3, 15) + draw.choice([0.25, 0.5, 0.75]))


def distractors(service: str, cluster: str) -> list[str]:
    """Two documents that sound more like the first two hops than the documents that answer them, and answer neither.

    >>> read(CLUSTER.format("inference fleet"), distractors("inference fleet", "orion")[0]) is None
    True
    """
    return [
        f"which cluster serves the {service} is shown on the dashboard",
        f"how many vLLM replicas the {cluster} cluster needs is reviewed every week",
    ]


def service_in(question: str) -> str:
    """The service that a question is about.

    >>> service_in("How many requests per second does the cluster that serves the inference fleet answer?")
    'inference fleet'

    Raises:
        BadArgument: It is another question.
    """
    found = re.fullmatch(_asked(QUESTION), question.strip(), re.IGNORECASE)
    if not found:
        raise BadArgument(f"the question {question!r} is not known", remedy=f"ask: {QUESTION.format('...')}")
    return found[1]


def ranked(question: str, documents: Sequence[str]) -> list[int]:
    """The documents' numbers, best first by the baseline's cosine; the lower number wins a tie.

    >>> ranked("Which cluster serves the inference fleet?", ["prefix caching", "which cluster", "a fleet"])
    [1, 2, 0]
    """
    wanted = encode(question)
    cosines = [sum(a * b for a, b in zip(wanted, encode(text), strict=True)) for text in documents]
    return sorted(range(len(documents)), key=lambda number: (-cosines[number], number))


def read(question: str, document: str) -> str | None:
    """What a document says to the question of one hop, as it is written there; None if it says nothing.

    >>> read("How many vLLM replicas does the orion cluster run?", "the orion cluster runs eight vLLM replicas")
    'eight'
    """
    for asked, stated in _TEMPLATES:
        subject = re.fullmatch(_asked(asked), question.strip(), re.IGNORECASE)
        found = subject and re.search(stated.format(re.escape(subject[1])), document, re.IGNORECASE)
        if found:
            return found[1]
    return None


def _asked(question: str) -> str:
    """The pattern of a question."""
    before, after = map(re.escape, question.split("{}"))
    return f"{before}(.+?){after}"
