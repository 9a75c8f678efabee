"""Who answers when the model is not in this process: the endpoint that the settings name, or else the fleet."""

from collections.abc import Sequence
from functools import cache

from labkit.serving.client import Endpoint
from labkit.serving.fleet import fleet
from labkit.serving.in_process import Completion, Message
from labkit.settings import PACKAGED_MODEL, settings


@cache
def served_endpoint() -> Endpoint:
    """The endpoint that ``LABKIT_API_BASE`` names, or else the fleet's."""
    found = settings()
    if not found.api_base:
        return fleet().endpoint()
    return Endpoint(found.api_base, "" if found.model == PACKAGED_MODEL else found.model)


def served_chat(conversations: Sequence[Sequence[Message]], max_tokens: int = 48) -> list[Completion]:
    """``labkit.serving.chat``, answered by ``served_endpoint()`` instead of the engine in this process."""
    return served_endpoint().chat(conversations, max_tokens)
