"""RAGAS's measures that need no language model, beside ours, on the same answers.

| measure | ours | RAGAS |
|---|---|---|
| context recall, documents | share of the supporting documents that were retrieved | ``IDBasedContextRecall`` |
| context precision, documents | share of the retrieved documents that support | ``IDBasedContextPrecision`` |
| context recall, passages | share of the passages that state a fact, by their ids | ``NonLLMContextRecall`` |
| context precision, passages | average precision of the ranking, by ids | ``NonLLMContextPrecisionWithReference`` |
| exact match | one of the accepted answers, character for character | ``ExactMatch`` |

By ids both must agree on every task. By text they need not: RAGAS counts a passage as found when one was retrieved that
is at least half like it, letter by letter. Pages that are worded alike then pass for each other, and ours is stricter.

RAGAS is optional. It reports its use to a service of its own unless told not to; here it is told. The random id that
it makes up for such reports it still keeps, in a file under the user's data directory.
"""

import asyncio
import os
import warnings
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from statistics import fmean
from typing import Any

from labkit.documents import Answer, Chunk, Passage
from labkit.errors import BadArgument, MissingDependency
from labkit.evaluation.causes import states
from labkit.tables import Table
from labkit.tasks import Task

SAME = 1e-6
"""Below this two scores are the same number; RAGAS divides by a count and one part in ten thousand million."""

DOCUMENT_RECALL, DOCUMENT_PRECISION = "context recall, documents", "context precision, documents"
PASSAGE_RECALL, PASSAGE_PRECISION = "context recall, passages", "context precision, passages"
EXACT = "exact match"


@dataclass(frozen=True)
class Sample:
    """What both sides measure: one answer with its ground truth.

    Attributes:
        task: The task.
        said: The answer's text.
        found: The passages retrieved, each once, in the order they first came.
        evidence: The passages of the corpus that state a fact that the answer needs.
    """

    task: Task
    said: str
    found: tuple[Passage, ...]
    evidence: tuple[Chunk, ...]


@dataclass(frozen=True)
class Measure:
    """One measure from both sides, a number a task.

    Attributes:
        name: What is measured.
        ours: Our scores, from 0 to 1.
        theirs: RAGAS's, of the same tasks in the same order.
    """

    name: str
    ours: tuple[float, ...]
    theirs: tuple[float, ...]

    @property
    def agreeing(self) -> int:
        """Tasks on which both say the same."""
        return sum(abs(one - other) < SAME for one, other in zip(self.ours, self.theirs, strict=True))


@dataclass(frozen=True, repr=False)
class Agreement:
    """All measures, with what was measured."""

    measures: tuple[Measure, ...]
    samples: tuple[Sample, ...]

    def measure(self, name: str) -> Measure:
        """A measure by its name."""
        return next(one for one in self.measures if one.name == name)

    def table(self) -> Table:
        """A row a measure."""
        rows = (
            (one.name, f"{fmean(one.ours):.3f}", f"{fmean(one.theirs):.3f}", f"{one.agreeing} of {len(one.ours)}")
            for one in self.measures
        )
        return Table(("measure", "ours", "RAGAS", "tasks that agree"), tuple(rows))

    def __str__(self) -> str:
        return str(self.table())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def ragas_agreement(tasks: Sequence[Task], answers: Sequence[Answer], chunks: Iterable[Chunk]) -> Agreement:
    """Measure answers with RAGAS and with our own code.

    Args:
        tasks: The tasks; those that no document answers are left out, as are those whose answer retrieved nothing.
        answers: What an application said to each, in order, with its trace.
        chunks: All chunks of the corpus, from which the passages that state a fact are taken.

    Raises:
        BadArgument: No task is left.
        MissingDependency: RAGAS is not installed.
    """
    samples = _samples(tasks, answers, chunks)
    if not samples:
        raise BadArgument(
            f"none of {len(tasks)} tasks has evidence and retrieved passages", remedy="give answers to answerable tasks"
        )
    theirs = _theirs(_engine(), samples)
    measures = (Measure(name, tuple(map(score, samples)), theirs[name]) for name, score in OURS.items())
    return Agreement(tuple(measures), samples)


def document_recall(sample: Sample) -> float:
    """The share of the supporting documents that were retrieved."""
    found = {passage.chunk.document_id for passage in sample.found}
    return len(found & {*sample.task.supporting}) / len({*sample.task.supporting})


def document_precision(sample: Sample) -> float:
    """The share of the retrieved documents that support the answer."""
    found = {passage.chunk.document_id for passage in sample.found}
    return len(found & {*sample.task.supporting}) / len(found)


