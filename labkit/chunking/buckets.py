"""Which rows share a value, as flat arrays: a few bytes for each row that shares one, nothing for all others."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64] | NDArray[np.uint64]
Rows = NDArray[np.int32]


@dataclass(frozen=True)
class Buckets:
    """Rows that have the same value in one of several bands lie in a bucket together; a row may lie in one a band.

    Attributes:
        members: Rows, bucket after bucket, ascending within each; shape (memberships,).
        begins: For each of these, where its bucket begins in ``members``; same shape.
    """

    members: Rows
    begins: Rows

    @classmethod
    def of(cls, bands: Iterable[Numbers]) -> "Buckets":
        """The buckets of all bands; a row that is alone with its value is in none.

        >>> Buckets.of([np.array([7, 5, 7, 9, 5])]).members.tolist()
        [1, 4, 0, 2]

        Args:
            bands: One array of values a band, each of shape (rows,). One is held at a time.
        """
        members, begins, before = [np.empty(0, np.int32)], [np.empty(0, np.int32)], 0
        for band in bands:
            order = np.argsort(band, kind="stable").astype(np.int32)
            values = band[order]
            new = np.ones(len(values) + 1, dtype=bool)  # whether a value is the first of its bucket; the end is, too
            new[1:-1] = values[1:] != values[:-1]
            shared = ~(new[:-1] & new[1:])
            first = new[:-1][shared]
            members.append(order[shared])
            begins.append((before + np.flatnonzero(first)[np.cumsum(first) - 1]).astype(np.int32))
            before += len(members[-1])
        return cls(np.concatenate(members), np.concatenate(begins))

    def rows(self) -> Rows:
        """The rows that lie in a bucket, ascending."""
        return np.unique(self.members)

    def meetings(self) -> Iterator[tuple[int, list[Rows]]]:
        """Each row that lies in a bucket, ascending, with the rows before it in each of its buckets.

        >>> for row, earlier in Buckets.of([np.array([7, 5, 7, 9, 5])]).meetings():
        ...     print(row, [rows.tolist() for rows in earlier])
        0 [[]]
        1 [[]]
        2 [[0]]
        4 [[1]]
        """
        by_row = np.argsort(self.members, kind="stable").astype(np.int32)
        rows = self.members[by_row]
        cuts = np.flatnonzero(np.diff(rows, prepend=-1, append=-1)).tolist() if len(rows) else []
        for begin, end in pairwise(cuts):
            yield int(rows[begin]), [self.members[self.begins[at] : at] for at in by_row[begin:end]]
