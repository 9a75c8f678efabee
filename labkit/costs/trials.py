"""Trials: questions that both tiers answer, so that a threshold can be chosen from what came of it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from labkit.agents import Retriever
from labkit.costs.billing import in_order
from labkit.costs.cascade import Confident
from labkit.costs.metering import Prices
from labkit.costs.thresholds import Trial
from labkit.costs.usage import Usage
from labkit.documents import UNKNOWN, Passage
from labkit.errors import BadArgument
from labkit.reading import Model
from labkit.tasks import Hop, Task, normalise
from labkit.tasks.task import Skill


@dataclass(frozen=True)
class Question:
    """One reading as it occurs inside a task.

    Attributes:
        text: The sub-question, with the answers of earlier hops put in.
        passages: What the search found for it.
        answer: The right answer; ``UNKNOWN`` where these passages do not hold it.
    """

    text: str
    passages: tuple[Passage, ...]
    answer: str

    def right(self, said: str) -> bool:
        """Whether this is the right answer, case and spelling set aside."""
        return said == UNKNOWN if self.answer == UNKNOWN else normalise(said) == normalise(self.answer)


def questions_of(tasks: Iterable[Task], retrieve: Retriever, k: int = 2) -> tuple[Question, ...]:
    """The readings that the tasks' gold solutions need, each with the passages that a search really finds.

    What follows a hop that no document answers is not among them: nobody gets so far as to ask it.

    Args:
        tasks: Tasks whose hops are known; of the train split, where a threshold is to be chosen.
        retrieve: The application's search, with its funnel if it has one.
        k: Passages a search.

    Raises:
        BadArgument: No task has a hop that is read.
    """
    found = []
    for task in tasks:
        for hop in _asked(task.hops):
            passages = tuple(retrieve(hop.question, k, task.principal))
            found.append(Question(hop.question, passages, hop.answer if _holds(hop, passages) else UNKNOWN))
    if not found:
        raise BadArgument("no task has a hop that is read", remedy="give tasks of the handbook, whose hops are known")
    return tuple(found)


def run_trials(
    questions: Sequence[Question], small: Confident, large: Model, prices: Prices, concurrency: int = 1
) -> tuple[Trial, ...]:
    """Let both tiers answer every question.

    Args:
        questions: The questions.
        small: The small tier.
        large: The large tier.
        prices: What the tokens of ``small`` and ``large`` cost; no token counts as cached, so that the order of the
            questions makes no difference.
        concurrency: Questions under way at once.

    Raises:
        BadArgument: A price is missing, or the concurrency is below 1.
    """
    if not {"small", "large"} <= set(prices):
        raise BadArgument(f"prices are for {sorted(prices)}", remedy="give one for small and one for large")

    def tried(question: Question) -> Trial:
        sure, other = small.extract(question.text, question.passages), large.read(question.text, question.passages)
        return Trial(
            sure.confidence,
            question.right(sure.text),
            question.right(other.text),
            prices["small"].dollars(Usage(1, sure.input_tokens)),
            prices["large"].dollars(Usage(1, other.input_tokens, 0, other.output_tokens)),
        )

    return in_order(tried, questions, concurrency, "reading")


def _asked(hops: Sequence[Hop]) -> Iterator[Hop]:
    """The hops that are read, up to the first that has no answer."""
    for hop in hops:
        if hop.skill is Skill.RETRIEVE:
            yield hop
        if not hop.answer:
            return


def _holds(hop: Hop, passages: Sequence[Passage]) -> bool:
    """Whether one of the passages states the hop's answer, and is of a document that does."""
    value = f" {normalise(hop.answer)} "
    return bool(hop.answer) and any(
        passage.chunk.document_id in hop.documents and value in f" {normalise(passage.chunk.text)} "
        for passage in passages
    )
