"""JSON lines: fields and defaults, and bad lines named by number."""

import json
from datetime import date
from pathlib import Path

import pytest

from labkit.corpus.loading import load_jsonl
from labkit.documents import SHARED, Access
from labkit.errors import BadArgument, EmptyCorpus, UnreadableSource


def write(folder: Path, *lines: object) -> Path:
    path = folder / "pages.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines))
    return path


def test_all_fields(tmp_path: Path):
    row = {
        "id": "a",
        "text": "Orion runs eight.\r\n",
        "title": "Fleet",
        "source": "https://x.test/a",
        "tenant": "acme",
        "groups": ["finance"],
        "updated": "2030-01-31T00:00:00Z",
        "other": 1,
    }
    [document] = load_jsonl(write(tmp_path, row))
    assert (document.id, document.text, document.title) == ("a", "Orion runs eight.", "Fleet")
    assert (document.source, document.updated) == ("https://x.test/a", date(2030, 1, 31))
    assert document.access == Access("acme", frozenset({"finance"}))


def test_defaults(tmp_path: Path):
    path = write(tmp_path, "\ufeff" + json.dumps({"text": "one"}), "", {"text": "two", "id": 7, "tenant": None})
    loaded = load_jsonl(path)
    assert [(d.id, d.source, d.access) for d in loaded] == [
        ("pages.jsonl:1", "pages.jsonl:1", SHARED),
        ("7", "pages.jsonl:3", SHARED),
    ]
    assert load_jsonl(path, tenant="acme").documents[1].access == Access("acme")
    assert loaded.skipped == ()


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("{not json", "not JSON in UTF-8"),
        ("[" * 100_000, "not JSON in UTF-8"),
        ("[]", "not a JSON object"),
        ({"text": 3}, "text is not a text"),
        ({"title": "no text"}, "no words"),
        ({"text": " --- "}, "no words"),
        ({"text": "x", "id": ["a"]}, "id is not a text"),
        ({"text": "x", "id": True}, "id is not a text"),
        ({"text": "x", "id": "first"}, "id seen before"),
        ({"text": "x", "tenant": 3}, "tenant is not a text"),
        ({"text": "x", "tenant": ""}, "tenant is ''"),
        ({"text": "x", "tenant": "acme", "groups": "finance"}, "groups is not a list"),
        ({"text": "x", "tenant": "acme", "groups": [1]}, "groups is not a list"),
        ({"text": "x", "groups": ["finance"]}, "come without a tenant"),
    ],
)
def test_a_bad_line_is_named_by_its_number_and_the_rest_goes_on(tmp_path: Path, line: object, reason: str):
    loaded = load_jsonl(write(tmp_path, {"id": "first", "text": "good"}, line, {"id": "last", "text": "good too"}))
    assert [document.id for document in loaded] == ["first", "last"]
    [note] = loaded.skipped
    assert note.source == "pages.jsonl:2"
    assert reason in note.reason
    assert note.remedy
    assert "skipped 1" in loaded.summary()


def test_bytes_that_are_no_utf_8_cost_one_line(tmp_path: Path):
    path = tmp_path / "pages.jsonl"
    path.write_bytes(b'{"text": "caf\xe9"}\n{"text": "fine"}\n')
    loaded = load_jsonl(path)
    assert ([d.text for d in loaded], loaded.skipped[0].source) == (["fine"], "pages.jsonl:1")


def test_lone_surrogates_do_not_travel(tmp_path: Path):
    [document] = load_jsonl(write(tmp_path, '{"text": "a \\ud800 b", "id": "\\udfff"}'))
    assert (document.text, document.id) == ("a ? b", "?")


@pytest.mark.parametrize("updated", ["yesterday", 20300131, ["2030-01-31"]])
def test_a_date_that_is_none_is_a_reservation(tmp_path: Path, updated: object):
    loaded = load_jsonl(write(tmp_path, {"text": "x", "updated": updated}))
    assert loaded.documents[0].updated is None
    assert "ISO 8601" in loaded.warnings[0].reason


def test_nothing_to_load(tmp_path: Path):
    with pytest.raises(EmptyCorpus, match=r"pages\.jsonl.*1 not a JSON object.*write one JSON object a line"):
        load_jsonl(write(tmp_path, "3"))
    with pytest.raises(UnreadableSource, match="cannot be opened"):
        load_jsonl(tmp_path / "missing.jsonl")
    with pytest.raises(UnreadableSource, match="cannot be opened"):
        load_jsonl(tmp_path)
    with pytest.raises(BadArgument, match="tenant is ''"):
        load_jsonl(tmp_path / "pages.jsonl", tenant="")
