"""The numbers behind the Amdahl explorer, computed once by ``labkit.scaling``: the front end only looks them up."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from labkit.errors import BadArgument
from labkit.scaling import (
    amdahl_limit,
    amdahl_speedup,
    fit_serial_fraction,
    parallel_efficiency,
    require_number,
)

Point = tuple[float, float]
"""Workers, and the speedup measured with them."""

_POINTS = 40  # worker counts on the axis, before powers of two and measured counts join them
_DIGITS = 6  # significant digits in the table: finer than any screen, and half the page's weight
_FINE = [round(step * 0.005, 3) for step in range(20)]  # where Amdahl's law bends most
_MIDDLE = [round(0.10 + step * 0.01, 2) for step in range(20)]
_COARSE = [round(0.30 + step * 0.05, 2) for step in range(15)]


@dataclass(frozen=True)
class Question:
    """What an explorer is asked to show, checked.

    Attributes:
        serial_fraction: f that the slider starts from, in [0, 1].
        target: Speedup that the milestone asks for, above 0; None shows no milestone.
        measured: Points measured by the learner.
        workers: Largest worker count on the axis, at least 2.
    """

    serial_fraction: float
    target: float | None
    measured: tuple[Point, ...]
    workers: int

    def __post_init__(self) -> None:
        require_number("serial_fraction", self.serial_fraction, least=0, most=1)
        if self.target is not None:
            require_number("target", self.target, above=0)
        if not require_number("workers", self.workers, least=2).is_integer():
            raise BadArgument(f"workers is {self.workers}", remedy="give a whole number: the end of the axis")

    @property
    def fitted(self) -> float | None:
        """The serial fraction that explains the measured points best; None where no point has a second worker."""
        if all(workers == 1 for workers, _ in self.measured):
            return None
        return fit_serial_fraction([p for p, _ in self.measured], [s for _, s in self.measured])


def points(measured: Iterable[Sequence[float]]) -> tuple[Point, ...]:
    """Measured points, checked and ordered by workers.

    >>> points([(2, 1.8), (1, 1.0)])
    ((1.0, 1.0), (2.0, 1.8))

    Args:
        measured: Pairs of workers (at least 1) and speedup (above 0).

    Raises:
        BadArgument: Something else than pairs, fewer than one worker, or a speedup that is not positive.
    """
    return tuple(sorted(_point(index, pair) for index, pair in enumerate(measured)))


def workers_needed(serial_fraction: float, target: float) -> int | None:
    """The fewest workers whose Amdahl speedup reaches the target; None where no number of them does.

    Solved from S(p) = target: p = (1 - f) / (1 / target - f), where the denominator is positive.

    >>> workers_needed(0.05, 10), workers_needed(0.1, 20), workers_needed(0.0, 8)
    (19, None, 8)

    Args:
        serial_fraction: f, in [0, 1].
        target: The speedup asked for, above 0.
    """
    if target <= 1:
        return 1
    gap = 1 / target - serial_fraction
    if gap <= 0:  # the target lies at 1/f, which is approached and never reached, or past it
        return None
    exact = (1 - serial_fraction) / gap
    return math.ceil(exact * (1 - 1e-12))  # a whole number must not be rounded up for float noise


def curve_table(question: Question) -> dict[str, Any]:
    """Everything the front end draws, by row of serial fraction and column of workers.

    >>> table = curve_table(Question(0.1, 20.0, (), 64))
    >>> row = table["fractions"].index(0.1)
    >>> table["limits"][row], table["needed"][row]
    (10.0, None)

    Returns:
        ``workers`` and ``fractions``, the axes; ``speedups`` and ``efficiencies``, a row a fraction; ``limits``
        (None: unlimited) and ``needed`` (None: no number of workers reaches the target), a number a fraction;
        ``fitted`` and ``break_even``, the fractions that explain the measurements and at which target = 1/f.
    """
    target, counts, fractions = question.target, _counts(question), _fractions(question)
    curves = [amdahl_speedup(f, counts) for f in fractions]
    return {
        "workers": counts,
        "fractions": fractions,
        "speedups": [_rounded(curve) for curve in curves],
        "efficiencies": [_rounded(parallel_efficiency(1.0, 1.0 / curve, counts)) for curve in curves],
        "limits": [amdahl_limit(f) if f else None for f in fractions],
        "needed": [None if target is None else workers_needed(f, target) for f in fractions],
        "fitted": question.fitted,
        "break_even": None if target is None else min(1.0, 1.0 / target),
    }


def _point(index: int, pair: object) -> Point:
    if isinstance(pair, str) or not isinstance(pair, Sequence | np.ndarray) or len(pair) != 2:
        raise BadArgument(f"measured[{index}] is {pair!r}", remedy="give pairs of (workers, speedup)")
    workers = require_number(f"workers of measured[{index}]", pair[0], least=1)
    return workers, require_number(f"speedup of measured[{index}]", pair[1], above=0)


def _counts(question: Question) -> list[int]:
    """Worker counts dense enough for a smooth curve on a logarithmic axis, and whole, as workers are."""
    spread = {round(count) for count in np.geomspace(1, question.workers, _POINTS)}
    powers = {2**k for k in range(int(math.log2(question.workers)) + 1)}
    measured = {int(p) for p, _ in question.measured if p.is_integer() and p <= question.workers}
    return sorted(spread | powers | measured)


def _fractions(question: Question) -> list[float]:
    """The slider's stops: even steps, finest near 0, and the fractions this question is about."""
    asked = {question.serial_fraction} | ({question.fitted} - {None})
    return sorted({*_FINE, *_MIDDLE, *_COARSE, *(float(f) for f in asked if f is not None)})


def _rounded(values: Iterable[float]) -> list[float]:
    return [float(f"{value:.{_DIGITS}g}") for value in values]
