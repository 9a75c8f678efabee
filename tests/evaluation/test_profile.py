"""Where the time goes, by step and layer, adds up to the whole."""

import pytest

from labkit.costs import TokenPrice
from labkit.documents import Answer, Step, Trace
from labkit.errors import BadArgument
from labkit.evaluation import Profile, ask_all
from labkit.evaluation.profile import LAYERS, OTHER
from labkit.multihop.agent import GRAPH as MULTI_HOP
from labkit.orchestrator.agent import GRAPH as ORCHESTRATOR
from labkit.stages import LEARNER, stage
from labkit.tasks import Kind, Task

ANSWERS = [
    Answer("8", trace=Trace((Step("retrieve", "", "", 0.1), Step("read", "", "", 2.0, 1000, 10)))),
    Answer(
        "8", trace=Trace((Step("retrieve", "", "", 0.3), Step("read", "", "", 1.0, 500, 30), Step("x", "", "", 0.2)))
    ),
]


def test_steps_are_means_a_task_the_longest_first():
    found = Profile.of(ANSWERS, TokenPrice.per_million(2, 10))
    assert found.seconds == pytest.approx({"read": 1.5, "retrieve": 0.2, "x": 0.1})
    assert [share.layer for share in found.shares] == ["6 model reads", "2-3 encode the query, search", OTHER]
    assert found.shares[0].times == 1.0
    assert found.shares[2].times == 0.5
    assert found.table().rows[0] == ("read", "6 model reads", "1.0", "1.5000", "83 %", "770", "0.001700")
    assert Profile.of(ANSWERS).table().rows[0][-1] == "-"


def test_it_adds_up_to_the_seconds_of_the_answers():
    task = Task("t", Kind.TWO_HOP, "Which cluster serves the inference fleet?", ("orion",), LEARNER)
    answers = ask_all(stage(0), [task] * 3)
    whole = sum(answer.trace.seconds for answer in answers) / 3
    assert sum(Profile.of(answers).seconds.values()) == pytest.approx(whole)


@pytest.mark.parametrize("graph", [MULTI_HOP, ORCHESTRATOR])
def test_every_step_of_the_graphs_belongs_to_a_layer(graph):
    assert {*graph.nodes} <= {*LAYERS}


def test_nothing_has_no_profile():
    with pytest.raises(BadArgument, match="0 answers"):
        Profile.of([])
