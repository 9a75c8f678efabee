"""One engine in this process: the first replica.

Importing and starting it takes the better part of a minute on a CPU, so it is started once, on first use, and
shared by everything in the process.
"""

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

from labkit.errors import EngineFailure
from labkit.pretrained import model_folder
from labkit.progress import bar
from labkit.serving.engine import CONTEXT_TOKENS, EngineSettings, offline
from labkit.settings import quiet_engines, settings

if TYPE_CHECKING:
    from vllm import LLM

Message = Mapping[str, str]
"""One turn of a conversation: a ``role`` (system, user, assistant) and its ``content``."""


@dataclass(frozen=True)
class Completion:
    """A model's reply and what it cost, in tokens of the served model.

    Attributes:
        text: The reply.
        input_tokens: Tokens of the prompt.
        output_tokens: Tokens of the reply.
        cached_tokens: Those of the prompt that a prefix cache held already.
        logprob: Mean log-probability of the reply's tokens, at most 0; None where nobody asked for it.
    """

    text: str
    input_tokens: int
    output_tokens: int
    cached_tokens: int = 0
    logprob: float | None = None


class Chat(Protocol):
    """Whatever continues conversations: the engine of this process, or an endpoint."""

    def __call__(self, conversations: Sequence[Sequence[Message]], max_tokens: int = 48) -> list[Completion]:
        """Let the model continue each conversation, always choosing the likeliest token."""
        ...


def chat(conversations: Sequence[Sequence[Message]], max_tokens: int = 48) -> list[Completion]:
    """Let the model continue each conversation, all in one batch, always choosing the likeliest token.

    Args:
        conversations: Lists of messages.
        max_tokens: Most tokens of a reply.

    Returns:
        One completion a conversation, in order.

    Raises:
        EngineFailure: vLLM refused or failed; its error is the cause.
    """
    engine = _engine()
    from vllm import SamplingParams

    try:
        outputs = engine.chat(
            [list(messages) for messages in conversations],
            SamplingParams(temperature=0.0, max_tokens=max_tokens),
            use_tqdm=False,
        )
    except Exception as failure:
        raise EngineFailure(
            f"vLLM could not answer {len(conversations)} conversations ({failure})",
            remedy=f"keep prompt and reply within {CONTEXT_TOKENS} tokens; if it is not that, restart the process",
        ) from failure
    return [
        Completion(
            output.outputs[0].text.strip(),
            len(output.prompt_token_ids),
            len(output.outputs[0].token_ids),
            output.num_cached_tokens or 0,
        )
        for output in outputs
    ]


@cache
def _engine() -> "LLM":
    quiet_engines()
    with bar("starting vLLM", total=2) as steps, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = model_folder()
        engine = EngineSettings(str(folder), folder.name, cores=settings().threads)
        steps.update()
        try:
            started = offline(engine)
        except Exception as failure:
            raise EngineFailure(
                f"vLLM could not start {folder.name} ({failure})",
                remedy="run: python -m labkit doctor; it checks memory, packages and model files",
            ) from failure
        steps.update()
    return started
