"""The command ``python -m labkit grade``: submissions in, gradebook and pages out; and the making of exercises."""

import argparse
import os
import secrets
from collections.abc import Callable
from pathlib import Path

from labkit.errors import BadArgument
from labkit.grading import gradebook, pages
from labkit.grading.isolation import strongest
from labkit.grading.marking import Class, mark_all, recognise
from labkit.grading.stripping import out_of_step, write_exercises

EPILOG = """\
python -m labkit grade handed_in/*.ipynb --out graded    grade a class
python -m labkit grade mine.ipynb --out graded           try your own before you hand it in
python -m labkit exercises                               make exercises/ from solutions/
"""


def add_grade_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of ``grade`` to ``argparse``."""
    parser.formatter_class, parser.epilog = argparse.RawDescriptionHelpFormatter, EPILOG
    parser.add_argument("submissions", nargs="+", type=Path, metavar="SUBMISSION", help="notebooks handed in")
    parser.add_argument("--out", type=Path, required=True, metavar="DIR", help="where gradebook and pages go")
    parser.add_argument("--assignment", metavar="NAME", help="default: the one most of the submissions are of")
    parser.add_argument("--solutions", type=Path, default=Path("solutions"), metavar="DIR", help="default: solutions")
    parser.add_argument("--seed", help="draw the inputs of an earlier run again (default: fresh ones)")
    parser.add_argument(
        "--jobs", type=int, default=len(os.sched_getaffinity(0)), metavar="N", help="submissions at once"
    )


def grade_command(parsed: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Grade, write the reports, and say in one line each how it went.

    Returns:
        The exit status: 0 when every submission has its score, whatever that is.
    """
    name = parsed.assignment or recognise(parsed.submissions, parsed.solutions)
    # Inputs nobody can know beforehand are what makes copied values worthless.
    seed = parsed.seed or secrets.token_hex(8)
    isolation = strongest()
    graded = mark_all(parsed.submissions, parsed.solutions, name, seed, isolation, parsed.jobs)
    write_reports(graded, parsed.out)
    for one in graded.marked:
        flagged = f", {len(one.flags)} flags" if one.flags else ""
        say(f"{one.student:<24} {one.points:>3} of {graded.points}{flagged}")
    say(f"isolation: {isolation}")
    say(f"the gradebook is ready: {parsed.out / 'class.html'}")
    return 0


def write_reports(graded: Class, out: Path) -> None:
    """Write ``gradebook.csv``, ``gradebook.json``, ``junit.xml``, ``class.html`` and ``students/``."""
    names = _page_names(graded)
    (out / "students").mkdir(parents=True, exist_ok=True)
    for one, name in zip(graded.marked, names, strict=True):
        (out / name).write_text(pages.student_page(one, graded), encoding="utf-8")
    for name, text in {
        "gradebook.csv": gradebook.as_csv(graded),
        "gradebook.json": gradebook.as_json(graded),
        "junit.xml": gradebook.as_junit(graded),
        "class.html": pages.class_page(graded, names),
    }.items():
        (out / name).write_text(text, encoding="utf-8")


def exercises_command(parsed: argparse.Namespace, say: Callable[[str], None]) -> int:
    """Write ``exercises/`` from ``solutions/``, or with ``--check`` only say what is out of step.

    Raises:
        BadArgument: With ``--check``, when something is out of step.
    """
    if parsed.check:
        if stale := out_of_step(parsed.solutions, parsed.exercises):
            raise BadArgument(f"out of step with solutions/: {', '.join(stale)}", remedy="run: make exercises")
        return 0
    for path in write_exercises(parsed.solutions, parsed.exercises):
        say(str(path))
    return 0


def add_exercises_arguments(parser: argparse.ArgumentParser) -> None:
    """Describe the options of ``exercises`` to ``argparse``."""
    parser.add_argument("--solutions", type=Path, default=Path("solutions"), metavar="DIR")
    parser.add_argument("--exercises", type=Path, default=Path("exercises"), metavar="DIR")
    parser.add_argument("--check", action="store_true", help="write nothing; fail if they are out of step")


def _page_names(graded: Class) -> list[str]:
    """One page a submission, also where two give the same id."""
    names: list[str] = []
    for one in graded.marked:
        name, number = f"students/{one.student}.html", 2
        while name.lower() in (taken.lower() for taken in names):
            name, number = f"students/{one.student}-{number}.html", number + 1
        names.append(name)
    return names
