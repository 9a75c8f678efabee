"""A notebook that passed is a page with that run's outputs and is not run again; one that failed is not kept."""

import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from jupyter_cache import get_cache

ROOT = Path(__file__).parent.parent


@pytest.fixture
def project(tmp_path: Path) -> Path:
    shutil.copy(ROOT / "conftest.py", tmp_path)
    (tmp_path / "notebooks").mkdir()
    return tmp_path


def written(project: Path, name: str, *sources: str) -> nbformat.NotebookNode:
    cells = [nbformat.v4.new_markdown_cell("A page."), *map(nbformat.v4.new_code_cell, sources)]
    notebook = nbformat.v4.new_notebook(cells=cells)
    nbformat.write(notebook, project / "notebooks" / f"{name}.ipynb")
    return notebook


def summary(project: Path) -> str:
    plugins = ["-p", "no:cacheprovider", "-c", "/dev/null", f"--rootdir={project}"]
    options = ["--nbval-lax", "--nbval-current-env", "--book-cache=kept", "-q", "notebooks"]
    command = [sys.executable, "-m", "pytest", *plugins, *options]
    done = subprocess.run(command, cwd=project, capture_output=True, text=True, check=False)
    return done.stdout.splitlines()[-1].split(" in ")[0]


def test_a_run_that_passes_is_kept_with_its_outputs_and_not_repeated(project):
    notebook = written(project, "right", "print(6 * 7)", "6 + 1")
    assert summary(project) == "2 passed"
    assert summary(project) == "2 deselected"
    _, kept = get_cache(project / "kept").merge_match_into_notebook(notebook)
    assert [cell.outputs[0].get("text") or cell.outputs[0].data["text/plain"] for cell in kept.cells[1:]] == [
        "42\n",
        "7",
    ]


def test_a_run_that_fails_or_is_changed_is_run_again(project):
    written(project, "wrong", "x = 1", "assert x == 2")
    assert summary(project) == "1 failed, 1 passed"
    assert summary(project) == "1 failed, 1 passed"
    written(project, "wrong", "x = 2", "assert x == 2")
    assert summary(project) == "2 passed"
