"""Prices of one's own tokens, recovered from seconds made of known ones; the crossover with its interval."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.costs import Batch, SelfHostOrAPI, Usage, price_sheet, self_hosted_price
from labkit.errors import BadArgument

REPLICA = price_sheet().replica("course-replica")
WORK = [Usage(4, 1200, 0, 20), Usage(4, 1200, 1100, 20), Usage(4, 260, 0, 250), Usage(8, 500, 256, 500)]


def batches(fresh, cached, written, noise=0.0, seed=0):
    drawn = random.Random(seed)
    return [
        Batch(
            used,
            (used.computed_tokens * fresh + used.cached_tokens * cached + used.output_tokens * written)
            * (1 + noise * drawn.uniform(-1, 1)),
        )
        for used in WORK
    ]


@given(st.floats(1e-4, 1e-2), st.floats(0, 0.5), st.floats(1e-3, 1e-1))
def test_the_prices_that_made_the_seconds_are_found(fresh, share, written):
    price = self_hosted_price("large", batches(fresh, share * fresh, written), REPLICA)
    assert price.input == pytest.approx(fresh * 2 / 3600, rel=1e-4)
    assert price.output == pytest.approx(written * 2 / 3600, rel=1e-4)
    assert price.cached_input == pytest.approx(share * fresh * 2 / 3600, rel=1e-3, abs=1e-12)


def test_noisy_seconds_give_prices_nearby_and_never_below_zero():
    price = self_hosted_price("large", batches(1e-3, 0.0, 5e-3, noise=0.1), REPLICA)
    assert price.input == pytest.approx(1e-3 * 2 / 3600, rel=0.3)
    assert min(price.input, price.output, price.cached_input) >= 0
    assert "busy course-replica" in price.source


def test_the_dearer_the_replica_the_dearer_the_token():
    once = self_hosted_price("m", batches(1e-3, 1e-4, 5e-3), REPLICA)
    core = self_hosted_price("m", batches(1e-3, 1e-4, 5e-3), price_sheet().replica("generic-core"))
    assert once.output == pytest.approx(40 * core.output)


def test_the_courses_crossover():
    compared = SelfHostOrAPI((0.096,), (5.0,), 0.7, REPLICA, replicas=8)
    assert round(compared.crossover().value, 1) == 166.7
    assert compared.capacity().value == pytest.approx(8 * 0.7 * 5 * 3600)
    assert compared.floor().value == pytest.approx(2 / (0.7 * 5 * 3600))
    assert compared.reachable


def test_the_interval_holds_the_value_and_narrows_with_more_tasks():
    drawn = random.Random(5)
    widths = []
    for count in (20, 500):
        dollars = tuple(drawn.uniform(0.0, 0.2) for _ in range(count))
        found = SelfHostOrAPI(dollars, (5.0,), 0.7, REPLICA).crossover(seed=1)
        assert found.low < found.value < found.high
        widths.append((found.high - found.low) / found.value)
    assert widths[1] < widths[0] / 3
    assert SelfHostOrAPI(dollars, (5.0,), 0.7, REPLICA).crossover(seed=1) == found


def test_a_slow_replica_never_reaches_the_crossover():
    compared = SelfHostOrAPI((0.0001,), (0.2, 0.3), 0.7, REPLICA)
    assert not compared.reachable
    assert compared.capacity().low == pytest.approx(0.7 * 0.2 * 3600)
    assert str(compared.capacity()) == "630 (repeats 504 to 756)"
    assert compared.floor().value > 0.0001  # however large the volume, the API stays the cheaper one


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"api_dollars": ()}, "0 tasks"),
        ({"service_rates": ()}, "0 service rates"),
        ({"service_rates": (0.0,)}, "service_rate is 0"),
        ({"utilisation": 1.0}, "utilisation is 1"),
        ({"replicas": 0}, "replicas is 0"),
        ({"api_dollars": (-1.0,)}, "api_dollars is -1"),
    ],
)
def test_what_cannot_be_compared(change, message):
    good = {"api_dollars": (0.1,), "service_rates": (1.0,), "utilisation": 0.7, "replica": REPLICA, "replicas": 1}
    with pytest.raises(BadArgument, match=message):
        SelfHostOrAPI(**good | change)


def test_too_little_was_measured():
    with pytest.raises(BadArgument, match="2 batches"):
        self_hosted_price("m", batches(1, 1, 1)[:2], REPLICA)
    with pytest.raises(BadArgument, match="seconds is 0"):
        Batch(Usage(), 0)
