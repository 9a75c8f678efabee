"""Each format's parser, and the text rules they share."""

import codecs
import io
import logging
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PageObject, PdfReader, PdfWriter

from labkit.corpus.loading.decoding import decode
from labkit.corpus.loading.front_matter import FrontMatter
from labkit.corpus.loading.markdown import parse_markdown
from labkit.corpus.loading.parsed import tidy
from labkit.corpus.loading.pdf import parse_pdf
from labkit.corpus.loading.plain import parse_plain
from labkit.corpus.loading.webpage import parse_webpage, readable
from labkit.errors import UnreadableSource


def pdf(*pages: str, title: str = "") -> bytes:
    """A minimal PDF with one line of Helvetica a page, written object by object."""
    kids = " ".join(f"{4 + 2 * page} 0 R" for page in range(len(pages)))
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        f"<< /Type /Pages /Kids [{kids}] /Count {len(pages)} >>",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    for page, words in enumerate(pages):
        stream = f"BT /F1 12 Tf 72 720 Td ({words}) Tj ET" if words else ""
        contents = f"/Contents {5 + 2 * page} 0 R /Resources << /Font << /F1 3 0 R >> >> /MediaBox [0 0 612 792]"
        objects.append(f"<< /Type /Page /Parent 2 0 R {contents} >>")
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
    objects.append(f"<< /Title ({title}) >>")
    out, places = "%PDF-1.4\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    size, start = len(objects) + 1, len(out)
    out += f"xref\n0 {size}\n0000000000 65535 f \n{table}"
    out += f"trailer << /Size {size} /Root 1 0 R /Info {size - 1} 0 R >>\nstartxref\n{start}\n%%EOF\n"
    return out.encode("latin-1")


def encrypted(data: bytes, path: Path, user_password: str) -> bytes:
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    writer.encrypt(user_password=user_password, owner_password=user_password * 2, algorithm="RC4-128")
    writer.write(path)
    return path.read_bytes()


# decoding


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-32"])
def test_unicode_is_read_by_its_mark(encoding: str):
    assert decode("Orion läuft, 8 Kopien".encode(encoding)) == ("Orion läuft, 8 Kopien", ())


def test_big_endian_utf_16():
    assert decode(codecs.BOM_UTF16_BE + "Ωrion".encode("utf-16-be")) == ("Ωrion", ())


@pytest.mark.parametrize("encoding", ["latin-1", "cp1252"])
def test_latin_1_is_kept_with_a_warning(encoding: str):
    assert decode("größer café".encode(encoding)) == ("größer café", ("not UTF-8, read as Latin-1",))


def test_bytes_outside_windows_1252_still_read():
    assert decode(b"caf\xe9 \x81")[0] == "café \x81"


def test_declared_encoding_is_tried_after_utf_8():
    assert decode("мир".encode("koi8-r"), "koi8-r") == ("мир", ())
    assert decode("мир".encode(), "koi8-r") == ("мир", ())
    assert decode("é".encode("latin-1"), "no-such-encoding")[0] == "é"


@pytest.mark.parametrize(
    "data", [bytes(range(256)), b"PK\x03\x04\x00\x00", b"\x01\x02\x03 words", codecs.BOM_UTF16_LE + b"a", b"a\0b" * 9]
)
def test_binary_is_refused(data: bytes):
    with pytest.raises(UnreadableSource, match="binary data"):
        decode(data)


@given(st.text())
def test_tidy_text_is_stable_and_encodable(text: str):
    once = tidy(text + "\ud800")
    assert tidy(once) == once
    once.encode("utf-8")
    assert "\r" not in once


# front matter and plain text


def test_updated_wins_over_date_and_quotes_go():
    text = '---\r\nTitle: "The fleet"\r\ndate: 2030-01-01\r\nupdated: 2030-02-03T10:00:00\r\n---\r\nBody'
    assert FrontMatter.split(text) == (FrontMatter("The fleet", date(2030, 2, 3)), "Body")


@pytest.mark.parametrize(
    "text", ["---\nno block", "---\n\nA rule above.\n\n---\nand below", "Body\n---\na: b\n---\n", ""]
)
def test_what_is_no_front_matter_stays(text: str):
    assert FrontMatter.split(text) == (FrontMatter(), text)


def test_a_date_that_is_none_is_a_warning():
    parsed = parse_plain(b"---\nupdated: last week\n---\nWords")
    assert (parsed.updated, parsed.text) == (None, "Words")
    assert "not ISO 8601" in parsed.warnings[0]


# Markdown


