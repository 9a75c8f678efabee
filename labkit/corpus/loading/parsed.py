"""What a parser hands back, and the rules that all texts share."""

import re
from dataclasses import dataclass
from datetime import date

_BLANK_LINES = re.compile(r"\n{3,}")


@dataclass(frozen=True)
class Parsed:
    """The readable part of one file.

    Attributes:
        text: Plain text.
        title: The title the file states, or empty.
        updated: The date the file states, or None.
        warnings: What a reader should know about how it was read.
    """

    text: str
    title: str = ""
    updated: date | None = None
    warnings: tuple[str, ...] = ()


def tidy(text: str) -> str:
    r"""The text with Unix line ends, no trailing blanks, at most one empty line in a row, and encodable as UTF-8.

    Lone surrogates (JSON can spell them, damaged PDFs yield them) become a question mark; they would make every
    later write fail.

    >>> tidy("a  \r\n\r\n\r\n\r\nb\r")
    'a\n\nb'
    """
    lines = text.replace("\r\n", "\n").replace("\r", "\n").split("\n")
    joined = "\n".join(line.rstrip() for line in lines).strip()
    return _BLANK_LINES.sub("\n\n", joined).encode("utf-8", "replace").decode("utf-8")


def one_line(text: str) -> str:
    """A title without line breaks or runs of blanks."""
    return " ".join(tidy(text).split())


def has_words(text: str) -> bool:
    """Whether there is anything to search for: a letter or a digit of any script."""
    return any(character.isalnum() for character in text)


def iso_date(text: str) -> date | None:
    """The day of an ISO 8601 date or time, or None where it is not one.

    >>> iso_date("2030-02-01T09:30:00Z")
    datetime.date(2030, 2, 1)
    """
    try:
        return date.fromisoformat(text.strip()[:10])
    except ValueError:
        return None
