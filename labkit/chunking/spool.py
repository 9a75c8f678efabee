"""Chunks put aside in a temporary file and read back by number: however many there are, memory holds a few."""

import pickle
from array import array
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from tempfile import TemporaryFile
from types import TracebackType

from labkit.documents import Chunk

HELD = 1_000
"""Chunks that were read last, held in memory."""


class Spool:
    """Chunks on disk, numbered from 0 in the order given. Use it as a ``with`` block: the file goes at its end.

    Args:
        chunks: What to put aside; taken one at a time.
        folder: Where there is room. The file has no name there, so that nothing is left even after a kill.
    """

    def __init__(self, chunks: Iterable[Chunk], folder: Path) -> None:
        self._file = TemporaryFile(dir=folder)  # noqa: SIM115 - closed at the end of the with block
        self._begins = array("q")
        for chunk in chunks:
            self._begins.append(self._file.tell())
            pickle.dump(chunk, self._file, protocol=pickle.HIGHEST_PROTOCOL)
        self.chunk = lru_cache(HELD)(self._read)

    def __enter__(self) -> "Spool":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._file.close()
        self.chunk.cache_clear()

    def __len__(self) -> int:
        return len(self._begins)

    def _read(self, number: int) -> Chunk:
        self._file.seek(self._begins[number])
        chunk: Chunk = pickle.load(self._file)  # noqa: S301 - written by this process a moment ago
        return chunk
