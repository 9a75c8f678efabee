r"""The block of ``key: value`` lines between two ``---`` that may open a Markdown or text file.

>>> FrontMatter.split("---\ntitle: Orion\nupdated: 2030-02-01\n---\nBody")
(FrontMatter(title='Orion', updated=datetime.date(2030, 2, 1), warnings=()), 'Body')
"""

import re
from dataclasses import dataclass
from datetime import date

from labkit.corpus.loading.parsed import iso_date

_BLOCK = re.compile(r"\A---[ \t]*\n(?P<lines>[\w-]+[ \t]*:.*?\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_LINE = re.compile(r"^(?P<key>[\w-]+)[ \t]*:[ \t]*(?P<value>.*?)[ \t]*$", re.MULTILINE)


@dataclass(frozen=True)
class FrontMatter:
    """The two keys that a document can use; ``updated`` wins over ``date``."""

    title: str = ""
    updated: date | None = None
    warnings: tuple[str, ...] = ()

    @classmethod
    def split(cls, text: str) -> tuple["FrontMatter", str]:
        """The front matter and the rest; all of the text is the rest where there is none."""
        text = text.replace("\r\n", "\n")
        block = _BLOCK.match(text)
        if block is None:
            return cls(), text
        found = {line["key"].lower(): line["value"].strip("\"'") for line in _LINE.finditer(block["lines"])}
        stated = found.get("updated") or found.get("date") or ""
        updated = iso_date(stated)
        warnings = ("front matter date is not ISO 8601 (YYYY-MM-DD)",) if stated and updated is None else ()
        return cls(found.get("title", ""), updated, warnings), text[block.end() :]
