"""Folders: order, ids and access; and every kind of bad input, each noted while the rest goes on."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

import pytest

from labkit.corpus.loading import DEFAULT_MAX_BYTES, Loaded, Note, load_folder
from labkit.corpus.loading.folder import PARSERS
from labkit.documents import SHARED, Access
from labkit.errors import BadArgument, EmptyCorpus, UnreadableSource


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one good file, so that the bad one beside it cannot empty the corpus."""
    (tmp_path / "good.txt").write_text("Orion runs eight replicas.")
    return tmp_path


def skipped(folder: Path) -> dict[str, str]:
    loaded = load_folder(folder)
    assert [document.id for document in loaded] == ["good.txt"]
    for note in loaded.skipped:
        assert note.reason in loaded.summary()
    return {note.source: str(note) for note in loaded.skipped}


def test_files_of_all_formats_in_the_order_of_their_paths(tmp_path: Path):
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "page.HTML").write_text("<title>Page</title><p>Two words</p>")
    (tmp_path / "b.md").write_text("---\nupdated: 2030-02-01\n---\n# Heading\n\nBody")
    (tmp_path / "a note.txt").write_text("plain")
    loaded = load_folder(tmp_path)
    assert [(d.id, d.source, d.title, d.updated) for d in loaded] == [
        ("a note.txt", "a note.txt", "a note", None),
        ("b.md", "b.md", "Heading", date(2030, 2, 1)),
        ("b/page.HTML", "b/page.HTML", "Page", None),
    ]
    assert loaded.documents[1].text == "Heading\n\nBody"
    assert loaded == load_folder(f"{tmp_path}/")
    assert loaded.summary() == "3 documents"


def test_access_is_put_on_every_document(folder: Path):
    assert load_folder(folder).documents[0].access == SHARED
    owned = load_folder(folder, tenant="acme", groups=["finance"]).documents[0]
    assert owned.access == Access("acme", frozenset({"finance"}))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"tenant": " "}, "tenant is ' '"),
        ({"groups": ["finance"]}, "without a tenant"),  # would be readable by everyone
        ({"tenant": "acme", "groups": "finance"}, "give a list"),
        ({"max_bytes": 0}, "max_bytes is 0"),
        ({"max_bytes": True}, "max_bytes is True"),
    ],
)
def test_bad_arguments(folder: Path, arguments: dict, message: str):
    with pytest.raises(BadArgument, match=message):
        load_folder(folder, **arguments)


def test_a_missing_folder_and_a_file_in_its_place(folder: Path):
    with pytest.raises(UnreadableSource, match="does not exist; check the path"):
        load_folder(folder / "missing")
    with pytest.raises(UnreadableSource, match="is a file, not a folder; give its folder"):
        load_folder(folder / "good.txt")


def test_an_empty_folder(tmp_path: Path):
    with pytest.raises(EmptyCorpus, match=r"0 documents.*put at least one file"):
        load_folder(tmp_path)


def test_a_folder_of_nothing_readable_says_what_was_skipped(tmp_path: Path):
    (tmp_path / "photo.png").write_bytes(b"x")
    (tmp_path / "empty.md").write_text("---\ntitle: x\n---\n***\n")
    with pytest.raises(EmptyCorpus) as raised:
        load_folder(tmp_path)
    assert str(tmp_path) in str(raised.value)
    assert "skipped 2: 1 no words (empty.md), 1 unknown suffix (photo.png)" in str(raised.value)


def test_bad_files_are_noted_and_the_rest_goes_on(folder: Path):
    (folder / "junk.md").write_bytes(bytes(range(256)) * 20)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\n1 0 obj\n<< /Type")
    (folder / "blank.html").write_text("<nav>only navigation</nav>")
    (folder / "archive.zip").write_bytes(b"PK")
    (folder / "LICENSE").write_text("no suffix")
    (folder / ".secret.txt").write_text("hidden")
    (folder / ".git").mkdir()
    (folder / ".git" / "notes.txt").write_text("hidden too")
    found = skipped(folder)
    assert found.keys() == {"junk.md", "broken.pdf", "blank.html", "archive.zip", "LICENSE", ".secret.txt", ".git"}
    for source, words in {
        "junk.md": "binary data",
        "broken.pdf": "damaged PDF",
        "blank.html": "no words",
        "archive.zip": "unknown suffix; known are .htm",
        "LICENSE": "unknown suffix",
        ".secret.txt": "hidden file",
        ".git": "hidden folder",
    }.items():
        assert found[source].startswith(f"{source}: {words}")


def test_a_file_of_50_mb_is_skipped_and_the_limit_can_be_raised(folder: Path):
    with (folder / "huge.txt").open("wb") as huge:
        huge.write(b"words " * 10)
        huge.truncate(50_000_000)
    assert "larger than 20,000,000 bytes; 50,000,000 bytes; split it" in skipped(folder)["huge.txt"]
    assert DEFAULT_MAX_BYTES == 20_000_000
    (folder / "huge.txt").write_text("a" * 30)
    assert len(load_folder(folder, max_bytes=30)) == 2
    assert len(load_folder(folder, max_bytes=29)) == 1


