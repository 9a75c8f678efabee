"""The student's version of an assignment: the solution notebook with its solutions taken out.

A solution region is whole statements between two comment lines, and becomes one statement that says it is missing::

    def double(x):                      def double(x):
        # solution: begin                   raise NotImplementedError("your code goes here: about 1 line")
        return 2 * x             ->
        # solution: end

Cells tagged ``solution`` go altogether, and so do all stored outputs.
"""

import re
from dataclasses import replace
from pathlib import Path

from labkit.errors import BadArgument
from labkit.grading.notebook import SOLUTION, Cell, Notebook

MISSING = "your code goes here"

_REGION = re.compile(r"^([ \t]*)# solution: begin\n(.*?)^[ \t]*# solution: end[ \t]*$", re.MULTILINE | re.DOTALL)


def exercise(solution: Notebook) -> Notebook:
    """The notebook without its solutions; cells keep their ids, which is what the grader finds them by.

    Raises:
        BadArgument: A region that is opened and not closed, or closed and not opened.
    """
    return Notebook(tuple(_stripped(cell) for cell in solution.cells if SOLUTION not in cell.tags))


def solution_regions(solution: Notebook) -> list[str]:
    """What students must not see: the text of every region, and of every cell tagged ``solution``."""
    regions = [match.group(2) for cell in solution.cells for match in _REGION.finditer(cell.source)]
    return regions + [cell.source for cell in solution.cells if SOLUTION in cell.tags]


def write_exercises(solutions: Path, exercises: Path) -> list[Path]:
    """Write the student's version of every solution notebook, and delete those whose solution is gone."""
    exercises.mkdir(exist_ok=True)
    texts = _texts(solutions)
    for path in exercises.glob("*.ipynb"):
        if path.name not in texts:
            path.unlink()
    for name, text in texts.items():
        (exercises / name).write_text(text, encoding="utf-8")
    return [exercises / name for name in texts]


def out_of_step(solutions: Path, exercises: Path) -> list[str]:
    """The names of student versions that are missing, left over, or not what their solution gives."""
    texts = _texts(solutions)
    kept = {path.name: path.read_text(encoding="utf-8") for path in exercises.glob("*.ipynb")}
    return sorted(name for name in texts.keys() | kept.keys() if texts.get(name) != kept.get(name))


def _texts(solutions: Path) -> dict[str, str]:
    return {path.name: exercise(Notebook.read(path)).text() for path in sorted(solutions.glob("*.ipynb"))}


def _stripped(cell: Cell) -> Cell:
    source = _REGION.sub(_blank, cell.source)
    if "# solution:" in source:
        raise BadArgument(
            f"cell {cell.id!r} has half a solution region",
            remedy="open each with '# solution: begin' and close it with '# solution: end'",
        )
    return replace(cell, source=source, outputs=())


def _blank(match: re.Match[str]) -> str:
    lines = sum(1 for line in match.group(2).splitlines() if line.strip() and not line.lstrip().startswith("#"))
    about = f"about {lines} line{'s' if lines != 1 else ''}"
    return f'{match.group(1)}raise NotImplementedError("{MISSING}: {about}")'
