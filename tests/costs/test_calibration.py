"""Calibration: by hand, against scikit-learn, and at the ends."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.calibration import calibration_curve

from labkit.costs import expected_calibration_error, reliability, reliability_table
from labkit.errors import BadArgument

ANSWERS = st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40)


@given(ANSWERS, st.integers(1, 12))
def test_the_error_lies_between_its_bounds(answers, bins):
    found = reliability(*zip(*answers, strict=True), bins)
    assert sum(one.count for one in found) == len(answers)
    assert 0 <= expected_calibration_error(found) <= 1


def test_the_bins_are_those_of_scikit_learn():
    drawn = np.random.default_rng(3)
    confidences = drawn.random(500)
    right = drawn.random(500) < confidences
    found = reliability(confidences.tolist(), right.tolist(), bins=8)
    accuracy, mean = calibration_curve(right, confidences, n_bins=8)
    np.testing.assert_allclose([one.accuracy for one in found], accuracy)
    np.testing.assert_allclose([one.confidence for one in found], mean)
    assert expected_calibration_error(found) < 0.1  # right as often as it says


def test_always_sure_and_never_right_is_the_worst():
    assert expected_calibration_error(reliability([1.0, 1.0], [False, False])) == 1
    assert expected_calibration_error(reliability([1.0, 1.0], [True, True])) == 0


def test_the_table_has_a_row_for_each_bin():
    table = reliability_table(reliability([0.05, 0.95, 0.96], [False, True, True]))
    assert table.rows == (("0.00-0.10", "1", "0.05", "0.00"), ("0.90-1.00", "2", "0.95", "1.00"))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (([], []), "0 confidences"),
        (([0.5], []), "1 confidences and 0 verdicts"),
        (([1.5], [True]), r"confidence is 1\.5"),
        (([0.5], [True], 0), "bins is 0"),
    ],
)
def test_answers_that_are_none(arguments, message):
    with pytest.raises(BadArgument, match=message):
        reliability(*arguments)


def test_no_bins():
    with pytest.raises(BadArgument, match="0 answers"):
        expected_calibration_error([])
