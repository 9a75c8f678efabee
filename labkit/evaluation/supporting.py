"""Public multi-hop questions: the share of the supporting passages that was found, exact match and F1."""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from labkit.agents import Retriever
from labkit.documents import Answer
from labkit.errors import BadArgument
from labkit.evaluation.outcome import Rate
from labkit.stages import Application
from labkit.tables import Table
from labkit.tasks import Task, bootstrap_interval, exact_match, f1


@dataclass(frozen=True)
class MultiHopScores:
    """What one agent makes of a public data set.

    Attributes:
        recall: Mean share of a question's supporting passages among all passages retrieved for it, from 0 to 1.
        single_shot: The same for one search with the question itself that returns as many passages.
        gain: 95 % interval of what the agent finds more, by bootstrap over the questions; a single one leaves it open.
        passages: Mean number of passages retrieved for a question.
        exact: How many answers match after SQuAD's normalisation.
        f1: Mean word overlap with the best accepted answer, from 0 to 1.
        abstained: How many answers say unknown.
    """

    recall: float
    single_shot: float
    gain: tuple[float, float]
    passages: float
    exact: Rate
    f1: float
    abstained: Rate

    def table(self) -> Table:
        """A row a measure."""
        rows = (
            ("supporting passages found, multi-hop", f"{self.recall:.2f}"),
            ("supporting passages found, single-shot", f"{self.single_shot:.2f}"),
            ("found more, 95 % interval", "{:+.2f} to {:+.2f}".format(*self.gain)),
            ("passages a question", f"{self.passages:.1f}"),
            ("exact match", str(self.exact)),
            ("F1", f"{self.f1:.2f}"),
            ("answered unknown", str(self.abstained)),
        )
        return Table(("measure", "value"), rows)


def multihop_scores(
    application: Application, tasks: Sequence[Task], answers: Sequence[Answer], single: Retriever | None = None
) -> MultiHopScores:
    """Score an agent on the answerable questions of a public data set, beside a single search for as many passages.

    Args:
        application: The application, over the documents of the data set.
        tasks: The questions, from ``labkit.tasks.load_multihop``.
        answers: What the application said to each, in order.
        single: The single search; by default the application's own.

    Raises:
        BadArgument: No question has supporting passages.
    """
    asked = [(task, answer) for task, answer in zip(tasks, answers, strict=True) if task.supporting]
    if not asked:
        raise BadArgument(f"none of {len(tasks)} questions has supporting passages", remedy="give answerable ones")
    said = [(answer.text, task.accepted) for task, answer in asked]
    search = single or application.retrieve
    many = [_share(task, answer.trace.documents) for task, answer in asked]
    one = [_share(task, _at_once(search, task, answer)) for task, answer in asked]
    gains = [more - less for more, less in zip(many, one, strict=True)]
    return MultiHopScores(
        recall=fmean(many),
        single_shot=fmean(one),
        gain=bootstrap_interval(gains) if len(gains) > 1 else (-1.0, 1.0),
        passages=fmean(len(answer.trace.documents) for _, answer in asked),
        exact=Rate(sum(exact_match(text, accepted) for text, accepted in said), len(said)),
        f1=fmean(f1(text, accepted) for text, accepted in said),
        abstained=Rate(sum(answer.abstained for _, answer in asked), len(asked)),
    )


def _at_once(search: Retriever, task: Task, answer: Answer) -> tuple[str, ...]:
    """The documents that one search finds, with as many passages as all searches of the answer returned."""
    k = len(answer.trace.documents)
    passages = search(task.question, k, task.principal) if k else ()
    return tuple(passage.chunk.document_id for passage in passages)


def _share(task: Task, documents: Sequence[str]) -> float:
    return len(set(task.supporting) & set(documents)) / len(set(task.supporting))