def passage_recall(sample: Sample) -> float:
    """The share of the passages that state a fact which were retrieved."""
    found = {passage.chunk.id for passage in sample.found}
    return fmean(chunk.id in found for chunk in sample.evidence)


def passage_precision(sample: Sample) -> float:
    """Average precision: the mean, over the places that hold evidence, of the share of evidence up to there.

    0 where nothing retrieved is evidence. Source: C. Buckley and E. M. Voorhees, "Evaluating evaluation measure
    stability", SIGIR 2000.
    """
    evidence = {chunk.id for chunk in sample.evidence}
    places = [place for place, passage in enumerate(sample.found, start=1) if passage.chunk.id in evidence]
    return fmean(hits / place for hits, place in enumerate(places, start=1)) if places else 0.0


def exact(sample: Sample) -> float:
    """Whether the answer is one of the accepted ones, character for character."""
    return float(sample.said in sample.task.accepted)


OURS = {
    DOCUMENT_RECALL: document_recall,
    DOCUMENT_PRECISION: document_precision,
    PASSAGE_RECALL: passage_recall,
    PASSAGE_PRECISION: passage_precision,
    EXACT: exact,
}


def _samples(tasks: Sequence[Task], answers: Sequence[Answer], chunks: Iterable[Chunk]) -> tuple[Sample, ...]:
    by_document: dict[str, list[Chunk]] = {}
    for chunk in chunks:
        by_document.setdefault(chunk.document_id, []).append(chunk)
    made = (_sample(task, answer, by_document) for task, answer in zip(tasks, answers, strict=True))
    return tuple(one for one in made if one.found and one.evidence and one.task.kind.answerable)


def _sample(task: Task, answer: Answer, by_document: Mapping[str, Sequence[Chunk]]) -> Sample:
    found = {passage.chunk.id: passage for step in answer.trace.steps for passage in step.found}
    evidence = {
        chunk.id: chunk
        for hop in task.hops
        for document in hop.documents
        for chunk in by_document.get(document, ())
        if states(chunk, hop)
    }
    return Sample(task, answer.text.strip(), tuple(found.values()), tuple(evidence.values()))


def _theirs(engine: Any, samples: Sequence[Sample]) -> dict[str, tuple[float, ...]]:  # noqa: ANN401 - RAGAS's module
    """RAGAS's scores. In a thread of its own, since a notebook's own event loop is running already."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, _scores(engine, samples)).result()


async def _scores(engine: Any, samples: Sequence[Sample]) -> dict[str, tuple[float, ...]]:  # noqa: ANN401
    with warnings.catch_warnings():  # RAGAS warns of its own old names
        warnings.simplefilter("ignore", DeprecationWarning)
        metrics = {
            DOCUMENT_RECALL: engine.metrics.IDBasedContextRecall(),
            DOCUMENT_PRECISION: engine.metrics.IDBasedContextPrecision(),
            PASSAGE_RECALL: engine.metrics.NonLLMContextRecall(),
            PASSAGE_PRECISION: engine.metrics.NonLLMContextPrecisionWithReference(),
            EXACT: engine.metrics.ExactMatch(),
        }
        found: dict[str, list[float]] = {name: [] for name in metrics}
        for sample in samples:
            cases = [_case(engine, sample, accepted) for accepted in sample.task.accepted]
            for name, metric in metrics.items():
                asked = cases if name == EXACT else cases[:1]  # it knows of one right answer only
                found[name].append(max([float(await metric.single_turn_ascore(case)) for case in asked]))
    return {name: tuple(scores) for name, scores in found.items()}


def _case(engine: Any, sample: Sample, accepted: str) -> Any:  # noqa: ANN401 - a sample of RAGAS's
    return engine.SingleTurnSample(
        user_input=sample.task.question,
        response=sample.said,
        reference=accepted,
        retrieved_contexts=[passage.chunk.text for passage in sample.found],
        reference_contexts=[chunk.text for chunk in sample.evidence],
        retrieved_context_ids=[passage.chunk.document_id for passage in sample.found],
        reference_context_ids=list(sample.task.supporting),
    )


def _engine() -> Any:  # noqa: ANN401 - RAGAS's module
    os.environ["RAGAS_DO_NOT_TRACK"] = "true"  # read when it is first imported
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            import ragas
            import ragas.metrics
            import rapidfuzz  # noqa: F401 - RAGAS asks for it only when it compares texts
    except ImportError as error:
        raise MissingDependency(
            f"RAGAS is not installed ({error})", remedy="run: .venv/bin/uv pip install --no-deps -r bench/ragas.txt"
        ) from error
    return ragas
