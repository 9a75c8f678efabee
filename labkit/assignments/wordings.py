"""Reading a fact in the one wording that a document gives it, for questions in the one wording that asks for it."""

import re
from collections.abc import Iterable, Sequence

from labkit.documents import UNKNOWN


def stated(question: str, documents: Iterable[str], wordings: Sequence[tuple[str, str]]) -> str | None:
    """What a document says to a question, as it is written there; ``unknown`` where none says anything.

    >>> wordings = [("How large is {}?", "the size of {} is {}")]
    >>> stated("How large is orion?", ["the size of draco is 9", "the size of orion is eight"], wordings)
    'eight'
    >>> stated("How old is orion?", [], wordings) is None
    True

    Args:
        question: The question.
        documents: Where to look.
        wordings: A question with ``{}`` for what it is about, and what a document says to it: that and the fact.

    Returns:
        None if the question is in none of the wordings.
    """
    for asked, said in wordings:
        about = re.fullmatch(re.escape(asked).replace(r"\{\}", "(.+)"), question)
        if about:
            shape = re.compile(re.escape(said).replace(r"\{\}", "{}").format(re.escape(about[1]), "(.+)"))
            return next((found[1] for document in documents if (found := shape.fullmatch(document))), UNKNOWN)
    return None
