"""Price sheets: the course's own holds the course's figures, and a sheet that is none is told why."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.costs import ModelPrice, TokenPrice, Usage, cost_per_task, price_sheet
from labkit.costs.prices import COURSE_SHEET
from labkit.errors import BadArgument


def sheet(tmp_path, **changes):
    file = tmp_path / "sheet.json"
    file.write_text(json.dumps(json.loads(COURSE_SHEET.read_text()) | changes))
    return file


def test_the_courses_sheet_has_the_courses_prices():
    course = price_sheet()
    assert course.model("course-api").tokens == TokenPrice.per_million(3, 15)
    assert course.replica("course-replica").dollars_per_hour == 2
    assert course.dated == date(2026, 11, 24)
    assert all(price.source for price in (*course.models, *course.replicas))


def test_what_is_no_vendors_says_so():
    assert "No vendor" in price_sheet().source
    for price in (*price_sheet().models, *price_sheet().replicas):
        assert price.name.startswith(("course-", "generic-"))


def test_six_calls_cost_what_the_formula_says():
    price = price_sheet().model("course-api")
    assert price.dollars(Usage(6, 9000, 0, 1800)) == pytest.approx(cost_per_task(6, 1500, 300, price.tokens))
    # assignment 5: the cache removes the input of all calls but the first
    assert price.dollars(Usage(8, 16_000, 14_000, 3200)) == pytest.approx(0.054)


def test_cached_tokens_cost_their_own_price_or_the_full_one():
    used = Usage(1, 100, 60, 10)
    assert ModelPrice("m", 1, 2, 0.5).dollars(used) == 40 + 30 + 20
    assert ModelPrice("m", 1, 2).dollars(used) == 100 + 20


@given(st.integers(0, 10**6), st.integers(0, 10**6), st.floats(0, 1))
def test_a_cache_never_makes_a_bill_dearer(tokens: int, written: int, share: float):
    price = price_sheet().model("generic-large")
    used = Usage(1, tokens, int(share * tokens), written)
    assert price.dollars(used) <= price.dollars(used.uncached) * (1 + 1e-12)


def test_a_price_that_is_not_there_is_named_with_those_that_are():
    with pytest.raises(BadArgument, match=r"no model 'orion'; ask for one of course-api"):
        price_sheet().model("orion")
    with pytest.raises(BadArgument, match=r"no replica 'orion'; ask for one of course-replica"):
        price_sheet().replica("orion")


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"date": "yesterday"}, "no price sheet"),
        ({"models": [{"name": "m", "input": 1}]}, "no price sheet.*output"),
        ({"models": [{"name": "m", "input": -1, "output": 1}]}, "m: input per million tokens is -1"),
        ({"models": [{"name": "m", "input": 1, "output": 1, "cached_input": 2}]}, "m: price of a cached token"),
        ({"models": [{"name": "m", "input": 1, "output": 1, "currency": "EUR"}]}, "currency"),
        ({"replicas": [{"name": "r", "dollars_per_hour": -2}]}, "r: dollars_per_hour is -2"),
        ({"replicas": [{"name": "r"}]}, "no price sheet"),
    ],
)
def test_a_wrong_sheet_states_what_is_wrong(tmp_path, changes, message):
    with pytest.raises(BadArgument, match=message):
        price_sheet(sheet(tmp_path, **changes))


def test_a_missing_sheet_is_named(tmp_path):
    with pytest.raises(BadArgument, match=r"none\.json is no price sheet"):
        price_sheet(tmp_path / "none.json")
    (tmp_path / "broken.json").write_text("{")
    with pytest.raises(BadArgument, match=r"broken\.json is no price sheet"):
        price_sheet(tmp_path / "broken.json")
