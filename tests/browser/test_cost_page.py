"""The cost explorer in a page with no kernel, opened as a file: every number on it is labkit.costs'."""

import random

import pytest
from contrast import contrast

from labkit.widgets.hosting import BOUNDS, hosting_from
from labkit.widgets.page import module

pytestmark = pytest.mark.browser

CLOSE = 1e-9
MINUS = "\N{MINUS SIGN}"
FRONT_END = f"""(cases) => {{
    {module("costs.js", "cost_state.js")}
    return cases.map((values) => readCosts({{ get: (name) => values[name] }}));
}}"""


def close(value):
    """The number within one part in 10^9; None only as itself."""
    return None if value is None else pytest.approx(value, rel=CLOSE)


def assert_answers(state):
    """All that the front end worked out is what Python works out from the same numbers."""
    asked = hosting_from(state["asked"])
    volume = state["asked"]["tasks_per_hour"]
    assert state["api"] == close(asked.api_cost_per_task)
    assert state["plainApi"] == close(asked.plain_api_cost_per_task)
    assert state["serviceRate"] == close(asked.tasks_per_second)
    assert state["capacity"] == close(asked.capacity)
    assert state["crossover"] == close(asked.crossover)
    assert state["autoscaledCrossover"] == close(asked.autoscaled_crossover)
    assert state["needed"] == asked.replicas_for(volume)
    assert state["fixed"] == close(asked.fixed_cost_per_task(volume))
    assert state["autoscaled"] == close(asked.autoscaled_cost_per_task(volume))
    costs = {"api": state["api"], "fixed": state["fixed"], "autoscaled": state["autoscaled"]}
    least = min(cost for cost in costs.values() if cost is not None)
    assert costs["autoscaled" if state["cheapest"] == "fleet" else state["cheapest"]] == least


def assert_drawn(explorer):
    """Data and pixels of the curves say it too, at every point drawn."""
    asked = explorer.hosting
    assert_answers(explorer.state)
    for name, cost in (("fixed", asked.fixed_cost_per_task), ("autoscaled", asked.autoscaled_cost_per_task)):
        drawn = explorer.points(name)
        assert [y for _, y in drawn] == [close(cost(x)) for x, _ in drawn]
        for (x, y), pixel in zip(drawn, explorer.pixels(name, "cost"), strict=True):
            assert pixel == (pytest.approx(x, rel=0.02), pytest.approx(y, rel=0.02))
    assert explorer.points("api") == [explorer.state["api"]]
    assert explorer.points("fixed")[-1][0] == close(asked.capacity)


def cases(count):
    """Questions from all over the domains, both switches on and off, some of them just at a full replica."""
    draw = random.Random(7)
    for number in range(count):
        values = {name: 10 ** draw.uniform(-3, 3) for name in BOUNDS}
        values |= {name: draw.choice([0, draw.random(), 1]) for name in ("hit_rate", "passed_on")}
        values |= {"utilisation": draw.uniform(0.01, 0.99), "replicas": draw.choice([1, 2, 8, 50])}
        values |= {"prefix_cache": bool(number & 1), "cascade": bool(number & 2)}
        of_one = values["utilisation"] * values["requests_per_second"] / values["calls"] * 3600
        full = [draw.randint(1, 60) * of_one, values["replicas"] * of_one * draw.choice([1, 1 + 1e-9])]
        values["tasks_per_hour"] = draw.choice([*full, 10 ** draw.uniform(-2, 7)])
        yield values | {"bounds": dict.fromkeys(BOUNDS)}


def test_the_front_ends_arithmetic_is_labkits(visited, built_page):
    visited.goto(built_page.as_uri())
    asked = list(cases(1500))
    found = visited.evaluate(FRONT_END, asked)
    assert len(found) == 1500
    for state in found:
        assert_answers(state)
    switches = {(state["asked"]["prefix_cache"], state["asked"]["cascade"]) for state in found}
    assert len(switches) == 4
    for name in ("fixed", "crossover", "autoscaledCrossover"):
        assert {state[name] is None for state in found} == {False, True}
    assert {state["cheapest"] for state in found} == {"api", "autoscaled", "fleet"}


def test_it_opens_with_the_numbers_it_was_given(cost_explorers):
    first, second = cost_explorers
    assert first.readouts == ["$0.096", "$0.016", "$0.002", "166.7"]
    assert second.state["asked"]["input_tokens"] == 312.5
    assert second.control("hit_rate").input_value() == "0.61"
    assert second.control("cascade").is_checked()
    assert_drawn(first)
    assert_drawn(second)


