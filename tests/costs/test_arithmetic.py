"""Cost arithmetic: every dollar figure of the course, worked out by hand, and bad arguments."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.costs import (
    TokenPrice,
    autoscaled_cost_per_task,
    cascade_cost_per_task,
    cost_per_task,
    crossover_tasks_per_hour,
    self_hosted_cost_per_task,
)
from labkit.errors import BadArgument

PRICE = TokenPrice.per_million(3, 15)


def test_price_per_million():
    assert TokenPrice(3 / 1_000_000, 15 / 1_000_000) == PRICE


def test_six_calls_cost_five_point_four_cents():
    # 6 calls: 9,000 tokens in at $3/M = $0.027, 1,800 out at $15/M = $0.027
    assert cost_per_task(6, 1500, 300, PRICE) == pytest.approx(0.054)


def test_assignment_five():
    # 16,000 in = $0.048, 3,200 out = $0.048; cached: 2,000 in = $0.006
    assert cost_per_task(8, 2000, 400, PRICE) == pytest.approx(0.096)
    assert cost_per_task(8, 2000, 400, PRICE, cached_calls=7) == pytest.approx(0.054)
    assert self_hosted_cost_per_task(8, 2, 25) == pytest.approx(16 / 90_000)
    assert round(self_hosted_cost_per_task(8, 2, 25), 6) == 0.000178
    assert round(crossover_tasks_per_hour(8, 2, 0.096), 1) == 166.7
    assert round(crossover_tasks_per_hour(8, 2, 0.054), 1) == 296.3
    assert round(crossover_tasks_per_hour(1, 2, 0.096), 1) == 20.8


def test_input_and_output_are_priced_apart():
    assert cost_per_task(1, 10, 0, TokenPrice(1, 100)) == 10
    assert cost_per_task(1, 0, 10, TokenPrice(1, 100)) == 1000
    assert cost_per_task(2, 10, 10, TokenPrice(1, 100), cached_calls=2) == 2000  # output is never cached
    assert cost_per_task(0, 10, 10, PRICE) == 0


@given(st.integers(1, 100), st.floats(0.01, 100), st.floats(0.001, 10))
def test_at_the_crossover_both_cost_the_same(replicas: int, dollars: float, api: float):
    volume = crossover_tasks_per_hour(replicas, dollars, api)
    assert self_hosted_cost_per_task(replicas, dollars, volume / 3600) == pytest.approx(api)


def test_an_idle_fleet_costs_more_per_task():
    assert self_hosted_cost_per_task(8, 2, 1) == pytest.approx(25 * self_hosted_cost_per_task(8, 2, 25))


@given(st.floats(0.001, 1000), st.floats(0.1, 50), st.floats(0.05, 0.95))
def test_a_fleet_that_follows_the_load_pays_for_no_more_than_one_idle_replica(load: float, mu: float, rho: float):
    floor = 2 / (3600 * rho * mu)
    cost = autoscaled_cost_per_task(load, mu, rho, 2)
    assert floor * (1 - 1e-9) <= cost <= floor + 2 / (3600 * load) * (1 + 1e-9)


def test_a_cascade_pays_the_small_tier_always_and_the_large_one_for_what_is_passed_on():
    assert cascade_cost_per_task(0.006, 0.096, 0.25) == pytest.approx(0.03)
    assert cascade_cost_per_task(0.006, 0.096, 0) == 0.006
    assert cascade_cost_per_task(0.006, 0.096, 1) == pytest.approx(0.102)  # all was asked twice


def test_an_autoscaled_fleet_at_the_load_of_a_fixed_one_costs_the_same():
    assert autoscaled_cost_per_task(25, 5, 0.7, 2) == pytest.approx(16 / 90_000)
    assert autoscaled_cost_per_task(0.001, 5, 0.7, 2) == pytest.approx(2 / 3.6)  # one replica, however little there is


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: TokenPrice(-1e-6, 0), "price of an input token is -1e-06; give a finite number of at least 0"),
        (lambda: TokenPrice(0, math.nan), "price of an output token is nan"),
        (lambda: TokenPrice.per_million(3, -15), "price of a million output tokens is -15"),
        (lambda: TokenPrice(True, 0), "not a number"),
        (lambda: cost_per_task(8, 1, 1, PRICE, cached_calls=9), "cached_calls is 9 of 8 calls"),
        (lambda: cost_per_task(8, 1, 1, PRICE, cached_calls=-1), "cached_calls is -1"),
        (lambda: cost_per_task(-1, 1, 1, PRICE), "calls is -1"),
        (lambda: cost_per_task(1, -1, 1, PRICE), "input_tokens is -1"),
        (lambda: cost_per_task(1, 1, math.inf, PRICE), "output_tokens is inf"),
        (lambda: self_hosted_cost_per_task(0, 2, 25), "replicas is 0"),
        (lambda: self_hosted_cost_per_task(1.5, 2, 25), "replicas is 1.5; give a whole number"),
        (lambda: self_hosted_cost_per_task(8, -2, 25), "dollars_per_replica_hour is -2"),
        (lambda: self_hosted_cost_per_task(8, 2, 0), "tasks_per_second is 0"),
        (lambda: autoscaled_cost_per_task(0, 5, 0.7, 2), "tasks_per_second is 0"),
        (lambda: autoscaled_cost_per_task(25, 5, 1.0, 2), "utilisation is 1"),
        (lambda: cascade_cost_per_task(-1, 1, 0.5), "small_cost_per_task is -1"),
        (lambda: cascade_cost_per_task(1, -1, 0.5), "large_cost_per_task is -1"),
        (lambda: cascade_cost_per_task(1, 1, 1.1), "passed_on is 1.1"),
        (lambda: crossover_tasks_per_hour(8, 2, 0), "api_cost_per_task is 0"),
        (lambda: crossover_tasks_per_hour(8, 2, -0.1), "api_cost_per_task is -0.1"),
    ],
)
def test_bad_arguments_state_the_value_and_the_remedy(call: object, message: str):
    with pytest.raises(BadArgument, match=message):
        call()
