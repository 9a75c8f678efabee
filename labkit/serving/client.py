"""A client of any OpenAI-compatible endpoint: the fleet, or an API somewhere else.

The official ``openai`` client does the talking, and tries again with growing pauses after 429 (for as long as
``Retry-After`` asks), 5xx and broken connections. A call returns one answer or raises; there is no third way.
"""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

from labkit.errors import EngineFailure
from labkit.scaling import require_number
from labkit.serving.in_process import Completion, Message
from labkit.settings import require_endpoint

if TYPE_CHECKING:
    from openai import OpenAI


@dataclass(frozen=True)
class Endpoint:
    """One model at one address.

    Attributes:
        base: Address up to and with ``/v1``.
        model: The model's name there; empty takes the first that it lists.
        key: API key; a fleet on this machine asks for none.
        retries: How often a request is tried again; the pauses grow from 0.5 s to 8 s.
        patience: Seconds that one try may take.
        concurrency: Requests under way at once.

    Raises:
        BadArgument: The address is no http address, or a number is out of its bounds.
    """

    base: str
    model: str = ""
    key: str = "none"
    retries: int = 8
    patience: float = 120.0
    concurrency: int = 32

    def __post_init__(self) -> None:
        object.__setattr__(self, "base", require_endpoint(self.base))
        require_number("retries", self.retries, least=0)
        require_number("patience", self.patience, above=0)
        require_number("concurrency", self.concurrency, least=1)

    def chat(self, conversations: Sequence[Sequence[Message]], max_tokens: int = 48) -> list[Completion]:
        """What ``labkit.serving.chat`` does, done at the endpoint; requests go out side by side.

        Raises:
            EngineFailure: One of them got no answer; the client's error is the cause.
        """
        with ThreadPoolExecutor(min(self.concurrency, max(1, len(conversations)))) as pool:
            return list(pool.map(lambda messages: self._one(messages, max_tokens), conversations))

    @cached_property
    def model_name(self) -> str:
        """The model's name at the endpoint.

        Raises:
            EngineFailure: The endpoint lists no model, or does not answer.
        """
        if self.model:
            return self.model
        from openai import OpenAIError

        try:
            return str(next(iter(self._client.models.list())).id)
        except (OpenAIError, StopIteration) as failure:
            raise self._failed(failure) from failure

    @cached_property
    def _client(self) -> "OpenAI":
        from openai import OpenAI

        return OpenAI(base_url=self.base, api_key=self.key, max_retries=self.retries, timeout=self.patience)

    def _one(self, messages: Sequence[Message], max_tokens: int) -> Completion:
        from openai import OpenAIError

        try:
            reply = self._client.chat.completions.create(
                model=self.model_name,
                messages=[dict(message) for message in messages],  # type: ignore[misc]  # roles are checked there
                max_tokens=max_tokens,
                temperature=0.0,
            )
        except OpenAIError as failure:
            raise self._failed(failure) from failure
        usage = reply.usage
        details = usage.prompt_tokens_details if usage else None
        return Completion(
            (reply.choices[0].message.content or "").strip(),
            usage.prompt_tokens if usage else 0,
            usage.completion_tokens if usage else 0,
            (details.cached_tokens or 0) if details else 0,
        )

    def _failed(self, failure: Exception) -> EngineFailure:
        return EngineFailure(
            f"{self.base} gave no answer in {self.retries + 1} tries ({failure})",
            remedy="check that the endpoint runs and serves the model; for the course's own: python -m labkit serve",
        )
