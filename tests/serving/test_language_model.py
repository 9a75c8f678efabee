from labkit.documents import UNKNOWN, Chunk, Passage
from labkit.serving import INSTRUCTIONS, Completion, LanguageModel

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
    [([[system, user]], max_tokens)] = asked
    assert (system["content"], max_tokens) == (INSTRUCTIONS, 9)
    assert user["content"] == "Passages:\n- The fleet is served by orion.\n\nQuestion: Which cluster?"


def test_a_guess_is_unknown():
    reading = LanguageModel(chat=saying("cygnus", [])).read("Which cluster?", [PASSAGE])
    assert (reading.text, reading.said) == (UNKNOWN, "cygnus")


def test_without_passages_nobody_is_asked():
    asked = []
    assert LanguageModel(chat=saying("orion", asked)).read("Which cluster?", []).text == UNKNOWN
    assert not asked
