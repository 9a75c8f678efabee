"""The class that all tests of the grader share: every submission of ``submissions.py``, graded once."""

import shutil
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
import submissions

from labkit.grading import Assignment, load
from labkit.grading.command import write_reports
from labkit.grading.isolation import strongest
from labkit.grading.marking import Class, Marked, mark_all

# Short limits, so that waiting for what never ends does not take long.
LIMITS = """
from labkit.grading import Limits
LIMITS = Limits(cell_seconds=6, seconds=90, memory_gib=1)
"""
BYSTANDER = "nobody may write here"


@dataclass(frozen=True)
class Graded:
    """The graded class, its reports, and a file beside them that submissions try to write."""

    outcome: Class
    out: Path
    bystander: Path
    survivors: tuple[str, ...]

    def of(self, name: str) -> Marked:
        [found] = [one for one in self.outcome.marked if one.file == f"{name}.ipynb"]
        return found


@pytest.fixture(scope="session")
def solutions(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The real solutions with short limits."""
    folder = tmp_path_factory.mktemp("course") / "solutions"
    shutil.copytree(submissions.ROOT / "solutions", folder)
    with (folder / "checks" / "cost_and_replicas.py").open("a") as checks:
        checks.write(LIMITS)
    return folder


@pytest.fixture(scope="session")
def assignment(solutions: Path) -> Assignment:
    return load(solutions, submissions.NAME)


@pytest.fixture(scope="session")
def handed_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("handed-in")
    for one in submissions.EVERY:
        (folder / f"{one.name}.ipynb").write_text(one.text)
    return folder


@pytest.fixture(scope="session")
def graded(solutions: Path, handed_in: Path, tmp_path_factory: pytest.TempPathFactory) -> Graded:
    out = tmp_path_factory.mktemp("graded")
    bystander = out / "bystander-untouched.txt"
    bystander.write_text(BYSTANDER)
    paths = [handed_in / f"{one.name}.ipynb" for one in submissions.EVERY]
    outcome = mark_all(paths, solutions, submissions.NAME, "a seed", strongest(), jobs=2)
    survivors = [" ".join(process.info["cmdline"] or []) for process in psutil.process_iter(["cmdline"])]
    write_reports(outcome, out)
    return Graded(outcome, out, bystander, tuple(survivors))
