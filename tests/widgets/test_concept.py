import pytest

from labkit.errors import BadArgument
from labkit.widgets import ConceptQuestion

CHOICES = {"rows": "They are independent.", "time": "It runs one way."}


def asked():
    return ConceptQuestion("What splits best?", CHOICES, right="rows")


def test_it_is_tried_until_it_is_answered():
    question = asked()
    assert question.summary() == "Question: What splits best? - not tried yet"
    question.answer("time")
    question.answer("time")
    assert not question.answered
    assert question.summary().endswith("not yet, after 2 tries")
    question.answer("rows")
    assert question.answered
    assert question.summary().endswith("answered at try 3")


def test_the_page_carries_every_explanation():
    assert all(explanation in asked().page_html() for explanation in CHOICES.values())


def test_what_the_front_end_sends_is_taken():
    question = asked()
    question.set_state({"tried": [1, 0]})
    assert question.answered


@pytest.mark.parametrize("tried", [[2], [-1]])
def test_a_choice_that_is_not_there_is_refused(tried):
    question = asked()
    with pytest.raises(BadArgument):
        question.tried = tried
    with pytest.raises(BadArgument):
        question.answer("neither")
    assert question.tried == []


@pytest.mark.parametrize(
    "arguments",
    [
        (" ", CHOICES, "rows"),
        ("What?", {"rows": "Yes."}, "rows"),
        ("What?", {"rows": "Yes.", "time": " "}, "rows"),
        ("What?", CHOICES, "columns"),
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(arguments):
    question, choices, right = arguments
    with pytest.raises(BadArgument):
        ConceptQuestion(question, choices, right=right)
