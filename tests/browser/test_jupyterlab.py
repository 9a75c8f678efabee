"""The widgets live: a real JupyterLab, a real kernel, and what the learner does reaches Python."""

import os
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import nbformat
import pytest

from labkit.milestones import Ledger

pytestmark = pytest.mark.browser

TOKEN = "only-for-this-test"  # noqa: S105 - the server lives for one test, on loopback
CELLS = [
    "from labkit.milestones import Ledger\n"
    "from labkit.widgets import AmdahlExplorer, Prediction\n"
    "explorer = AmdahlExplorer(0.1, target=20)\n"
    "explorer",
    "ledger = Ledger.open('milestones.json')\n"
    "asked = Prediction('How fast?', unit='x', on_commit=lambda value: ledger.predict('stage-0', value))\n"
    "asked",
    "print('kernel holds', explorer.serial_fraction, explorer.cursor, asked.value)",
    "if asked.value is not None:\n    explorer.serial_fraction = 0.0123\nprint('kernel set', explorer.serial_fraction)",
    "from labkit.widgets import CostExplorer\ncosts = CostExplorer()\ncosts",
    "crossover = round(costs.hosting.crossover, 4)\n"
    "print('kernel prices', costs.prefix_cache, costs.replicas, costs.tasks_per_hour, crossover)",
    "if costs.prefix_cache:\n    costs.replicas = 4\nprint('kernel rents', costs.replicas)",
]
FOLDED = ":::{admonition} 1. Is it folded?\n:class: dropdown\nIt was.\n:::"
SETTINGS = Path(__file__).parents[2] / "lab"


@pytest.fixture
def lab(tmp_path):
    """A JupyterLab on loopback that serves one notebook; its address and its folder."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in CELLS])
    notebook.cells.append(nbformat.v4.new_markdown_cell(FOLDED))
    notebook.metadata.kernelspec = {"name": "python3", "display_name": "Python 3", "language": "python"}
    nbformat.write(notebook, tmp_path / "live.ipynb")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    options = [
        "--no-browser",
        "--allow-root",
        "--ServerApp.ip=127.0.0.1",
        f"--ServerApp.port={port}",
        "--ServerApp.port_retries=0",
        f"--ServerApp.root_dir={tmp_path}",
        f"--IdentityProvider.token={TOKEN}",
        "--LabApp.expose_app_in_browser=True",
        f"--LabApp.app_settings_dir={SETTINGS}",
    ]
    state = tmp_path / "state"
    places = ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR", "LABKIT_HOME")
    environment = os.environ | {name: str(state / name.lower()) for name in places}
    environment |= {
        "JUPYTERLAB_SETTINGS_DIR": str(state / "settings"),
        "JUPYTERLAB_WORKSPACES_DIR": str(state / "spaces"),
    }
    log = (tmp_path / "lab.log").open("wb")
    server = subprocess.Popen(
        [sys.executable, "-m", "jupyterlab", *options], env=environment, cwd=tmp_path, stdout=log, stderr=log
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_up(server, address, tmp_path / "lab.log")
        yield address, tmp_path
    finally:
        server.terminate()
        server.wait(timeout=30)
        log.close()


def wait_until_up(server, address, log):
    deadline = time.monotonic() + 90
    while time.monotonic() < deadline:
        assert server.poll() is None, log.read_text(encoding="utf-8")
        try:
            with urllib.request.urlopen(f"{address}/api?token={TOKEN}", timeout=5):  # noqa: S310 - loopback
                return
        except OSError:
            time.sleep(0.3)
    pytest.fail(f"JupyterLab did not come up: {log.read_text(encoding='utf-8')}")


READY = """() => {
    const context = window.jupyterapp?.shell.currentWidget?.sessionContext;
    return context?.isReady && context.session?.kernel?.status === "idle";
}"""


def test_what_the_learner_does_reaches_python(lab, visited, drawn, drawn_costs):
    address, folder = lab
    visited.goto(f"{address}/lab/tree/live.ipynb?reset&token={TOKEN}")
    visited.wait_for_function(READY, timeout=60_000)
    visited.evaluate("() => void window.jupyterapp.commands.execute('notebook:run-all-cells')")
    explorer = drawn(visited.locator(".labkit-amdahl"))
    explorer.root.wait_for(timeout=60_000)
    visited.get_by_text("kernel holds 0.1 32 None").wait_for(timeout=30_000)
    assert visited.locator(".labkit-mount").count() == 0  # the live view, and not the page's

    explorer.fraction.focus()
    visited.keyboard.press("Home")
    visited.keyboard.press("ArrowRight")
    explorer.cursor.focus()
    visited.keyboard.press("End")
    form = visited.locator(".labkit-prediction")
    assert "recorded when you commit it" in form.inner_text()
    form.get_by_role("spinbutton", name="How fast?").fill("3.5")
    form.get_by_role("button").click()
    form.get_by_text("You predicted 3.5 x.").wait_for()

    run_again(visited, 2)
    visited.get_by_text("kernel holds 0.005 256 3.5").wait_for(timeout=30_000)
    assert Ledger.open(folder / "milestones.json").prediction("stage-0").value == 3.5

    run_again(visited, 3)
    visited.get_by_text("kernel set 0.0123").wait_for(timeout=30_000)
    visited.wait_for_function("() => JSON.parse(document.querySelector('.labkit-amdahl').dataset.state).f === 0.0123")

    costs = drawn_costs(visited.locator(".labkit-costs"))
    costs.control("prefix_cache").check()
    costs.enter("replicas", 1)
    costs.control("volume").focus()
    visited.keyboard.press("Home")
    assert costs.state["volume"] == 10
    run_again(visited, 5)
    visited.get_by_text(f"kernel prices True 1 10.0 {round(2 / 0.054, 4)}").wait_for(timeout=30_000)
    run_again(visited, 6)
    visited.get_by_text("kernel rents 4").wait_for(timeout=30_000)
    visited.wait_for_function(
        "() => JSON.parse(document.querySelector('.labkit-costs').dataset.state).asked.replicas === 4"
    )

    title = visited.get_by_text("1. Is it folded?", exact=True)  # its source, in the cell's editor, has more to it
    title.scroll_into_view_if_needed()
    assert not visited.get_by_text("It was.", exact=True).last.is_visible()
    title.click()
    visited.locator("details[open]", has_text="It was.").wait_for()
    assert visited.get_by_text("Jupyter news").count() == 0


def run_again(page, cell):
    page.evaluate(
        """(cell) => {
            const { commands, shell } = window.jupyterapp;
            shell.currentWidget.content.activeCellIndex = cell;
            void commands.execute('notebook:run-cell');
        }""",
        cell,
    )
