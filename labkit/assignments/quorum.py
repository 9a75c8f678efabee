"""The sources of the assignment *Quorum check*, one set for each student, and what asks and corrupts them.

A source is a shard or a copy of the documents: a list of texts. One fact, how many replicas a cluster runs, stands in
it in up to three wordings, and each phrasing of the question finds one of them. So a fact can be asked several times
over, in several ways, from several places.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from labkit.assignments.drawing import CLUSTERS, drawn_for
from labkit.assignments.wordings import stated
from labkit.corpus.numerals import spell
from labkit.errors import BadArgument

PHRASINGS = (
    "How many vLLM replicas does the {} cluster run?",
    "How large is the {} cluster?",
    "Over how many vLLM replicas does the {} cluster spread its load?",
)
"""The same question in three wordings, for any cluster."""

WORDINGS = (
    "the {} cluster runs {} vLLM replicas behind one router",
    "the size of the {} cluster is {} vLLM replicas",
    "load on the {} cluster is spread over {} vLLM replicas",
)
"""What a document says to each of them."""


@dataclass(frozen=True)
class Sources:
    """One student's sources, all of them honest.

    Attributes:
        cluster: The cluster whose replicas are counted.
        sources: The documents of each source; they write the same count in various ways.
        lie: A wrong count for whoever corrupts a source.
    """

    cluster: str
    sources: tuple[tuple[str, ...], ...]
    lie: str


def sources_for(student: str) -> Sources:
    """The sources of one student: always the same for the same id.

    >>> sources_for("ada") == sources_for("ada") != sources_for("grace")
    True

    Args:
        student: The id the course knows the student by.

    Raises:
        BadArgument: An empty id.
    """
    draw = drawn_for(student, "quorum")
    cluster = draw.choice(CLUSTERS)
    count, lie = draw.sample(range(21, 99), 2)
    sources = []
    for _ in range(draw.choice([4, 6])):  # even, so that everybody meets a tie
        documents = [wording.format(cluster, draw.choice([count, spell(count)])) for wording in WORDINGS]
        draw.shuffle(documents)
        sources.append(tuple(documents))
    return Sources(cluster, tuple(sources), str(lie))


def ask(question: str, source: Sequence[str]) -> str:
    """What a source says to a question, as it is written there; ``unknown`` if none of its documents answers.

    >>> ask("How large is the orion cluster?", ["the size of the orion cluster is eight vLLM replicas"])
    'eight'
    >>> ask("How large is the orion cluster?", ["the size of the draco cluster is nine vLLM replicas"])
    'unknown'

    Raises:
        BadArgument: The question is in none of the phrasings.
    """
    said = stated(question, source, list(zip(PHRASINGS, WORDINGS, strict=True)))
    if said is None:
        remedy = f"ask like this: {PHRASINGS[0].format('...')}"
        raise BadArgument(f"the question {question!r} is not known", remedy=remedy)
    return said


def corrupted(source: Sequence[str], count: str) -> list[str]:
    """The documents of a source with the given count in place of every number of replicas.

    >>> corrupted(["the size of the orion cluster is eight vLLM replicas", "prefix caching"], "80")
    ['the size of the orion cluster is 80 vLLM replicas', 'prefix caching']
    """
    shapes = [re.compile(stated.format("([\\w-]+)", "(.+)")) for stated in WORDINGS]
    documents = []
    for document in source:
        found = next((found for shape in shapes if (found := shape.fullmatch(document))), None)
        start, end = found.span(2) if found else (0, 0)
        documents.append(f"{document[:start]}{count}{document[end:]}" if found else document)
    return documents
