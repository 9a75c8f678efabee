"""The arithmetic of scaling out: what more workers can buy, and how many replicas a load needs.

    speedup      S(p) = T1 / Tp
    efficiency   E(p) = S(p) / p
    Amdahl       S(p) = 1 / (f + (1 - f) / p),  at most 1 / f
    replicas     N = ceil(lambda / (rho * mu))

Compute the target with these before building; measure afterwards; explain the difference. Where a curve is
wanted, workers and times may be arrays, and the result is an array of the same shape.
"""

import math
from collections.abc import Iterable, Sequence
from fractions import Fraction
from numbers import Real
from typing import overload

import numpy as np
from numpy.typing import NDArray

from labkit.errors import BadArgument

Numbers = Sequence[float] | NDArray[np.number]
"""Several numbers: a list, a tuple, or a numpy array of any numeric type."""

Curve = NDArray[np.float64]

_NOISE = Fraction(1, 10**12)  # relative


def require_number(
    name: str,
    value: object,
    *,
    least: float | None = None,
    above: float | None = None,
    most: float | None = None,
    below: float | None = None,
) -> float:
    """Return ``value`` as a float if it is a finite number within the bounds.

    A bool is refused, since ``workers=True`` is a slip and never a count of one.

    >>> require_number("workers", 4, least=1)
    4.0

    Args:
        name: What the number stands for; opens the message.
        value: What the caller passed.
        least: Smallest number allowed.
        above: Number that it must exceed.
        most: Largest number allowed.
        below: Number that it must stay under.

    Raises:
        BadArgument: It is not a number, not finite, or outside the bounds; the message states them.
    """
    bounds = (("of at least", least), ("above", above), ("of at most", most), ("below", below))
    asked = " and ".join(f"{words} {bound:g}" for words, bound in bounds if bound is not None)
    remedy = f"give a finite number {asked}".rstrip()
    if isinstance(value, bool) or not isinstance(value, Real):
        raise BadArgument(f"{name} is {value!r}, not a number", remedy=remedy)
    number = _as_float(value)
    fits = (
        math.isfinite(number)
        and (least is None or number >= least)
        and (above is None or number > above)
        and (most is None or number <= most)
        and (below is None or number < below)
    )
    if not fits:
        raise BadArgument(f"{name} is {value}", remedy=remedy)
    return number


@overload
def speedup(t1: float, tp: float) -> float: ...
@overload
def speedup(t1: float, tp: Numbers) -> Curve: ...
def speedup(t1: float, tp: float | Numbers) -> float | Curve:
    """How many times faster the same work became: S(p) = T1 / Tp.

    >>> speedup(120.0, 40.0)
    3.0

    Args:
        t1: Seconds with one worker.
        tp: Seconds with p workers, for the same work.

    Raises:
        BadArgument: A time that is not positive and finite.
    """
    return _plain(require_number("t1", t1, above=0) / _numbers("tp", tp, above=0))


@overload
def parallel_efficiency(t1: float, tp: float, workers: float) -> float: ...
@overload
def parallel_efficiency(t1: float, tp: Numbers, workers: float | Numbers) -> Curve: ...
def parallel_efficiency(t1: float, tp: float | Numbers, workers: float | Numbers) -> float | Curve:
    """The share of the added workers that was put to use: E(p) = S(p) / p.

    1 is linear scaling. More than 1 (superlinear) is possible, for one when the split work fits a cache, and is
    returned as it is.

    >>> parallel_efficiency(120.0, 40.0, 4)
    0.75

    Args:
        t1: Seconds with one worker.
        tp: Seconds with p workers.
        workers: p, at least 1; one for each ``tp`` when that is an array.

    Raises:
        BadArgument: A time that is not positive, fewer than one worker, or arrays of different lengths.
    """
    times, counts = _numbers("tp", tp, above=0), _numbers("workers", workers, least=1)
    if times.ndim and counts.ndim and times.shape != counts.shape:
        raise BadArgument(f"tp holds {times.size} numbers, workers {counts.size}", remedy="give one time for each")
    return _plain(require_number("t1", t1, above=0) / times / counts)


@overload
def amdahl_speedup(serial_fraction: float, workers: float) -> float: ...
@overload
def amdahl_speedup(serial_fraction: float, workers: Numbers) -> Curve: ...
def amdahl_speedup(serial_fraction: float, workers: float | Numbers) -> float | Curve:
    """The speedup p workers can reach when a share f of the work stays serial: S(p) = 1 / (f + (1 - f) / p).

    Source: G. M. Amdahl, "Validity of the single processor approach to achieving large scale computing
    capabilities", AFIPS Spring Joint Computer Conference, 1967.

    >>> amdahl_speedup(0.5, 2)  # half of the work is halved: 1 / (0.5 + 0.25)
    1.3333333333333333
    >>> amdahl_speedup(0.0, [1, 2, 8]).tolist()
    [1.0, 2.0, 8.0]

    Args:
        serial_fraction: f, the share of the one-worker time that cannot be split, in [0, 1].
        workers: p, at least 1: one count, or an array of them for a curve.

    Raises:
        BadArgument: f outside [0, 1], or fewer than one worker.
    """
    serial = _fraction(serial_fraction)
    return _plain(1.0 / (serial + (1.0 - serial) / _numbers("workers", workers, least=1)))


