"""JSON lines: one document a line."""

import json
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from labkit.corpus.loading.folder import access_of
from labkit.corpus.loading.parsed import has_words, iso_date, one_line, tidy
from labkit.corpus.loading.report import Loaded, Note
from labkit.documents import Access, Document
from labkit.errors import BadArgument, EmptyCorpus, UnreadableSource

_LAYOUT = 'one JSON object a line, such as {"id": "a", "text": "...", "tenant": "acme", "updated": "2030-01-31"}'


def load_jsonl(path: str | Path, tenant: str | None = None) -> Loaded:
    """Read documents from a file of JSON lines.

    Each line is an object with ``text``, and may have ``id`` (default: file name and line number), ``title``,
    ``source`` (likewise), ``tenant``, ``groups`` (a list) and ``updated`` (ISO 8601). Other keys are ignored. A bad
    line is noted by its number and the rest goes on. A line whose tenant or groups cannot be understood is skipped,
    never widened: who may read a text is not guessed.

    Args:
        path: The file, in UTF-8.
        tenant: The tenant of the lines that name none; None shares them with all.

    Raises:
        BadArgument: The tenant is empty.
        UnreadableSource: The file is missing or cannot be opened.
        EmptyCorpus: No line holds a document.
    """
    file = Path(path)
    default = access_of(tenant).tenant
    documents: dict[str, Document] = {}
    skipped, warnings = [], []
    for place, line in _lines(file):
        try:
            document, reservations = _document(place, line, default)
        except UnreadableSource as error:
            skipped.append(Note(place, error.problem, error.remedy))
            continue
        if document.id in documents:
            skipped.append(Note(place, "id seen before", f"give {document.id!r} an id of its own"))
            continue
        documents[document.id] = document
        warnings += [Note(place, words) for words in reservations]
    loaded = Loaded(tuple(documents.values()), tuple(skipped), tuple(warnings))
    if not documents:
        raise EmptyCorpus(f"no document with words in {path} ({loaded.summary()})", remedy=f"write {_LAYOUT}")
    return loaded


def _lines(file: Path) -> Iterator[tuple[str, bytes]]:
    """Each line that is not blank, with its place for people."""
    try:
        with file.open("rb") as stream:
            for number, line in enumerate(stream, 1):
                if line.strip():
                    yield f"{file.name}:{number}", line
    except OSError as error:
        raise UnreadableSource(
            f"{file} cannot be opened ({error.strerror})", remedy="give the path of a file of JSON lines"
        ) from error


def _document(place: str, line: bytes, tenant: str | None) -> tuple[Document, tuple[str, ...]]:
    try:
        row = json.loads(line.decode("utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise UnreadableSource("not JSON in UTF-8", remedy=f"write {_LAYOUT}") from error
    if not isinstance(row, dict):
        raise UnreadableSource("not a JSON object", remedy=f"write {_LAYOUT}")
    text = tidy(_text(row, "text"))
    if not has_words(text):
        raise UnreadableSource("no words", remedy="give it a text")
    updated, reservations = _updated(row)
    document = Document(
        id=_identity(row, place),
        text=text,
        title=one_line(_text(row, "title")),
        source=one_line(_text(row, "source")) or place,
        access=_access(row, tenant),
        updated=updated,
    )
    return document, reservations


def _text(row: dict[str, object], key: str) -> str:
    value = row.get(key)
    if value is None:
        return ""
    if not isinstance(value, str):
        raise UnreadableSource(f"{key} is not a text", remedy=f"put the {key} in quotes")
    return value


def _identity(row: dict[str, object], place: str) -> str:
    given = row.get("id")
    if isinstance(given, int) and not isinstance(given, bool):
        return str(given)
    return one_line(_text(row, "id")) or place


def _access(row: dict[str, object], tenant: str | None) -> Access:
    groups = row.get("groups")
    if groups is None:
        groups = []
    if not isinstance(groups, list) or not all(isinstance(group, str) for group in groups):
        raise UnreadableSource("groups is not a list of texts", remedy='write "groups": ["finance"]')
    named = tenant if row.get("tenant") is None else _text(row, "tenant")
    try:
        return access_of(named, groups)
    except BadArgument as error:
        raise UnreadableSource(error.problem, remedy=error.remedy) from error


def _updated(row: dict[str, object]) -> tuple[date | None, tuple[str, ...]]:
    stated = row.get("updated")
    updated = iso_date(stated) if isinstance(stated, str) else None
    return updated, () if updated or not stated else ("updated is not ISO 8601 (YYYY-MM-DD)",)
