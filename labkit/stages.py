"""An application is five parts; each stage of the course replaces exactly one of them.

In order::

    documents -> chunker -> encoder -> index ---+
                                                v
    question + principal ------------> agent <-> model -> answer

A stage is made from the one before it with ``dataclasses.replace``, so that only one part changed is a fact
of this file and not a promise. Stage 4 takes two such steps, each measured by itself: an agent that plans needs a
model that can, so the model is replaced first (``stage_4_model``) and then the agent.
"""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Protocol

from labkit import baseline
from labkit.agents import Agent, TwoHops
from labkit.chunking import RayChunker, SentenceChunker, WholeDocuments
from labkit.costs import Cascade
from labkit.documents import Answer, Chunk, Document, Passage, Principal
from labkit.embedding import Encoder, HashingEncoder, PooledEncoder, SentenceEncoder, Vectors
from labkit.errors import BadArgument, EmptyCorpus
from labkit.extraction import CourseReader
from labkit.index import ExactIndex, Flat, Index, ShardedIndex, require_principal
from labkit.index.kinds import Kind
from labkit.multihop import MultiHop
from labkit.orchestrator import Orchestrator
from labkit.planning import require_planner
from labkit.ranking import Funnel, Narrowed
from labkit.reading import Model, TemplateReader
from labkit.serving import LanguageModel, chat, served_chat
from labkit.settings import settings

JUDGED = Funnel(short=16, judge=CourseReader().holding)
"""How stages 4 and later search: wide, by names, words and vectors, then what the small tier takes for an answer."""

LONGEST_QUESTION = 2_000
"""Characters; a longer question is refused rather than cut."""


class Corpus(Protocol):
    """Documents that can be read through again and again, and the tenants that may ask about them."""

    @property
    def tenants(self) -> Collection[str]:
        """Every tenant that may ask, also one that owns no document."""
        ...

    def __iter__(self) -> Iterator[Document]:
        """The documents, in a fixed order."""
        ...


@dataclass(frozen=True)
class SixFacts:
    """The six one-line documents of stage 0, shared with its only tenant, ``course``."""

    tenants: tuple[str, ...] = ("course",)

    def __iter__(self) -> Iterator[Document]:
        """Documents 0 to 5, in order."""
        for number, text in enumerate(baseline.DOCUMENTS):
            yield Document(str(number), text, source=f"document {number}")


LEARNER = Principal("learner", "course")
"""The principal who asks about the six facts."""


class IndexBuilder(Protocol):
    """Makes an index of chunks and their vectors, open to the registered tenants."""

    def __call__(self, chunks: Sequence[Chunk], vectors: Vectors, registered: Collection[str] = ()) -> Index:
        """Build the index."""
        ...


@dataclass(frozen=True)
class Sharded:
    """Stage 3's index builder; building and searching need a running Ray (``labkit.cluster.cluster``).

    Attributes:
        shards: How many parts.
        kind: What each part is made of; Flat, so that results do not depend on the number of shards.
    """

    shards: int = 4
    kind: Kind = field(default_factory=Flat)

    def __call__(self, chunks: Sequence[Chunk], vectors: Vectors, registered: Collection[str] = ()) -> ShardedIndex:
        """Build the index."""
        return ShardedIndex.build(chunks, vectors, self.shards, registered, self.kind)


