"""What a single agent may do next, and how it is told: one prompt describes the tools, the plan and the form."""

from typing import Annotated, Literal

from pydantic import Field, TypeAdapter, ValidationError

from labkit.documents import Passage
from labkit.errors import LabkitError
from labkit.orchestrator.tools import Form
from labkit.skills import Message
from labkit.skills.prompts import conversation

INSTRUCTIONS = """\
Answer the question with the help of tools. Split it into steps that each ask for one fact or calculate; use the answer
of one step in the next. Reply with one JSON object at a time, one of these three:
{"tool": "search", "query": "..."} finds passages of the documents
{"tool": "calculate", "expression": "8 * 2.40"} works out arithmetic
{"tool": "answer", "text": "..."} ends; the text is a few words of a passage, or a result, or unknown
After a search or a calculation you are told what came of it. For example:
Question: How many seats do all rooms of the hall that hosts the fair have?
{"tool": "search", "query": "Which hall hosts the fair?"}
[1] The fair takes place in hall birch.
{"tool": "search", "query": "How many rooms does hall birch have?"}
[1] Hall birch has 3 rooms with 40 seats each.
{"tool": "calculate", "expression": "3 * 40"}
120
{"tool": "answer", "text": "120"}"""


class SearchFor(Form):
    """Search the documents."""

    tool: Literal["search"]
    query: Annotated[str, Field(min_length=1)]


class WorkOut(Form):
    """Work out arithmetic."""

    tool: Literal["calculate"]
    expression: Annotated[str, Field(min_length=1)]


class Say(Form):
    """End with an answer."""

    tool: Literal["answer"]
    text: Annotated[str, Field(min_length=1)]


Action = SearchFor | WorkOut | Say
_ACTION: TypeAdapter[Action] = TypeAdapter(Annotated[Action, Field(discriminator="tool")])


_WORDS = r"[ !#-\[\]-~]{1,120}"
ACTION_FORM = "|".join(
    (
        rf'\{{"tool": "search", "query": "{_WORDS}"\}}',
        r'\{"tool": "calculate", "expression": "[0-9.+*/() -]{1,40}"\}',
        rf'\{{"tool": "answer", "text": "{_WORDS}"\}}',
    )
)
"""A regular expression of the three actions: a server that holds replies to it lets a model lose no turn to form."""


class NoAction(LabkitError, ValueError):
    """What a model wrote is none of the three actions."""


def first_messages(question: str) -> list[Message]:
    """The conversation before the agent's first turn."""
    return conversation(INSTRUCTIONS, f"Question: {question}")


def parse_action(text: str) -> Action:
    """The action in the first line of a reply.

    >>> parse_action('{"tool": "calculate", "expression": "8 * 24"}').expression
    '8 * 24'

    Raises:
        NoAction: The line is none.
    """
    line = text.strip().partition("\n")[0].strip()
    try:
        return _ACTION.validate_json(line)
    except ValidationError as error:
        raise NoAction(f"{line[:60]!r} is no action", remedy="reply with one of the three JSON objects") from error


def shown(passages: tuple[Passage, ...]) -> str:
    """Passages as the agent is told of them."""
    lines = (f"[{number}] {' '.join(one.chunk.text.split())}" for number, one in enumerate(passages, start=1))
    return "\n".join(lines) or "nothing found"
