"""Chunks keep their offsets, their size and every word, whatever the text."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.chunking import SentenceChunker, WholeDocuments
from labkit.chunking.sentence_chunker import _tokenizer
from labkit.documents import Access, Document
from labkit.errors import BadArgument

PIECES = [
    "Ray runs tasks.", "It scales! ", "Dr. Who waits.", "- a list item\n", "\n\n", "# Heading\n", "x" * 300,
    "naïve café 7.5 %", "| a | b |\n", "why? ", "数据 并行。", "\t", "word " * 40, "🚢",
]  # fmt: skip
PROSE = st.lists(st.sampled_from(PIECES), max_size=30).map(" ".join)


def tokens(text: str) -> int:
    return len(_tokenizer().encode(text, add_special_tokens=False).ids)


@settings(max_examples=150)
@given(PROSE, st.integers(4, 64), st.integers(0, 3))
def test_chunks_are_stretches_of_the_text_within_the_size(text, size, overlap):
    document = Document("d", text)
    chunks = SentenceChunker(size, overlap).cut(document)
    for chunk in chunks:
        assert chunk.text == text[chunk.start : chunk.end]
        assert chunk.text.strip()
        assert tokens(chunk.text) <= size


@settings(max_examples=150)
@given(PROSE, st.integers(4, 64), st.integers(0, 3))
def test_no_word_is_lost_and_starts_move_forward(text, size, overlap):
    chunks = SentenceChunker(size, overlap).cut(Document("d", text))
    covered = {place for chunk in chunks for place in range(chunk.start, chunk.end)}
    assert all(character.isspace() or place in covered for place, character in enumerate(text))
    starts = [chunk.start for chunk in chunks]
    assert starts == sorted(set(starts))


def test_a_hand_made_case():
    text = "One two three. Four five six. Seven eight nine."
    cut = [chunk.text for chunk in SentenceChunker(size=8, overlap=4).cut(Document("d", text))]
    assert cut == ["One two three. Four five six.", "Four five six. Seven eight nine."]
    cut = [chunk.text for chunk in SentenceChunker(size=8, overlap=3).cut(Document("d", text))]
    assert cut == ["One two three. Four five six.", "Seven eight nine."]


def test_a_sentence_over_the_size_is_cut_at_tokens():
    text = " ".join(f"w{number}" for number in range(100))
    chunks = SentenceChunker(size=20, overlap=0).cut(Document("d", text))
    assert all(tokens(chunk.text) <= 20 for chunk in chunks)
    assert "".join(chunk.text for chunk in chunks).replace(" ", "") == text.replace(" ", "")


def test_chunks_carry_source_access_and_date():
    access = Access("acme", frozenset({"finance"}))
    [chunk] = SentenceChunker()([Document("d", "A fact.", source="a/b.md", access=access)])
    assert (chunk.id, chunk.source, chunk.access) == ("d#0", "a/b.md", access)


def test_documents_without_words_give_no_chunk():
    empty = [Document("a", ""), Document("b", " \n")]
    assert list(SentenceChunker()(empty)) == []
    assert list(WholeDocuments()(empty)) == []


@pytest.mark.parametrize(("size", "overlap"), [(0, 0), (255, 0), (10, 10), (10, -1)])
def test_sizes_that_cannot_work_are_refused(size, overlap):
    with pytest.raises(BadArgument, match=r"; give "):
        SentenceChunker(size, overlap)
