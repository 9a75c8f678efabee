from dataclasses import replace
from datetime import date

import pytest

from labkit.documents import UNKNOWN, Chunk, Passage
from labkit.errors import BadArgument
from labkit.serving import Completion, LanguageModel
from labkit.skills import Plan, read_messages

PASSAGE = Passage(Chunk("0#0", "0", "The fleet is served by orion.", 0, 29), 0.9)


def saying(text: str, asked: list):
    def chat(conversations, max_tokens=48):
        asked.append((conversations, max_tokens))
        return [Completion(text, 20, 2)]

    return chat


def test_an_answer_that_the_passages_bear_out():
    asked = []
    reading = LanguageModel(max_tokens=9, chat=saying("orion", asked)).read("Which cluster?", [PASSAGE])
    assert (reading.text, reading.support, reading.input_tokens) == ("orion", (PASSAGE,), 20)
    assert asked == [([read_messages("Which cluster?", ["The fleet is served by orion."])], 9)]


def passage(text: str, year: int) -> Passage:
    return replace(PASSAGE, chunk=replace(PASSAGE.chunk, text=text, updated=date(year, 1, 1)))


OLD, YOUNG = passage("Served by lyra.", 2024), passage("Served by orion.", 2026)


def test_passages_go_to_the_model_youngest_first_and_one_by_one():
    asked = []
    reading = LanguageModel(chat=saying("unknown", asked)).read("Which cluster?", [OLD, YOUNG])
    assert [conversations for conversations, _ in asked] == [
        [read_messages("Which cluster?", [each.chunk.text])] for each in (YOUNG, OLD)
    ]
    assert (reading.text, reading.input_tokens, reading.output_tokens) == (UNKNOWN, 40, 4)


def test_the_first_passage_that_answers_ends_the_reading():
    asked = []
    reading = LanguageModel(chat=saying("orion", asked)).read("Which cluster?", [OLD, YOUNG])
    assert (reading.text, reading.support, reading.input_tokens) == ("orion", (YOUNG,), 20)
    assert len(asked) == 1


def test_what_the_youngest_does_not_bear_out_may_stand_in_another():
    asked = []
    reading = LanguageModel(chat=saying("lyra", asked)).read("Which cluster?", [OLD, YOUNG])
    assert (reading.text, reading.support, reading.input_tokens) == ("lyra", (OLD,), 40)


def test_a_larger_model_may_see_them_together():
    asked = []
    model = LanguageModel(chat=saying("orion", asked), at_once=2)
    model.read("Which cluster?", [OLD, YOUNG, PASSAGE])
    assert asked[0][0] == [read_messages("Which cluster?", ["Served by orion.", "Served by lyra."])]
    assert model.read("Which cluster?", [OLD, YOUNG]).support == (YOUNG,)
    with pytest.raises(BadArgument, match="at_once is 0"):
        LanguageModel(at_once=0)


def test_a_guess_is_remembered_when_the_next_passage_is_silent():
    replies = iter(["cygnus", "unknown"])
    reading = LanguageModel(chat=lambda *_: [Completion(next(replies), 20, 2)]).read("Which cluster?", [OLD, YOUNG])
    assert (reading.text, reading.support, reading.said) == (UNKNOWN, (), "cygnus")


def test_a_guess_is_unknown():
    reading = LanguageModel(chat=saying("cygnus", [])).read("Which cluster?", [PASSAGE])
    assert (reading.text, reading.said) == (UNKNOWN, "cygnus")


def test_without_passages_nobody_is_asked():
    asked = []
    assert LanguageModel(chat=saying("orion", asked)).read("Which cluster?", []).text == UNKNOWN
    assert not asked


def test_a_misspelt_answer_is_spelt_as_in_the_passage_and_what_was_said_is_kept():
    named = replace(PASSAGE, chunk=replace(PASSAGE.chunk, text="The fleet is served by slovex-42."))
    reading = LanguageModel(chat=saying("svelx-42", [])).read("Which cluster?", [PASSAGE, named])
    assert (reading.text, reading.support, reading.said) == ("slovex-42", (named,), "svelx-42")


def test_a_plan_that_forgets_a_name_is_none():
    model = LanguageModel(chat=saying('["How old is Ann Lee?"]', []))
    planned = model.plan("Who is older, Ann Lee or Bob Lee?")
    assert (planned.plan, planned.problem) == (None, "the plan asks nothing about Bob")
    assert model.plan("How old is Ann Lee?").plan == Plan(("How old is Ann Lee?",))
