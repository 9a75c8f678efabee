"""What a loader hands back: the documents, and a note for everything that is not as it should be."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from labkit.documents import Document

_NAMED = 3


@dataclass(frozen=True)
class Note:
    """One thing to know about one file or line.

    Attributes:
        source: The file, relative to the folder, or the file and line.
        reason: What was found, in the same words for the same finding, so that notes can be counted.
        remedy: What to do about it, if anything.
    """

    source: str
    reason: str
    remedy: str = ""

    def __str__(self) -> str:
        return f"{self.source}: {self.reason}" + (f"; {self.remedy}" if self.remedy else "")


@dataclass(frozen=True)
class Loaded:
    """The documents of a folder or file, in a stable order. Iterating yields the documents.

    Attributes:
        documents: What was read.
        skipped: What was not, one note for each file, folder or line.
        warnings: What was read, but with a reservation.
    """

    documents: tuple[Document, ...]
    skipped: tuple[Note, ...] = ()
    warnings: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    def __len__(self) -> int:
        return len(self.documents)

    def summary(self) -> str:
        """How many were read and skipped, and why, naming the first few of each reason.

        >>> Loaded((), skipped=(Note("a.png", "unknown suffix"), Note("b.zip", "unknown suffix"))).summary()
        '0 documents; skipped 2: 2 unknown suffix (a.png, b.zip)'
        """
        counted = f"{len(self)} document{'' if len(self) == 1 else 's'}"
        skipped = f"skipped {len(self.skipped)}: {_by_reason(self.skipped)}" if self.skipped else ""
        warned = f"read with a reservation {len(self.warnings)}: {_by_reason(self.warnings)}" if self.warnings else ""
        return "; ".join(part for part in (counted, skipped, warned) if part)


def _by_reason(notes: Sequence[Note]) -> str:
    sources: dict[str, list[str]] = {}
    for note in notes:
        sources.setdefault(note.reason, []).append(note.source)
    return ", ".join(f"{len(found)} {reason} ({_first(found)})" for reason, found in sources.items())


def _first(sources: Sequence[str]) -> str:
    more = len(sources) - _NAMED
    return ", ".join(sources[:_NAMED]) + (f" and {more} more" if more > 0 else "")
