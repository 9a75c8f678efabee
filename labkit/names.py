"""Names in a question: a word that a dictionary of English has to spell out of pieces names something, most often."""

import re
from functools import cache
from typing import TYPE_CHECKING

from labkit.pretrained import packaged_encoder

if TYPE_CHECKING:
    from tokenizers import Tokenizer

_WORD = re.compile(r"[\w-]+")

_ENDINGS = frozenset({"##d", "##ed", "##er", "##ers", "##es", "##ing", "##r", "##rs", "##s"})
"""What makes another form of a word that the dictionary holds: "callers" names nothing."""


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
    return frozenset(word for word in words_of(question) if _names(word))


def _names(word: str) -> bool:
    pieces = _dictionary().encode(word, add_special_tokens=False).tokens
    if len(pieces) == 2 and pieces[1] in _ENDINGS:
        return False
    return any(piece.startswith("##") for piece in pieces)


@cache
def _dictionary() -> "Tokenizer":
    from tokenizers import Tokenizer

    dictionary = Tokenizer.from_file(str(packaged_encoder() / "tokenizer.json"))
    dictionary.no_padding()
    return dictionary
