"""Reading prompts share all but their end, and passages are put in order by date."""

from datetime import date

import pytest

from labkit.documents import Chunk, Passage
from labkit.skills import newest_first, parse_reading, read_messages


def passage(name: str, updated: date | None) -> Passage:
    return Passage(Chunk(name, name, name, 0, 1, updated=updated), 1.0)


def test_questions_on_the_same_passages_begin_alike():
    texts = ["The orion cluster\n\nruns eight replicas.", "- one\n- two"]
    one, two = (read_messages(question, texts) for question in ("How many?", "Who?"))
    assert one[0] == two[0]
    shared = "[1] The orion cluster runs eight replicas.\n[2] - one - two\n\nQuestion: "
    assert [one[1]["content"], two[1]["content"]] == [shared + "How many?", shared + "Who?"]


def test_youngest_first_and_the_rest_as_they_came():
    old, new, none = date(2020, 1, 1), date(2024, 5, 1), None
    given = [passage("a", old), passage("b", none), passage("c", new), passage("d", old), passage("e", none)]
    assert [each.chunk.id for each in newest_first(given)] == ["c", "a", "d", "b", "e"]


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("unknown", "unknown"),
        ("Unknown.\n", "unknown"),
        ("", "unknown"),
        (".", "unknown"),
        ("twenty-four.", "twenty-four"),
        ("2.40", "2.40"),
        ("orion\nbecause it says so", "orion"),
    ],
)
def test_replies(said, read):
    assert parse_reading(said) == read
