"""A rate limit: a bucket that holds a few tokens and is refilled at a steady rate; each request takes one.

Source: the token bucket of J. Turner, "New directions in communications (or which way to the information age?)", IEEE
Communications Magazine 24(10), 1986.
"""

from labkit.scaling import require_number

SECONDS_PER_MINUTE = 60


class RateLimit:
    """Lets requests in at a mean rate, and a few at once after a quiet spell.

    >>> limit = RateLimit(per_minute=60, burst=2, now=0.0)
    >>> [limit.wait(at) for at in (0.0, 0.0, 0.25, 1.0)]  # two at once, the third comes 0.75 s too early
    [0.0, 0.0, 0.75, 0.0]

    Args:
        per_minute: Requests per minute, above 0.
        burst: Most requests at once, at least 1.
        now: The time, in seconds of any clock that does not run backwards.

    Raises:
        BadArgument: A number is out of its bounds.
    """

    def __init__(self, per_minute: float, burst: int, now: float) -> None:
        self._per_second = require_number("per_minute", per_minute, above=0) / SECONDS_PER_MINUTE
        self._most = require_number("burst", burst, least=1)
        self._held, self._at = self._most, now

    def wait(self, now: float) -> float:
        """Seconds after which the request may come again; 0 where it is let in."""
        self._held = min(self._most, self._held + (now - self._at) * self._per_second)
        self._at = now
        if self._held < 1:
            return (1 - self._held) / self._per_second
        self._held -= 1
        return 0.0
