"""Our measures and RAGAS's agree on the same answers; where RAGAS is missing the message says how to get it."""

import importlib.util
import socket
import sys
from dataclasses import replace

import pytest

from labkit import baseline
from labkit.corpus import handbook
from labkit.documents import Answer, Chunk, Passage, Step, Trace
from labkit.errors import BadArgument, MissingDependency
from labkit.evaluation import ask_all, ragas_agreement
from labkit.evaluation.ragas_agreement import (
    OURS,
    PASSAGE_RECALL,
    Sample,
    document_precision,
    document_recall,
    exact,
    passage_precision,
    passage_recall,
)
from labkit.stages import LEARNER, stage
from labkit.tasks import Hop, Kind, Task, handbook_tasks

needs_ragas = pytest.mark.skipif(importlib.util.find_spec("ragas") is None, reason="RAGAS is optional")

HOPS = (Hop("", "", "orion", ("0",)), Hop("", "", "8", ("1",)))
TASK = Task("t", Kind.TWO_HOP, baseline.QUESTION, ("8", "8 replicas"), LEARNER, ("0", "1"), HOPS)
CHUNKS = [
    Chunk("0#0", "0", "the inference fleet is served by orion", 0, 38),
    Chunk("1#0", "1", "orion runs 8 replicas", 0, 21),
    Chunk("1#22", "1", "it was bought in spring", 22, 45),
    Chunk("2#0", "2", "something else altogether, in many words", 0, 40),
]


def answered(text: str, *places: int) -> Answer:
    found = tuple(Passage(CHUNKS[place], 1.0) for place in places)
    return Answer(text, trace=Trace((Step("retrieve", "", "", found=found),)))


def sample(text: str, *places: int) -> Sample:
    return Sample(TASK, text, tuple(Passage(CHUNKS[place], 1.0) for place in places), (CHUNKS[0], CHUNKS[1]))


def test_our_measures_by_hand():
    half = sample("8 replicas", 3, 0, 2)  # a stranger, the first fact, and the wrong half of the second page
    assert document_recall(half) == 1.0
    assert document_precision(half) == pytest.approx(2 / 3)
    assert passage_recall(half) == 0.5
    assert passage_precision(half) == 0.5  # evidence on the second place only
    assert passage_precision(sample("8", 0, 3, 1)) == pytest.approx((1 + 2 / 3) / 2)
    assert passage_precision(sample("8", 3)) == 0.0
    assert exact(half) == 1.0
    assert exact(sample("eight", 0)) == 0.0


def test_where_ragas_is_missing_the_message_says_how_to_get_it(monkeypatch):
    monkeypatch.setitem(sys.modules, "ragas", None)
    with pytest.raises(MissingDependency, match=r"not installed .*; run: .venv/bin/uv pip install --no-deps -r bench"):
        ragas_agreement([TASK], [answered("8", 0, 1)], CHUNKS)


def test_a_question_without_an_answer_is_left_out_though_its_first_hop_has_evidence():
    unanswerable = replace(TASK, kind=Kind.UNANSWERABLE, accepted=())
    with pytest.raises(BadArgument, match="none of 1 tasks has evidence"):
        ragas_agreement([unanswerable], [answered("8", 0, 1)], CHUNKS)


@needs_ragas
@pytest.mark.filterwarnings("default::DeprecationWarning")
@pytest.mark.filterwarnings("default::pytest.PytestUnraisableExceptionWarning")  # it leaves a file of its own open
class TestWithRagas:
    @pytest.fixture(autouse=True)
    def _no_word_to_anybody(self, monkeypatch):
        def refused(*_):
            raise AssertionError("something wanted to leave this machine")

        monkeypatch.setattr(socket.socket, "connect", refused)

    def test_every_measure_agrees_on_chunks_that_are_worded_apart(self):
        answers = [answered("8", 0, 1), answered("8 replicas", 3, 0, 2), answered("9", 2, 3), answered("eight", 1, 3)]
        found = ragas_agreement([TASK] * 4, answers, CHUNKS)
        assert {one.name: one.agreeing for one in found.measures} == dict.fromkeys(OURS, 4)
        assert found.measure("exact match").ours == (1.0, 1.0, 0.0, 0.0)
        assert found.table().rows[0] == ("context recall, documents", "0.750", "0.750", "4 of 4")

    def test_lookalikes_pass_for_each_other_there_and_not_here(self):
        alike = Chunk("9#0", "9", "lyra runs 8 replicas", 0, 20)
        found = Answer("8", trace=Trace((Step("retrieve", "", "", found=(Passage(alike, 1.0),)),)))
        measured = ragas_agreement([TASK], [found], [*CHUNKS, alike]).measure(PASSAGE_RECALL)
        assert (measured.ours, measured.theirs) == ((0.0,), (0.5,))
        assert measured.agreeing == 0

    def test_by_ids_it_agrees_on_every_task_of_a_handbook(self):
        application = stage(0).over(book := handbook(pages=24, tenants=2, seed=1))
        tasks = handbook_tasks(book, (Kind.ONE_HOP, Kind.TWO_HOP, Kind.UNANSWERABLE), count=4, seed=1)
        asked = ask_all(application, tasks)
        shown = [
            Answer(
                one.text,
                trace=Trace(
                    (
                        Step(
                            "retrieve",
                            "",
                            "",
                            found=tuple(application.retrieve(*given)),
                        ),
                    )
                ),
            )
            for one, task in zip(asked, tasks, strict=True)
            for given in [(task.question, 5, task.principal)]
        ]
        found = ragas_agreement(tasks, shown, application.chunker(book))
        assert len(found.samples) == 8  # those that no document answers have no evidence
        for name in ("context recall, documents", "context precision, documents", "exact match"):
            assert found.measure(name).agreeing == 8

    def test_it_is_told_to_keep_its_use_to_itself(self):
        ragas_agreement([TASK], [answered("8", 0, 1)], CHUNKS)
        from ragas._analytics import do_not_track

        assert do_not_track()

    def test_answers_without_passages_are_refused(self):
        with pytest.raises(BadArgument, match="none of 1 tasks has evidence and retrieved passages"):
            ragas_agreement([TASK], [Answer("8")], CHUNKS)
