"""The fakes keep the interfaces of what they stand in for."""

from dataclasses import replace

import numpy as np
import pytest

from labkit.agents import SingleShot
from labkit.documents import UNKNOWN
from labkit.errors import BadArgument
from labkit.fakes import FakeEncoder, FakeModel
from labkit.stages import LEARNER, stage


def test_the_encoder_gives_unit_vectors_that_depend_on_the_text_alone():
    vectors = FakeEncoder(8).encode(["a", "b", "a"])
    assert vectors.dtype == np.float32
    assert np.linalg.norm(vectors, axis=1) == pytest.approx(np.ones(3))
    assert (vectors[0] == vectors[2]).all()
    assert abs(vectors[0] @ vectors[1]) < 0.99
    assert FakeEncoder().encode([]).shape == (0, 16)
    with pytest.raises(BadArgument, match="dimension is 0"):
        FakeEncoder(0)


def test_an_application_of_fakes_answers_cites_and_bills():
    asked = "Which cluster serves the inference fleet?"
    application = replace(
        stage(0), encoder=FakeEncoder(), agent=SingleShot(6), model=FakeModel({asked: "It is orion."})
    )
    answer = application.ask(asked, LEARNER)
    assert (answer.text, [place.document_id for place in answer.citations]) == ("It is orion.", ["0"])
    assert (answer.trace.calls, answer.trace.output_tokens) == (1, 3)
    assert answer.trace.input_tokens == 6 + sum(len(document.text.split()) for document in application.corpus)


def test_what_the_passages_do_not_bear_out_is_not_answered():
    application = replace(stage(0), agent=SingleShot(6), model=FakeModel({"Which cluster?": "vega"}))
    answer = application.ask("Which cluster?", LEARNER)
    assert (answer.text, answer.citations) == (UNKNOWN, ())
    assert answer.trace.steps[-1].result == "vega"
