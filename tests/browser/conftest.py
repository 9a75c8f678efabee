"""A real headless Chromium, and pages for it.

Without Chromium these tests are skipped with a word on how to get it; in CI (``CI=true``) they fail instead.
"""

import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path
from urllib.parse import urlsplit

import nbformat
import pytest
from playwright.sync_api import sync_playwright

from labkit.widgets.hosting import hosting_from

ROOT = Path(__file__).resolve().parents[2]
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--disable-quic",
]
CELLS = [
    "from labkit.widgets import AmdahlExplorer, ConceptQuestion, Prediction\n"
    "AmdahlExplorer(0.1, target=20, measured=[(1, 1.0), (2, 1.8), (4, 3.1)])",
    "AmdahlExplorer(0.3, target=3, workers=64)",
    "Prediction('How much faster will four workers be?', unit='times', minimum=0)",
    "Prediction('Which layer first?', choices=['the index', 'whatever the profile says'])",
    "ConceptQuestion('What splits best?', {'rows': 'They are independent.', 'time': 'It runs one way.', "
    "'a <b>name</b>': 'It is one.'}, right='rows')",
    "from labkit.costs import TokenPrice\n"
    "from labkit.widgets import CostExplorer, Fleet, Savings, TokenProfile\n"
    "CostExplorer()",
    "CostExplorer(\n"
    "    TokenProfile(calls=3.4, input_tokens=312.5, output_tokens=21.3),\n"
    "    TokenPrice.per_million(0.2, 0.8),\n"
    "    Fleet(replicas=2, dollars_per_replica_hour=0.05, requests_per_second=5.2, utilisation=0.65),\n"
    "    Savings(prefix_cache=True, hit_rate=0.61, cascade=True, small_price=TokenPrice(1e-8, 2e-8), passed_on=0.3),\n"
    "    tasks_per_hour=20_000,\n"
    ")",
]


def absent(what, remedy):
    """Skip for want of something, except in CI, where nothing may be missing."""
    if os.environ.get("CI") == "true":
        pytest.fail(f"{what} is missing in CI; {remedy}")
    pytest.skip(f"{what} is missing; {remedy}")


def is_here(url):
    """Whether an address stays on this machine."""
    parts = urlsplit(url)
    return parts.scheme in {"file", "data", "blob", "about"} or parts.hostname in {"127.0.0.1", "localhost"}


@pytest.fixture(scope="module")
def chromium():
    """A browser, for one file of tests.

    As long as it is open Playwright keeps an event loop running in this thread, and no other test could run its own.
    """
    path = shutil.which("chromium")
    if path is None:
        absent("Chromium", "install it (Debian: apt-get install chromium)")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def visited(chromium):
    """A browser page that reports: nothing it loads may come from elsewhere, and nothing may go wrong on it."""
    context = chromium.new_context(viewport={"width": 1100, "height": 1000})
    asked, problems = [], []
    context.on("request", lambda request: asked.append(request.url))
    context.route(lambda url: not is_here(url), lambda route: route.abort())
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("websocket", lambda socket: asked.append(socket.url.replace("ws", "http", 1)))
    page.on("console", lambda message: problems.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: problems.append(str(error)))
    page.problems = problems
    yield page
    context.close()
    assert asked, "the page was never opened"
    assert [url for url in asked if not is_here(url)] == []
    assert page.problems == []


@pytest.fixture(scope="session")
def built_page(tmp_path_factory):
    """The widgets on a page that Jupyter Book built with this book's own configuration, as a file."""
    source = tmp_path_factory.mktemp("page")
    shutil.copy(ROOT / "_config.yml", source)
    for name in ("extensions", "static"):
        shutil.copytree(ROOT / "book" / name, source / "book" / name)
    (source / "_toc.yml").write_text("format: jb-book\nroot: widgets\n", encoding="utf-8")
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_markdown_cell("# Widgets\n\nAs $p$ grows, $S \\to 1/f$.")]
    notebook.cells += [nbformat.v4.new_code_cell(source) for source in CELLS]
    nbformat.write(notebook, source / "widgets.ipynb")
    tool = Path(sys.executable).with_name("jupyter-book")
    environment = os.environ | {"LABKIT_HOME": str(source / "home"), "PYTHONPATH": str(ROOT)}
    command = [tool, "build", ".", "-W", "-n", "--keep-going"]
    done = subprocess.run(command, cwd=source, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return source / "_build" / "html" / "widgets.html"


@pytest.fixture(scope="session")
def book():
    """The folder of the built book."""
    folder = ROOT / "_build" / "html"
    if not (folder / "index.html").exists():
        absent("the built book", "build it with: make book")
    return folder


class Drawn:
    """An explorer on a page, read back from what is drawn."""

    def __init__(self, root):
        self.root = root

    def control(self, name):
        """A slider, a field or a switch."""
        return self.root.locator(f"[data-control={name}]")

    @property
    def state(self):
        return json.loads(self.root.get_attribute("data-state"))

    @property
    def sentence(self):
        return self.root.locator("[aria-live=polite]").inner_text()

    @property
    def verdict(self):
        return self.root.locator(".labkit-verdict").inner_text()

    def points(self, series):
        """The data a series was drawn from."""
        return json.loads(self.root.locator(f"[data-series={series}]").get_attribute("data-points"))

    def pixels(self, series, panel):
        """The same points got back from the path's pixels through the axes' scales."""
        scales = json.loads(self.root.locator("svg").get_attribute("data-scales"))
        path = self.root.locator(f"path[data-series={series}]").get_attribute("d")
        pairs = re.findall(r"[ML]([\d.-]+) ([\d.-]+)", path)
        return [(unscaled(scales["x"], float(x)), unscaled(scales[panel], float(y))) for x, y in pairs]


class DrawnExplorer(Drawn):
    """An Amdahl explorer."""

    @property
    def fraction(self):
        return self.control("serial-fraction")

    @property
    def cursor(self):
        return self.control("workers")


class DrawnCosts(Drawn):
    """A cost explorer."""

    @property
    def hosting(self):
        """The question that the page holds at present, for labkit to answer."""
        return hosting_from(self.state["asked"])

    @property
    def readouts(self):
        """The numbers over the chart."""
        return self.root.locator("dd").all_inner_texts()

    def enter(self, name, text):
        """Write into a field and leave it."""
        self.control(name).fill(str(text))
        self.control(name).blur()


def unscaled(scale, pixel):
    """From a pixel back to a value."""
    (low, high), (start, end) = scale["domain"], scale["range"]
    share = (pixel - start) / (end - start)
    return low * (high / low) ** share if scale["isLog"] else low + share * (high - low)


@pytest.fixture
def explorers(visited, built_page):
    """Both explorers of the built page, opened as a file."""
    visited.goto(built_page.as_uri())
    roots = visited.locator(".labkit-amdahl")
    roots.nth(1).wait_for()
    return [DrawnExplorer(roots.nth(k)) for k in range(2)]


@pytest.fixture
def cost_explorers(visited, built_page):
    """Both cost explorers of the built page, opened as a file."""
    visited.goto(built_page.as_uri())
    roots = visited.locator(".labkit-costs")
    roots.nth(1).wait_for()
    return [DrawnCosts(roots.nth(k)) for k in range(2)]


@pytest.fixture
def drawn():
    """Read an Amdahl explorer back from any page."""
    return DrawnExplorer


@pytest.fixture
def drawn_costs():
    """Read a cost explorer back from any page."""
    return DrawnCosts
