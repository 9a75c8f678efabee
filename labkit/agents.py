"""Agents: what is asked of the retriever and the model, and in which order.

Two fixed ones: retrieve once and read once, and stage 0's two hops by template. Layers 4 and 5 replace them
with graphs that decide for themselves.
"""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from labkit import baseline
from labkit.documents import UNKNOWN, Answer, Citation, Passage, Principal, Step, Trace
from labkit.errors import BadArgument
from labkit.reading import Model, Reading

Retriever = Callable[[str, int, Principal], Sequence[Passage]]
"""(query, k, principal) -> at most k passages that the principal may read, nearest first."""


class Agent(Protocol):
    """What an application needs of its agent."""

    def answer(self, question: str, principal: Principal, retrieve: Retriever, model: Model) -> Answer:
        """Answer the question on behalf of the principal."""
        ...


@dataclass(frozen=True)
class SingleShot:
    """Retrieves once with the question itself and reads once.

    Attributes:
        k: Passages retrieved, at least 1.
    """

    k: int = 4

    def __post_init__(self) -> None:
        if self.k < 1:
            raise BadArgument(f"k is {self.k}", remedy="retrieve at least 1 passage")

    def answer(self, question: str, principal: Principal, retrieve: Retriever, model: Model) -> Answer:
        """Answer the question on behalf of the principal."""
        reading, steps = _retrieve_and_read(question, self.k, principal, retrieve, model)
        return _answer(reading.text, reading.support, steps)


@dataclass(frozen=True)
class TwoHops:
    """Stage 0's agent: splits one kind of question by a template, and puts the first answer into the second.

    Attributes:
        k: Passages retrieved per hop, at least 1.
    """

    k: int = 1

    def __post_init__(self) -> None:
        if self.k < 1:
            raise BadArgument(f"k is {self.k}", remedy="retrieve at least 1 passage")

    def answer(self, question: str, principal: Principal, retrieve: Retriever, model: Model) -> Answer:
        """Answer the question on behalf of the principal; abstain at the first hop that finds nothing."""
        planned = baseline.plan(question)
        if planned is None:
            return Answer(UNKNOWN, trace=Trace((Step("plan", question, "no template fits"),)))
        first, steps = _retrieve_and_read(planned[0], self.k, principal, retrieve, model)
        if first.text == UNKNOWN:
            return _answer(UNKNOWN, (), steps)
        second, more = _retrieve_and_read(planned[1].format(first.text), self.k, principal, retrieve, model)
        return _answer(second.text, first.support + second.support, steps + more)


def _retrieve_and_read(
    question: str, k: int, principal: Principal, retrieve: Retriever, model: Model
) -> tuple[Reading, tuple[Step, ...]]:
    begin = time.perf_counter()
    passages = tuple(retrieve(question, k, principal))
    between = time.perf_counter()
    reading = model.read(question, passages)
    end = time.perf_counter()
    return reading, (
        Step("retrieve", question, sources(passages), between - begin, found=passages),
        Step("read", question, reading.said or UNKNOWN, end - between, reading.input_tokens, reading.output_tokens),
    )


def sources(passages: Sequence[Passage]) -> str:
    """What a search found, as text for people."""
    return ", ".join(passage.chunk.source for passage in passages) or "nothing"


def cited(passages: Sequence[Passage]) -> tuple[Citation, ...]:
    """A citation of each passage, none twice."""
    return tuple(dict.fromkeys(Citation.of(passage.chunk) for passage in passages))


def _answer(text: str, support: Sequence[Passage], steps: tuple[Step, ...]) -> Answer:
    return Answer(text, () if text == UNKNOWN else cited(support), Trace(steps))
