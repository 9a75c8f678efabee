"""Invented names that never collide, with no table of those already given.

A name is a number written in syllables. Counting up and scrambling the count gives names that look unrelated; since
both steps can be undone, two entities cannot get the same name. The two splits are disjoint by construction: words of
the train split begin with one of b d f g k l m p, words of the held-out split with one of n r s t v z.
"""

from enum import IntEnum, StrEnum

from labkit.corpus.draws import Draws, Scramble


class Split(StrEnum):
    """The half of the names and of the wordings that a handbook is made of."""

    TRAIN = "train"
    HELDOUT = "heldout"


class Entity(IntEnum):
    """What a name is for. The number keeps the names of different sorts apart."""

    SERVICE = 0
    CLUSTER = 1
    TEAM = 2
    PERSON = 3
    REGION = 4
    TENANT = 5
    PRIVATE_SERVICE = 6
    PRIVATE_CLUSTER = 7
    RETIRED = 8
    """A cluster or team that only superseded pages mention."""
    ABSENT = 9
    """A name that no page mentions."""


MAX_INDEX = 100_000
"""Entities of one sort that can be named."""

_ONSETS = {
    Split.TRAIN: ("b", "br", "d", "dr", "f", "fl", "g", "k", "l", "m", "p", "pl"),
    Split.HELDOUT: ("n", "r", "s", "sk", "sl", "st", "t", "tr", "v", "z", "sp", "th"),
}
_VOWELS = "aeiou"
_MIDDLES = ("l", "m", "n", "r", "v", "z", "nd", "lv", "rn", "st", "lm", "rd")
# The last sounds tell the three shapes apart, so no word of one shape occurs in another: "bramel" is nobody's
# name while "bramelth-42" is somebody's.
_LONG_ENDS = ("n", "r", "l", "ra", "no", "le")
_NUMBERED_ENDS = ("x", "th", "sk", "lt", "rk", "mp")
_PAIRED_ENDS = ("m", "nd", "rt", "st", "d", "lf")
_SHORT_WORDS = 12 * 5 * 12 * 5 * 6
_LONG_WORDS = _SHORT_WORDS * 12 * 5
_NUMBERS = 90
_LOW_HALF = 1200  # about the square root of the number of long words, so that both halves are mixed well


class Names:
    """The names of one seed and split.

    >>> names = Names(Split.TRAIN, seed=1)
    >>> names.of(Entity.CLUSTER, 4) == Names(Split.TRAIN, seed=1).of(Entity.CLUSTER, 4)
    True

    Args:
        split: Which half of the words to use.
        seed: Another seed gives the same words to other entities.
    """

    def __init__(self, split: Split, seed: int) -> None:
        self._onsets = _ONSETS[split]
        self._draws = Draws(f"names {split} {seed}")
        self._long = Scramble(_LONG_WORDS // _LOW_HALF, _LOW_HALF, self._draws, "long")
        self._numbered = Scramble(_NUMBERS, _SHORT_WORDS, self._draws, "numbered")
        self._paired = Scramble(_SHORT_WORDS, _SHORT_WORDS, self._draws, "paired")

    def of(self, entity: Entity, index: int) -> str:
        """The name of one entity: ``dravelmor``, ``kestolth-42`` or ``Brandom Fluvest``."""
        ordinal = index * len(Entity) + entity
        shape = self._shape(entity, ordinal)
        if shape == "long":
            word = self._word(self._long(ordinal), 3, _LONG_ENDS)
            return word.capitalize() if entity in {Entity.TEAM, Entity.REGION} else word
        if shape == "numbered":
            number, code = divmod(self._numbered(ordinal), _SHORT_WORDS)
            return f"{self._word(code, 2, _NUMBERED_ENDS)}-{number + 10}"
        first, second = divmod(self._paired(ordinal), _SHORT_WORDS)
        return f"{self._word(first, 2, _PAIRED_ENDS)} {self._word(second, 2, _PAIRED_ENDS)}".title()

    def _shape(self, entity: Entity, ordinal: int) -> str:
        if entity is Entity.PERSON:
            return "paired"
        shapes = ("long", "numbered") if entity is Entity.TENANT else ("long", "numbered", "paired")
        return self._draws.pick(shapes, ordinal)

    def _word(self, code: int, syllables: int, ends: tuple[str, ...]) -> str:
        """The number in mixed radix, each digit a sound: onset, vowel, (middle, vowel) ..., end."""
        code, digit = divmod(code, len(self._onsets))
        sounds = [self._onsets[digit]]
        for position in range(syllables):
            code, digit = divmod(code, len(_VOWELS))
            sounds.append(_VOWELS[digit])
            following = ends if position == syllables - 1 else _MIDDLES
            code, digit = divmod(code, len(following))
            sounds.append(following[digit])
        return "".join(sounds)
