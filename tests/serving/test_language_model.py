from dataclasses import replace
from datetime import date

from labkit.documents import UNKNOWN, Chunk, Passage
from labkit.serving import Completion, LanguageModel
from labkit.skills import read_messages

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


def test_passages_go_to_the_model_youngest_first_as_it_was_trained():
    asked = []
    dated = [
        replace(PASSAGE, chunk=replace(PASSAGE.chunk, text=text, updated=date(year, 1, 1)))
        for year, text in ((2024, "Served by lyra."), (2026, "Served by orion."))
    ]
    LanguageModel(chat=saying("orion", asked)).read("Which cluster?", dated)
    assert asked[0][0] == [read_messages("Which cluster?", ["Served by orion.", "Served by lyra."])]


def test_a_guess_is_unknown():
    reading = LanguageModel(chat=saying("cygnus", [])).read("Which cluster?", [PASSAGE])
    assert (reading.text, reading.said) == (UNKNOWN, "cygnus")


def test_without_passages_nobody_is_asked():
    asked = []
    assert LanguageModel(chat=saying("orion", asked)).read("Which cluster?", []).text == UNKNOWN
    assert not asked
