"""The cascade: believed where it is sure, asked further where it is not, and its tokens always counted."""

import json
from dataclasses import dataclass, field

import pytest
from scripted import Scripted

from labkit.costs import Cascade, ChatCascade, course_threshold
from labkit.costs import cascade as cascade_module
from labkit.documents import UNKNOWN, Chunk, Passage
from labkit.errors import BadArgument, StateCorrupt
from labkit.extraction import Extraction
from labkit.fakes import FakeModel
from labkit.planning import Planner, Writer
from labkit.serving import Completion, LanguageModel
from labkit.skills import read_messages
from labkit.tasks.task import Skill

TEXT = "kelmar is served by orion, and orion runs eight replicas"
PASSAGE = Passage(Chunk("0#0", "0", TEXT, 0, len(TEXT)), 1.0)
CLUSTER, COUNT = "Which cluster serves kelmar?", "How many replicas does orion run?"


@dataclass
class Sure:
    """A small reader that says one thing, as sure as it is told to be."""

    text: str
    confidence: float
    asked: list[str] = field(default_factory=list)

    def extract(self, question, passages):
        self.asked.append(question)
        return Extraction(self.text, self.confidence, () if self.text == UNKNOWN else tuple(passages[:1]), 30)


def large() -> tuple[Scripted, LanguageModel]:
    scripted = Scripted(answers={CLUSTER: "orion", COUNT: "eight"}, plans={"Both?": (CLUSTER, "#1 * 2")})
    return scripted, LanguageModel(chat=scripted)


def test_a_sure_small_tier_is_believed_and_nobody_else_asked():
    scripted, model = large()
    reading = Cascade(model, Sure("kelmar", 0.9), 0.9).read(CLUSTER, [PASSAGE])
    assert (reading.text, reading.support, reading.input_tokens, reading.output_tokens) == ("kelmar", (PASSAGE,), 30, 0)
    assert scripted.asked == []


def test_an_unsure_one_is_not_and_both_are_paid_for():
    scripted, model = large()
    reading = Cascade(model, Sure("kelmar", 0.89), 0.9).read(CLUSTER, [PASSAGE])
    alone = model.read(CLUSTER, [PASSAGE])
    assert (reading.text, reading.support) == ("orion", (PASSAGE,))
    assert reading.input_tokens == alone.input_tokens + 30
    assert reading.output_tokens == alone.output_tokens
    assert scripted.asked[0] == ("read", CLUSTER)


def test_a_sure_no_answer_is_believed_too():
    scripted, model = large()
    reading = Cascade(model, Sure(UNKNOWN, 0.95), 0.9).read(CLUSTER, [PASSAGE])
    assert (reading.text, reading.support) == (UNKNOWN, ())
    assert scripted.asked == []


@pytest.mark.parametrize(("threshold", "said"), [(0.0, "kelmar"), (1.01, "orion")])
def test_the_ends_of_the_curve_are_the_tiers_by_themselves(threshold, said):
    small = Sure("kelmar", 1.0 if threshold else 0.0)
    assert Cascade(large()[1], small, threshold).read(CLUSTER, [PASSAGE]).text == said


def test_without_passages_there_is_nothing_to_read():
    small = Sure("kelmar", 1.0)
    assert Cascade(large()[1], small, 0.5).read(CLUSTER, []).text == UNKNOWN
    assert small.asked == []


def test_plans_and_routes_are_the_large_ones():
    small = Sure("kelmar", 1.0)
    both = Cascade(large()[1], small, 0.5)
    assert isinstance(both, Planner)
    assert isinstance(both, Writer)
    assert both.plan("Both?").plan.steps == (CLUSTER, "#1 * 2")
    assert both.route(["#1 * 2"]).skills == (Skill.CALCULATE,)
    assert both.write(read_messages(COUNT, [TEXT]), 4).text == "eight"
    assert small.asked == []
    with pytest.raises(BadArgument, match="FakeModel, which cannot write"):
        Cascade(FakeModel(), small, 0.5).write([], 4)


def test_the_courses_threshold_is_data(monkeypatch, tmp_path):
    assert 0 < course_threshold() <= 1
    assert Cascade(large()[1], Sure("x", 1)).threshold == course_threshold()
    file = tmp_path / "threshold.json"
    monkeypatch.setattr(cascade_module, "COURSE_THRESHOLD", file)
    with pytest.raises(StateCorrupt, match=r"threshold\.json cannot be read"):
        course_threshold()
    file.write_text(json.dumps({"threshold": 0.25}))
    assert course_threshold() == 0.25


def test_wrong_thresholds_are_named():
    with pytest.raises(BadArgument, match=r"threshold is -0\.1"):
        Cascade(large()[1], Sure("x", 1), -0.1)
    with pytest.raises(BadArgument, match=r"threshold is 0\.1"):
        ChatCascade(large()[0], large()[0], 0.1)


def saying(text: str, logprobs: list[float | None], asked: list[int]):
    def talk(conversations, _):
        asked.append(len(conversations))
        return [Completion(text, 10, 2, 4, logprob) for _, logprob in zip(conversations, logprobs, strict=False)]

    return talk


def test_between_models_that_write_the_mean_log_probability_decides():
    small_asked, large_asked = [], []
    small = saying("small", [-0.1, -0.5, -0.2, -3.0], small_asked)
    both = ChatCascade(small, saying("large", [None] * 4, large_asked), threshold=-0.2)
    replies = both([[], [], [], []], 8)
    assert [reply.text for reply in replies] == ["small", "large", "small", "large"]
    assert (small_asked, large_asked) == ([4], [2])
    assert (replies[0].input_tokens, replies[1].input_tokens, replies[1].cached_tokens) == (10, 20, 8)
    assert ChatCascade(small, both, threshold=-4.0)([[]] * 4, 8)[3].text == "small"
    assert large_asked == [2]


def test_a_model_that_does_not_say_how_sure_it_is_cannot_go_first():
    with pytest.raises(BadArgument, match="no log-probability"):
        ChatCascade(saying("small", [None], []), saying("large", [None], []), -1.0)([[]])
