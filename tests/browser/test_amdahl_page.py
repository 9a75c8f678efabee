"""The explorer in a page with no kernel, opened as a file: the slider moves the curve, and the curve is Amdahl's."""

import pytest
from contrast import contrast

from labkit.scaling import amdahl_limit, amdahl_speedup

pytestmark = pytest.mark.browser

TIMES = "\N{MULTIPLICATION SIGN}"
COLOURS = """root => [
    getComputedStyle(root).backgroundColor,
    getComputedStyle(root.querySelector(".labkit-sentence")).color,
]"""


def assert_is_amdahls(explorer):
    """Data, pixels and words all say what labkit.scaling says."""
    f, p = explorer.state["f"], explorer.state["p"]
    workers, speedups = zip(*explorer.points("speedup"), strict=True)
    assert speedups == pytest.approx(amdahl_speedup(f, workers), rel=1e-5)
    assert [e for _, e in explorer.points("efficiency")] == pytest.approx(
        [s / w for w, s in zip(workers, speedups, strict=True)], rel=2e-5
    )
    for (w, s), (x, y) in zip(explorer.points("speedup"), explorer.pixels("speedup", "speedup"), strict=True):
        assert (x, y) == (pytest.approx(w, rel=0.01), pytest.approx(s, rel=0.01))
    for (_, e), (_, y) in zip(explorer.points("efficiency"), explorer.pixels("efficiency", "efficiency"), strict=True):
        assert y == pytest.approx(e, abs=0.01)
    assert explorer.state["speedup"] == pytest.approx(amdahl_speedup(f, p), rel=1e-5)
    assert explorer.state["limit"] == (pytest.approx(amdahl_limit(f)) if f else None)
    assert f"{amdahl_speedup(f, p):.3g}{TIMES}" in explorer.sentence


def test_it_opens_on_the_asked_fraction(explorers):
    first, second = explorers
    assert (first.state["f"], second.state["f"]) == (0.1, 0.3)
    assert_is_amdahls(first)
    assert_is_amdahls(second)


def test_the_keyboard_moves_the_curve(explorers, visited):
    explorer = explorers[0]
    explorer.fraction.focus()
    seen = set()
    for key in ("Home", "ArrowRight", "ArrowRight", "PageUp", "End", "ArrowLeft", "PageDown"):
        visited.keyboard.press(key)
        assert_is_amdahls(explorer)
        seen.add(explorer.state["f"])
    assert {0.0, 0.005, 0.01, 1.0, 0.95} <= seen


def test_the_mouse_moves_the_curve(explorers, visited):
    explorer = explorers[0]
    before = explorer.points("speedup")
    box = explorer.fraction.bounding_box()
    for share in (0.2, 0.7):
        visited.mouse.click(box["x"] + share * box["width"], box["y"] + box["height"] / 2)
        assert_is_amdahls(explorer)
        assert explorer.points("speedup") != before
        before = explorer.points("speedup")


def test_the_cursor_moves_by_keyboard_and_by_dragging(explorers, visited):
    explorer = explorers[0]
    explorer.cursor.focus()
    visited.keyboard.press("Home")
    assert (explorer.state["p"], explorer.state["speedup"]) == (1, 1)
    assert f"1 worker gives a speedup of 1{TIMES}" in explorer.sentence
    box = explorer.root.locator("svg").bounding_box()
    visited.mouse.move(box["x"] + 0.5 * box["width"], box["y"] + 100)
    visited.mouse.down()
    visited.mouse.move(box["x"] + box["width"] - 5, box["y"] + 100, steps=3)
    visited.mouse.up()
    assert explorer.state["p"] == 256
    assert explorer.points("cursor-speedup") == [[256, explorer.state["speedup"]]]
    assert_is_amdahls(explorer)


def test_the_milestone_turns_unphysical_at_the_limit(explorers, visited):
    explorer = explorers[0]
    explorer.fraction.focus()
    visited.keyboard.press("Home")
    verdicts = {}
    for _ in range(20):
        verdicts[explorer.state["f"]] = (explorer.state["verdict"], explorer.verdict, explorer.sentence)
        visited.keyboard.press("ArrowRight")
    assert {0.045, 0.05} <= set(verdicts)
    for f, (verdict, badge, sentence) in verdicts.items():
        unphysical = 1 / f <= 20 if f else False
        assert verdict == ("unphysical" if unphysical else "reachable")
        assert badge == f"20{TIMES} is {'unphysical' if unphysical else 'possible'}"
        assert ("is unphysical: no number of workers reaches it" in sentence) == unphysical
    assert "reached with 191 workers" in verdicts[0.045][2]  # (1 - 0.045) / (1/20 - 0.045)


def test_two_on_a_page_do_not_touch_each_other(explorers, visited):
    first, second = explorers
    before = (second.state, second.points("speedup"), second.sentence)
    first.fraction.focus()
    visited.keyboard.press("End")
    assert first.state["f"] == 1
    assert (second.state, second.points("speedup"), second.sentence) == before
    ids = visited.eval_on_selector_all(".labkit-widget [id]", "found => found.map(element => element.id)")
    assert len(ids) == len(set(ids))


def test_measured_points_and_the_fit_are_laid_over(explorers):
    first, second = explorers
    assert first.points("measured") == [[1, 1], [2, 1.8], [4, 3.1]]
    fitted = first.state["fitted"]
    workers, speedups = zip(*first.points("fitted"), strict=True)
    assert speedups == pytest.approx(amdahl_speedup(fitted, workers), rel=1e-5)
    assert f"The 3 measured points fit a serial fraction of {fitted:.3f}." in first.sentence
    assert second.root.locator("[data-series=measured], [data-series=fitted]").count() == 0


def test_the_formula_unfolds_with_the_current_numbers(explorers, visited):
    explorer = explorers[0]
    equations = explorer.root.locator("math")
    assert not equations.first.is_visible()
    explorer.root.locator("summary").click()
    assert equations.first.is_visible()
    assert "0.9" in equations.first.text_content()
    explorer.fraction.focus()
    visited.keyboard.press("Home")
    assert equations.first.text_content().split("=")[-1].strip() == f"32{TIMES}"  # f = 0: linear
    assert "∞" in equations.nth(2).text_content()


def test_screen_readers_get_names_values_and_the_sentence(explorers):
    root = explorers[0].root
    assert root.get_by_role("slider", name="Serial fraction f").get_attribute("aria-valuetext") == "serial fraction 0.1"
    assert root.get_by_role("slider", name="Workers p").get_attribute("aria-valuetext") == "32 workers"
    picture = root.locator("svg[role=img]")
    assert picture.get_attribute("aria-label")
    assert picture.get_attribute("aria-describedby") == root.locator("[aria-live=polite]").get_attribute("id")


@pytest.mark.parametrize("width", [320, 480, 1400])
def test_it_fits_any_width(explorers, visited, width):
    visited.set_viewport_size({"width": width, "height": 900})
    visited.wait_for_function("() => true")
    for explorer in explorers:
        assert explorer.root.evaluate("root => root.scrollWidth <= root.clientWidth + 1")
        assert_is_amdahls(explorer)


def test_dark_and_light_differ_and_stay_legible(explorers, visited):
    grounds = {}
    for theme in ("light", "dark"):
        visited.evaluate("theme => document.documentElement.dataset.theme = theme", theme)
        visited.wait_for_timeout(300)
        grounds[theme] = explorers[0].root.evaluate(COLOURS)
        assert contrast(*grounds[theme]) > 7
    assert grounds["light"] != grounds["dark"]
