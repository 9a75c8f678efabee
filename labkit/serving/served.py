"""Who answers when the model is not in this process: the endpoint that the settings name, or else the fleet."""

from collections.abc import Sequence
from functools import cache

from labkit.serving import state
from labkit.serving.client import Endpoint
from labkit.serving.fleet import fleet
from labkit.serving.in_process import Completion, Message
from labkit.settings import PACKAGED_MODEL, settings


def served_endpoint() -> Endpoint:
    """The endpoint that ``LABKIT_API_BASE`` names, or else the fleet's; if that has ended, the next one's."""
    found = settings()
    if found.api_base:
        return _named(found.api_base, "" if found.model == PACKAGED_MODEL else found.model)
    running = state.read()
    return _attached(running.address) if running and running.phase == state.READY else fleet().endpoint()


@cache  # an endpoint holds its connections
def _named(base: str, model: str) -> Endpoint:
    return Endpoint(base, model)


@cache
def _attached(address: str) -> Endpoint:  # noqa: ARG001 - one for each fleet
    return fleet().endpoint()


def served_chat(conversations: Sequence[Sequence[Message]], max_tokens: int = 48) -> list[Completion]:
    """``labkit.serving.chat``, answered by ``served_endpoint()`` instead of the engine in this process."""
    return served_endpoint().chat(conversations, max_tokens)
