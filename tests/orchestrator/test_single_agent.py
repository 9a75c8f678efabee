"""The single agent has the same tools, a budget, and the same rule about evidence."""

import json
import re
from itertools import count

import pytest
from hypothesis import given
from hypothesis.strategies import from_regex

from labkit.documents import UNKNOWN, Access, Chunk, Passage, Principal
from labkit.errors import BadArgument
from labkit.orchestrator import ACTION_FORM, SingleAgent
from labkit.orchestrator.actions import parse_action
from labkit.reading import TemplateReader
from labkit.serving import Completion, LanguageModel

ADA = Principal("ada", "acme")
TEXT = "orion runs eight replicas and each takes 24 requests per second."


def shelf(_, k, principal):
    assert (k, principal) == (2, ADA)
    return [Passage(Chunk("1#0", "1", TEXT, 0, len(TEXT), "page 1", Access("acme")), 0.9)]


def acting(*turns, tokens=50):
    """A model that takes these turns one after the other, and then the last one again and again."""
    said = (turns[min(turn, len(turns) - 1)] for turn in count())
    talks = []

    def chat(conversations, _max_tokens=48):
        talks.extend(conversations)
        text = next(said)
        return [Completion(text if isinstance(text, str) else json.dumps(text), tokens, 5)]

    return LanguageModel(chat=chat), talks


SEARCH = {"tool": "search", "query": "replicas of orion"}
PRODUCT = {"tool": "calculate", "expression": "8 * 24"}


def say(text: str) -> dict:
    return {"tool": "answer", "text": text}


def run(*turns, agent=None, **limits):
    model, talks = acting(*turns, **limits)
    return (agent or SingleAgent()).answer("What can orion sustain?", ADA, shelf, model), talks


def test_searches_calculates_and_answers():
    answer, talks = run(SEARCH, PRODUCT, say("192"))
    assert (answer.text, [c.document_id for c in answer.citations]) == ("192", ["1"])
    assert [step.name for step in answer.trace.steps] == ["think", "act", "think", "act", "think"]
    assert [message["content"] for message in talks[-1]][-3:] == [f"[1] {TEXT}", json.dumps(PRODUCT), "192"]
    assert answer.trace.documents == ("1",)


@pytest.mark.parametrize("guess", ["777", "cygnus", UNKNOWN])
def test_what_nothing_bears_out_is_unknown(guess):
    answer, _ = run(SEARCH, say(guess))
    assert (answer.text, answer.citations) == (UNKNOWN, ())


@pytest.mark.parametrize("action", [SEARCH, PRODUCT, say("unknown"), say("eu-north, 12 %")])
def test_the_form_of_actions_is_theirs(action):
    assert re.fullmatch(ACTION_FORM, json.dumps(action))


@pytest.mark.parametrize(
    "junk",
    [
        '["Which cluster?"]',
        '{"tool": "search", "query": ""}',
        '{"tool": "calculate", "expression": "open(1)"}',
        '{"tool": "answer", "text": "a", "tenant": "bolt"}',
        json.dumps(SEARCH) + json.dumps(SEARCH),
        json.dumps(SEARCH, indent=1),
    ],
)
def test_nothing_else_has_their_form(junk):
    assert not re.fullmatch(ACTION_FORM, junk)


@given(from_regex(ACTION_FORM, fullmatch=True))
def test_whatever_has_the_form_is_an_action(text):
    assert parse_action(text).tool in {"search", "calculate", "answer"}


@pytest.mark.parametrize("junk", ["hello", '{"tool": "delete"}', '{"tool": "search", "query": "a", "tenant": "bolt"}'])
def test_junk_costs_turns_until_the_budget_is_spent(junk):
    answer, talks = run(junk, agent=SingleAgent(turns=3))
    assert (answer.text, answer.failure) == (UNKNOWN, "budget: no answer in 3 turns")
    assert len(talks) == 3


def test_it_stops_before_the_context_is_full():
    answer, talks = run(SEARCH, tokens=1960)
    assert answer.failure == "context: the conversation has outgrown 2048 tokens"
    assert len(talks) == 1


def test_a_failure_of_a_tool_is_told_to_the_model():
    _, talks = run({"tool": "calculate", "expression": "orion"}, say(UNKNOWN))
    assert talks[-1][-1]["content"] == "calculate refused: 'orion' is no arithmetic"


def test_a_model_that_cannot_write_is_named():
    with pytest.raises(BadArgument, match="TemplateReader, which cannot write freely"):
        SingleAgent().answer("?", ADA, shelf, TemplateReader())
