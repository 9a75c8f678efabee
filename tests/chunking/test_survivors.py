"""Which duplicate stays depends on the chunks alone."""

import tracemalloc
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.chunking import ChunkJob, DocumentPages, Duplicates, SentenceChunker, run_serially, spool
from labkit.chunking.survivors import survivors
from labkit.chunking.tables import block_table, write_whole
from labkit.documents import SHARED, Access, Chunk, Document

LONG = " ".join(f"word{number}" for number in range(60))
SHORTER, SHORTEST = LONG.rsplit(" ", 3)[0], LONG.rsplit(" ", 6)[0]
TEXTS = [LONG, SHORTER, SHORTEST, LONG.upper() + "!", LONG.replace("word7", "other"), "Short.", "Short!", f"{LONG} end"]
ACCESSES = [SHARED, Access("acme"), Access("acme", frozenset({"legal"})), Access("globex")]
DATES = [None, date(2025, 1, 1), date(2026, 1, 1)]
DOCUMENTS = st.lists(
    st.tuples(st.sampled_from(TEXTS), st.sampled_from(ACCESSES), st.sampled_from(DATES)), min_size=1, max_size=12
)


def kept(documents, folder, block_pages=3, rule=None):
    job = ChunkJob(DocumentPages.of(documents), SentenceChunker(250), rule or Duplicates(), block_pages)
    return [chunk.document_id for chunk in run_serially(job, folder)]


def expected(documents):
    """The rule by its definition: every chunk against all that stay, best-ranked first."""
    chunks = [chunk for document in documents for chunk in SentenceChunker(250).cut(document)]
    staying = []
    for place, chunk in sorted(enumerate(chunks), key=lambda it: (-(it[1].updated or date.min).toordinal(), it[0])):
        same = any((chunk.text, chunk.access) == (other.text, other.access) for _, other in staying)
        if not same and not any(Duplicates().repeats(chunk, other) for _, other in staying):
            staying.append((place, chunk))
    return [chunk.document_id for _, chunk in sorted(staying, key=lambda it: it[0])]


@settings(max_examples=40)
@given(DOCUMENTS, st.integers(1, 5))
def test_agrees_with_the_definition(tmp_path_factory, drawn, block_pages):
    documents = [Document(f"d{n}", text, access=a, updated=day) for n, (text, a, day) in enumerate(drawn)]
    assert kept(documents, tmp_path_factory.mktemp("job"), block_pages) == expected(documents)


def test_the_newest_of_equal_texts_stays(tmp_path):
    days = [date(2025, 1, 1), None, date(2026, 1, 1), date(2026, 1, 1)]
    assert kept([Document(f"d{n}", LONG, updated=day) for n, day in enumerate(days)], tmp_path) == ["d2"]


def test_equal_texts_of_different_access_all_stay(tmp_path):
    documents = [Document(f"d{n}", LONG, access=access) for n, access in enumerate(ACCESSES)]
    assert kept(documents, tmp_path) == ["d0", "d1", "d2", "d3"]


def test_a_copy_that_went_takes_no_other_with_it(tmp_path):
    near, far = (Chunk("c#0", "c", text, 0, len(text)) for text in (SHORTER, SHORTEST))
    whole = Chunk("a#0", "a", LONG, 0, len(LONG))
    rule = Duplicates()
    assert rule.repeats(near, whole)
    assert rule.repeats(far, near)
    assert not rule.repeats(far, whole)
    assert kept([Document(f"d{n}", text) for n, text in enumerate((LONG, SHORTER, SHORTEST))], tmp_path) == ["d0", "d2"]


@pytest.mark.parametrize(("resemblance", "stays"), [(0.9, ["d0"]), (None, ["d0", "d1"])])
def test_near_copies_go_only_if_asked(tmp_path, resemblance, stays):
    documents = [Document("d0", LONG), Document("d1", LONG.upper() + "!"), Document("d2", LONG)]
    assert kept(documents, tmp_path, rule=Duplicates(resemblance)) == stays


def test_the_texts_of_suspects_are_never_all_in_memory(tmp_path, monkeypatch):
    monkeypatch.setattr(spool, "HELD", 10)
    drawn = np.random.default_rng(7).integers(500, size=(200, 300))
    texts = [" ".join(f"{case}{number}" for number in row) for row in drawn for case in "wW"]
    chunks = [Chunk(f"d{n}#0", f"d{n}", text, 0, len(text)) for n, text in enumerate(texts)]
    blocks = [tmp_path / f"{at:06d}.parquet" for at in range(0, 400, 20)]
    for at, path in enumerate(blocks):
        write_whole(block_table(chunks[20 * at : 20 * at + 20], Duplicates()), path)
    tracemalloc.start()
    try:
        verdict = survivors(blocks, Duplicates())
        held = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert (verdict.exact, verdict.near) == (0, 200)
    assert held < sum(map(len, texts)) / 2
