"""Sentence boundaries, by punctuation and layout."""

import pytest

from labkit.chunking import sentences


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("It ran for 7.5 s. Then it stopped.", ["It ran for 7.5 s.", "Then it stopped."]),
        ("Ask Dr. Who, e.g. Tomorrow. Or J. Doe.", ["Ask Dr. Who, e.g. Tomorrow.", "Or J. Doe."]),
        ("Title\n\nbody text", ["Title", "body text"]),
        ("- one\n- two\n1. three", ["- one", "- two", "1. three"]),
        ("no end here", ["no end here"]),
        (" \n ", []),
    ],
)
def test_sentence_boundaries(text, expected):
    assert [text[start:end] for start, end in sentences(text)] == expected
