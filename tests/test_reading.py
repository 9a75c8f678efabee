"""What a model says counts only where the passages bear it out."""

import pytest

from labkit.documents import UNKNOWN, Chunk, Passage
from labkit.reading import TemplateReader, grounded, respelt

TEXTS = (
    "The orion cluster runs eight vLLM replicas behind one router.",
    "The inference fleet is served by a cluster called orion.",
    "Each replica handles 1,200 requests an hour.",
)
PASSAGES = tuple(Passage(Chunk(f"d{n}#0", f"d{n}", text, 0, len(text)), 1.0) for n, text in enumerate(TEXTS))


def places(question: str, said: str) -> list[str]:
    return [passage.chunk.document_id for passage in grounded(question, said, PASSAGES)]


@pytest.mark.parametrize(
    ("question", "said", "expected"),
    [
        ("How many replicas does orion run?", "8", ["d0"]),
        ("How many replicas does orion run?", "Orion runs eight replicas.", ["d0"]),
        ("Which cluster serves the fleet?", "It is the orion cluster.", ["d1"]),
        ("Which cluster, and how many requests?", "orion, 1,200 requests", ["d0", "d2"]),
        ("How many replicas does orion run?", "nine", []),
        ("How many replicas does orion run?", "eighty", []),
        ("What is the capital of France?", "The capital of France is Paris.", []),
        ("How many replicas does orion run?", "The replicas that orion run", []),
        ("How many replicas does orion run?", "unknown", []),
        ("How many replicas does orion run?", "", []),
    ],
)
def test_every_new_word_must_stand_in_a_passage(question, said, expected):
    assert places(question, said) == expected


def test_no_passages_bear_nothing_out():
    assert grounded("Which?", "orion", ()) == ()


def test_the_template_reader_knows_two_wordings():
    reading = TemplateReader().read("How many vLLM replicas does the orion cluster run?", PASSAGES)
    assert (reading.text, reading.support) == ("8", PASSAGES[:1])
    assert TemplateReader().read("Who owns orion?", PASSAGES).text == UNKNOWN


NAMED = tuple(
    Passage(Chunk(text, text, text, 0, len(text)), 1.0)
    for text in (
        "**slovex-42** serves Temed Trastem.",
        "Ask Nanil Sulvo or Nanil Sulva; (slovex-43) has fifty replicas.",
    )
)


@pytest.mark.parametrize(
    ("said", "spelt"),
    [
        ("svelx-42", "slovex-42"),
        ("Temped Trastem", "Temed Trastem"),
        ("temedTrastem", "Temed Trastem"),
        ("slovex-44", "slovex-44"),  # another number is another name
        ("Nanil Sulv", "Nanil Sulv"),  # two could be meant
        ("Trimed Vastrem", "Trimed Vastrem"),  # too far from either
        ("fifteen", "fifteen"),  # near "fifty", and another number
        ("42", "42"),
        ("Ask", "Ask"),
    ],
)
def test_a_misspelt_name_is_put_right_where_one_alone_can_be_meant(said, spelt):
    assert respelt(said, NAMED) == spelt


def test_another_number_is_another_name_where_only_one_is_like_it():
    assert respelt("slovex-44", NAMED[:1]) == "slovex-44"
    assert respelt("slovx-42", NAMED[:1]) == "slovex-42"


def test_nothing_is_respelt_without_passages():
    assert respelt("svelx-42", ()) == "svelx-42"
