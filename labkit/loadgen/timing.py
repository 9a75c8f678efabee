"""What became of one request, in seconds from the start of the load."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Timing:
    """One request.

    >>> late = Timing(intended=1.0, sent=3.0, first_token=3.5, finished=4.5, input_tokens=200, output_tokens=11)
    >>> late.latency, late.time_to_first_token, late.per_token
    (3.5, 2.5, 0.1)

    Attributes:
        intended: When it was meant to be sent; everything counts from here.
        sent: When it was sent.
        first_token: When the first token came; the end where the reply came whole.
        finished: When the reply was complete.
        input_tokens: Tokens of the prompt, as the server counts them.
        output_tokens: Tokens of the reply.
        status: HTTP status; 0 where no answer came at all.
    """

    intended: float
    sent: float
    first_token: float
    finished: float
    input_tokens: int = 0
    output_tokens: int = 0
    status: int = 200

    @property
    def ok(self) -> bool:
        """Whether it was answered."""
        return self.status == 200

    @property
    def latency(self) -> float:
        """Seconds from the intended moment to the complete reply."""
        return self.finished - self.intended

    @property
    def time_to_first_token(self) -> float:
        """Seconds from the intended moment to the first token."""
        return self.first_token - self.intended

    @property
    def per_token(self) -> float:
        """Seconds per token after the first; 0 where there is no other."""
        return (self.finished - self.first_token) / (self.output_tokens - 1) if self.output_tokens > 1 else 0.0
