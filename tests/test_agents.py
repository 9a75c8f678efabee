"""Agents that ask others: in turn, no further than an answer, and with a trace of all."""

from dataclasses import dataclass, field

import pytest

from labkit.agents import FirstToAnswer
from labkit.documents import UNKNOWN, Answer, Principal, Step, Trace
from labkit.errors import BadArgument
from labkit.reading import TemplateReader

ADA = Principal("ada", "acme")


@dataclass
class Saying:
    """An agent with one thing to say."""

    text: str
    asked: list[str] = field(default_factory=list)

    def answer(self, question, principal, *_):
        assert principal == ADA
        self.asked.append(question)
        return Answer(self.text, (), Trace((Step("say", question, self.text, input_tokens=2),)), failure="")


def ask(*agents):
    return FirstToAnswer(agents).answer("Which?", ADA, lambda *_: (), TemplateReader())


def test_the_first_that_answers_is_the_last_that_is_asked():
    silent, sure, never = Saying(UNKNOWN), Saying("orion"), Saying("vega")
    answer = ask(silent, sure, never)
    assert answer.text == "orion"
    assert [step.result for step in answer.trace.steps] == [UNKNOWN, "orion"]
    assert answer.trace.input_tokens == 4
    assert (silent.asked, sure.asked, never.asked) == (["Which?"], ["Which?"], [])


def test_where_nobody_answers_the_answer_is_unknown():
    answer = ask(Saying(UNKNOWN), Saying(UNKNOWN))
    assert answer.abstained
    assert len(answer.trace.steps) == 2


def test_somebody_must_be_there():
    with pytest.raises(BadArgument, match="0 agents"):
        ask()
