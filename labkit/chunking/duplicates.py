"""When two chunks say the same: exactly, or nearly, by the shingles they share.

Source: A. Z. Broder, "On the resemblance and containment of documents", Compression and Complexity of
Sequences, 1997. A *shingle* is a run of k words; the *resemblance* of two texts is the Jaccard similarity of
their sets of shingles; the least hash over a set is the same for two sets with exactly that probability. 64 such
hashes in bands (8 of 8 here) find the pairs worth comparing without comparing all: a pair of resemblance J
shares a band with probability 1 - (1 - J^8)^8, which is 0.99 at J = 0.9 and 0.03 at J = 0.5.
"""

import hashlib
import re
from collections import Counter
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from labkit.documents import Access, Chunk
from labkit.errors import BadArgument
from labkit.scaling import require_number

BANDS, ROWS = 8, 8
_WORD = re.compile(r"\w+")
_MASK = (1 << 64) - 1
_STEP = np.uint64(0x9E3779B97F4A7C15)
# Odd factors and any offsets make h(x) = a x + b (mod 2^64) a permutation of the 64-bit numbers.
_DRAWN = np.random.default_rng(1997).integers(0, _MASK, (2, BANDS * ROWS, 1), dtype=np.uint64, endpoint=True)
_FACTORS, _OFFSETS = _DRAWN[0] | np.uint64(1), _DRAWN[1]


@dataclass(frozen=True)
class Duplicates:
    """Which chunks to drop: copies within the same access, and near copies that add no word.

    Attributes:
        resemblance: From which share of common shingles on two chunks are near copies, in (0, 1]; None drops
            exact copies alone.
        shingle: Words in a shingle, at least 1.
    """

    resemblance: float | None = 0.9
    shingle: int = 5

    def __post_init__(self) -> None:
        if self.resemblance is not None:
            require_number("resemblance", self.resemblance, above=0, most=1)
        if self.shingle < 1:
            raise BadArgument(f"shingle is {self.shingle} words", remedy="give at least 1")

    def repeats(self, chunk: Chunk, kept: Chunk) -> bool:
        """Whether ``chunk`` may go because ``kept`` stays.

        Resemblance alone is no ground: two pages of one template differ in the name and the number that matter
        and in nothing else. So a near copy goes only if the chunk that stays holds every word of it.

        >>> text = "The orion cluster runs eight replicas behind one router"
        >>> first, other = Chunk("a#0", "a", text, 0, 55), Chunk("b#0", "b", text.replace("eight", "nine"), 0, 54)
        >>> shouted = Chunk("c#0", "c", text.upper() + "!", 0, 56)
        >>> Duplicates(resemblance=0.1).repeats(other, first), Duplicates().repeats(shouted, first)
        (False, True)
        """
        if chunk.access != kept.access or self.resemblance is None:
            return False
        mine, theirs = words(chunk.text), words(kept.text)
        if not mine or Counter(mine) - Counter(theirs):
            return False
        a, b = (set(_shingles(found, self.shingle).tolist()) for found in (mine, theirs))
        return len(a & b) >= self.resemblance * len(a | b)

    def bands(self, chunk: Chunk) -> tuple[int, ...]:
        """One number a band; near copies with the same access share at least one, almost surely."""
        found = _shingles(words(chunk.text), self.shingle)
        least = (found * _FACTORS + _OFFSETS).min(axis=1) >> np.uint64(16)
        powers = _STEP ** np.arange(1, ROWS + 1, dtype=np.uint64)
        rows = (least.reshape(BANDS, ROWS) * powers).sum(axis=1, dtype=np.uint64)
        return tuple(int(band) for band in rows ^ np.uint64(_access_hash(chunk.access)))


def words(text: str) -> list[str]:
    """Runs of letters and digits, in lower case.

    >>> words("Runs 8 replicas, or NINE.")
    ['runs', '8', 'replicas', 'or', 'nine']
    """
    return _WORD.findall(text.casefold())


def exact_digest(chunk: Chunk) -> bytes:
    """16 bytes that two chunks share only if both text and access are the same."""
    return hashlib.blake2b(_access_key(chunk.access) + chunk.text.encode(), digest_size=16).digest()


def _shingles(found: list[str], size: int) -> NDArray[np.uint64]:
    """A 64-bit number for each run of ``size`` words; texts shorter than that are one run. Shape (runs,)."""
    hashes = np.fromiter(map(_word_hash, found), dtype=np.uint64, count=len(found))
    runs = max(len(hashes) - size + 1, 1)
    mixed = np.zeros(runs, dtype=np.uint64)
    for place in range(min(size, len(hashes))):
        mixed = (mixed ^ hashes[place : place + runs]) * _STEP
        mixed ^= mixed >> np.uint64(29)
    return mixed


@lru_cache(maxsize=1 << 15)
def _word_hash(word: str) -> int:
    # Python's own hash of a text differs between processes; this one must not.
    return int.from_bytes(hashlib.blake2b(word.encode(), digest_size=8).digest(), "big")


@lru_cache(maxsize=1 << 12)
def _access_hash(access: Access) -> int:
    return int.from_bytes(hashlib.blake2b(_access_key(access), digest_size=8).digest(), "big")


def _access_key(access: Access) -> bytes:
    return repr((access.tenant, sorted(access.groups))).encode() + b"\0"