def test_the_courses_crossovers_appear(cost_explorers, visited):
    explorer = cost_explorers[0]
    assert "cheaper than the API from the crossover at 166.7 on" in explorer.sentence
    assert "autoscaled fleet is cheaper from 20.8 on" in explorer.sentence
    explorer.control("prefix_cache").focus()
    visited.keyboard.press("Space")
    assert explorer.readouts[0] == "$0.054"
    assert explorer.readouts[3] == "296.3"
    assert "the crossover at 296.3 on" in explorer.sentence
    assert "With no prefix cache the API would take $0.096." in explorer.sentence
    assert_drawn(explorer)
    visited.keyboard.press("Space")
    explorer.enter("replicas", 1)
    assert explorer.readouts[3] == "20.8"
    assert explorer.points("crossover") == [[explorer.state["crossover"], explorer.state["api"]]]
    assert_drawn(explorer)


def test_the_cascade_lowers_the_apis_line(cost_explorers):
    explorer = cost_explorers[0]
    before = explorer.state["api"]
    explorer.control("cascade").check()
    assert explorer.state["api"] < before
    assert explorer.points("plain-api") == [before]
    for share in (0, 0.25, 1):
        explorer.enter("passed_on", share)
        assert_drawn(explorer)
    assert explorer.state["api"] > before  # all of it was asked twice


def test_every_field_moves_what_is_drawn(cost_explorers):
    explorer = cost_explorers[0]
    explorer.control("prefix_cache").check()
    explorer.control("cascade").check()
    for name in BOUNDS.keys() - {"tasks_per_hour"}:
        before = explorer.state
        value = before["asked"][name]
        explorer.enter(name, value / 2)
        assert explorer.state["asked"][name] == value / 2
        assert explorer.state | {"asked": None} != before | {"asked": None}, name
        assert_drawn(explorer)


def test_the_keyboard_moves_the_volume(cost_explorers, visited):
    explorer = cost_explorers[0]
    explorer.control("volume").focus()
    seen = []
    for key in ("Home", "ArrowRight", "PageUp", "PageUp", "End", "ArrowLeft"):
        visited.keyboard.press(key)
        assert_drawn(explorer)
        seen.append(explorer.state["volume"])
        assert f"At {seen[-1]:,.{0 if seen[-1] >= 1000 else 1}f}".removesuffix(".0") in explorer.sentence
    assert seen[0] == 10
    assert seen[4] == 1_000_000
    assert len(set(seen)) == len(seen)


def test_the_volume_follows_the_pointer(cost_explorers, visited):
    explorer = cost_explorers[0]
    explorer.root.locator("svg").scroll_into_view_if_needed()
    box = explorer.root.locator("svg").bounding_box()
    visited.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 100)
    visited.mouse.down()
    visited.mouse.move(box["x"] + box["width"] - 5, box["y"] + 100, steps=3)
    visited.mouse.up()
    assert explorer.state["volume"] == 1_000_000
    assert_drawn(explorer)


def test_the_fixed_fleet_ends_where_it_is_full(cost_explorers, visited):
    explorer = cost_explorers[0]
    cursor = explorer.root.locator("[data-series=cursor-fixed]")
    assert cursor.count() == 1
    assert "full at 100,800 tasks per hour, where its curve ends" in explorer.sentence
    explorer.control("volume").focus()
    visited.keyboard.press("End")
    assert explorer.state["fixed"] is None
    assert explorer.readouts[1] == "full"
    assert "The fixed fleet of 8 replicas cannot carry this volume." in explorer.sentence
    assert "runs 80 replicas" in explorer.sentence  # 278 tasks a second over 0.7 * 5
    assert cursor.count() == 0
    assert "fixed fleet full" in explorer.root.locator("svg").text_content()


def test_a_fleet_that_is_too_slow_is_never_cheaper(cost_explorers):
    explorer = cost_explorers[0]
    explorer.enter("requests_per_second", 0.05)
    assert explorer.readouts[3] == "none"
    assert "is never cheaper than the API: it is full at 126 tasks per hour" in explorer.sentence
    assert "The autoscaled fleet is never cheaper" in explorer.sentence
    assert explorer.root.locator("[data-series=crossover]").count() == 0
    assert explorer.verdict == "cheapest: the API"
    assert_drawn(explorer)


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("replicas", "0", "Replicas, fixed fleet N: give a whole number of at least 1."),
        ("replicas", "1.5", "give a whole number"),
        ("replicas", "", "give a whole number"),
        ("utilisation", "1", "give a number above 0 and below 1."),
        ("hit_rate", "1.2", "give a number of at least 0 and of at most 1."),
        ("input_price", "-3", "Input price c_in: give a number above 0."),
    ],
)
def test_a_number_that_does_not_fit_is_refused_in_words(cost_explorers, name, text, words):
    explorer = cost_explorers[0]
    before = explorer.state
    field = explorer.control(name)
    field.fill(text)
    assert words in explorer.root.get_by_role("alert").inner_text()
    assert field.get_attribute("aria-invalid") == "true"
    assert explorer.state == before
    field.blur()
    assert float(field.input_value()) == before["asked"][name]
    assert explorer.root.get_by_role("alert").inner_text() == ""