def test_markdown_keeps_words_and_drops_marks():
    source = """# The *orion* cluster

It runs **eight** [replicas](https://x.test "tip") and `vllm`
behind ~~two~~ one router.![a diagram](d.png) Tom &amp; Ada<br>here

- first
- second
    1. nested

> quoted

| service | replicas |
|---------|----------|
| chat    | 8        |

```python
count = 8
```

<div>a <b>block</b><script>no()</script></div>
"""
    assert tidy(parse_markdown(source.encode()).text) == (
        "The orion cluster\n\n"
        "It runs eight replicas and vllm behind two one router.a diagram Tom & Ada here\n\n"
        "first\nsecond\nnested\n\n"
        "quoted\n\n"
        "service | replicas\nchat | 8\n\n"
        "count = 8\n\n"
        "a block"
    )


def test_markdown_titles():
    assert parse_markdown(b"text\n\n## The `first` heading\n\n# Second").title == "The first heading"
    assert parse_markdown(b"---\ntitle: Stated\n---\n# Heading").title == "Stated"
    assert parse_markdown(b"no heading").title == ""


def test_a_long_markdown_text_reads_the_same_in_portions(monkeypatch: pytest.MonkeyPatch):
    source = "".join(f"# Part {n}\n\n*Word* {n}.\n\n```\n# no heading\n```\n\n" for n in range(30)).encode()
    whole = parse_markdown(source)
    monkeypatch.setitem(parse_markdown.__globals__, "_PORTION", 50)
    assert parse_markdown(source) == whole
    assert whole.title == "Part 0"


# HTML


def test_a_page_keeps_what_a_visitor_reads():
    html = """<html><head><title> The
        fleet </title><style>p {}</style></head><body><nav>Home</nav><h1>Orion</h1>
        <p>Runs <b>eight</b>&nbsp;replicas<br>since <i>May</i>.</p><script>track()</script>
        <ul><li>one</li><li>two</li></ul><!-- hidden -->
        <table><tr><th>service</th><th>replicas</th></tr><tr><td><p>chat</p></td><td>8</td></tr></table>
        <pre>a  b
c</pre></body></html>"""
    parsed = parse_webpage(html.encode())
    assert parsed.title == "The fleet"
    assert parsed.text == (
        "Orion\n\nRuns eight replicas\nsince May.\n\none\ntwo\n\nservice | replicas\nchat | 8\n\na  b\nc"
    )


def test_page_titles_and_encodings():
    assert parse_webpage(b"<h1>Only <i>this</i></h1>").title == "Only this"
    page = parse_webpage('<meta charset="koi8-r"><p>мир</p>'.encode("koi8-r"))
    assert (page.text, page.warnings) == ("мир", ())
    assert parse_webpage(b"<p>caf\xe9").warnings == ("not UTF-8, read as Latin-1",)


def test_an_empty_page_is_empty():
    assert readable("") == ""
    assert readable("<script>x</script>") == ""


# PDF


def test_pdf_pages_and_title():
    parsed = parse_pdf(pdf("Orion runs eight replicas", "Second page", title="The fleet"))
    assert parsed.title == "The fleet"
    assert tidy(parsed.text) == "Orion runs eight replicas\n\nSecond page"
    assert parsed.warnings == ()


def test_a_locked_pdf_is_refused_and_one_without_user_password_opens(tmp_path: Path):
    with pytest.raises(UnreadableSource, match="encrypted PDF; save a copy"):
        parse_pdf(encrypted(pdf("secret"), tmp_path / "a.pdf", "user"))
    assert "open" in parse_pdf(encrypted(pdf("open to all"), tmp_path / "b.pdf", "")).text


@pytest.mark.parametrize("data", [b"", b"%PDF-1.4\n", b"not a pdf at all", pdf("Words")[:150], b"\0" * 500])
def test_a_pdf_without_its_pages_is_refused_quietly(data: bytes, capfd: pytest.CaptureFixture):
    with pytest.raises(UnreadableSource, match="damaged PDF"):
        parse_pdf(data)
    assert capfd.readouterr() == ("", "")


def test_a_repaired_pdf_is_read_with_a_warning_and_quietly(
    capfd: pytest.CaptureFixture, caplog: pytest.LogCaptureFixture
):
    whole = pdf("Orion runs eight replicas")
    parsed = parse_pdf(whole[: whole.index(b"startxref")] + b"startxref\n7\n%%EOF\n")  # points into nowhere
    assert "eight" in parsed.text
    assert parsed.warnings == ("damaged PDF, read as far as it goes",)
    assert capfd.readouterr() == ("", "")
    assert caplog.records == []
    assert logging.getLogger("pypdf").propagate


def test_an_unreadable_page_is_named(monkeypatch: pytest.MonkeyPatch):
    whole = PageObject.extract_text

    def fail_on_second(page: PageObject) -> str:
        text = whole(page)
        if "second" in text:
            raise KeyError("/Font")
        return text

    monkeypatch.setattr(PageObject, "extract_text", fail_on_second)
    parsed = parse_pdf(pdf("first", "second", "third"))
    assert tidy(parsed.text) == "first\n\nthird"
    assert parsed.warnings == ("without its unreadable page 2",)
    with pytest.raises(UnreadableSource, match="no page can be read"):
        parse_pdf(pdf("second"))
