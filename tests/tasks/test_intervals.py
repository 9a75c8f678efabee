import random
from math import sqrt
from statistics import fmean, stdev

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import binomtest

from labkit.errors import BadArgument
from labkit.tasks import bootstrap_interval, wilson_interval


def test_by_hand():
    # p = 1/2, n = 4, z = 1.959964: z^2 = 3.841459; centre 0.5 by symmetry;
    # half width = z sqrt(1/16 + z^2/64) / (1 + z^2/4) = 1.959964 * 0.350033 / 1.960365 = 0.349961
    assert wilson_interval(2, 4) == pytest.approx((0.150039, 0.849961), abs=2e-6)


def test_published_values():
    # Newcombe (1998), "Two-sided confidence intervals for the single proportion", Statistics in Medicine 17, table I,
    # method 3 (score without continuity correction).
    assert wilson_interval(81, 263) == pytest.approx((0.2553, 0.3662), abs=5e-5)
    assert wilson_interval(15, 148) == pytest.approx((0.0624, 0.1605), abs=5e-5)
    assert wilson_interval(0, 20) == pytest.approx((0.0, 0.1611), abs=5e-5)
    assert wilson_interval(1, 29) == pytest.approx((0.0061, 0.1718), abs=5e-5)


@given(data=st.data(), trials=st.integers(1, 500), confidence=st.sampled_from([0.8, 0.9, 0.95, 0.99]))
def test_agrees_with_scipy(data, trials, confidence):
    successes = data.draw(st.integers(0, trials))
    peer = binomtest(successes, trials).proportion_ci(confidence, method="wilson")
    assert wilson_interval(successes, trials, confidence) == pytest.approx((peer.low, peer.high), abs=1e-9)


@pytest.mark.parametrize("arguments", [(1, 0), (3, 2), (-1, 2), (1, 2, 0.0), (1, 2, 1.0)])
def test_bad_arguments_are_refused(arguments):
    with pytest.raises(BadArgument, match="; give"):
        wilson_interval(*arguments)


def test_the_bootstrap_of_a_mean_is_near_the_normal_interval():
    drawn = random.Random(3)
    values = [drawn.gauss(5.0, 2.0) for _ in range(400)]
    half = 1.96 * stdev(values) / sqrt(len(values))
    found = bootstrap_interval(values)
    assert found == pytest.approx((fmean(values) - half, fmean(values) + half), abs=0.1 * half)
    assert bootstrap_interval(values) == found != bootstrap_interval(values, seed=1)


def test_the_bootstrap_of_what_does_not_vary():
    assert bootstrap_interval([0.25]) == bootstrap_interval([0.25] * 9) == (0.25, 0.25)
    with pytest.raises(BadArgument, match="0 values were given; give"):
        bootstrap_interval([])
