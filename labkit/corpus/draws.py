"""Random draws addressed by a key, so that page 73,412 can be made without making the 73,411 before it.

A generator of random numbers has a state: what it gives depends on how often it was asked before. A keyed draw has
none: the same seed and key give the same number, in any order and any process. (Python's own ``hash`` of a string
changes from process to process and would not do.)
"""

from collections.abc import Sequence
from hashlib import blake2b
from math import gcd
from random import Random
from typing import TypeVar

Item = TypeVar("Item")


class Draws:
    """Keyed draws of one seed.

    >>> draws = Draws("7")
    >>> draws.integer("replicas", 3) == Draws("7").integer("replicas", 3)
    True

    Args:
        seed: Any text; another seed gives unrelated draws.
    """

    def __init__(self, seed: str) -> None:
        self._prefix = f"{seed}\0"

    def integer(self, *key: str | int) -> int:
        """A number from 0 to 2**64 - 1, uniform over keys."""
        text = self._prefix + "\0".join(map(str, key))
        return int.from_bytes(blake2b(text.encode(), digest_size=8).digest())

    def between(self, low: int, high: int, *key: str | int) -> int:
        """A number from ``low`` to ``high``, both possible."""
        return low + self.integer(*key) % (high - low + 1)

    def pick(self, items: Sequence[Item], *key: str | int) -> Item:
        """One of the items."""
        return items[self.integer(*key) % len(items)]

    def generator(self, *key: str | int) -> Random:
        """A generator of its own for the key, for work that needs many draws in a fixed order."""
        return Random(self.integer(*key))


class Permutation:
    """A seeded permutation of ``range(size)`` that is computed, not stored: ``i -> (a i + b) mod size``.

    With ``a`` coprime to ``size`` no two numbers land on the same one (a full-period affine map).

    >>> sorted(Permutation(5, Draws("x"), "hosts")(i) for i in range(5))
    [0, 1, 2, 3, 4]

    Args:
        size: How many numbers are permuted, at least 1.
        draws: Where multiplier and offset come from.
        key: Tells permutations of the same draws apart.
    """

    def __init__(self, size: int, draws: Draws, *key: str | int) -> None:
        multiplier = draws.integer(*key, "multiplier") % size or 1
        while gcd(multiplier, size) != 1:
            multiplier += 1
        self._multiplier, self._offset, self._size = multiplier, draws.integer(*key, "offset") % size, size

    def __call__(self, number: int) -> int:
        """Where the number lands."""
        return (self._multiplier * number + self._offset) % self._size


class Scramble:
    """A seeded permutation of ``range(left * right)`` whose neighbours land far apart in every digit.

    Four rounds of a Feistel network over mixed radices: each adds to one half of the number a hash of the other half.
    What was added can be taken off again, so no two numbers land on the same one, however poor the hash.

    >>> scramble = Scramble(3, 4, Draws("x"), "names")
    >>> sorted(scramble(number) for number in range(12)) == list(range(12))
    True

    Args:
        left: Size of the high half.
        right: Size of the low half.
        draws: Where the keys of the rounds come from.
        key: Tells permutations of the same draws apart.
    """

    def __init__(self, left: int, right: int, draws: Draws, *key: str | int) -> None:
        self._left, self._right = left, right
        self._keys = tuple(draws.integer(*key, "round", number) for number in range(4))

    def __call__(self, number: int) -> int:
        """Where the number lands."""
        high, low = divmod(number, self._right)
        for place, key in enumerate(self._keys):
            if place % 2:
                high = (high + _mix(low, key)) % self._left
            else:
                low = (low + _mix(high, key)) % self._right
        return high * self._right + low


def _mix(number: int, key: int) -> int:
    """A cheap hash: multiplying carries low bits upwards, the shift keeps the well mixed ones."""
    return ((number ^ key) * 0x9E3779B97F4A7C15 & 0xFFFFFFFFFFFFFFFF) >> 24
