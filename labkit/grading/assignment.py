"""An assignment as the grader trusts it: the solution notebook and its checks, both from ``solutions/``."""

import re
import runpy
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import BadArgument
from labkit.grading.check import Check
from labkit.grading.notebook import CHECK, Notebook
from labkit.grading.stripping import exercise


@dataclass(frozen=True)
class Limits:
    """What one submission may use.

    Attributes:
        cell_seconds: Longest time for one cell.
        seconds: Longest time in all.
        memory_gib: Memory of all its processes together; each may reserve twice that without using it.
        processes: Processes at one time.
        disk_mib: Everything it writes.
    """

    cell_seconds: float = 10
    seconds: float = 60
    memory_gib: float = 2
    processes: int = 40
    disk_mib: int = 64


@dataclass(frozen=True)
class Assignment:
    """One assignment.

    Attributes:
        name: Stem of its notebook.
        blank: The student's version of the trusted notebook, with every check in place and no solution in it.
        printed: What each check cell prints when it passes.
        checks: What earns points, in the notebook's order.
        limits: What one submission may use.
        hidden: Modules of labkit that hold what students are to write, by their full names: no room shows them.
    """

    name: str
    blank: Notebook
    printed: dict[str, str]
    checks: tuple[Check, ...]
    limits: Limits
    hidden: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """The most that can be earned."""
        return sum(check.points for check in self.checks)


def names(solutions: Path) -> list[str]:
    """The assignments in a folder of solutions that are graded: one without checks explains itself and is not."""
    return sorted(path.stem for path in solutions.glob("*.ipynb") if _checks(solutions, path.stem).is_file())


def load(solutions: Path, name: str) -> Assignment:
    """Load an assignment: ``05_some_name.ipynb`` and ``checks/some_name.py``.

    Raises:
        BadArgument: There is no such assignment, or notebook and checks do not fit together.
    """
    path, source = solutions / f"{name}.ipynb", _checks(solutions, name)
    if not path.is_file() or not source.is_file():
        known = ", ".join(names(solutions)) or "none"
        raise BadArgument(f"there is no assignment {name!r} in {solutions}", remedy=f"give one of these: {known}")
    solved = Notebook.read(path)
    module = runpy.run_path(str(source))
    checks: tuple[Check, ...] = module["CHECKS"]
    cells = solved.code(CHECK)
    if [cell.id for cell in cells] != [check.id for check in checks]:
        raise BadArgument(
            f"{path.name} has the checks {[cell.id for cell in cells]}, {source.name} has {[c.id for c in checks]}",
            remedy="give both the same ids in the same order",
        )
    limits: Limits = module.get("LIMITS", Limits())
    hidden: tuple[str, ...] = module.get("HIDDEN", ())
    return Assignment(name, exercise(solved), {cell.id: cell.printed for cell in cells}, checks, limits, hidden)


def _checks(solutions: Path, name: str) -> Path:
    return solutions / "checks" / f"{re.sub(r'^[0-9]+_', '', name)}.py"
