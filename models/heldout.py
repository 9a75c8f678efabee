"""What the models are measured on: held-out names and wordings, and the passages that retrieval really returns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from statements import Asked, StatedChunk, stated_chunks

from labkit.corpus import Handbook, Relation, handbook
from labkit.documents import Passage
from labkit.embedding.local import local_model
from labkit.settings import settings
from labkit.skills import newest_first
from labkit.tasks import Kind, Task, handbook_tasks
from labkit.tasks.questions_heldout import HELDOUT_QUESTIONS

PAGES, TENANTS, SEED = 600, 6, 11
PASSAGES = 4
CHUNK = 128


@dataclass(frozen=True)
class HeldoutReading:
    """One reading question with four passages.

    Attributes:
        task: The question; where the fact is absent, one whose right answer abstains.
        passages: What the encoder finds nearest, youngest first.
    """

    task: Task
    passages: tuple[Passage, ...]

    @property
    def present(self) -> bool:
        """Whether the passages state the fact."""
        return self.task.kind.answerable


def heldout_readings(count: int) -> list[HeldoutReading]:
    """``count`` questions whose fact is among the passages, then as many whose fact is not.

    Of the first, the passage that states the fact takes the last place where retrieval alone did not find it. Half of
    the second ask for what no page states; from the passages of the other half the fact was taken out.
    """
    book = handbook(PAGES, TENANTS, SEED)
    library = _Library(book)
    present = handbook_tasks(book, [Kind.ONE_HOP], count, seed=1)
    removed = handbook_tasks(book, [Kind.ONE_HOP], (count + 1) // 2, seed=2)
    silent = handbook_tasks(book, [Kind.UNANSWERABLE], 2 * count, seed=3)
    silent = [task for task in silent if len(task.hops) == 1][: count // 2]
    return [
        *(HeldoutReading(task, library.with_fact(task)) for task in present),
        *(HeldoutReading(_abstaining(task), library.without_fact(task)) for task in (*removed, *silent)),
    ]


def heldout_plans(count: int) -> tuple[Handbook, tuple[Task, ...]]:
    """The handbook, and ``count`` questions of every kind that has an answer."""
    book = handbook(PAGES, TENANTS, SEED)
    kinds = [Kind.ONE_HOP, Kind.TWO_HOP, Kind.THREE_HOP, Kind.TWO_SKILL]
    return book, handbook_tasks(book, kinds, count, seed=4)


def asked_in(question: str) -> list[Asked]:
    """What a held-out question may ask for, by the wordings that it fits: entity and relation.

    >>> asked_in("Who looks after nelvost?")
    [('nelvost', <Relation.OWNER: 'owner'>)]
    """
    return [
        (question[len(before) : len(question) - len(after)], relation)
        for relation in Relation
        for before, after in (form.split("{entity}") for form in HELDOUT_QUESTIONS.one_hop[relation])
        if question.startswith(before) and question.endswith(after) and len(before + after) < len(question)
    ]


def _abstaining(task: Task) -> Task:
    return replace(task, kind=Kind.UNANSWERABLE, accepted=())


class _Library:
    """The chunks of a handbook with their vectors; the vectors are kept, since encoding takes two minutes."""

    def __init__(self, book: Handbook) -> None:
        self._stated = stated_chunks(book, CHUNK)
        self._vectors = self._encoded(settings().home / "bench" / f"heldout-{PAGES}-{SEED}-{CHUNK}.npy")

    def with_fact(self, task: Task) -> tuple[Passage, ...]:
        """The nearest passages, the last replaced where none of them states the fact."""
        asked = self._fact(task)
        found = self._nearest(task)
        if not any(_states(held, asked) for held, _ in found[:PASSAGES]):
            found[PASSAGES - 1] = next(each for each in found if _states(each[0], asked))
        return _passages(found)

    def without_fact(self, task: Task) -> tuple[Passage, ...]:
        """The nearest passages that do not state the fact, neither its present value nor a past one."""
        asked = set(asked_in(task.question))
        return _passages([each for each in self._nearest(task) if not asked & {s.asked for s in each[0].statements}])

    def _fact(self, task: Task) -> Asked:
        return next(
            asked
            for asked in asked_in(task.question)
            if any(_states(held, asked) and held.chunk.document_id in task.supporting for held in self._stated)
        )

    def _nearest(self, task: Task) -> list[tuple[StatedChunk, float]]:
        """All chunks that the asker may read, nearest first."""
        scores = self._vectors @ local_model().encode([task.question])[0]
        ranked = ((self._stated[place], float(scores[place])) for place in np.argsort(-scores, kind="stable"))
        return [each for each in ranked if task.principal.may_read(each[0].chunk.access)]

    def _encoded(self, kept: Path) -> np.ndarray:
        if kept.exists() and len(vectors := np.load(kept)) == len(self._stated):
            return vectors
        vectors = local_model().encode([held.chunk.text for held in self._stated])
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.save(kept, vectors)
        return vectors


def _states(held: StatedChunk, asked: Asked) -> bool:
    return any(statement.asked == asked and not statement.stale for statement in held.statements)


def _passages(found: Sequence[tuple[StatedChunk, float]]) -> tuple[Passage, ...]:
    return newest_first([Passage(held.chunk, score) for held, score in found[:PASSAGES]])
