"""Put a student's answers into the trusted notebook: everything else in it is the course's own.

Of a submission only two things are used: the sources of the cells that carry an answer's id, and the student's id.
Its check cells, tags, stored outputs, order and additional cells never run, so there is nothing in them to tamper
with.
"""

import ast
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from labkit.grading.notebook import ANSWER, CHECK, STUDENT, Cell, Notebook

PLACEHOLDER = "your-id"
LONGEST_CELL = 1000  # characters of the cell that holds the id
_ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9._@-]{0,63}")


@dataclass(frozen=True)
class Assembled:
    """A notebook that is ready to run.

    Attributes:
        cells: Its code cells in order, each check followed by its probe.
        requests: What the grader tells the probe of each check, and how many answers it takes.
    """

    cells: tuple[Cell, ...]
    requests: Mapping[str, tuple[object, int]]

    def text(self, socket: str) -> str:
        """The notebook as text, for a room in which the grader listens at the given path."""
        probes = {_probe_id(check): _probe(check, socket) for check in self.requests}
        return Notebook(tuple(replace(cell, source=probes.get(cell.id, cell.source)) for cell in self.cells)).text()


def assemble(
    blank: Notebook, submission: Notebook | None, student: str, requests: Mapping[str, tuple[object, int]]
) -> Assembled:
    """Fill the trusted notebook with a submission's answers; an answer that is missing stays blank."""
    written = answers(submission) if submission else {}
    cells: list[Cell] = []
    for cell in blank.code():
        if STUDENT in cell.tags:
            cells.append(replace(cell, source=f"STUDENT = {json.dumps(student)}"))
        elif ANSWER in cell.tags:
            cells.append(replace(cell, source=written.get(cell.id, cell.source)))
        else:
            cells.append(cell)
        if CHECK in cell.tags:
            cells.append(Cell(id=_probe_id(cell.id), kind="code", source=""))
    return Assembled(tuple(cells), requests)


def answers(submission: Notebook) -> dict[str, str]:
    """The source of each code cell by its id; of cells with the same id the first."""
    return {cell.id: cell.source for cell in reversed(submission.code())}


def student_of(path: Path, submission: Notebook | None, student_cell: str) -> str:
    """The id in the cell ``STUDENT = "..."``, or the file's name where that cell holds none.

    An id is up to 64 letters, digits, dots, at-signs, hyphens and underlines, and begins with a letter or digit: it
    becomes a file name and a spreadsheet cell.

    >>> student_of(Path("submissions/ada.ipynb"), None, "cost-student")
    'ada'
    """
    written = _assigned(answers(submission).get(student_cell, "")) if submission else ""
    if _ID.fullmatch(written) and written != PLACEHOLDER:
        return written
    return re.sub(r"[^A-Za-z0-9._@-]", "-", path.stem).lstrip("._@-")[:64] or "unnamed"


def _assigned(source: str) -> str:
    """The text that a cell assigns to STUDENT, without running it."""
    try:
        statements = ast.parse(source[:LONGEST_CELL]).body
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return ""
    for statement in statements:
        match statement:
            case ast.Assign(targets=[ast.Name(id="STUDENT")], value=ast.Constant(value=str(text))):
                return text.strip()
    return ""


def _probe_id(check: str) -> str:
    return f"probe-{check}"


def _probe(check: str, socket: str) -> str:
    return f"import labkit.grading.answering\nlabkit.grading.answering.answer_probe({check!r}, {socket!r}, globals())"