def test_a_field_steps_from_the_number_it_holds(cost_explorers, visited):
    explorer = cost_explorers[1]
    explorer.control("input_tokens").focus()
    visited.keyboard.press("ArrowUp")
    assert explorer.state["asked"]["input_tokens"] == 412.5
    assert explorer.control("input_tokens").evaluate("field => field.validity.valid")
    assert_drawn(explorer)


def test_two_on_a_page_do_not_touch_each_other(cost_explorers):
    first, second = cost_explorers
    before = (second.state, second.points("fixed"), second.sentence)
    first.enter("replicas", 3)
    first.control("cascade").check()
    assert (second.state, second.points("fixed"), second.sentence) == before


def test_the_formulas_unfold_with_the_current_numbers(cost_explorers):
    explorer = cost_explorers[0]
    lines = explorer.root.locator("math")
    assert not lines.first.is_visible()
    explorer.root.locator("summary", has_text="The formula").click()
    assert lines.first.is_visible()
    assert lines.nth(1).text_content() == "CAPI=8·(2000·$3/M+400·$15/M)=$0.096"
    assert lines.last.text_content().endswith("=8·$2$0.096=166.7 tasks/h")
    explorer.control("prefix_cache").check()
    assert lines.nth(1).text_content() == f"CAPI=(8{MINUS}7)·2000·$3/M+8·400·$15/M=$0.054"
    explorer.control("cascade").check()
    assert lines.nth(3).text_content().endswith("=$0.00296+0.4·$0.054=$0.0246")


def test_screen_readers_get_names_values_and_the_sentence(cost_explorers):
    root = cost_explorers[0].root
    assert root.get_by_role("slider", name="Volume V").get_attribute("aria-valuetext") == "1,000 tasks per hour"
    assert root.get_by_role("switch", name="Prefix cache").is_visible()
    assert root.get_by_role("switch", name="Cascade").is_visible()
    fields = root.get_by_role("spinbutton")
    assert fields.count() == len(BOUNDS) - 1  # the volume has the slider
    assert root.get_by_role("spinbutton", name="Utilisation at most \N{GREEK SMALL LETTER RHO}").is_visible()
    rate = root.get_by_role("spinbutton", name="Service rate of one replica μ")
    assert root.locator(f"[id='{rate.get_attribute('aria-describedby')}']").inner_text() == "model calls per second"
    picture = root.locator("svg[role=img]")
    assert picture.get_attribute("aria-label")
    assert picture.get_attribute("aria-describedby") == root.locator("[aria-live=polite]").get_attribute("id")


@pytest.mark.parametrize("width", [320, 480, 1400])
def test_it_fits_any_width(cost_explorers, visited, width):
    visited.set_viewport_size({"width": width, "height": 900})
    visited.wait_for_function("() => true")
    for explorer in cost_explorers:
        assert explorer.root.evaluate("root => root.scrollWidth <= root.clientWidth + 1")
        assert_drawn(explorer)


COLOURS = """root => {
    const colour = (name) => getComputedStyle(root.querySelector(name));
    const words = [".labkit-sentence", ".labkit-switch-note", ".labkit-field span"].map((name) => colour(name).color);
    const lines = [".labkit-api line", ".labkit-line.labkit-fixed", ".labkit-line.labkit-autoscaled"];
    return [getComputedStyle(root).backgroundColor, words, lines.map((name) => colour(name).stroke)];
}"""


def test_dark_and_light_differ_and_stay_legible(cost_explorers, visited):
    grounds = {}
    for theme in ("light", "dark"):
        visited.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        visited.wait_for_timeout(300)
        grounds[theme], words, lines = cost_explorers[0].root.evaluate(COLOURS)
        assert all(contrast(grounds[theme], colour) > 4.5 for colour in words)
        assert all(contrast(grounds[theme], colour) > 3 for colour in lines)
    assert grounds["light"] != grounds["dark"]
