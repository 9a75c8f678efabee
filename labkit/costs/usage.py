"""Tokens as a bill counts them: calls, tokens read, those of them that were cached, tokens written."""

from dataclasses import dataclass

from labkit.errors import BadArgument
from labkit.scaling import require_number


@dataclass(frozen=True)
class Usage:
    """What calls of one model used, as its server reported it.

    >>> Usage(1, 100, 64, 10) + Usage(1, 80, 0, 5)
    Usage(calls=2, input_tokens=180, cached_tokens=64, output_tokens=15)

    Attributes:
        calls: Requests answered.
        input_tokens: Tokens read, the cached ones among them.
        cached_tokens: Tokens read that a prefix cache held already.
        output_tokens: Tokens written.

    Raises:
        BadArgument: A negative count, or more cached tokens than tokens read.
    """

    calls: int = 0
    input_tokens: int = 0
    cached_tokens: int = 0
    output_tokens: int = 0

    def __post_init__(self) -> None:
        for name in ("calls", "input_tokens", "cached_tokens", "output_tokens"):
            require_number(name, getattr(self, name), least=0)
        if self.cached_tokens > self.input_tokens:
            raise BadArgument(
                f"cached_tokens is {self.cached_tokens} of {self.input_tokens}",
                remedy="give at most as many cached tokens as tokens read",
            )

    @property
    def computed_tokens(self) -> int:
        """Tokens read that the model had to work through."""
        return self.input_tokens - self.cached_tokens

    @property
    def uncached(self) -> "Usage":
        """The same calls as a server without a prefix cache would have had to work through them."""
        return Usage(self.calls, self.input_tokens, 0, self.output_tokens)

    def __add__(self, other: "Usage") -> "Usage":
        return Usage(
            self.calls + other.calls,
            self.input_tokens + other.input_tokens,
            self.cached_tokens + other.cached_tokens,
            self.output_tokens + other.output_tokens,
        )