def test_latin_1_and_utf_16_are_read(folder: Path):
    (folder / "latin.txt").write_bytes("größer".encode("latin-1"))
    (folder / "wide.md").write_bytes("# größer".encode("utf-16"))
    loaded = load_folder(folder)
    assert [document.text for document in loaded][1:] == ["größer", "größer"]
    assert loaded.warnings == (Note("latin.txt", "not UTF-8, read as Latin-1"),)
    assert "read with a reservation 1: 1 not UTF-8, read as Latin-1 (latin.txt)" in loaded.summary()


def test_links_are_not_followed(folder: Path, tmp_path_factory: pytest.TempPathFactory):
    outside = tmp_path_factory.mktemp("outside")
    (outside / "private.txt").write_text("private words")
    (folder / "round").symlink_to(folder, target_is_directory=True)
    (folder / "self.txt").symlink_to(folder / "self.txt")
    (folder / "dead.txt").symlink_to(folder / "nowhere.txt")
    (folder / "twin.txt").symlink_to("good.txt")
    (folder / "out.txt").symlink_to(outside / "private.txt")
    (folder / "out").symlink_to(outside, target_is_directory=True)
    found = skipped(folder)
    assert "link within the folder" in found["round"]
    assert "broken or looping" in found["self.txt"]
    assert "broken or looping" in found["dead.txt"]
    assert "its target is read under its own name" in found["twin.txt"]
    assert "link out of the folder" in found["out.txt"]
    assert "link out of the folder" in found["out"]


def test_a_link_to_the_folder_itself_is_fine(folder: Path, tmp_path_factory: pytest.TempPathFactory):
    link = tmp_path_factory.mktemp("links") / "docs"
    link.symlink_to(folder, target_is_directory=True)
    assert load_folder(link) == load_folder(folder)


def test_a_pipe_does_not_hang(folder: Path):
    os.mkfifo(folder / "pipe.txt")
    assert "not a regular file" in skipped(folder)["pipe.txt"]


@contextmanager
def as_nobody() -> Iterator[None]:
    """Root reads everything, so for a while this process is somebody who may not."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_permissions_for_real():
    # pytest's own directories are closed to others, and then there would be nothing to tell apart.
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        folder.chmod(0o755)
        (folder / "good.txt").write_text("words")
        (folder / "locked.txt").write_text("words")
        (folder / "locked.txt").chmod(0)
        (folder / "vault").mkdir(mode=0)
        with as_nobody():
            found = skipped(folder)
        assert "grant read permission" in found["locked.txt"]
        assert "cannot be listed" in found["vault"]
        assert set(found) == {"locked.txt", "vault"}


def test_permissions_refused_by_the_system(folder: Path, monkeypatch: pytest.MonkeyPatch):
    (folder / "locked.txt").write_text("words")
    (folder / "vault").mkdir()
    (folder / "vault" / "a.txt").write_text("words")
    opened, listed = Path.open, os.scandir

    def refuse(path: Path, *arguments: object, **named: object) -> object:
        if path.name == "locked.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments, **named)

    def refuse_listing(path: object) -> object:
        if str(path).endswith("vault"):
            raise PermissionError(13, "Permission denied", str(path))
        return listed(path)

    monkeypatch.setattr(Path, "open", refuse)
    monkeypatch.setattr(os, "scandir", refuse_listing)
    found = skipped(folder)
    assert found["locked.txt"] == "locked.txt: cannot be opened: Permission denied; grant read permission"
    assert found["vault"] == "vault: folder cannot be listed; grant read permission"


def test_a_parser_that_trips_costs_one_file(folder: Path, monkeypatch: pytest.MonkeyPatch):
    (folder / "deep.html").write_text("<table><tr><td>" * 2000 + "deep")
    (folder / "odd.htm").write_text("x")
    monkeypatch.setitem(PARSERS, ".htm", lambda _: {}["key"])
    found = skipped(folder)
    assert "cannot be parsed; simplify it (RecursionError" in found["deep.html"]
    assert "cannot be parsed; simplify it (KeyError" in found["odd.htm"]


def test_names_that_are_no_utf_8_can_be_shown(folder: Path):
    Path(os.fsdecode(os.fsencode(folder) + b"/caf\xe9.txt")).write_text("words")
    loaded = load_folder(folder)
    assert loaded.documents[0].id == r"caf\xe9.txt"
    for document in loaded:
        f"{document.id} {document.title}".encode()


def test_the_summary_counts_each_reason_and_names_the_first_few():
    notes = tuple(Note(f"{n}.png", "unknown suffix") for n in range(5))
    loaded = Loaded((), skipped=(*notes, Note("a.md", "no words")))
    assert (
        loaded.summary()
        == "0 documents; skipped 6: 5 unknown suffix (0.png, 1.png, 2.png and 2 more), 1 no words (a.md)"
    )
