"""The table behind the explorer says what labkit.scaling says."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import BadArgument
from labkit.scaling import amdahl_limit, amdahl_speedup, fit_serial_fraction
from labkit.widgets.curves import Question, curve_table, points, workers_needed


def test_every_number_of_the_table_is_amdahls():
    table = curve_table(Question(0.1, 20.0, (), 256))
    for f, speedups, efficiencies in zip(table["fractions"], table["speedups"], table["efficiencies"], strict=True):
        assert speedups == pytest.approx(amdahl_speedup(f, table["workers"]), rel=1e-5)
        assert efficiencies == pytest.approx(amdahl_speedup(f, table["workers"]) / table["workers"], rel=1e-5)


def test_hand_computed_row():
    table = curve_table(Question(0.1, 20.0, (), 256))
    row, column = table["fractions"].index(0.1), table["workers"].index(16)
    assert table["speedups"][row][column] == 6.4  # 1 / (0.1 + 0.9 / 16)
    assert table["efficiencies"][row][column] == 0.4
    assert table["limits"][row] == 10.0
    assert table["needed"][row] is None
    assert table["break_even"] == 0.05


def test_no_serial_part_has_no_limit():
    table = curve_table(Question(0.0, 8.0, (), 64))
    assert table["limits"][0] is None
    assert table["needed"][0] == 8


def test_the_sliders_stops_hold_the_asked_and_the_fitted_fraction():
    measured = points([(2, 1.7), (4, 2.9)])
    table = curve_table(Question(0.1234, None, measured, 64))
    assert table["fitted"] == fit_serial_fraction([2, 4], [1.7, 2.9])
    assert {0.1234, table["fitted"], 0.0, 1.0} <= set(table["fractions"])
    assert table["fractions"] == sorted(set(table["fractions"]))


def test_one_worker_alone_fits_nothing():
    assert curve_table(Question(0.1, None, points([(1, 1.0)]), 8))["fitted"] is None
    assert curve_table(Question(0.1, None, (), 8))["fitted"] is None


@given(st.floats(0, 1), st.floats(0.1, 500))
def test_the_workers_needed_are_the_fewest_that_reach_the_target(f, target):
    needed = workers_needed(f, target)
    if needed is None:
        assert target >= amdahl_limit(f) * (1 - 1e-12)
        return
    assert amdahl_speedup(f, needed) >= target * (1 - 1e-6)
    if needed > 1:
        assert amdahl_speedup(f, needed - 1) < target * (1 + 1e-6)


def test_a_target_equal_to_the_limit_is_never_reached():
    assert workers_needed(0.05, 20) is None
    assert workers_needed(0.049, 20) == 951  # (1 - 0.049) / (1/20 - 0.049)


@pytest.mark.parametrize(
    ("pairs", "found"),
    [
        ([(0, 1.0)], "workers of measured[0] is 0"),
        ([(1, 1.0), (2, -1.8)], "speedup of measured[1] is -1.8"),
        ([(2,)], "measured[0] is (2,)"),
        (["ab"], "measured[0] is 'ab'"),
        ([5], "measured[0] is 5"),
    ],
)
def test_a_bad_point_is_named(pairs, found):
    with pytest.raises(BadArgument) as caught:
        points(pairs)
    assert found in caught.value.problem
    assert caught.value.remedy
