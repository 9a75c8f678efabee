"""The token bucket: over any stretch of time, no more than the burst and what has been refilled since."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.costs.hosted.rate_limit import RateLimit
from labkit.errors import BadArgument


@given(st.floats(1, 6000), st.integers(1, 50), st.lists(st.floats(0, 2), max_size=80))
def test_never_more_than_the_burst_and_the_refill(per_minute, burst, gaps):
    limit, now, let_in = RateLimit(per_minute, burst, now=0.0), 0.0, []
    for gap in gaps:
        now += gap
        if limit.wait(now) == 0:
            let_in.append(now)
    for place, begin in enumerate(let_in):
        for count, end in enumerate(let_in[place:], start=1):
            assert count <= burst + (end - begin) * per_minute / 60 + 1e-6


@given(st.floats(1, 6000), st.integers(1, 50), st.floats(0, 100))
def test_who_waits_as_long_as_told_is_let_in(per_minute, burst, start):
    limit = RateLimit(per_minute, burst, now=start)
    while not (wait := limit.wait(start)):
        pass
    assert limit.wait(start + wait + 1e-6) == 0


def test_a_quiet_spell_saves_up_no_more_than_the_burst():
    limit = RateLimit(60, 2, now=0.0)
    assert [limit.wait(1000.0) for _ in range(3)] == [0, 0, 1]


@pytest.mark.parametrize(("per_minute", "burst"), [(0, 1), (60, 0)])
def test_wrong_limits_are_named(per_minute, burst):
    with pytest.raises(BadArgument):
        RateLimit(per_minute, burst, now=0.0)
