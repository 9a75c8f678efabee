"""When requests arrive, in seconds from the start of the load."""

import random
from collections.abc import Iterable

from labkit.errors import BadArgument
from labkit.scaling import require_number


def poisson(rate: float, count: int, seed: int) -> tuple[float, ...]:
    """Arrivals of many independent users: gaps drawn from the exponential distribution with mean 1 / rate.

    >>> times = poisson(rate=10, count=1_000, seed=7)
    >>> 90 < times[-1] < 110
    True

    Args:
        rate: lambda, requests per second on average, above 0.
        count: Requests, at least 1.
        seed: The same seed gives the same moments.

    Raises:
        BadArgument: A number is out of its bounds.
    """
    require_number("rate", rate, above=0)
    require_number("count", count, least=1)
    draw = random.Random(seed)
    times, now = [], 0.0
    for _ in range(count):
        now += draw.expovariate(rate)
        times.append(now)
    return tuple(times)


def recorded(moments: Iterable[float], speed: float = 1.0) -> tuple[float, ...]:
    """Arrivals as a log has them, moved to start at 0.

    >>> recorded([100.0, 100.5, 102.0], speed=2.0)
    (0.0, 0.25, 1.0)

    Args:
        moments: Seconds on any clock, in any order.
        speed: How much faster than recorded they are played.

    Raises:
        BadArgument: There are none, or the speed is not above 0.
    """
    ordered = sorted(moments)
    require_number("speed", speed, above=0)
    if not ordered:
        raise BadArgument("0 arrivals were recorded", remedy="give at least one")
    return tuple((moment - ordered[0]) / speed for moment in ordered)
