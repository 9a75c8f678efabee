"""Whole numbers as English words, and back."""

from collections.abc import Sequence

from labkit.errors import BadArgument

_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen "
    "eighteen nineteen"
).split()
_TENS = ["", "", "twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_SCALES = {"thousand": 1_000, "million": 1_000_000}
_UNITS = {word: number for number, word in enumerate(_SMALL)}
_TENS_OF = {word: 10 * number for number, word in enumerate(_TENS) if word}
_LIMIT = 1_000_000_000


def spell(number: int) -> str:
    """The number in words.

    >>> spell(24), spell(1205)
    ('twenty-four', 'one thousand two hundred and five')

    Raises:
        BadArgument: The number is negative or a thousand million and more.
    """
    if not 0 <= number < _LIMIT:
        raise BadArgument(f"the number to spell is {number}", remedy=f"give one from 0 to {_LIMIT - 1}")
    for word, scale in reversed(_SCALES.items()):
        if number >= scale:
            rest = number % scale
            joint = " and " if 0 < rest < 100 else " "
            return spell(number // scale) + f" {word}" + (joint + spell(rest) if rest else "")
    return _below_thousand(number)


def _below_thousand(number: int) -> str:
    hundreds, rest = divmod(number, 100)
    words = [f"{_SMALL[hundreds]} hundred"] if hundreds else []
    if rest or not hundreds:
        tens, ones = divmod(rest, 10)
        high = f"{_TENS[tens]}-{_SMALL[ones]}" if ones else _TENS[tens]
        words.append(high if rest >= 20 else _SMALL[rest])
    return " and ".join(words)


def is_number_word(word: str) -> bool:
    """Whether a lower-case word can stand in a spelled number ("and" cannot begin one and is not counted)."""
    return word in _UNITS or word in _TENS_OF or word in _SCALES or word == "hundred"


def read_words(words: Sequence[str]) -> int | None:
    """The number that lower-case words spell, or None when they spell none.

    >>> read_words(["one", "hundred", "and", "five"])
    105
    >>> read_words(["five", "twenty"]) is None
    True
    """
    total = group = 0
    floor, scale_floor = _LIMIT, _LIMIT  # the next word must stand for less than what came before it
    for word in words:
        if word == "and" and (group or total):
            continue
        if word in _SCALES and group > 0 and _SCALES[word] < scale_floor:
            total, group, scale_floor, floor = total + group * _SCALES[word], 0, _SCALES[word], _LIMIT
        elif word == "hundred" and 0 < group < 10:
            group, floor = group * 100, 100
        elif word in _TENS_OF and floor > 90:
            group, floor = group + _TENS_OF[word], 10
        elif word in _UNITS and (_UNITS[word] < floor or floor == _LIMIT) and _joins(_UNITS[word], floor, total):
            group, floor = group + _UNITS[word], 0
        else:
            return None
    return total + group if words and words[-1] != "and" else None


def _joins(unit: int, floor: int, total: int) -> bool:
    """Zero stands only alone: "twenty zero" is no number."""
    return unit > 0 or (floor == _LIMIT and total == 0)