@dataclass(frozen=True)
class Application:
    """Five parts over a corpus.

    Attributes:
        chunker: Documents to chunks.
        encoder: Texts to vectors.
        index: Chunks and vectors to an index that can be searched.
        agent: What to ask of the index and the model, and in which order.
        model: Reads passages.
        corpus: What the application knows; ``over`` puts another in its place.
    """

    chunker: Callable[[Iterable[Document]], Iterable[Chunk]]
    encoder: Encoder
    index: IndexBuilder
    agent: Agent
    model: Model
    corpus: Corpus = SixFacts()

    def over(self, corpus: Corpus) -> "Application":
        """The same five parts over another corpus."""
        return replace(self, corpus=corpus)

    @cached_property
    def searchable(self) -> Index:
        """The corpus chunked, encoded and indexed; done on first use and kept.

        Raises:
            EmptyCorpus: No document has words in it.
        """
        chunks = list(self.chunker(self.corpus))
        if not chunks:
            raise EmptyCorpus("the corpus has 0 chunks", remedy="give documents that have words in them")
        vectors = self.encoder.encode([chunk.text for chunk in chunks])
        return self.index(chunks, vectors, registered=self.corpus.tenants)

    def retrieve(self, query: str, k: int, principal: Principal) -> list[Passage]:
        """The k passages nearest to the query that the principal may read, nearest first."""
        [passages] = self.searchable.search(self.encoder.encode([query]), k, principal)
        return passages

    def ask(self, question: str, principal: Principal) -> Answer:
        """Answer a question on behalf of a principal.

        >>> stage(0).ask(baseline.QUESTION, LEARNER).text
        '8'

        Raises:
            AccessRefused: There is no principal.
            UnknownTenant: The corpus does not know the principal's tenant.
            BadArgument: The question is empty or too long.
        """
        check_question(question)
        require_principal(principal, self.corpus.tenants)
        self.searchable  # noqa: B018 - built before the clock of the first step starts
        return self.agent.answer(question, principal, self.retrieve, self.model)


def check_question(question: str) -> None:
    """Refuse a question that is empty or too long to be one."""
    if not question.strip():
        raise BadArgument("the question is empty", remedy="ask something")
    if len(question) > LONGEST_QUESTION:
        raise BadArgument(
            f"the question has {len(question):,} characters",
            remedy=f"ask in at most {LONGEST_QUESTION:,}; long material belongs among the documents",
        )


def stage(number: int) -> Application:
    """The application as it stands after a stage of the course.

    Args:
        number: 0, the baseline, up to the last stage there is.

    Raises:
        BadArgument: There is no such stage.
    """
    if number not in _STAGES:
        raise BadArgument(f"there is no stage {number}", remedy=f"ask for one of {sorted(_STAGES)}")
    return _STAGES[number]()


def _stage_0() -> Application:
    return Application(WholeDocuments(), HashingEncoder(), ExactIndex.build, TwoHops(), TemplateReader())


def _stage_1() -> Application:
    return replace(_stage_0(), chunker=RayChunker())


def _stage_2() -> Application:
    return replace(_stage_1(), encoder=PooledEncoder())


def _stage_3() -> Application:
    return replace(_stage_2(), index=Sharded())


def stage_4_model() -> Application:
    """Stage 4 after the first of its two measured steps: the model is replaced, the agent not yet."""
    return replace(_stage_3(), model=LanguageModel())


def _stage_4() -> Application:
    return replace(stage_4_model(), agent=Narrowed(MultiHop(), JUDGED))


def _stage_5() -> Application:
    return replace(_stage_4(), agent=Narrowed(Orchestrator(), JUDGED))


def _stage_6() -> Application:
    return replace(_stage_5(), model=LanguageModel(chat=served_chat))


def _stage_7() -> Application:
    before = _stage_6()
    return replace(before, model=Cascade(require_planner(before.model)))


_STAGES: dict[int, Callable[[], Application]] = {
    0: _stage_0,
    1: _stage_1,
    2: _stage_2,
    3: _stage_3,
    4: _stage_4,
    5: _stage_5,
    6: _stage_6,
    7: _stage_7,
}


def folder_application(corpus: Corpus, passages: int = 4) -> Application:
    """What ``python -m labkit ask`` runs over a learner's own folder: every part real, nothing distributed yet.

    The question is planned and taken hop by hop, so that every page that the answer needs is read and cited.
    The model is the one in this process, or the one at the endpoint that ``LABKIT_API_BASE`` names.
    """
    model = LanguageModel(chat=served_chat if settings().api_base else chat)
    agent = MultiHop(passages=passages)
    return Application(SentenceChunker(), SentenceEncoder(), ExactIndex.build, agent, model, corpus)