def amdahl_limit(serial_fraction: float) -> float:
    """The speedup that no number of workers can pass: 1 / f, infinite where nothing is serial.

    A milestone beyond it is unphysical; only a smaller f helps.

    >>> amdahl_limit(0.1)
    10.0
    >>> amdahl_limit(0)
    inf

    Args:
        serial_fraction: f, in [0, 1].

    Raises:
        BadArgument: f outside [0, 1].
    """
    serial = _fraction(serial_fraction)
    return 1.0 / serial if serial else math.inf


def fit_serial_fraction(workers: Numbers, speedups: Numbers) -> float:
    """The serial fraction that explains measured speedups best, in [0, 1].

    Amdahl's law is a straight line in f: 1/S - 1/p = f (1 - 1/p). Least squares through the origin gives
    f = sum(x y) / sum(x x) with x = 1 - 1/p and y = 1/S - 1/p. A point with one worker has x = 0 and says
    nothing; speedups above linear would need f < 0 and give 0; slowdowns would need f > 1 and give 1.

    >>> round(fit_serial_fraction([2, 4, 8], amdahl_speedup(0.1, [2, 4, 8])), 12)
    0.1

    Args:
        workers: The counts measured at, each at least 1 and one of them above 1.
        speedups: The speedup measured at each.

    Raises:
        BadArgument: Different lengths, no point with more than one worker, or a speedup that is not positive.
    """
    counts, measured = _numbers("workers", workers, least=1), _numbers("speedups", speedups, above=0)
    if counts.shape != measured.shape:
        found = f"workers holds {counts.size} numbers, speedups {measured.size}"
        raise BadArgument(found, remedy="give one speedup for each")
    x = 1.0 - 1.0 / counts
    weight = float(np.sum(x * x))
    if weight == 0.0:
        raise BadArgument("no point has more than one worker", remedy="measure with at least two workers once")
    y = 1.0 / measured - 1.0 / counts
    return float(np.clip(np.sum(x * y) / weight, 0.0, 1.0))


def replicas_needed(arrival_rate: float, service_rate: float, utilisation: float) -> int:
    """Replicas that keep each one busy for at most the given share of the time: N = ceil(lambda / (rho mu)).

    The quotient is taken in exact fractions, and an excess over a whole number that is no more than float noise
    (one part in 10^12) buys no replica: 42 / (0.7 * 6) is 10 on paper and 10.000000000000002 in floats.

    >>> replicas_needed(arrival_rate=40, service_rate=6, utilisation=0.7)  # 9.52 replicas' worth of work
    10
    >>> replicas_needed(42, 6, 0.7)
    10

    Args:
        arrival_rate: lambda, requests per second that arrive, above 0.
        service_rate: mu, requests per second that one replica completes when always busy, above 0.
        utilisation: rho, the share of the time a replica may be busy, strictly between 0 and 1; the rest is what
            keeps the queue short.

    Raises:
        BadArgument: A rate that is not positive, or rho outside (0, 1).
    """
    arriving = Fraction(require_number("arrival_rate", arrival_rate, above=0))
    served = Fraction(require_number("service_rate", service_rate, above=0))
    busy = Fraction(require_number("utilisation", utilisation, above=0, below=1))
    return math.ceil(arriving / (busy * served) * (1 - _NOISE))


def _fraction(serial_fraction: object) -> float:
    return require_number("serial_fraction", serial_fraction, least=0, most=1)


def _as_float(value: Real) -> float:
    try:
        return float(value)
    except OverflowError:  # a whole number beyond the largest float
        return math.inf


def _numbers(name: str, values: object, *, least: float | None = None, above: float | None = None) -> Curve:
    """One number as an array without axes, or several as an array of their shape, each checked."""
    if isinstance(values, str) or not isinstance(values, Iterable):
        return np.asarray(require_number(name, values, least=least, above=above))
    items = list(values.flat if isinstance(values, np.ndarray) else values)
    checked = [require_number(f"{name}[{i}]", item, least=least, above=above) for i, item in enumerate(items)]
    if not checked:
        raise BadArgument(f"{name} is empty", remedy="give at least one number")
    return np.asarray(checked).reshape(values.shape if isinstance(values, np.ndarray) else len(checked))


def _plain(values: Curve) -> float | Curve:
    """A float where one number came in, the array where several did."""
    return values if np.ndim(values) else float(values)
