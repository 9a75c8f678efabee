"""Where sentences begin and end, by punctuation and layout alone: no model, and the same on every machine."""

import re

Span = tuple[int, int]
"""First character, and one past the last."""

# A sentence ends at . ! or ? (and a closing quote or bracket) before white space and a capital, a digit or an
# opening quote, but not after a single initial or a common abbreviation; and at every blank line, and before
# every list item, table row and heading.
_BOUNDARY = re.compile(
    r"""(?:(?<!\b[A-Z])(?<!\be\.g)(?<!\bi\.e)(?<!\bvs)(?<!\bDr)(?<!\bMr)(?<!\bMrs)(?<!\bNo)(?<!\bSt)
        [.!?]["')\]]*\s+(?=["'(\[]?[A-Z0-9]))
      | \n\s*\n
      | \n(?=\s*(?:[-*+|\#]|\d+[.)]\s))""",
    re.VERBOSE,
)


def sentences(text: str) -> list[Span]:
    """Spans of the sentences of a text, in order, without the white space around them.

    >>> [("Ray runs tasks. It scales."[a:b]) for a, b in sentences("Ray runs tasks. It scales.")]
    ['Ray runs tasks.', 'It scales.']
    """
    ends = [match.end() for match in _BOUNDARY.finditer(text)]
    spans = zip([0, *ends], [*ends, len(text)], strict=True)
    return [trimmed for span in spans if (trimmed := _trim(text, span))[0] < trimmed[1]]


def _trim(text: str, span: Span) -> Span:
    start, end = span
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return start, end
