"""Plain text files."""

from labkit.corpus.loading.decoding import decode
from labkit.corpus.loading.front_matter import FrontMatter
from labkit.corpus.loading.parsed import Parsed


def parse_plain(data: bytes) -> Parsed:
    """The text as it is, without front matter.

    Raises:
        UnreadableSource: The bytes are no text.
    """
    text, warnings = decode(data)
    matter, body = FrontMatter.split(text)
    return Parsed(body, matter.title, matter.updated, (*warnings, *matter.warnings))
