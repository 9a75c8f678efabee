"""What a submission changed that was not its to change. It costs nothing, since none of it runs; it is reported."""

import re
from collections.abc import Iterable

from labkit.grading.notebook import ANSWER, CHECK, STUDENT, Cell, Notebook

SKIPPING = {"nbval-skip", "raises-exception", "nbval-raises-exception", "skip-execution", "nbval-ignore-output"}


def tampered(submission: Notebook, blank: Notebook, printed: dict[str, str]) -> list[str]:
    """What was done to the course's own cells, in words.

    A check may store what it prints when it passes, or an error: that is what running it leaves behind. Anything
    else was put there.
    """
    found = {cell.id: cell for cell in reversed(submission.code())}
    flags: list[str] = []
    for cell in blank.code():
        if cell.id in found:
            flags += _changes(found[cell.id], cell, printed.get(cell.id, ""))
        else:
            flags.append(f"{_name(cell)} was deleted")
    order = [cell.id for cell in submission.code() if cell.id in {trusted.id for trusted in blank.code()}]
    if len(order) != len(set(order)):
        flags.append("two cells carry the same id; the first was taken")
    elif order != [cell.id for cell in blank.code() if cell.id in found]:
        flags.append("the course's cells were put in another order")
    return flags


def left_out(submission: Notebook, blank: Notebook) -> list[str]:
    """What an honest student should know about cells that were not graded."""
    known = {cell.id for cell in blank.cells}
    own = sum(1 for cell in submission.code() if cell.id not in known and cell.source.strip())
    if not own:
        return []
    count = "one cell of your own was" if own == 1 else f"{own} cells of your own were"
    return [f"{count} not run: put imports and helper functions into the answer cells"]


def imported_hidden(submission: Notebook, blank: Notebook, hidden: Iterable[str]) -> list[str]:
    """What a student should know whose answers import a part of labkit that the room does not show."""
    trusted = {cell.id for cell in blank.code(ANSWER)}
    answers = "\n".join(cell.source for cell in submission.code() if cell.id in trusted)
    return [
        f"your answers import `{module}`, which holds what you are to write: it is not there when they are graded"
        for module in hidden
        if re.search(rf"^\s*(from|import)\s.*{_imported(module)}", answers, re.MULTILINE)
    ]


def _imported(module: str) -> str:
    """The pattern of a module's name in an import: ``labkit.quorum``, or ``labkit import quorum``."""
    package, _, name = module.rpartition(".")
    return rf"\b{re.escape(package)}(\.|\s+import\s.*\b){re.escape(name)}\b"


def _changes(found: Cell, trusted: Cell, printed: str) -> list[str]:
    changes = []
    if trusted.tags.isdisjoint({ANSWER, STUDENT}) and found.source.strip() != trusted.source.strip():
        changes.append(f"{_name(trusted)} was edited")
    if added := sorted((found.tags - trusted.tags) & SKIPPING):
        changes.append(f"{_name(trusted)} was tagged {', '.join(added)}")
    elif trusted.tags - found.tags:
        changes.append(f"{_name(trusted)} lost its tag {', '.join(sorted(trusted.tags - found.tags))}")
    if CHECK in trusted.tags and found.outputs and not found.failed and found.printed != printed:
        changes.append(f"the stored output of {_name(trusted)} is none that it prints")
    return changes


def _name(cell: Cell) -> str:
    role = next((role for role in (CHECK, ANSWER, STUDENT) if role in cell.tags), "given")
    return f"the {role} cell {cell.id}"
