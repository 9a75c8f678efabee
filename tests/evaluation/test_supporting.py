"""A public file goes through the graphs unchanged, and is scored beside a single search for as many passages."""

import json
from dataclasses import replace

import pytest
from scripted import Scripted

from labkit.documents import UNKNOWN, Answer, Step, Trace
from labkit.errors import BadArgument
from labkit.evaluation import Rate, ask_all, multihop_scores
from labkit.multihop import MultiHop
from labkit.orchestrator import Orchestrator
from labkit.serving import LanguageModel
from labkit.stages import stage
from labkit.tasks import Kind, load_multihop

QUESTION = "In which city was the director of Night Ferry born?"
RECORD = {
    "_id": "q1",
    "question": QUESTION,
    "answer": "Oslo",
    "context": [
        ["Night Ferry", ["Night Ferry is a film directed by Ada Lund."]],
        ["Ada Lund", ["Ada Lund was born in Oslo."]],
        ["Born in the city", ["The director of a city in which a ferry was born at night."]],
        ["Rivers", ["Rivers are long."]],
    ],
    "supporting_facts": [["Night Ferry", 0], ["Ada Lund", 0]],
}
PLAN = ("Who directed Night Ferry?", "Where was #1 born?")


@pytest.fixture
def public(tmp_path):
    file = tmp_path / "hotpot.json"
    file.write_text(json.dumps([RECORD]))
    return load_multihop(file)


@pytest.mark.parametrize("agent", [MultiHop(passages=2, k=1), Orchestrator(passages=2, k=1)], ids=repr)
def test_a_public_file_through_a_graph(public, agent):
    chat = Scripted({QUESTION: PLAN}, {PLAN[0]: "Ada Lund", "Where was Ada Lund born?": "Oslo"})
    application = replace(stage(0).over(public), agent=agent, model=LanguageModel(chat=chat))
    [answer] = ask_all(application, public.tasks, concurrency=2)
    scores = multihop_scores(application, public.tasks, [answer])
    assert answer.text == "Oslo"
    assert (scores.recall, scores.passages, scores.exact, scores.f1) == (1.0, 2, Rate(1, 1), 1.0)
    assert scores.single_shot < 1.0
    assert scores.gain == (-1.0, 1.0), "one question says nothing about others"
    assert scores.table().rows[0] == ("supporting passages found, multi-hop", "1.00")
    asked = []

    def finding_nothing(query, k, principal):
        asked.append((query, k, principal))
        return ()

    assert multihop_scores(application, public.tasks, [answer], finding_nothing).single_shot == 0.0
    assert asked == [(QUESTION, 2, public.tasks[0].principal)]


def test_the_interval_of_what_is_found_more(public):
    found = stage(0).over(public)
    tasks = [replace(public.tasks[0], id=str(number)) for number in range(40)]
    half, none = (Answer(UNKNOWN, trace=Trace((supporting(found, tasks[0], count),))) for count in (1, 0))
    low, high = multihop_scores(found, tasks, [half] * 20 + [none] * 20, lambda *_: ()).gain
    assert 0.15 < low < 0.25 < high < 0.35, "a half of the passages for half of the questions"
    assert multihop_scores(found, tasks, [none] * 40).gain == (0.0, 0.0)


def supporting(application, task, count) -> Step:
    near = application.retrieve(task.question, 9, task.principal)
    return Step(
        "retrieve", "", "", found=tuple(one for one in near if one.chunk.document_id in task.supporting)[:count]
    )


def test_questions_without_supporting_passages_are_refused(public):
    task = replace(public.tasks[0], kind=Kind.UNANSWERABLE, supporting=())
    with pytest.raises(BadArgument, match="none of 1 questions"):
        multihop_scores(stage(0), [task], [Answer(UNKNOWN)])
