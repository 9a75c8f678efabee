"""Self-host or API put together: the course's own numbers, worked out by hand, and what must always hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.costs import TokenPrice
from labkit.errors import BadArgument
from labkit.widgets import Fleet, Savings, TokenProfile
from labkit.widgets.bounds import Bounds
from labkit.widgets.hosting import Hosting, hosting_from, trait_values

PRICE = TokenPrice.per_million(3, 15)
FREE = TokenPrice(0, 0)


def hosting(fleet=None, **savings):
    return Hosting(TokenProfile(), PRICE, fleet or Fleet(), Savings(**savings))


def test_the_courses_own_numbers():
    assert hosting().api_cost_per_task == pytest.approx(0.096)
    assert hosting(prefix_cache=True).api_cost_per_task == pytest.approx(0.054)
    assert round(hosting().crossover, 1) == 166.7
    assert round(hosting(prefix_cache=True).crossover, 1) == 296.3
    assert round(hosting(Fleet(replicas=1)).crossover, 1) == round(hosting().autoscaled_crossover, 1) == 20.8
    assert hosting().fixed_cost_per_task(90_000) == pytest.approx(16 / 90_000)
    assert hosting().replicas_for(90_000) == 8


def test_a_cascade_pays_the_small_tier_and_what_is_passed_on():
    # small: 8 (2000 * $1 + 400 * $1) / M = $0.0192; large $0.096, a quarter of it
    cascade = hosting(cascade=True, small_price=TokenPrice.per_million(1, 1), passed_on=0.25)
    assert cascade.api_cost_per_task == pytest.approx(0.0192 + 0.024)
    assert cascade.plain_api_cost_per_task == pytest.approx(0.096)
    assert hosting(cascade=True, small_price=FREE, passed_on=1).api_cost_per_task == pytest.approx(0.096)


def test_a_saving_that_is_off_saves_nothing():
    assert hosting(hit_rate=1, small_price=FREE, passed_on=0).api_cost_per_task == pytest.approx(0.096)


def test_the_fixed_fleet_ends_where_it_is_full():
    asked = hosting()
    assert asked.capacity == pytest.approx(3600 * 8 * 0.7 * 5)  # 40 model calls a second are 5 tasks
    assert asked.fixed_cost_per_task(asked.capacity) == pytest.approx(2 / (3600 * 3.5))
    assert asked.fixed_cost_per_task(asked.capacity * 1.0001) is None
    assert asked.autoscaled_cost_per_task(asked.capacity * 1.0001) == pytest.approx(18 / asked.capacity, rel=1e-3)


def test_a_fleet_that_is_full_before_the_crossover_has_none():
    slow = hosting(Fleet(replicas=8, requests_per_second=0.05))
    assert slow.capacity < 166.7
    assert slow.crossover is None
    assert slow.autoscaled_crossover is None


@given(st.floats(0.01, 1e4), st.integers(1, 50), st.floats(1e-3, 1e3), st.floats(0.05, 0.95))
def test_at_the_crossover_the_fleet_and_the_api_cost_the_same(rate, replicas, dollars, utilisation):
    asked = hosting(Fleet(replicas, dollars, rate, utilisation))
    if asked.crossover is None:
        assert asked.fixed_cost_per_task(asked.capacity * (1 - 1e-9)) > asked.api_cost_per_task * (1 - 1e-6)
    else:
        assert asked.fixed_cost_per_task(asked.crossover) == pytest.approx(asked.api_cost_per_task)
        assert asked.autoscaled_cost_per_task(asked.autoscaled_crossover) == pytest.approx(asked.api_cost_per_task)


def test_flat_numbers_and_back():
    price = TokenPrice.per_million(0.2, 0.8)
    asked = Hosting(TokenProfile(3.4, 312.5, 21.3), price, Fleet(2, 0.05, 5.2, 0.65), Savings(True, 0.61, True))
    values = trait_values(asked)
    assert (values["input_price"], values["small_output_price"]) == (0.2, 0.8)
    assert hosting_from(values) == asked


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TokenProfile(calls=0), "calls is 0; give a finite number above 0"),
        (lambda: TokenProfile(input_tokens=-1), "input_tokens is -1"),
        (lambda: Fleet(replicas=0), "replicas is 0"),
        (lambda: Fleet(replicas=1.5), "replicas is 1.5; give a whole number"),
        (lambda: Fleet(dollars_per_replica_hour=0), "dollars_per_replica_hour is 0"),
        (lambda: Fleet(requests_per_second=float("nan")), "requests_per_second is nan"),
        (lambda: Fleet(utilisation=1), "utilisation is 1"),
        (lambda: Savings(hit_rate=1.1), "hit_rate is 1.1"),
        (lambda: Savings(passed_on=-0.1), "passed_on is -0.1"),
        (lambda: Bounds(least=1).check("count", True), "count is True, not a number"),
    ],
)
def test_bad_arguments_state_the_value_and_the_remedy(call, message):
    with pytest.raises(BadArgument, match=message):
        call()
