"""The built book, page by page, opened as files: complete with no network."""

import re
from html import unescape

import pytest
from leaks import SOLUTIONS, leaks

from labkit.scaling import amdahl_speedup

pytestmark = [pytest.mark.browser, pytest.mark.book]

# What makes a browser fetch something: a script, a style sheet, an image, a frame, a font.
FETCHED = re.compile(
    r"<(?:script|img|iframe|source|video)[^>]*\ssrc=[\"']?(?:https?:)?//[^>]*>|<link[^>]*href=[\"']?(?:https?:)?//[^>]*>"
)


def pages_of(book):
    return sorted(page for page in book.rglob("*.html") if "_static" not in page.parts)


def test_no_page_names_an_outside_file(book):
    assert len(pages_of(book)) >= 8
    for page in pages_of(book):
        text = page.read_text(encoding="utf-8")
        assert FETCHED.findall(text) == [], page
        assert "application/vnd.jupyter.widget-state+json" not in text, page
        assert "requirejs" not in text, page


def test_every_page_loads_alone_and_typesets_its_mathematics(book, visited):
    typeset = 0
    first = book / "index.html"  # leads on to the welcome page by itself, so it is opened by its own test
    for page in (page for page in pages_of(book) if page != first):
        visited.goto(page.as_uri())
        formulas = visited.locator(".math:not(.amsmath .math)")
        if formulas.count():
            visited.wait_for_function("() => window.MathJax?.startup?.promise")
            visited.evaluate("() => MathJax.startup.promise")
            visited.wait_for_function(
                "() => [...document.querySelectorAll('.math')].every(m => m.querySelector('svg'))"
            )
            assert visited.locator("[data-mml-node=merror]").count() == 0, page
            typeset += formulas.count()
        assert visited.problems == [], page
    assert typeset > 20


@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda path: path.stem)
def test_no_page_holds_a_line_of_a_solution(book, solution):
    texts = {page: unescape(re.sub(r"<[^>]+>", "", page.read_text(encoding="utf-8"))) for page in pages_of(book)}
    assert {page: found for page, text in texts.items() if (found := leaks(solution, text))} == {}


def test_the_front_door_leads_to_the_welcome_page(book, visited):
    visited.goto((book / "index.html").as_uri())
    visited.wait_for_url("**/book/welcome.html")
    assert visited.locator("h1").first.inner_text().startswith("From One File to a Fleet")


def test_the_explorer_of_the_arithmetic_page_moves(book, visited, drawn):
    visited.goto((book / "book" / "arithmetic.html").as_uri())
    explorer = drawn(visited.locator(".labkit-amdahl").first)
    explorer.fraction.focus()
    for key in ("ArrowLeft", "ArrowLeft", "ArrowLeft"):
        visited.keyboard.press(key)
    f = explorer.state["f"]
    workers, speedups = zip(*explorer.points("speedup"), strict=True)
    assert f == 0.085
    assert speedups == pytest.approx(amdahl_speedup(f, workers), rel=1e-5)


def test_the_cost_explorer_of_the_arithmetic_page_moves(book, visited, drawn_costs):
    visited.goto((book / "book" / "arithmetic.html").as_uri())
    explorer = drawn_costs(visited.locator(".labkit-costs").first)
    explorer.control("prefix_cache").focus()
    visited.keyboard.press("Space")
    assert explorer.state["crossover"] == pytest.approx(explorer.hosting.crossover)
    assert "the crossover at 296.3 on" in explorer.sentence


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_widgets_bring_their_own_ground_in_both_themes(book, visited, theme):
    visited.emulate_media(color_scheme=theme)
    visited.goto((book / "book" / "arithmetic.html").as_uri())
    visited.locator(".labkit-amdahl").wait_for()
    assert visited.evaluate("document.documentElement.dataset.theme") == theme
    ground = visited.locator(".text_html:has(.labkit-amdahl)").evaluate("el => getComputedStyle(el).backgroundColor")
    assert ground == "rgba(0, 0, 0, 0)"


def test_the_cost_explorer_opens_with_what_was_measured(book, visited, drawn_costs):
    visited.goto((book / "notebooks" / "09_extensions.html").as_uri())
    root = visited.locator(".labkit-costs")
    root.wait_for()
    explorer = drawn_costs(root)
    [metered] = re.findall(r"\$(\d\.\d+) a task by our own meter", visited.locator("article").inner_text())
    assert explorer.state["asked"]["replicas"] == 1
    assert explorer.control("prefix_cache").is_checked()
    assert explorer.state["api"] == pytest.approx(float(metered), rel=0.01)  # it rounds what was measured
    assert explorer.state["api"] == pytest.approx(explorer.hosting.api_cost_per_task)
