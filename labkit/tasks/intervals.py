"""How sure a success rate is, or a mean."""

from collections.abc import Sequence
from math import sqrt
from statistics import NormalDist

from labkit.errors import BadArgument


def wilson_interval(successes: int, trials: int, confidence: float = 0.95) -> tuple[float, float]:
    """The Wilson score interval of a proportion.

    With p = successes / trials and z the normal quantile of (1 + confidence) / 2:

        (p + z^2 / 2n  -/+  z sqrt(p (1 - p) / n + z^2 / 4n^2)) / (1 + z^2 / n)

    Source: E. B. Wilson, "Probable inference, the law of succession, and statistical inference", Journal of the
    American Statistical Association 22 (1927), 209-212. Unlike the textbook interval p -/+ z sqrt(p (1 - p) / n) it
    stays within [0, 1] and does not shrink to a point when all trials succeed.

    >>> low, high = wilson_interval(43, 50)
    >>> round(low, 3), round(high, 3)
    (0.738, 0.93)

    Args:
        successes: How many trials succeeded.
        trials: How many there were, at least 1.
        confidence: Between 0 and 1, both excluded.

    Returns:
        Lower and upper limit.

    Raises:
        BadArgument: A number is out of its range.
    """
    if trials < 1:
        raise BadArgument(f"trials is {trials}", remedy="give at least 1")
    if not 0 <= successes <= trials:
        raise BadArgument(f"successes is {successes} of {trials} trials", remedy="give a number from 0 to trials")
    if not 0 < confidence < 1:
        raise BadArgument(f"confidence is {confidence}", remedy="give a number between 0 and 1, such as 0.95")
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    share = successes / trials
    centre = share + z * z / (2 * trials)
    spread = z * sqrt(share * (1 - share) / trials + z * z / (4 * trials * trials))
    scale = 1 + z * z / trials
    # At 0 and at all successes the limit is 0 and 1 exactly; rounding may miss that by a hair.
    low = 0.0 if successes == 0 else (centre - spread) / scale
    high = 1.0 if successes == trials else (centre + spread) / scale
    return low, high


def bootstrap_interval(values: Sequence[float], seed: int = 0) -> tuple[float, float]:
    """The 95 % interval of a mean: percentiles of the means of resamples.

    Source: B. Efron, "Bootstrap methods: another look at the jackknife", Annals of Statistics 7 (1979), 1-26.

    >>> low, high = bootstrap_interval([0.0, 1.0] * 50)
    >>> round(low, 1), round(high, 1)
    (0.4, 0.6)

    Args:
        values: At least one; nothing is known of the spread of a single one, which is its own interval.
        seed: Of the resamples.

    Returns:
        Lower and upper limit.

    Raises:
        BadArgument: There is no value.
    """
    import numpy as np
    from scipy.stats import bootstrap

    if not values:
        raise BadArgument("0 values were given", remedy="give at least 1")
    if len(values) == 1:
        return values[0], values[0]
    low, high = bootstrap((values,), np.mean, method="percentile", rng=seed).confidence_interval
    return float(low), float(high)
