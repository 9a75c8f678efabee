"""The skills of the course's language model: what it is told, and the shape of what it says.

Four of them: *read* passages, *plan* a question as steps, *route* a step to a specialist, and say *unknown* where the
passages do not hold the answer. Training, agents and whoever serves the model take prompts and parsers from here, so
that the served text is the trained text, character for character.
"""

from labkit.skills.following import Calculate, Read, fill, follow
from labkit.skills.planning import (
    MOST_STEPS,
    InvalidPlan,
    Plan,
    asked_in_vain,
    is_calculation,
    lost_names,
    parse_plan,
    plan_messages,
)
from labkit.skills.prompts import Message
from labkit.skills.reading import newest_first, parse_reading, read_messages
from labkit.skills.routing import InvalidRoute, parse_route, route_messages

__all__ = [
    "MOST_STEPS",
    "Calculate",
    "InvalidPlan",
    "InvalidRoute",
    "Message",
    "Plan",
    "Read",
    "asked_in_vain",
    "fill",
    "follow",
    "is_calculation",
    "lost_names",
    "newest_first",
    "parse_plan",
    "parse_reading",
    "parse_route",
    "plan_messages",
    "read_messages",
    "route_messages",
]
