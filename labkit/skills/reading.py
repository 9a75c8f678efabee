"""The skills *read* and *unknown*: passages and a question in, the words of a passage or ``unknown`` out."""

from collections.abc import Sequence

from labkit.documents import UNKNOWN, Passage
from labkit.skills.prompts import Message, conversation

INSTRUCTIONS = (
    "Answer the question from the passages, in a few words. If the passages do not hold the answer, say unknown."
)


def read_messages(question: str, passages: Sequence[str]) -> list[Message]:
    """Ask for an answer from passages.

    The passages come before the question: questions on the same passages then share all but their end, which is what
    a prefix cache keeps.

    >>> print(read_messages("How many?", ["Ten eggs.", "Two hens."])[1]["content"])
    [1] Ten eggs.
    [2] Two hens.
    <BLANKLINE>
    Question: How many?

    Args:
        question: The question.
        passages: Their texts. The model was trained on the order of ``newest_first``: where two passages contradict
            each other it believes the one that comes first.

    Returns:
        A system message and a user message.
    """
    listed = "\n".join(f"[{number}] {' '.join(text.split())}" for number, text in enumerate(passages, start=1))
    return conversation(INSTRUCTIONS, f"{listed}\n\nQuestion: {question}")


def newest_first(passages: Sequence[Passage]) -> tuple[Passage, ...]:
    """The passages by the date that their document bears, youngest first; those without a date come last.

    Passages of one date keep their order, which is nearest first as a search returns them. Comparing dates is work
    for a sort: the model need not be able to do it.
    """
    return tuple(
        sorted(passages, key=lambda passage: -passage.chunk.updated.toordinal() if passage.chunk.updated else 0)
    )


def parse_reading(text: str) -> str:
    """The answer in a reply: one line, without the stop, ``unknown`` in one spelling.

    >>> parse_reading(" Unknown."), parse_reading("twenty-four.")
    ('unknown', 'twenty-four')
    """
    line = text.strip().partition("\n")[0].strip().removesuffix(".").strip()
    return UNKNOWN if not line or line.lower() == UNKNOWN else line
