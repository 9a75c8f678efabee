"""What is asked: prompts and the length of the replies."""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from labkit.errors import BadArgument
from labkit.scaling import require_number

WORDS = "the a of to in is on for and with river stone cloud lamp door table green seven north paper"
"""Words that are one token each for the course's models, and for most others."""


@dataclass(frozen=True)
class Workload:
    """Requests for completions, taken in turn.

    Attributes:
        prompts: The prompts, used again from the first when they run out.
        output_tokens: Tokens of each reply, exactly; the model may not stop earlier.
        stream: Whether replies come token by token, which times the first token, or whole.

    Raises:
        BadArgument: There are no prompts, or no tokens are asked for.
    """

    prompts: Sequence[str]
    output_tokens: int = 32
    stream: bool = True

    def __post_init__(self) -> None:
        require_number("output_tokens", self.output_tokens, least=1)
        if not self.prompts:
            raise BadArgument("the workload has 0 prompts", remedy="give at least one")

    def body(self, number: int, model: str) -> dict[str, Any]:
        """The JSON body of request ``number`` to ``/v1/completions``."""
        body: dict[str, Any] = {
            "model": model,
            "prompt": self.prompts[number % len(self.prompts)],
            "max_tokens": self.output_tokens,
            "min_tokens": self.output_tokens,
            "ignore_eos": True,
            "temperature": 0.0,
        }
        return body | ({"stream": True, "stream_options": {"include_usage": True}} if self.stream else {})


def random_prompts(count: int, words: int, seed: int) -> tuple[str, ...]:
    """Prompts of so many words drawn at random, about a token each, no two beginning alike for long.

    >>> prompt, = random_prompts(count=1, words=5, seed=7)
    >>> len(prompt.split())
    5

    Args:
        count: Prompts, at least 1.
        words: Words of each, at least 1.
        seed: The same seed gives the same prompts.

    Raises:
        BadArgument: A number is out of its bounds.
    """
    require_number("count", count, least=1)
    require_number("words", words, least=1)
    draw, vocabulary = random.Random(seed), WORDS.split()
    return tuple(" ".join(draw.choice(vocabulary) for _ in range(words)) for _ in range(count))
