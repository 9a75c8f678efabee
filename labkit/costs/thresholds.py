"""Which threshold? The curve of cost against success over all of them, and the point to take.

A trial is one question of the train split that both tiers have answered. With a threshold t the cascade believes the
small tier where its confidence is at least t, and else pays for both::

    success(t) = mean of (c >= t ? small right : large right)
    cost(t)    = mean of small cost + (c >= t ? 0 : large cost)

Nothing has to be asked again for another t, so that the whole curve costs as much as one point of it.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import groupby

from labkit.errors import BadArgument
from labkit.scaling import require_number


@dataclass(frozen=True)
class Trial:
    """One question that both tiers have answered.

    Attributes:
        confidence: Of the small tier in its answer.
        small_right: Whether the small tier's answer is right.
        large_right: Whether the large tier's answer is.
        small_cost: Dollars of the small tier's answer.
        large_cost: Dollars of the large tier's.
    """

    confidence: float
    small_right: bool
    large_right: bool
    small_cost: float
    large_cost: float


@dataclass(frozen=True)
class OperatingPoint:
    """What one threshold makes of the trials.

    Attributes:
        threshold: Confidence from which the small tier is believed; infinite where it never is.
        success: Share of right answers.
        cost: Mean dollars of an answer.
        asked: Share of questions that the large tier was asked.
    """

    threshold: float
    success: float
    cost: float
    asked: float


def cost_curve(trials: Sequence[Trial]) -> tuple[OperatingPoint, ...]:
    """One point for each threshold that makes a difference, from never believing the small tier to always.

    >>> sure, unsure = Trial(0.9, True, True, 1, 10), Trial(0.4, False, True, 1, 10)
    >>> [(point.threshold, point.success, point.cost) for point in cost_curve([sure, unsure])]
    [(inf, 1.0, 11.0), (0.9, 1.0, 6.0), (0.4, 0.5, 1.0)]

    Args:
        trials: At least one.

    Raises:
        BadArgument: There are no trials.
    """
    if not trials:
        raise BadArgument("there are 0 trials", remedy="let both tiers answer questions of the train split")
    count = len(trials)
    right = sum(trial.large_right for trial in trials)
    asked, dear = count, math.fsum(trial.large_cost for trial in trials)
    cheap = math.fsum(trial.small_cost for trial in trials)
    points = [OperatingPoint(math.inf, right / count, (cheap + dear) / count, 1.0)]
    ordered = sorted(trials, key=lambda trial: -trial.confidence)
    for threshold, group in groupby(ordered, key=lambda trial: trial.confidence):
        for trial in group:
            right += trial.small_right - trial.large_right
            asked -= 1
            dear -= trial.large_cost
        points.append(OperatingPoint(threshold, right / count, (cheap + max(0.0, dear)) / count, asked / count))
    return tuple(points)


def choose(curve: Sequence[OperatingPoint], margin: float = 0.0) -> OperatingPoint:
    """The cheapest point whose success is not below that of the large tier alone, by more than the margin.

    Among equally cheap ones the highest threshold is taken, which trusts the small tier least.

    Args:
        curve: From ``cost_curve``; its first point never believes the small tier.
        margin: Success that may be given up, at least 0.

    Raises:
        BadArgument: The curve is empty, or the margin is negative.
    """
    given = require_number("margin", margin, least=0)
    if not curve:
        raise BadArgument("the curve has 0 points", remedy="give the points of cost_curve")
    held = [point for point in curve if point.success >= curve[0].success - given - 1e-12]
    return min(held, key=lambda point: (point.cost, -point.threshold))
