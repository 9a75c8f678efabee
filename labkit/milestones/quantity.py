"""Numbers in prose: as many digits as they are worth, with their unit."""

import math
from collections.abc import Sequence


def decimals(value: float, others: Sequence[float] = ()) -> int:
    """Decimal places for ``value`` and its companions: three significant digits of ``value``, no idle zeros.

    >>> decimals(0.41, [0.40, 0.43]), decimals(0.4123), decimals(12345.6)
    (2, 3, 0)
    """
    scale = abs(value) or max((abs(other) for other in others), default=0.0)
    if scale == 0.0:
        return 0
    places = max(0, 2 - math.floor(math.log10(scale)))
    while places and all(round(number, places) == round(number, places - 1) for number in (value, *others)):
        places -= 1
    return places


def written(value: float, places: int) -> str:
    """The number with that many decimals, in powers of ten only where plain digits are unreadable.

    >>> written(0.000178, 6), written(90000, 0), written(2.5e-9, 11)
    ('0.000178', '90,000', '2.5e-09')
    """
    readable = value == 0.0 or 1e-6 <= abs(value) < 1e15
    return f"{value:,.{places}f}" if readable else f"{value:.3g}"


def exactly(value: float) -> str:
    """The number as it was typed, for targets and predictions.

    >>> exactly(0.8), exactly(1_000_000)
    ('0.8', '1,000,000')
    """
    return f"{value:,.12g}"


def with_unit(number: str, unit: str) -> str:
    """A number and its unit; a unit that opens with a dollar sign wraps the number.

    >>> with_unit("0.41", "s"), with_unit("0.054", "$ per task"), with_unit("0.85", "")
    ('0.41 s', '$0.054 per task', '0.85')
    """
    return f"${number}{unit[1:]}" if unit.startswith("$") else f"{number} {unit}".strip()
