"""From start and end logits to the best span: chosen jointly, with a limit to its length.

Every span (i, j) with j - i < limit scores s_i + e_j, and "no answer" scores s_0 + e_0, those of the [CLS] token. One
softmax over all of them gives each its probability. Choosing start and end apart can pair the start of one candidate
with the end of another; a joint choice cannot.

Source: J. Devlin et al., "BERT: Pre-training of deep bidirectional transformers for language understanding", NAACL
2019, section 4.3 (SQuAD 2.0): the null span at [CLS] against the best span.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from labkit.errors import BadArgument

Logits = NDArray[np.float32]

LONGEST_SPAN = 16
"""Tokens of the longest answer: twice the longest name or number of the handbook."""


@dataclass(frozen=True)
class Span:
    """The best span of a passage.

    Attributes:
        start: Its first token.
        end: Its last token.
        probability: Of this span among all spans and "no answer", from 0 to 1.
        no_answer: Probability that the passage does not answer.
    """

    start: int
    end: int
    probability: float
    no_answer: float


def best_span(logits: Logits, first: int, last: int, temperature: float = 1.0, limit: int = LONGEST_SPAN) -> Span:
    """The likeliest span of the tokens ``first`` to ``last``.

    Worked by hand: start logits (0, 2, 0), end logits (0, 0, 2), tokens 1 to 2. The spans (1, 1), (1, 2), (2, 2) score
    2, 4 and 2, no answer scores 0, and e^4 / (e^2 + e^4 + e^2 + e^0) = 0.776:

    >>> span = best_span(np.array([[0, 0], [2, 0], [0, 2]], dtype=np.float32), 1, 2)
    >>> span.start, span.end, round(span.probability, 3)
    (1, 2, 0.776)

    Args:
        logits: Start and end logit of every token, shape (tokens, 2); token 0 is [CLS].
        first: First token of the passage, at least 1.
        last: Its last token, included.
        temperature: Divides the logits; above 1 it makes a too certain model less certain. Above 0.
        limit: Most tokens of a span, at least 1.

    Raises:
        BadArgument: A number is out of its range.
    """
    if temperature <= 0 or limit < 1:
        raise BadArgument(f"temperature is {temperature}, limit is {limit}", remedy="give more than 0, and at least 1")
    if not 1 <= first <= last < len(logits):
        raise BadArgument(
            f"the passage is tokens {first} to {last} of {len(logits)}", remedy="give a range after [CLS] with a token"
        )
    scaled = logits.astype(np.float64) / temperature
    starts, ends = scaled[first : last + 1, 0], scaled[first : last + 1, 1]
    lengths = np.arange(len(ends))[None, :] - np.arange(len(starts))[:, None]
    scores = np.where((lengths >= 0) & (lengths < limit), starts[:, None] + ends[None, :], -np.inf)
    null = scaled[0, 0] + scaled[0, 1]
    top = max(float(scores.max()), float(null))
    total = np.exp(scores - top).sum() + np.exp(null - top)
    start, end = divmod(int(scores.argmax()), len(ends))
    probability = float(np.exp(scores[start, end] - top) / total)
    return Span(first + start, first + end, probability, float(np.exp(null - top) / total))
