"""Recorded calls: what an application really asked its model, kept so that it can be asked again in other ways."""

from collections.abc import Sequence
from dataclasses import dataclass
from threading import Lock

from labkit.serving.in_process import Chat, Completion, Message


@dataclass(frozen=True)
class Call:
    """One conversation as it was sent.

    Attributes:
        messages: The conversation.
        max_tokens: Most tokens of the reply.
    """

    messages: tuple[Message, ...]
    max_tokens: int


class Recorder:
    """A chat that keeps what it was asked, in the order in which the calls came.

    Args:
        chat: Who answers.
    """

    def __init__(self, chat: Chat) -> None:
        self._chat, self._lock = chat, Lock()
        self._calls: list[Call] = []

    def __call__(self, conversations: Sequence[Sequence[Message]], max_tokens: int = 48) -> list[Completion]:
        """Let the chat continue the conversations."""
        with self._lock:
            self._calls += [Call(tuple(messages), max_tokens) for messages in conversations]
        return self._chat(conversations, max_tokens)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls so far."""
        with self._lock:
            return tuple(self._calls)
