"""Calibration: of all answers given with a confidence of 0.8, are 80 % right?

Source: M. P. Naeini, G. F. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using Bayesian binning",
AAAI 2015, for the expected calibration error; A. Niculescu-Mizil and R. Caruana, "Predicting good probabilities with
supervised learning", ICML 2005, for the reliability table.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean

from labkit.errors import BadArgument
from labkit.scaling import require_number
from labkit.tables import Table


@dataclass(frozen=True)
class Bin:
    """The answers whose confidence lies between two bounds.

    Attributes:
        low: Lower bound.
        high: Upper bound.
        count: Answers in it.
        confidence: Their mean confidence.
        accuracy: The share of them that is right.
    """

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> tuple[Bin, ...]:
    """Answers by their confidence, in bins of equal width; empty ones are left out.

    >>> [found] = reliability([0.85, 0.81], [True, False])
    >>> found.low, found.high, found.count, round(found.confidence, 2), found.accuracy
    (0.8, 0.9, 2, 0.83, 0.5)

    Args:
        confidences: From 0 to 1; 1 belongs to the last bin.
        right: Whether each answer was right.
        bins: How many bins, at least 1.

    Raises:
        BadArgument: There are no answers, not as many of one as of the other, or a number is out of its bounds.
    """
    width = int(require_number("bins", bins, least=1))
    if not confidences or len(confidences) != len(right):
        raise BadArgument(
            f"{len(confidences)} confidences and {len(right)} verdicts",
            remedy="give a verdict for each, at least one",
        )
    held: dict[int, list[tuple[float, bool]]] = {}
    for confidence, verdict in zip(confidences, right, strict=True):
        require_number("confidence", confidence, least=0, most=1)
        held.setdefault(min(int(confidence * width), width - 1), []).append((confidence, verdict))
    return tuple(
        Bin(
            place / width,
            (place + 1) / width,
            len(found),
            fmean(confidence for confidence, _ in found),
            fmean(verdict for _, verdict in found),
        )
        for place, found in sorted(held.items())
    )


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """Mean distance between confidence and accuracy over all answers, from 0 (calibrated) to 1.

    >>> round(expected_calibration_error(reliability([0.9, 0.9, 0.3], [True, True, False])), 3)  # (2 * 0.1 + 0.3) / 3
    0.167

    Raises:
        BadArgument: There are no bins.
    """
    count = sum(one.count for one in bins)
    if not count:
        raise BadArgument("there are 0 answers in the bins", remedy="give those of reliability(...)")
    return sum(one.count * abs(one.confidence - one.accuracy) for one in bins) / count


def reliability_table(bins: Sequence[Bin]) -> Table:
    """The bins, a row each."""
    rows = (
        (f"{one.low:.2f}-{one.high:.2f}", str(one.count), f"{one.confidence:.2f}", f"{one.accuracy:.2f}")
        for one in bins
    )
    return Table(("confidence", "answers", "mean confidence", "right"), tuple(rows))
