"""What one application was asked makes no other one faster."""

from dataclasses import replace

import pytest

from labkit.agents import SingleShot
from labkit.costs import Cascade
from labkit.documents import Chunk, Passage
from labkit.evaluation import cold
from labkit.extraction import CourseReader, course, course_span_model
from labkit.ranking import Narrowed
from labkit.serving import Endpoint, LanguageModel, served_chat
from labkit.stages import JUDGED, Application, stage

COLD = "labkit.evaluation.cold_start"


@pytest.fixture
def served(monkeypatch) -> Application:
    """A cascade and a judged search, over stage 0's index."""
    monkeypatch.delenv("LABKIT_API_BASE", raising=False)
    monkeypatch.setattr(f"{COLD}.served_endpoint", lambda: Endpoint("http://127.0.0.1:9/v1"))
    model = Cascade(LanguageModel(chat=served_chat), threshold=0.9)
    return replace(stage(0), agent=Narrowed(SingleShot(2), JUDGED), model=model)


def test_each_has_a_prefix_cache_and_a_memory_of_its_own(served):
    one, other = cold(served), cold(served)
    salts = {each.model.large.chat.__self__.salt for each in (one, other)}
    judges = {each.agent.funnel.judge.__self__ for each in (one, other)}
    assert len(salts) == len(judges) == 2
    assert "" not in salts
    assert CourseReader() not in judges
    assert one.model.small == one.agent.funnel.judge.__self__
    assert (one.model.threshold, one.agent.agent, one.agent.funnel.short) == (0.9, SingleShot(2), JUDGED.short)
    assert one.searchable is served.searchable


def test_an_endpoint_of_ones_own_is_salted_too(served):
    formal = Endpoint("http://127.0.0.1:9/v1", form="yes|no")
    fresh = cold(replace(served, model=LanguageModel(chat=formal.chat))).model.chat.__self__
    assert fresh.form == "yes|no"
    assert fresh.salt


def test_what_is_not_the_courses_own_stays(served, monkeypatch):
    plain = stage(0)
    assert (cold(plain).agent, cold(plain).model) == (plain.agent, plain.model)
    monkeypatch.setenv("LABKIT_API_BASE", "http://127.0.0.1:9/v1")
    assert cold(served).model.large.chat is served_chat


def test_readers_of_one_name_alone_share_a_memory(monkeypatch):
    asked = []

    class Listened:
        inner = course_span_model()

        def logits(self, sequences):
            asked.append(len(sequences))
            return self.inner.logits(sequences)

    monkeypatch.setattr(course, "_shared_model", Listened)
    passages = [Passage(Chunk("d", "c", "The orion cluster runs eight replicas.", 0, 38), 1.0)]
    said = [
        CourseReader(name).extract("How many replicas does orion run?", passages)
        for name in ("test cold a", "test cold a", "test cold b")
    ]
    assert asked == [1, 1]
    assert said[0] == said[1] == said[2]
