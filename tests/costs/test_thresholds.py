"""The curve of cost against success, against counting anew for each threshold, and the point that is chosen."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.costs import Trial, choose, cost_curve
from labkit.errors import BadArgument

TRIALS = st.lists(
    st.builds(
        Trial,
        st.sampled_from([0.0, 0.25, 0.5, 0.75, 1.0]),
        st.booleans(),
        st.booleans(),
        st.sampled_from([1.0, 2.0]),
        st.sampled_from([5.0, 10.0]),
    ),
    min_size=1,
    max_size=12,
)


@given(TRIALS)
def test_each_point_is_what_counting_anew_gives(trials):
    curve = cost_curve(trials)
    assert [point.threshold for point in curve] == [
        math.inf,
        *sorted({trial.confidence for trial in trials}, reverse=True),
    ]
    for point in curve:
        believed = [trial.confidence >= point.threshold for trial in trials]
        right = [t.small_right if sure else t.large_right for t, sure in zip(trials, believed, strict=True)]
        cost = [t.small_cost + (0 if sure else t.large_cost) for t, sure in zip(trials, believed, strict=True)]
        assert point.success == pytest.approx(sum(right) / len(trials))
        assert point.cost == pytest.approx(sum(cost) / len(trials))
        assert point.asked == pytest.approx(1 - sum(believed) / len(trials))


@given(TRIALS, st.sampled_from([0.0, 0.1]))
def test_nothing_cheaper_holds_the_success(trials, margin):
    curve = cost_curve(trials)
    point = choose(curve, margin)
    assert point.success >= curve[0].success - margin - 1e-9
    assert all(other.cost >= point.cost for other in curve if other.success >= curve[0].success - margin)


def test_a_sure_and_wrong_small_tier_is_never_believed():
    trials = [Trial(0.9, False, True, 1, 10), Trial(0.8, True, True, 1, 10)]
    assert choose(cost_curve(trials)).threshold == math.inf
    assert choose(cost_curve(trials), margin=0.5).threshold == 0.8


def test_a_small_tier_that_is_better_is_believed_always():
    assert choose(cost_curve([Trial(0.1, True, False, 1, 10)])).asked == 0


def test_nothing_to_choose_from():
    with pytest.raises(BadArgument, match="0 trials"):
        cost_curve([])
    with pytest.raises(BadArgument, match="0 points"):
        choose([])
    with pytest.raises(BadArgument, match="margin is -1"):
        choose(cost_curve([Trial(1, True, True, 1, 1)]), -1)
