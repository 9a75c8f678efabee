"""A client of any OpenAI-compatible endpoint: the fleet, or an API somewhere else.

The official ``openai`` client does the talking, and tries again with growing pauses after 429 (for as long as
``Retry-After`` asks), 5xx and broken connections. A call returns one answer or raises; there is no third way.
"""

import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

from labkit.errors import EngineFailure
from labkit.scaling import require_number
from labkit.serving.in_process import Completion, Message
from labkit.settings import require_endpoint

if TYPE_CHECKING:
    from openai import OpenAI
    from openai.types import CompletionUsage
    from openai.types.chat.chat_completion import Choice


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
        salt: Prompts share a prefix cache with prompts of the same salt alone (vLLM's ``cache_salt``); empty sends
            none, since an API somewhere else may refuse what it does not know.
        logprobs: Whether to ask how likely the model thought its own words; see ``Completion.logprob``.
        form: Regular expression that every reply must match as a whole (vLLM's structured outputs); empty leaves
            replies free, and sends nothing that another server may refuse.

    Raises:
        BadArgument: The address is no http address, or a number is out of its bounds.
    """

    base: str
    model: str = ""
    key: str = "none"
    retries: int = 8
    patience: float = 120.0
    concurrency: int = 32
    salt: str = ""
    logprobs: bool = False
    form: str = ""

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

    def timed(self, messages: Sequence[Message], max_tokens: int = 48, salt: str = "") -> tuple[Completion, float]:
        """One reply, and the seconds until its first token was there.

        Args:
            messages: The conversation.
            max_tokens: Most tokens of the reply.
            salt: In place of the endpoint's own, for this call alone.

        Raises:
            EngineFailure: There was no answer; the client's error is the cause.
        """
        from openai import OpenAIError

        begin, first, said, usage = time.perf_counter(), None, "", None
        try:
            options = {"stream": True, "stream_options": {"include_usage": True}}
            with self._create(messages, max_tokens, salt or self.salt, **options) as parts:
                for part in parts:
                    if part.choices and part.choices[0].delta.content:
                        first = first or time.perf_counter()
                        said += part.choices[0].delta.content
                    usage = part.usage or usage
        except OpenAIError as failure:
            raise self._failed(failure) from failure
        return _completion(said, usage, None), (first or time.perf_counter()) - begin

    def _one(self, messages: Sequence[Message], max_tokens: int) -> Completion:
        from openai import OpenAIError

        try:
            reply = self._create(messages, max_tokens, self.salt)
        except OpenAIError as failure:
            raise self._failed(failure) from failure
        [choice] = reply.choices
        return _completion(choice.message.content or "", reply.usage, _mean_logprob(choice))

    def _create(self, messages: Sequence[Message], max_tokens: int, salt: str, **options: Any) -> Any:  # noqa: ANN401
        if salt or self.form:
            form = {"structured_outputs": {"regex": self.form}} if self.form else {}
            options["extra_body"] = form | ({"cache_salt": salt} if salt else {})
        if self.logprobs:
            options["logprobs"] = True
        return self._client.chat.completions.create(
            model=self.model_name,
            messages=[dict(message) for message in messages],  # type: ignore[misc]  # roles are checked there
            max_tokens=max_tokens,
            temperature=0.0,
            **options,
        )

    def _failed(self, failure: Exception) -> EngineFailure:
        return EngineFailure(
            f"{self.base} gave no answer in {self.retries + 1} tries ({failure})",
            remedy="check that the endpoint runs and serves the model; for the course's own: python -m labkit serve",
        )


def _completion(said: str, usage: "CompletionUsage | None", logprob: float | None) -> Completion:
    details = usage.prompt_tokens_details if usage else None
    return Completion(
        said.strip(),
        usage.prompt_tokens if usage else 0,
        usage.completion_tokens if usage else 0,
        (details.cached_tokens or 0) if details else 0,
        logprob,
    )


def _mean_logprob(choice: "Choice") -> float | None:
    tokens = choice.logprobs.content if choice.logprobs else None
    return sum(token.logprob for token in tokens) / len(tokens) if tokens else None
