"""When two answers are the same: SQuAD's normalisation for prose, and one that also understands numbers and units."""

import re
import string
from collections import Counter
from collections.abc import Sequence
from decimal import Decimal
from unicodedata import normalize

from labkit.corpus.numerals import is_number_word, read_words

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_DOLLARS = re.compile(r"\$\s*(\d[\d,]*(?:\.\d+)?)")
_TOKEN = re.compile(r"(?<![\w.])-?\d+(?:,\d{3})*(?:\.\d+)?(?![\w-])|\w+(?:[-']\w+)*")
_NUMBER = re.compile(r"-?\d+(?:,\d{3})*(?:\.\d+)?")
_SAME_WORD = {
    "dollars": "dollar",
    "usd": "dollar",
    "hours": "hour",
    "hr": "hour",
    "h": "hour",
    "hourly": "per hour",
    "milliseconds": "millisecond",
    "msec": "millisecond",
    "ms": "millisecond",
    "minutes": "minute",
    "min": "minute",
    "replica-hour": "replica hour",
    "replicas": "replica",
    "requests": "request",
    "req": "request",
    "rps": "request per second",
    "seconds": "second",
    "sec": "second",
    "s": "second",
}


def squad_normalise(text: str) -> str:
    """Lower case, no punctuation, no articles, single spaces.

    The rule of the SQuAD evaluation script (Rajpurkar et al. 2016), which HotpotQA and MuSiQue took over.

    >>> squad_normalise("The  Orion-cluster.")
    'orioncluster'
    """
    bare = "".join(character for character in text.lower() if character not in string.punctuation)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def exact_match(prediction: str, accepted: Sequence[str]) -> bool:
    """Whether the prediction equals one of the accepted answers after SQuAD's normalisation.

    >>> exact_match("the Orion.", ["Orion", "orion cluster"])
    True
    """
    return squad_normalise(prediction) in set(map(squad_normalise, accepted))


def f1(prediction: str, accepted: Sequence[str]) -> float:
    """Harmonic mean of word precision and recall against the best fitting accepted answer, from 0 to 1.

    As in HotpotQA's evaluation script (Yang et al. 2018) "yes", "no" and "noanswer" earn all or nothing.

    >>> f1("the big orion cluster", ["orion cluster"])
    0.8
    """
    return max((_f1(squad_normalise(prediction), squad_normalise(answer)) for answer in accepted), default=0.0)


def _f1(prediction: str, answer: str) -> float:
    if prediction != answer and {prediction, answer} & {"yes", "no", "noanswer"}:
        return 0.0
    predicted, gold = prediction.split(), answer.split()
    if not predicted or not gold:
        return float(predicted == gold)
    common = sum((Counter(predicted) & Counter(gold)).values())
    return 2 * common / (len(predicted) + len(gold))


def normalise(text: str) -> str:
    """Lower case, no articles or punctuation, and every number and unit written in one way.

    Names keep their hyphens. A unit is kept, so that 180 seconds is not 180 milliseconds: the accepted answers of a
    task list the units that fit.

    >>> normalise("The Twenty-four replicas."), normalise("$1,200.50/hour"), normalise("24 req/s")
    ('24 replica', '1200.5 dollar per hour', '24 request per second')
    """
    plain = _DOLLARS.sub(r"\1 dollars", normalize("NFKC", text).lower()).replace("/", " per ")
    words: list[str] = []
    for token in _TOKEN.findall(plain):
        parts = token.split("-")
        words += parts if len(parts) > 1 and all(map(is_number_word, parts)) else [token]
    # "a" is dropped before numbers are read, so "a hundred" comes out as no number rather than as a wrong one.
    kept = [word for word in words if word not in {"a", "an", "the"}]
    return " ".join(_SAME_WORD.get(word, word) for word in _numbers_in_digits(kept))


def numbers_in(text: str) -> frozenset[str]:
    """All numbers of a text, as :func:`normalise` writes them.

    >>> sorted(numbers_in("Eight replicas at $2.40"))
    ['2.4', '8']
    """
    return frozenset(word for word in normalise(text).split() if _NUMBER.fullmatch(word))


def _numbers_in_digits(words: Sequence[str]) -> list[str]:
    """The words with each run of number words replaced by the number it spells, where it spells one."""
    written: list[str] = []
    start = 0
    while start < len(words):
        end = start
        while end < len(words) and (is_number_word(words[end]) or (words[end] == "and" and end > start)):
            end += 1
        while end > start and words[end - 1] == "and":
            end -= 1
        number = read_words(words[start:end])
        if number is not None:
            written.append(str(number))
        else:
            end = max(end, start + 1)
            written += [_canonical(word) for word in words[start:end]]
        start = end
    return written


def _canonical(word: str) -> str:
    if not _NUMBER.fullmatch(word):
        return word
    digits = f"{Decimal(word.replace(',', '')):f}"
    return (digits.rstrip("0").rstrip(".") if "." in digits else digits).removeprefix("-0") or "0"
