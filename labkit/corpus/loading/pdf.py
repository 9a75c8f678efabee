"""PDF: the text layer, page by page."""

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from labkit.corpus.loading.parsed import Parsed, one_line
from labkit.errors import UnreadableSource

if TYPE_CHECKING:
    from pypdf import PageObject, PdfReader

_LOGGER = logging.getLogger("pypdf")


def parse_pdf(data: bytes) -> Parsed:
    """The pages' text, an empty line between pages; the title is that of the document's metadata.

    A page that cannot be read is left out with a warning. So is nothing else: whatever pypdf says about repairs it
    made becomes a warning too, instead of lines on stderr.

    Raises:
        UnreadableSource: The file is encrypted, or too damaged to find its pages.
    """
    with _listening() as said:
        reader, pages = _open(data)
        texts = [_page_text(page) for page in pages]
        title = _title(reader)
    lost = [str(number) for number, text in enumerate(texts, 1) if text is None]
    if lost and len(lost) == len(texts):
        raise _damaged("no page can be read")
    warnings: tuple[str, ...] = ("damaged PDF, read as far as it goes",) if said else ()
    if lost:
        warnings += (f"without its unreadable page{'s' if len(lost) > 1 else ''} {', '.join(lost)}",)
    return Parsed("\n\n".join(text for text in texts if text), title, warnings=warnings)


def _open(data: bytes) -> "tuple[PdfReader, list[PageObject]]":
    from pypdf import PdfReader

    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        pages = [] if locked else list(reader.pages)
    except Exception as error:  # on damaged files pypdf raises whatever its parser ran into
        raise _damaged(str(error) or type(error).__name__) from error
    if locked:
        raise UnreadableSource("encrypted PDF", remedy="save a copy that opens without a password")
    return reader, pages


def _page_text(page: "PageObject") -> str | None:
    try:
        return page.extract_text()
    except Exception:  # noqa: BLE001 - as above; the caller notes which page it was
        return None


def _title(reader: "PdfReader") -> str:
    try:
        return one_line(str(reader.metadata.title or "")) if reader.metadata else ""
    except Exception:  # noqa: BLE001 - as above; the file's name will do for a title
        return ""


def _damaged(found: str) -> UnreadableSource:
    return UnreadableSource("damaged PDF", remedy=f"save it anew from a viewer that opens it (pypdf: {found})")


class _Collector(logging.Handler):
    def __init__(self) -> None:
        super().__init__(logging.WARNING)
        self.messages: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.messages.append(record.getMessage())


@contextmanager
def _listening() -> Iterator[list[str]]:
    """Collect what pypdf logs meanwhile, and keep it from every other handler."""
    collector, propagated = _Collector(), _LOGGER.propagate
    _LOGGER.addHandler(collector)
    _LOGGER.propagate = False
    try:
        yield collector.messages
    finally:
        _LOGGER.removeHandler(collector)
        _LOGGER.propagate = propagated
