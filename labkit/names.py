"""Names in a question: a word that a dictionary of English has to spell out of pieces names something, most often."""

import re
from functools import cache
from typing import TYPE_CHECKING

from labkit.pretrained import packaged_encoder

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_WORD = re.compile(r"[\w-]+")


def words_of(text: str) -> frozenset[str]:
    """The words of a text in small letters, hyphens kept.

    >>> sorted(words_of("Who runs Kelmar-07?"))
    ['kelmar-07', 'runs', 'who']
    """
    return frozenset(_WORD.findall(text.lower()))


def names_in(question: str) -> frozenset[str]:
    """The words that the encoder's dictionary does not hold whole: names, and a rare word now and then.

    >>> sorted(names_in("How many requests does one replica of zelvin-04 take?"))
    ['zelvin-04']

    Source: Y. Wu et al., "Google's neural machine translation system", 2016, for such dictionaries (word pieces).

    Raises:
        MissingDependency: The package that carries the encoder is not installed.
    """
    dictionary = _dictionary()
    return frozenset(
        word
        for word in words_of(question)
        if any(piece.startswith("##") for piece in dictionary.encode(word, add_special_tokens=False).tokens)
    )


@cache
def _dictionary() -> "Tokenizer":
    from tokenizers import Tokenizer

    return Tokenizer.from_file(str(packaged_encoder() / "tokenizer.json"))
