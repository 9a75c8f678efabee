"""Bytes to text: byte order marks first, then UTF-8, then what the file declares, then Windows-1252."""

import codecs

from labkit.errors import UnreadableSource

# UTF-32 before UTF-16, whose little-endian mark opens the other's.
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_CONTROLS = "".join(chr(code) for code in (*range(32), 127) if chr(code) not in "\t\n\r\f\x1b")
_CONTROL_SHARE = 0.02


def decode(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    r"""The text of a file's bytes, with warnings.

    Windows-1252 holds the printable characters of Latin-1 at the same places, so text in either is read.

    >>> decode("caf\u00e9".encode("latin-1")) == ("caf\u00e9", ("not UTF-8, read as Latin-1",))
    True

    Args:
        data: The whole file.
        declared: The encoding the file itself names (an HTML page does), tried after UTF-8.

    Raises:
        UnreadableSource: The bytes are no text.
    """
    marked = next((name for mark, name in _MARKS if data.startswith(mark)), None)
    text = _attempt(data, marked or "utf-8")
    if text is None and not marked and declared:
        text = _attempt(data, declared)
    warnings: tuple[str, ...] = ()
    if text is None and not marked:
        text, warnings = _attempt(data, "cp1252") or data.decode("latin-1"), ("not UTF-8, read as Latin-1",)
    if text is None or _is_binary(text):
        raise UnreadableSource("binary data, not text", remedy="save it as UTF-8 text if it is meant to be read")
    return text, warnings


def _attempt(data: bytes, encoding: str) -> str | None:
    try:
        return data.decode(encoding)
    except (UnicodeError, LookupError):  # LookupError: a declared encoding that Python does not know
        return None


def _is_binary(text: str) -> bool:
    """Text holds no NUL and next to no control characters; of random bytes every tenth is one."""
    return "\0" in text or sum(map(text.count, _CONTROLS)) > _CONTROL_SHARE * len(text)
