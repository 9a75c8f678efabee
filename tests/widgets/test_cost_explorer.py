import pytest

from labkit.costs import TokenPrice
from labkit.errors import BadArgument
from labkit.widgets import CostExplorer, Fleet, Savings, TokenProfile
from labkit.widgets.hosting import BOUNDS


def test_it_opens_with_the_numbers_it_is_given():
    explorer = CostExplorer(
        TokenProfile(calls=3.4), TokenPrice(2e-7, 8e-7), Fleet(replicas=2), Savings(cascade=True), tasks_per_hour=20
    )
    state = explorer.page_state()
    assert (state["calls"], state["input_tokens"], state["replicas"]) == (3.4, 2000, 2)
    assert (state["input_price"], state["output_price"]) == (0.2, 0.8)
    assert (state["prefix_cache"], state["cascade"], state["tasks_per_hour"]) == (False, True, 20)
    assert set(state["bounds"]) == set(BOUNDS) < set(state)


def test_what_the_front_end_sends_is_the_question():
    explorer = CostExplorer()
    explorer.set_state({"prefix_cache": True, "replicas": 1})
    assert explorer.hosting.savings.prefix_cache
    assert explorer.hosting.crossover == pytest.approx(2 / 0.054)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("calls", 0),
        ("input_tokens", -1.0),
        ("output_price", 0.0),
        ("small_input_price", float("inf")),
        ("hit_rate", 1.5),
        ("passed_on", -0.5),
        ("replicas", 0),
        ("dollars_per_replica_hour", float("nan")),
        ("requests_per_second", 0.0),
        ("utilisation", 1.0),
        ("tasks_per_hour", 0.0),
    ],
)
def test_a_number_outside_its_domain_is_refused_and_changes_nothing(name, value):
    explorer = CostExplorer()
    before = explorer.page_state()
    with pytest.raises(BadArgument, match=f"{name} is"):
        setattr(explorer, name, value)
    assert explorer.page_state() == before


def test_a_volume_that_is_none_is_refused_at_once():
    with pytest.raises(BadArgument, match="tasks_per_hour is -5"):
        CostExplorer(tasks_per_hour=-5)
    with pytest.raises(BadArgument, match="input_price is 0"):
        CostExplorer(price=TokenPrice(0, 1e-6))


def test_every_number_that_has_bounds_has_a_trait_and_every_trait_a_word():
    explorer = CostExplorer()
    assert set(BOUNDS) | {"prefix_cache", "cascade", "bounds"} == set(explorer.page_state()) - {"kernel"}
    assert all(f"\n        {name}: " in CostExplorer.__doc__ for name in BOUNDS)


@pytest.mark.parametrize(
    ("fleet", "words"),
    [
        (Fleet(), "a fixed fleet of 8 is cheaper from 166.7 tasks/h and full at 100,800."),
        (Fleet(replicas=1), "a fixed fleet of 1 is cheaper from 20.8 tasks/h and full at 12,600."),
        (Fleet(requests_per_second=0.05), "a fixed fleet of 8 is never cheaper and full at 126.0 tasks/h."),
    ],
)
def test_the_summary_is_the_text_representation(fleet, words):
    explorer = CostExplorer(fleet=fleet)
    assert explorer.summary() == f"Cost explorer: a task costs $0.096 at the API; {words}"
    data, _ = explorer._repr_mimebundle_()
    assert data["text/plain"] == repr(explorer) == explorer.summary()


def test_a_tiny_cost_is_written_out():
    tiny = CostExplorer(TokenProfile(1, 10, 1), TokenPrice.per_million(0.2, 0.8))
    assert "a task costs $0.0000028 at the API" in tiny.summary()
