"""Names of no split, drawn afresh for every sample, so that a reader learns to compare names and not to know them.

The names of the train split are built from a few hundred syllables. A model that has met no others tells *those* names
apart, and takes one unfamiliar name for another. Here names come from all the alphabet's sounds, from the encoder's
dictionary and from letters and digits, and some samples hold a pair of names that differ in little.
"""

import json
import re
from collections.abc import Iterable, Sequence
from functools import cache
from random import Random

from labkit.pretrained import packaged_encoder

Span = tuple[int, int]

SHARE = 0.7
"""Of the samples whose names are replaced; the others keep those of the train split."""

REPLICAS = "replicas"
QUALIFIED = 0.15
"""How often replicas are called more than that, without others being meant."""

_ATTRIBUTES = ("vLLM", "GPU", "CPU", "inference", "model", "live", "running")

TWINS = 0.4
"""Of those: how many hold two names that differ in little."""

_FIRST = "b bl br c ch cl cr d dr f fl fr g gl gr h j k kl kr l m p ph pl pr qu w wh x y".split()
"""No name begins as the held-out names do, with n, r, s, t, v or z."""

_INNER = "b bb c ck d dr f ft g gr h k l ll lm lt m mb mp n nd ng nt p pr r rk rm rt s sh sk st t th tr v w x z".split()
_VOWELS = "a e i o u y ai au ea ee ei ia ie io oa oo ou ua".split()
_LAST = "- d f ft g k l ld lm ln m mp n nd ng nk nt p r rd rk rn rt s sh st t th v x z".split()
_THINGS = "fleet service model gateway pipeline assistant endpoint product app team cluster group".split()
_CAPITALS = "BCDFGHJKLMPQWXY"


def invented(random: Random, like: str) -> str:
    """A new name of the same shape: a word, a word with a number, or two words with capitals."""
    if " " in like:
        return f"{_word(random).capitalize()} {_word(random).capitalize()}"
    if re.search(r"\d$", like):
        stem = "".join(random.choices(_CAPITALS, k=random.randint(2, 3))) if random.random() < 0.25 else _word(random)
        return f"{stem}-{random.randint(1, 99):02}"
    return _word(random)


def described(random: Random) -> str:
    """What somebody who does not know a name says instead: ``billing service``."""
    return f"{random.choice(_dictionary())} {random.choice(_THINGS)}"


def attributed(random: Random) -> str:
    """Replicas by another attribute: ``vLLM replicas``."""
    return f"{random.choice(_ATTRIBUTES)} {REPLICAS}"


def twin(random: Random, name: str) -> str:
    """A name that differs in little: in its number, or in one of its words."""
    *kept, last = re.split(r"([ -])", name)
    if last.isdigit():
        return "".join([*kept, f"{(int(last) + random.randint(1, 98)) % 99 + 1:02}"])
    if kept and random.random() < 0.5:
        return "".join([invented(random, kept[0]).capitalize(), *kept[1:], last])
    changed = last[: max(2, len(last) // 2)] + random.choice(_INNER) + random.choice(_VOWELS)
    return "".join([*kept, changed])


def renaming(random: Random, names: Sequence[str]) -> dict[str, str]:
    """New names for old ones, all different; some are twins of one another."""
    found: dict[str, str] = {}
    for name in names:
        near = found and random.random() < TWINS / 2
        new = twin(random, random.choice(list(found.values()))) if near else invented(random, name)
        while new in found.values():
            new = invented(random, name)
        found[name] = new
    return found


def pattern_of(names: Iterable[str]) -> re.Pattern[str]:
    """Finds any of the names as a whole."""
    return re.compile(rf"(?<![\w-])(?:{'|'.join(map(re.escape, sorted(names, key=len, reverse=True)))})(?![\w-])")


def replaced(
    text: str, spans: Sequence[Span | None], pattern: re.Pattern[str], new: dict[str, str]
) -> tuple[str, tuple[Span | None, ...]]:
    """The text with new names for those that get one, and where the spans are now.

    >>> replaced("abel has 8", [(0, 4), (9, 10), None], pattern_of(["abel"]), {"abel": "moro-11"})
    ('moro-11 has 8', ((0, 7), (12, 13), None))
    """
    places = [found for found in pattern.finditer(text) if found[0] in new]
    moved = [(found.start(), found.end(), len(new[found[0]]) - len(found[0])) for found in places]

    def place(span: Span | None) -> Span | None:
        if span is None:
            return None
        before = sum(longer for _, end, longer in moved if end <= span[0])
        return span[0] + before, span[1] + sum(longer for _, end, longer in moved if end <= span[1])

    return pattern.sub(lambda found: new.get(found[0], found[0]), text), tuple(map(place, spans))


def _word(random: Random) -> str:
    if random.random() < 0.3:
        return random.choice(_dictionary())
    middle = "".join(random.choice(_INNER) + random.choice(_VOWELS) for _ in range(random.choice((0, 1, 1, 2))))
    return f"{random.choice(_FIRST)}{random.choice(_VOWELS)}{middle}{random.choice(_LAST).strip('-')}"


@cache
def _dictionary() -> list[str]:
    """Whole words of the encoder's vocabulary, in its order."""
    vocabulary = json.loads((packaged_encoder() / "tokenizer.json").read_text())["model"]["vocab"]
    return [word for word in vocabulary if re.fullmatch(r"[bcdfghjklmpqwxy][a-z]{3,9}", word)]
