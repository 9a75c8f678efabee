"""Search wide, then narrow down: the dearer the judge, the fewer passages it sees.

Nearest vectors are cheap and vague: two pages about different clusters lie close to each other. Comparing words as well
is nearly as cheap and tells names apart; a reader that looks for the very answer tells properties apart and says where
there is none, and costs a model's work for every passage::

    index  --look-->  names, words and vectors  --short, alike-->  a judge, if there is one  --k-->  whoever reads
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from labkit.agents import Agent, Retriever
from labkit.documents import Answer, Passage, Principal
from labkit.names import names_in, words_of
from labkit.reading import Model
from labkit.scaling import require_number

Judge = Callable[[str, Sequence[Passage]], Sequence[Passage]]
"""(question, passages) -> those of them that may answer, likeliest first; what it leaves out is not read.

Their scores are then the cosines of their words to the question's: a judge may spare itself what hardly shares any.
"""

ALIKE = 0.25
"""Share of the best passage's cosine of words below which a judge is not shown a passage: it names something else."""

DEEPER = 3
"""How many times as many passages the index is asked for where a judge follows: the farther ones for their names."""

COMMON = 0.1
"""Share of the passages from which a word is none that names anything."""

STRANGE = 4
"""Passages that a judge is shown at most where none holds what the question names: it may be spelt otherwise there."""


def hybrid(question: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages by the sum of two cosines to the question, of vectors and of words; ties keep their order.

    Rare words count most, and what is rare is found among these passages: a name that few of them hold outweighs the
    words that all of them use.

    Sources: Salton and Buckley, "Term-weighting approaches in automatic text retrieval", Information Processing &
    Management 24(5), 1988, for the words (tf-idf); Bruch, Gai and Ingber, "An analysis of fusion functions for hybrid
    retrieval", ACM Transactions on Information Systems 42(1), 2023, for a weighted sum, here with equal weights.

    Args:
        question: The question.
        passages: What an index found, with the cosines of their vectors as scores.
    """
    return tuple(passage for passage, _ in _ranked(question, passages))


def _ranked(question: str, passages: Sequence[Passage]) -> list[tuple[Passage, float]]:
    """As ``hybrid`` does, each passage with the cosine of its words."""
    words = _cosines(question, passages)
    summed = [alike + passage.score for alike, passage in zip(words, passages, strict=True)]
    return [(passages[place], words[place]) for place in sorted(range(len(passages)), key=lambda place: -summed[place])]


def _cosines(question: str, passages: Sequence[Passage]) -> list[float]:
    from sklearn.feature_extraction.text import TfidfVectorizer

    if not passages:
        return []
    vectorizer = TfidfVectorizer(token_pattern=r"[\w-]+", sublinear_tf=True)  # noqa: S106 - these tokens are words
    try:
        texts = vectorizer.fit_transform([passage.chunk.text for passage in passages])
    except ValueError:  # no passage holds a single word
        return [0.0] * len(passages)
    return [float(alike) for alike in (texts @ vectorizer.transform([question]).T).toarray()[:, 0]]


FOLLOWING = 3
"""Passages from which a search that follows does so: of two, a second one of its own is worth more."""


@dataclass(frozen=True)
class Funnel:
    """Narrows a wide search down to the passages that are read.

    Attributes:
        look: Passages that the index is asked for; with a judge, see ``DEEPER``.
        short: How many of them the judge sees at most: of those that hold a name of the question, if any does, the best
            by words and vectors (``hybrid``); see ``ALIKE``, ``COMMON`` and ``STRANGE``.
        judge: Ranks these and drops what does not answer; None keeps them as they are.
        follow: Whether, of three passages or more, the second half is searched for with the first one attached to the
            question. What a question is about often has its name in the first passage alone. Source: W. Xiong et al.,
            "Answering complex open-domain questions with multi-hop dense retrieval", ICLR 2021.

    Raises:
        BadArgument: A number is below 1.
    """

    look: int = 500
    short: int = 12
    judge: Judge | None = None
    follow: bool = False

    def __post_init__(self) -> None:
        for name in ("look", "short"):
            require_number(name, getattr(self, name), least=1)

    def over(self, retrieve: Retriever) -> Retriever:
        """The retriever with this funnel behind it; it finds nothing that the principal may not read."""

        def narrowed(query: str, k: int, principal: Principal) -> tuple[Passage, ...]:
            def looked(words: str) -> Sequence[Passage]:
                near, most = max(self.look, k), max(self.short, k)
                if not self.judge:
                    return hybrid(words, retrieve(words, near, principal))[:most]
                wide = retrieve(words, DEEPER * near, principal)
                named = _naming(words, wide, most)
                near_or_named = [one for place, one in enumerate(wide) if place < near or one.chunk.id in (named or ())]
                ranked = [each for each in _ranked(words, near_or_named) if not named or each[0].chunk.id in named]
                few = min(most, STRANGE) if named is not None and not named else most
                return _judged(self.judge, query, ranked[:few])

            found = looked(query)
            if self.follow and found and k >= FOLLOWING:
                kept = found[: k - k // 2]
                further = looked(f"{query} {kept[0].chunk.text}")
                known = {passage.chunk.id for passage in kept}
                found = [*kept, *(passage for passage in further if passage.chunk.id not in known)]
            return tuple(found[:k])

        return narrowed


def _naming(words: str, passages: Sequence[Passage], few: int) -> frozenset[str] | None:
    """The ids of those that hold a name of the words; None where the words hold no name.

    What many passages hold is no name, unless they are so few that all of them can be judged.
    """
    texts = [passage.chunk.text.lower() for passage in passages]
    found: set[str] | None = None
    for name in names_in(words):
        # Whether the letters are there at all is quickly seen; only then are a text's words worth looking at.
        places = [place for place, text in enumerate(texts) if name in text and name in words_of(text)]
        if len(places) <= max(few, COMMON * len(passages)):
            found = (found or set()) | {passages[place].chunk.id for place in places}
    return None if found is None else frozenset(found)


def _judged(judge: Judge, question: str, short: Sequence[tuple[Passage, float]]) -> list[Passage]:
    """What the judge leaves of those passages that name what the question names, as they were found."""
    least = ALIKE * max((alike for _, alike in short), default=0.0)
    found = {passage.chunk.id: passage for passage, _ in short}
    kept = judge(question, [replace(passage, score=alike) for passage, alike in short if alike >= least])
    return [found[passage.chunk.id] for passage in kept]


@dataclass(frozen=True)
class Narrowed:
    """An agent, every search of which goes through a funnel.

    Attributes:
        agent: What it does with what it finds.
        funnel: How its searches are narrowed down.
    """

    agent: Agent
    funnel: Funnel = Funnel()

    def answer(self, question: str, principal: Principal, retrieve: Retriever, model: Model) -> Answer:
        """Answer the question on behalf of the principal."""
        return self.agent.answer(question, principal, self.funnel.over(retrieve), model)
