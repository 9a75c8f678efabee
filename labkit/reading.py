"""Reading: a question and a few passages become an answer that the passages bear out.

Two readers with one interface. Stage 0's knows two wordings by heart; the other asks a language model and
then checks, word by word, that what it wrote stands in the passages. A model's fluent guess is not an answer.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Protocol

from labkit import baseline
from labkit.corpus.numerals import is_number_word
from labkit.documents import UNKNOWN, Passage


class Model(Protocol):
    """What an application needs of its model."""

    def read(self, question: str, passages: Sequence[Passage]) -> "Reading":
        """Answer the question from the passages alone."""
        ...


@dataclass(frozen=True)
class Reading:
    """What a model made of some passages.

    Attributes:
        text: The answer, or ``UNKNOWN``.
        support: The passages that bear it out, each needed; empty when the answer is ``UNKNOWN``.
        said: The model's own words, before they were checked.
        input_tokens: Tokens the model read.
        output_tokens: Tokens the model wrote.
    """

    text: str
    support: tuple[Passage, ...] = ()
    said: str = ""
    input_tokens: int = 0
    output_tokens: int = 0


@dataclass(frozen=True)
class TemplateReader:
    """Stage 0's reader: the two wordings of ``labkit.baseline.TEMPLATES``, no model, no tokens."""

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """The value found in the first passage whose wording the templates know."""
        for passage in passages:
            value = baseline.read(question, passage.chunk.text)
            if value is not None:
                return Reading(value, (passage,), value)
        return Reading(UNKNOWN)


# Words that carry no claim of their own, so that a passage need not hold them.
_GLUE = frozenset(
    "a an and answer are as at be been by for from has have in is it its of on or question so that the their there "
    "they this to was were which who with".split()
)


def grounded(question: str, said: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The fewest passages that hold every word by which an answer goes beyond its question.

    Words are compared without case and plural s, numbers without regard to digits or words. The cover is
    greedy: first the passage that holds most of the words; among equals the one that holds more of the
    question's words, then the nearer one.

    Args:
        question: The question; words that it already holds claim nothing.
        said: What the model wrote.
        passages: The passages the model was given, nearest first.

    Returns:
        The covering passages, or none if a word stands in no passage or the answer says nothing new.
    """
    asked = _claims(question)
    missing = _claims(said) - asked
    held = [_claims(passage.chunk.text) for passage in passages]
    cover: list[int] = []
    while missing:
        counts = [(len(words & missing), len(words & asked), -number) for number, words in enumerate(held)]
        found, _, negated = max(counts, default=(0, 0, 0))
        if not found:
            return ()
        best = -negated
        cover.append(best)
        missing -= held[best]
    return tuple(passages[number] for number in cover)


ALIKE = 0.8
"""Share of two names' letters from which one may be the other, misspelt: ``difflib.SequenceMatcher.ratio``."""


def respelt(said: str, passages: Sequence[Passage]) -> str:
    """A name as the passages spell it, where a model has misspelt it and only one of their names can be meant.

    A model that writes in pieces of words now and then drops one of a name that it has never seen, or the space within
    it, or a capital. Digits are not letters: a name or a number with other digits is another one, and so is another
    number in words.

    Args:
        said: What the model wrote.
        passages: The passages the model was given.

    Returns:
        The one run of as many words that is like it and has the same digits; before that, one of as many letters in
        one word more; or what was said.
    """
    words, digits = said.split(), re.findall(r"\d", said)
    if not any(map(str.isalpha, said)) or any(map(is_number_word, re.findall(r"[a-z]+", said.lower()))):
        return said
    runs, longer = dict[str, None](), dict[str, str]()
    for passage in passages:
        held = [word.strip("\"'`*_|()[]{}.,:;!?") for word in passage.chunk.text.split()]
        runs |= dict.fromkeys(_runs(held, len(words)))
        longer |= {run.replace(" ", "").casefold(): run for run in _runs(held, len(words) + 1)}
    if joined := longer.get(said.replace(" ", "").casefold()):
        return joined
    like = get_close_matches(said, [run for run in runs if re.findall(r"\d", run) == digits], n=2, cutoff=ALIKE)
    return like[0] if len(like) == 1 else said


def _runs(words: Sequence[str], count: int) -> list[str]:
    return [" ".join(words[at : at + count]) for at in range(len(words) - count + 1)]


def _claims(text: str) -> set[str]:
    words = re.findall(r"\w+(?:[.,-]\w+)*", text.lower())
    return {str(baseline.COUNTS.get(word, word.removesuffix("s"))) for word in words if word not in _GLUE}
