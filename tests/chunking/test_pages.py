"""Sources: handbook, documents, a folder, and a store behind a network."""

import pickle
import time

import pytest

from labkit.chunking import ChunkJob, DocumentPages, FolderPages, HandbookPages, PageStore, RawPage, parse, run_serially
from labkit.corpus import handbook, load_folder
from labkit.documents import Access, Document
from labkit.errors import BadArgument, UnreadableSource


def test_a_handbook_of_any_size_pickles_small():
    assert len(pickle.dumps(HandbookPages(handbook(pages=100_000, tenants=50, seed=7)))) < 500


def test_a_handbook_page_keeps_who_may_read_it_and_its_words(book):
    for number in range(len(book)):
        page, parsed = book[number], HandbookPages(book).document(number)
        assert (parsed.id, parsed.source, parsed.access) == (page.id, page.source, page.access)
        assert parsed.updated == page.updated
        assert "**" not in parsed.text


def test_fingerprints_tell_contents_apart():
    a, b = Document("a", "text"), Document("a", "text", access=Access("acme"))
    assert DocumentPages((a,)).fingerprint() == DocumentPages((a,)).fingerprint()
    assert len({DocumentPages(pages).fingerprint() for pages in ((a,), (b,), (a, a))}) == 3


@pytest.mark.parametrize(
    ("page", "problem"),
    [
        (RawPage("a", b"", ".md"), "no words"),
        (RawPage("a", b"x", ".zip"), "unknown suffix"),
        (RawPage("a", b"%PDF-1.4 broken", ".pdf"), "PDF"),
    ],
)
def test_a_page_that_is_no_text_says_so(page, problem):
    with pytest.raises(UnreadableSource, match=problem):
        parse(page)


def test_a_folder_gives_what_the_loader_gives(tmp_path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.md").write_text("# A\n\nOne fact.")
    (tmp_path / "b.txt").write_text("Another fact.")
    (tmp_path / ".hidden.txt").write_text("Not this.")
    (tmp_path / "photo.png").write_bytes(b"no")
    (tmp_path / "empty.md").write_text("")
    pages = FolderPages.under(tmp_path, tenant="acme")
    result = run_serially(ChunkJob(pages), tmp_path.parent / "job")
    loaded = load_folder(tmp_path, tenant="acme")
    assert [(c.document_id, c.text, c.access) for c in result] == [(d.id, d.text, d.access) for d in loaded]
    assert [note.source for note in result.failures] == ["empty.md"]
    before = pages.fingerprint()
    (tmp_path / "b.txt").write_text("Another fact, changed.")
    assert pages.fingerprint() != before


def test_a_store_gives_the_same_pages_after_the_stated_delay(book):
    with PageStore(book, delay=0.05) as stored:
        local = HandbookPages(book)
        assert len(stored) == len(book)
        begin = time.perf_counter()
        assert [stored.document(number) for number in range(6)] == [local.document(number) for number in range(6)]
        assert 6 * 0.05 <= time.perf_counter() - begin < 6 * 0.05 + 5
        with pytest.raises(UnreadableSource, match="answered 404"):
            stored.document(len(book))
    with pytest.raises(UnreadableSource, match="does not answer"):
        stored.document(0)


def test_bad_arguments_are_refused(book, tmp_path):
    with pytest.raises(BadArgument, match="delay is -1"), PageStore(book, delay=-1):
        pass
    with pytest.raises(UnreadableSource, match="is not a folder"):
        FolderPages.under(tmp_path / "nowhere")
