"""Pages with faults put in on purpose: to see what a job does about them, in tests and in the notebook."""

import os
import time
from dataclasses import dataclass
from pathlib import Path

from labkit.chunking.pages import Pages
from labkit.documents import Document
from labkit.errors import UnreadableSource


@dataclass(frozen=True)
class FaultyPages:
    """Another source's pages, of which some fail, all may be slow, and each may leave a mark when it is read.

    Attributes:
        pages: The source.
        failing: Numbers of the pages that cannot be read.
        seconds: How much longer a page takes.
        marks: A folder that gets an empty file whenever a page is read, named NUMBER-PROCESS-TIME; None keeps no count.
    """

    pages: Pages
    failing: frozenset[int] = frozenset()
    seconds: float = 0.0
    marks: Path | None = None

    def __len__(self) -> int:
        return len(self.pages)

    def fingerprint(self) -> str:
        """The source's own, and what fails: slowness and marks change no result."""
        return f"{self.pages.fingerprint()} without {sorted(self.failing)}"

    def name(self, number: int) -> str:
        """The source's own name of the page."""
        return self.pages.name(number)

    def document(self, number: int) -> Document:
        """The page, after a while.

        Raises:
            UnreadableSource: The page is one of those that fail.
        """
        time.sleep(self.seconds)
        if self.marks is not None:
            (self.marks / f"{number}-{os.getpid()}-{time.time_ns()}").touch()
        if number in self.failing:
            raise UnreadableSource("damaged", remedy="mend it")
        return self.pages.document(number)
