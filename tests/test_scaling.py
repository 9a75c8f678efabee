"""Scaling arithmetic against hand-computed values, exact laws and bad arguments."""

import math
import sys
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import BadArgument
from labkit.scaling import (
    amdahl_limit,
    amdahl_speedup,
    fit_serial_fraction,
    parallel_efficiency,
    replicas_needed,
    require_number,
    speedup,
)

FRACTIONS = st.floats(0, 1)
NOT_NUMBERS = [True, None, "4", math.nan, math.inf, -math.inf, 10**400]


def test_speedup_and_efficiency_by_hand():
    assert speedup(120, 40) == 3.0
    assert parallel_efficiency(120, 40, 4) == 0.75
    assert parallel_efficiency(100, [100, 55, 30], [1, 2, 4]).tolist() == pytest.approx([1, 100 / 110, 100 / 120])
    assert parallel_efficiency(10, 2, 4) == 1.25  # superlinear is reported, not hidden


def test_amdahl_by_hand():
    assert amdahl_speedup(0.1, 1) == 1.0
    assert amdahl_speedup(0.1, 9) == pytest.approx(5.0)  # 1 / (0.1 + 0.1)
    assert amdahl_speedup(0.25, 3) == pytest.approx(2.0)  # 1 / (0.25 + 0.25)
    assert amdahl_speedup(1, 1000) == 1.0


def test_a_tenth_serial_never_reaches_twenty():
    assert amdahl_limit(0.1) == 10.0
    assert amdahl_speedup(0.1, 10**9) < 10.0
    assert amdahl_limit(0) == math.inf
    assert amdahl_limit(1) == 1.0


@given(FRACTIONS, st.integers(1, 10**6))
def test_amdahl_lies_between_one_and_both_limits(serial_fraction: float, workers: int):
    reached = amdahl_speedup(serial_fraction, workers)
    assert 1 - 1e-12 <= reached <= min(workers, amdahl_limit(serial_fraction)) * (1 + 1e-12)


def test_a_curve_keeps_the_shape_and_a_scalar_stays_plain():
    curve = amdahl_speedup(0.1, np.array([[1, 2], [4, 8]]))
    assert curve.shape == (2, 2)
    assert curve[1, 0] == amdahl_speedup(0.1, 4)
    assert type(amdahl_speedup(0.1, 4)) is float
    assert type(amdahl_speedup(0.1, np.int64(4))) is float
    assert type(speedup(2.0, 1.0)) is float
    assert speedup(2.0, np.array([1.0, 2.0])).tolist() == [2.0, 1.0]


@given(FRACTIONS)
def test_the_fit_recovers_the_fraction(serial_fraction: float):
    workers = [1, 2, 3, 8, 64]
    assert fit_serial_fraction(workers, amdahl_speedup(serial_fraction, workers)) == pytest.approx(
        serial_fraction, abs=1e-9
    )


def test_the_fit_agrees_with_numpy_on_noisy_points():
    workers, speedups = np.array([2, 4, 8, 16]), np.array([1.8, 3.2, 4.4, 6.1])
    x, y = 1 - 1 / workers, 1 / speedups - 1 / workers
    [expected], *_ = np.linalg.lstsq(x[:, None], y, rcond=None)
    assert fit_serial_fraction(workers, speedups) == pytest.approx(expected)


def test_the_fit_is_clipped():
    assert fit_serial_fraction([4], [5.0]) == 0.0  # superlinear
    assert fit_serial_fraction([4], [0.5]) == 1.0  # slower than one worker
    assert fit_serial_fraction([1, 2], [1.0, 2.0]) == 0.0


@pytest.mark.parametrize(
    ("workers", "speedups", "words"),
    [([1, 1], [1, 1], "more than one worker"), ([], [], "empty"), ([2, 4], [1.9], "2 numbers"), ([2], [0], "speedups")],
)
def test_a_fit_without_evidence_is_refused(workers: list, speedups: list, words: str):
    with pytest.raises(BadArgument, match=words):
        fit_serial_fraction(workers, speedups)


@pytest.mark.parametrize(
    ("arrival", "service", "utilisation", "replicas"),
    [
        (40, 6, 0.7, 10),
        (25, 5, 0.7, 8),
        (42, 6, 0.7, 10),  # 10.000000000000002 in floats
        (0.1 + 0.2, 0.5, 0.6, 1),  # noise in the rate itself
        (42.1, 6, 0.7, 11),
        (1e-9, 6, 0.7, 1),
    ],
)
def test_replicas_by_hand(arrival: float, service: float, utilisation: float, replicas: int):
    assert replicas_needed(arrival, service, utilisation) == replicas


@given(st.integers(1, 500), st.integers(1, 500), st.integers(1, 99))
def test_exact_quotients_never_buy_one_more(replicas: int, service: int, percent: int):
    arrival = float(Fraction(replicas * service * percent, 100))
    assert replicas_needed(arrival, service, percent / 100) == replicas


def test_replicas_at_the_ends_of_the_floats():
    # 1 / (0.5 * 5e-324) overflows a float; exact fractions do not
    assert replicas_needed(1.0, sys.float_info.min, 0.5) > 10**300
    assert isinstance(replicas_needed(1e308, 1.0, 0.5), int)


@pytest.mark.parametrize("value", NOT_NUMBERS)
def test_what_is_no_finite_number_is_refused_everywhere(value: object):
    calls = [
        lambda: amdahl_speedup(value, 4),
        lambda: amdahl_speedup(0.1, value),
        lambda: amdahl_speedup(0.1, [2, value]),
        lambda: amdahl_limit(value),
        lambda: speedup(value, 1),
        lambda: parallel_efficiency(1, value, 2),
        lambda: parallel_efficiency(1, 1, value),
        lambda: fit_serial_fraction([2], [value]),
        lambda: replicas_needed(value, 6, 0.7),
        lambda: replicas_needed(40, value, 0.7),
        lambda: replicas_needed(40, 6, value),
    ]
    for call in calls:
        with pytest.raises(BadArgument, match="give a finite number"):
            call()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: amdahl_speedup(1.2, 4), "serial_fraction is 1.2; give a finite number of at least 0 and of at most 1"),
        (lambda: amdahl_limit(-0.1), "serial_fraction is -0.1"),
        (lambda: amdahl_speedup(0.1, 0), "workers is 0; give a finite number of at least 1"),
        (lambda: amdahl_speedup(0.1, [1, 0.5]), r"workers\[1\] is 0.5"),
        (lambda: speedup(0, 1), "t1 is 0"),
        (lambda: parallel_efficiency(1, 1, 0.5), "workers is 0.5"),
        (lambda: parallel_efficiency(1, [1, 1], [1, 2, 3]), "one time for each"),
        (lambda: replicas_needed(0, 6, 0.7), "arrival_rate is 0"),
        (lambda: replicas_needed(40, -6, 0.7), "service_rate is -6"),
        (lambda: replicas_needed(40, 6, 1), "utilisation is 1; give a finite number above 0 and below 1"),
        (lambda: replicas_needed(40, 6, 0), "utilisation is 0"),
        (lambda: amdahl_speedup(0.1, np.array([True])), "not a number"),
    ],
)
def test_messages_state_the_value_and_the_remedy(call: object, message: str):
    with pytest.raises(BadArgument, match=message):
        call()


def test_bounds_are_inclusive_or_strict_as_named():
    assert require_number("x", 1, least=1, most=1) == 1.0
    for strict in ({"above": 1}, {"below": 1}):
        with pytest.raises(BadArgument):
            require_number("x", 1, **strict)
