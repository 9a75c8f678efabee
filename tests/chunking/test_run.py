"""A job in a folder: the same bytes however it is cut into blocks, and no page that fails stops it."""

import json

import pyarrow.parquet as pq
import pytest

from labkit.chunking import ChunkJob, DocumentPages, FaultyPages, HandbookPages, SentenceChunker, run_serially, trial
from labkit.chunking import run as run_module
from labkit.chunking.job import block_path
from labkit.corpus import handbook
from labkit.documents import Document
from labkit.errors import BadArgument, EmptyCorpus


def test_any_block_size_gives_the_same_bytes(book, tmp_path, monkeypatch, sha256):
    monkeypatch.setattr(run_module, "ROWS_PER_GROUP", 50)  # so that several row groups are written
    sums = set()
    for size in (1, 7, 25, 1000):
        result = run_serially(ChunkJob(HandbookPages(book), block_pages=size), tmp_path / str(size))
        sums.add(sha256(result))
    assert pq.read_metadata(result.path).num_row_groups > 2
    assert len(sums) == 1


def test_the_chunks_are_those_of_the_pure_function(book, tmp_path):
    pages = HandbookPages(book)
    documents = [pages.document(number) for number in range(len(pages))]
    result = run_serially(ChunkJob(pages, block_pages=7), tmp_path)
    alone = list(SentenceChunker()(documents))
    found = list(result)
    assert [chunk for chunk in alone if chunk in set(found)] == found
    assert len(alone) == len(found) + result.exact + result.near
    texts = {document.id: document.text for document in documents}
    assert all(texts[chunk.document_id][chunk.start : chunk.end] == chunk.text for chunk in found)


def test_a_page_that_fails_is_reported_and_the_rest_goes_on(tmp_path):
    documents = tuple(Document(f"d{n}", f"Fact number {n}.") for n in range(6))
    documents = (*documents, Document("surrogate", "broken \ud800 text"))
    job = ChunkJob(FaultyPages(DocumentPages(documents), failing=frozenset({2, 5})), block_pages=4)
    result = run_serially(job, tmp_path)
    assert [note.source for note in result.failures] == ["d2", "d5", "surrogate"]
    assert [chunk.document_id for chunk in result] == ["d0", "d1", "d3", "d4"]
    assert "d2: damaged; mend it" in str(result)
    report = json.loads((tmp_path / "report.json").read_text())
    assert (report["pages"], report["chunks"], len(report["failures"])) == (7, 4, 3)


def test_a_job_of_which_every_page_fails_still_ends(tmp_path):
    documents = tuple(Document(f"d{n}", f"Fact number {n}.") for n in range(3))
    result = run_serially(ChunkJob(FaultyPages(DocumentPages(documents), failing=frozenset(range(3)))), tmp_path)
    assert (result.chunks, len(result.failures), list(result)) == (0, 3, [])


def test_a_finished_block_is_not_done_again(job, tmp_path, sha256):
    first = run_serially(job, tmp_path)
    whole = sha256(first)
    assert len(first.redone) == job.blocks
    assert run_serially(job, tmp_path).redone == ()
    block_path(tmp_path, 3).unlink()
    block_path(tmp_path, 5).write_bytes(b"cut off")
    again = run_serially(job, tmp_path)
    assert len(again.redone) == 2
    assert sha256(again) == whole


def test_leftovers_of_a_killed_run_are_cleared(job, tmp_path):
    (tmp_path / "blocks").mkdir()
    leftover = tmp_path / "blocks" / ".000001.parquet.1.partial"
    leftover.write_bytes(b"half")
    run_serially(job, tmp_path)
    assert not leftover.exists()


@pytest.mark.parametrize("other", [{"block_pages": 8}, {"chunker": SentenceChunker(64)}, {"pages": "seed"}])
def test_a_folder_with_another_job_is_refused(book, job, tmp_path, other):
    run_serially(job, tmp_path)
    if "pages" in other:
        other = {"pages": HandbookPages(handbook(pages=60, tenants=3, seed=8))}
    with pytest.raises(BadArgument, match=r"other \w+; give an empty folder"):
        run_serially(ChunkJob(**{"pages": HandbookPages(book), "block_pages": 7} | other), tmp_path)


def test_jobs_that_cannot_work_are_refused(book):
    with pytest.raises(BadArgument, match="block_pages is 0; give"):
        ChunkJob(HandbookPages(book), block_pages=0)
    with pytest.raises(EmptyCorpus):
        ChunkJob(DocumentPages(()))


def test_a_trial_says_what_a_run_gives_and_leaves_nothing(job, tmp_path, sha256):
    found, result = trial(job), run_serially(job, tmp_path)
    assert (found.sha256, found.chunks, found.failed) == (sha256(result), result.chunks, 0)
    assert found.seconds > 0
