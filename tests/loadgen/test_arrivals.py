import statistics

import pytest

from labkit.errors import BadArgument
from labkit.loadgen import poisson, recorded


def test_poisson_gaps_have_the_mean_and_the_spread_of_the_exponential():
    times = poisson(rate=4.0, count=20_000, seed=3)
    gaps = [later - earlier for earlier, later in zip((0.0, *times), times, strict=False)]
    assert statistics.fmean(gaps) == pytest.approx(0.25, rel=0.03)
    assert statistics.stdev(gaps) == pytest.approx(0.25, rel=0.05)
    assert times == poisson(rate=4.0, count=20_000, seed=3) != poisson(rate=4.0, count=20_000, seed=4)


def test_recorded_arrivals_start_at_zero_in_order():
    assert recorded([5.0, 3.0, 4.0]) == (0.0, 1.0, 2.0)


@pytest.mark.parametrize("wrong", [{"rate": 0}, {"count": 0}, {"rate": float("nan")}])
def test_what_cannot_be_is_refused(wrong):
    with pytest.raises(BadArgument):
        poisson(**{"rate": 1.0, "count": 1, "seed": 0} | wrong)
    with pytest.raises(BadArgument):
        recorded([])
    with pytest.raises(BadArgument):
        recorded([1.0], speed=0)
