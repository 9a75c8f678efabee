"""The skill *route*: a step of a plan in, the specialist that takes it out."""

from labkit.errors import LabkitError
from labkit.skills.prompts import Message, conversation
from labkit.tasks.task import Skill

INSTRUCTIONS = "Which specialist takes this step: retrieve or calculate? Reply with one word."


class InvalidRoute(LabkitError, ValueError):
    """What a router said is no specialist."""


def route_messages(step: str) -> list[Message]:
    """Ask which specialist takes a step, with the answers of earlier steps put in or not."""
    return conversation(INSTRUCTIONS, f"Step: {step}")


def parse_route(text: str) -> Skill:
    """The specialist that a reply names.

    >>> parse_route(" Calculate.")
    <Skill.CALCULATE: 'calculate'>

    Raises:
        InvalidRoute: It names none.
    """
    word = text.strip().removesuffix(".").lower()
    if word not in set(Skill):
        raise InvalidRoute(f"the route is {text[:40]!r}", remedy=f"reply with one of {', '.join(Skill)}")
    return Skill(word)
