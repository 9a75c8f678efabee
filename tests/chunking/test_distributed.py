"""On Ray: the same bytes for any number of workers, through kills and failing pages."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit import baseline
from labkit.chunking import (
    ChunkJob,
    DocumentPages,
    FaultyPages,
    HandbookPages,
    PageStore,
    RayChunker,
    SentenceChunker,
    run_on_ray,
    run_serially,
)
from labkit.chunking.distributed import LONGEST_TASK, guided
from labkit.chunking.job import block_path
from labkit.documents import Access, Document
from labkit.errors import BadArgument
from labkit.stages import LEARNER, stage

WAIT = 120  # seconds; generous

KILLED = """
import sys
from pathlib import Path
from labkit.chunking import ChunkJob, DocumentPages, FaultyPages, run_on_ray
from labkit.documents import Document
documents = tuple(Document(f"d{n}", f"Fact number {n % 20}. It is so.") for n in range(40))
marks, folder = Path(sys.argv[1]), sys.argv[2]
run_on_ray(ChunkJob(FaultyPages(DocumentPages(documents), seconds=0.2, marks=marks), block_pages=4), folder, workers=2)
"""


@given(st.integers(0, 300), st.integers(1, 9))
def test_every_block_is_dealt_once_in_tasks_that_grow_shorter(blocks, workers):
    tasks = guided(range(blocks), workers)
    assert [block for task in tasks for block in task] == list(range(blocks))
    assert all(1 <= len(task) <= LONGEST_TASK for task in tasks)
    lengths = [len(task) for task in tasks]
    assert lengths == sorted(lengths, reverse=True)
    assert workers == 1 or not blocks or lengths[-1] == 1


@pytest.mark.parametrize(("workers", "block_pages"), [(1, 7), (2, 7), (3, 7), (2, 1), (2, 25), (3, 1000)])
@pytest.mark.usefixtures("ray_cluster")
def test_any_number_of_workers_gives_the_same_bytes(book, tmp_path, workers, block_pages, sha256):
    serial = run_serially(ChunkJob(HandbookPages(book), block_pages=25), tmp_path / "serial")
    job = ChunkJob(HandbookPages(book), block_pages=block_pages)
    result = run_on_ray(job, tmp_path / "ray", workers)
    assert sha256(result) == sha256(serial)
    assert os.getpid() not in {done.worker for done in result.redone}
    assert sum(done.pages for done in result.redone) == len(book)


@pytest.mark.usefixtures("ray_cluster")
def test_a_page_that_fails_is_reported_from_a_worker(tmp_path):
    documents = tuple(Document(f"d{n}", f"Fact number {n}.") for n in range(6))
    job = ChunkJob(FaultyPages(DocumentPages(documents), failing=frozenset({4})), block_pages=2)
    result = run_on_ray(job, tmp_path, 2)
    assert [str(note) for note in result.failures] == ["d4: damaged; mend it"]
    assert result.chunks == 5


@pytest.mark.usefixtures("ray_cluster")
def test_pages_that_wait_are_fetched_by_eight_workers_on_any_machine(book, tmp_path, sha256):
    marks = tmp_path / "marks"
    marks.mkdir()

    class Meeting(FaultyPages):
        """Pages that come once three workers have asked: two who start early cannot do all the work alone."""

        def document(self, number):
            (self.marks / str(os.getpid())).touch()
            deadline = time.monotonic() + WAIT
            while len(list(self.marks.iterdir())) < 3 and time.monotonic() < deadline:
                time.sleep(0.02)
            return self.pages.document(number)

    with PageStore(book, delay=0.02) as stored:
        result = run_on_ray(ChunkJob(Meeting(stored, marks=marks), block_pages=4), tmp_path / "ray", workers=8)
    serial = run_serially(ChunkJob(HandbookPages(book)), tmp_path / "serial")
    assert sha256(result) == sha256(serial)
    assert len({done.worker for done in result.redone}) > 2


@pytest.mark.usefixtures("ray_cluster")
def test_killed_half_way_it_redoes_only_what_is_missing(tmp_path, sha256):
    import ray

    marks, folder = tmp_path / "marks", tmp_path / "job"
    marks.mkdir()
    address = ray.get_runtime_context().gcs_address
    environment = {**os.environ, "RAY_ADDRESS": address}
    process = subprocess.Popen([sys.executable, "-c", KILLED, str(marks), str(folder)], env=environment)
    _until(lambda: sum(block_path(folder, block).exists() for block in range(10)) >= 3, process)
    process.send_signal(signal.SIGKILL)
    process.wait(WAIT)
    _until_gone(marks)
    there = [block for block in range(10) if block_path(folder, block).exists()]
    assert 3 <= len(there) < 10
    untouched = {block: block_path(folder, block).stat().st_mtime_ns for block in there}

    documents = tuple(Document(f"d{n}", f"Fact number {n % 20}. It is so.") for n in range(40))
    before = {mark.name for mark in marks.iterdir()}
    job = ChunkJob(FaultyPages(DocumentPages(documents), seconds=0.2, marks=marks), block_pages=4)
    result = run_on_ray(job, folder, workers=2)
    read_again = {int(mark.name.partition("-")[0]) // 4 for mark in marks.iterdir() if mark.name not in before}
    assert read_again == set(range(10)) - set(there)
    assert untouched == {block: block_path(folder, block).stat().st_mtime_ns for block in there}
    serial = run_serially(ChunkJob(DocumentPages(documents), block_pages=4), tmp_path / "serial")
    assert sha256(result) == sha256(serial)
    assert result.exact == 20


@pytest.mark.usefixtures("ray_cluster")
def test_as_a_chunker_it_is_the_sentence_chunker_less_copies(home, book, caplog):
    secret = Access("acme")
    documents = [
        *book,
        Document("copy", book[3].text, access=book[3].access),
        Document("own", "A fact.", access=secret),
    ]
    documents += [Document("shared", "A fact."), Document("broken", "\ud800")]
    alone = list(SentenceChunker()(documents[:-1]))
    found = list(RayChunker(block_documents=9)(iter(documents)))
    assert [chunk for chunk in alone if chunk in set(found)] == found
    assert {chunk.document_id for chunk in found} >= {"own", "shared"}
    assert {(c.text, c.access) for c in found} == {(c.text, c.access) for c in alone}
    assert "broken: cannot be cut" in caplog.text
    assert list((home / "scratch").iterdir()) == []
    assert list(RayChunker()([])) == []


@pytest.mark.usefixtures("ray_cluster", "home")
def test_stage_1_keeps_the_two_hop_answer_and_its_citations():
    application = replace(stage(0), chunker=RayChunker())
    answer = application.ask(baseline.QUESTION, LEARNER)
    assert answer.text == "8"
    assert [citation.document_id for citation in answer.citations] == ["0", "1"]


def test_no_workers_are_refused(job, tmp_path):
    with pytest.raises(BadArgument, match="workers is 0; give at least 1"):
        run_on_ray(job, tmp_path, workers=0)


def _until(reached, process):
    begin = time.monotonic()
    while not reached():
        assert process.poll() is None, "the run ended before it could be killed"
        assert time.monotonic() - begin < WAIT
        time.sleep(0.02)


def _until_gone(marks):
    """Workers of a driver that was killed are ended by Ray a moment later, and until then they write blocks."""
    import psutil

    for reader in {int(mark.name.split("-")[1]) for mark in marks.iterdir()}:
        with suppress(psutil.NoSuchProcess):
            psutil.Process(reader).wait(WAIT)
