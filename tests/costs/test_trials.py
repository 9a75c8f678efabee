"""Trials: the right answer is what the found passages hold; and tasks keep their own bills."""

from dataclasses import replace

import pytest
from scripted import Scripted
from upstream import upstream

from labkit.agents import SingleShot
from labkit.chunking import SentenceChunker
from labkit.corpus import handbook
from labkit.costs import Meter, ModelPrice, Question, Trial, ask_metered, questions_of, run_trials
from labkit.documents import UNKNOWN, Chunk, Passage, Principal
from labkit.errors import BadArgument
from labkit.extraction import Extraction
from labkit.serving import Endpoint, LanguageModel
from labkit.stages import stage
from labkit.tasks import Hop, Kind, Task, handbook_tasks

PRICES = {"small": ModelPrice("small", 0.5, 0), "large": ModelPrice("large", 1.0, 10.0)}
ASKER = Principal("ada", "acme")
TEXT = "orion runs eight replicas"
PASSAGE = Passage(Chunk("page#0", "page", TEXT, 0, len(TEXT)), 1.0)


def task(*hops: Hop) -> Task:
    return Task("t", Kind.ONE_HOP, "?", ("8",), ASKER, hops=hops)


def found(*_):
    return (PASSAGE,)


@pytest.mark.parametrize(
    ("hop", "answer"),
    [
        (Hop("", "How many?", "8", ("page",)), "8"),  # "eight" says so too
        (Hop("", "How many?", "9", ("page",)), UNKNOWN),
        (Hop("", "How many?", "8", ("another page",)), UNKNOWN),
        (Hop("", "How many?", ""), UNKNOWN),
    ],
)
def test_what_the_passages_do_not_hold_is_unknown(hop, answer):
    assert questions_of([task(hop)], found) == (Question("How many?", (PASSAGE,), answer),)


def test_what_follows_a_hop_without_an_answer_is_never_asked():
    hops = (Hop("Which cluster?", "Which cluster?", ""), Hop("Where is #1?", "Where is #1?", ""))
    assert [question.text for question in questions_of([task(*hops)], found)] == ["Which cluster?"]


def test_sums_are_not_read():
    with pytest.raises(BadArgument, match="no task has a hop"):
        questions_of([task(Hop("#1 * 2", "8 * 2", "16", skill="calculate"))], found)


def test_right_is_a_matter_of_meaning_and_unknown_is_an_answer():
    assert Question("", (), "8").right("Eight")
    assert not Question("", (), "8").right(UNKNOWN)
    assert Question("", (), UNKNOWN).right(UNKNOWN)
    assert not Question("", (), UNKNOWN).right("8")


def test_both_tiers_answer_and_are_priced():
    class Small:
        def extract(self, _, passages):
            return Extraction("nine", 0.7, tuple(passages), 20)

    model = LanguageModel(chat=Scripted(answers={"How many replicas does orion run?": "eight"}))
    question = Question("How many replicas does orion run?", (PASSAGE,), "8")
    reading = model.read(question.text, question.passages)
    [first, second] = run_trials([question, question], Small(), model, PRICES, concurrency=2)
    assert first == second == Trial(0.7, False, True, 10.0, reading.input_tokens + 10.0)
    with pytest.raises(BadArgument, match=r"prices are for \['small'\]"):
        run_trials([question], Small(), model, {"small": PRICES["small"]})


def test_real_tasks_of_the_train_split_give_questions_of_both_sorts():
    book = handbook(pages=48, tenants=3, seed=7, split="train")
    tasks = handbook_tasks(book, (Kind.TWO_HOP, Kind.UNANSWERABLE), 6, seed=3)
    searched = replace(stage(0), chunker=SentenceChunker()).over(book)
    questions = questions_of(tasks, searched.retrieve, k=4)
    assert {question.answer == UNKNOWN for question in questions} == {True, False}
    assert not any("#" in question.text for question in questions)
    assert all(len(question.passages) == 4 for question in questions)


def test_tasks_under_way_at_once_have_bills_of_their_own():
    book = handbook(pages=48, tenants=3, seed=7)
    tasks = handbook_tasks(book, (Kind.ONE_HOP,), 6, seed=3)
    meter = Meter()
    with upstream() as server:
        model = LanguageModel(chat=meter.over(Endpoint(server.base).chat, "large"))
        application = replace(stage(0), model=model, agent=SingleShot(k=1), chunker=SentenceChunker()).over(book)
        answers = ask_metered(application, tasks, meter, concurrency=3)
    for one, answer in zip(tasks, answers, strict=True):
        bill = meter.bill_of(one.id).total
        assert (bill.calls, bill.input_tokens) == (1, answer.trace.input_tokens)
    with pytest.raises(BadArgument, match="concurrency is 0"):
        ask_metered(application, tasks, meter, concurrency=0)
