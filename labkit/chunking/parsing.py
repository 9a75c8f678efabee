"""Parse and clean: the bytes of one page become one document."""

import unicodedata
from dataclasses import dataclass
from datetime import date

from labkit.corpus.loading.folder import PARSERS
from labkit.corpus.loading.parsed import has_words, tidy
from labkit.documents import SHARED, Access, Document
from labkit.errors import UnreadableSource

# Soft hyphen, zero-width space and joiners, byte order mark: nobody sees them, and every word they sit in
# becomes another word to the encoder.
_INVISIBLE = dict.fromkeys([0x00AD, 0x200B, 0x200C, 0x200D, 0x2060, 0xFEFF])


@dataclass(frozen=True)
class RawPage:
    """One page as it was read, not looked into yet.

    Attributes:
        id: Unique in its corpus; becomes the document's id.
        data: The bytes of the file.
        suffix: What they are, as a file's suffix: ``.md``, ``.html``, ``.txt``, ``.pdf``.
        source: Where they came from; what a citation shows.
        access: Who may read it.
        updated: The date known from outside the bytes, if any; a date that the page states itself comes first.
    """

    id: str
    data: bytes
    suffix: str
    source: str = ""
    access: Access = SHARED
    updated: date | None = None


def parse(page: RawPage) -> Document:
    r"""The page's readable text as a document. Offsets of its chunks count characters of this text.

    >>> parse(RawPage("a.md", b"# Orion\n\nRuns **eight** replicas.", ".md")).text
    'Orion\n\nRuns eight replicas.'

    Raises:
        UnreadableSource: The suffix is unknown, the bytes are no text, the parser failed, or there are no words.
    """
    parser = PARSERS.get(page.suffix.lower())
    if parser is None:
        raise UnreadableSource(f"unknown suffix {page.suffix!r}", remedy=f"known are {', '.join(PARSERS)}")
    try:
        parsed = parser(page.data)
    except UnreadableSource:
        raise
    except Exception as error:  # one page that trips a parser must not cost the others
        raise UnreadableSource("cannot be parsed", remedy=f"simplify it ({type(error).__name__}: {error})") from error
    text = clean(parsed.text)
    if not has_words(text):
        raise UnreadableSource("no words", remedy="a scanned page needs text recognition first")
    updated = parsed.updated or page.updated
    return Document(page.id, text, parsed.title, page.source or page.id, page.access, updated)


def clean(text: str) -> str:
    r"""The text with composed characters (Unicode NFC), nothing invisible, and tidy line ends.

    >>> clean("cafe\u0301 re\u00adplicas\r\n")
    'café replicas'
    """
    return tidy(unicodedata.normalize("NFC", text).translate(_INVISIBLE))
