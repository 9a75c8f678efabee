"""Judge answers in this process: the grader's own cases and comparison, without a notebook, a kernel or a room.

That takes milliseconds where a whole run takes seconds, so that every known mistake can be a test. It is no defence
against anything; each assignment has a few submissions that go the whole way as well.
"""

import json
import os
import random
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence, Set
from contextlib import contextmanager
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from labkit.grading import Assignment, Case, Check, load
from labkit.grading.answering import answer_of
from labkit.grading.comparing import Verdict, judge
from labkit.grading.isolation import strongest
from labkit.grading.marking import Marked, mark_all
from labkit.grading.notebook import ANSWER, STUDENT, Notebook

ROOT = Path(__file__).parent.parent
SOLUTIONS, EXERCISES = ROOT / "solutions", ROOT / "exercises"
PATIENCE = 0.5  # seconds of computing, however busy the machine, for all the cases of one check


class Interrupted(BaseException):
    """What a kernel does to a cell that takes too long."""


@dataclass(frozen=True)
class Answers:
    """The answers to one assignment, by the number of the step.

    Attributes:
        name: The assignment.
        prefix: What the ids of its cells begin with.
    """

    name: str
    prefix: str

    @property
    def steps(self) -> range:
        """The numbers of its steps."""
        return range(1, len(_load(self.name).checks) + 1)

    def solved(self, step: int) -> str:
        """The source of a step's answer cell as it is solved."""
        cells = Notebook.read(SOLUTIONS / f"{self.name}.ipynb").code(ANSWER)
        return next(cell.source for cell in cells if cell.id == f"{self.prefix}-answer-{step}")

    def changed(self, step: int, *replacements: tuple[str, str]) -> dict[int, str]:
        """A step's solution with some of its text replaced, each of which must be there once."""
        source = self.solved(step)
        for before, after in replacements:
            assert source.count(before) == 1, before
            source = source.replace(before, after)
        return {step: source}

    def mark(self, sources: Mapping[int, str], student: str = "ada", blank: bool = False) -> list[Verdict]:
        """Judge the answers to some steps; the other answers are the solution's, or blank."""
        answers = {f"{self.prefix}-answer-{step}": source for step, source in sources.items()}
        return list(verdicts(self.name, answers, student, blank).values())

    def written(self, sources: Mapping[int, str], blank: bool = False) -> str:
        """The same as a file to hand in."""
        answers = {f"{self.prefix}-answer-{step}": source for step, source in sources.items()}
        notebook = Notebook.read((EXERCISES if blank else SOLUTIONS) / f"{self.name}.ipynb")
        return Notebook(tuple(replace(c, source=answers.get(c.id, c.source)) for c in notebook.cells)).text()

    def assert_lost(self, found: Sequence[Verdict], lost: Set[int], words: str = "") -> None:
        """Exactly these steps are lost, all others have their points, and the first lost one says the words."""
        without = {step for step, verdict in zip(self.steps, found, strict=True) if not verdict.points}
        assert without == lost, [verdict.words for verdict in found]
        assert {step for step, verdict in zip(self.steps, found, strict=True) if verdict.passed} == {*self.steps} - lost
        said = next((verdict.words for verdict in found if not verdict.passed), "")
        assert words in said, said


def verdicts(name: str, answers: Mapping[str, str], student: str = "ada", blank: bool = False) -> dict[str, Verdict]:
    """Run an assignment with some of its answer cells replaced, and judge it.

    Args:
        name: The assignment.
        answers: New sources, by the id of the answer cell.
        student: Whose submission it is.
        blank: Whether the other answers are blank; otherwise they are the solution's.
    """
    assignment = _load(name)
    notebook = Notebook.read((EXERCISES if blank else SOLUTIONS) / f"{name}.ipynb")
    assert set(answers) <= {cell.id for cell in notebook.code(ANSWER)}
    names: dict[str, object] = {}
    lines: dict[str, list[bytes]] = {}
    cases = _cases(name, student)
    for cell in notebook.code():
        source = f"STUDENT = {student!r}" if STUDENT in cell.tags else answers.get(cell.id, cell.source)
        if cell.id in assignment.printed:
            check = next(check for check in assignment.checks if check.id == cell.id)
            lines[cell.id] = list(_lines(check, cases[cell.id], names))
        else:
            _run(source, names)
    return {check.id: judge(check, cases[check.id], lines[check.id], "") for check in assignment.checks}


def graded(name: str, submissions: Mapping[str, str], folder: Path) -> dict[str, Marked]:
    """Grade submissions the whole way: notebook, room, kernel, nbval, and answers over the socket."""
    paths = [folder / f"{student}.ipynb" for student in submissions]
    for path in paths:
        path.write_text(submissions[path.stem])
    outcome = mark_all(paths, SOLUTIONS, name, "a seed", strongest(), jobs=2)
    return {one.student: one for one in outcome.marked}


def nbval(notebooks: Sequence[Path], folder: Path) -> list[int]:
    """The exit statuses of the plain command that anybody can run, ``pytest --nbval-lax``; all run at once."""
    plugins = ["-p", "nbval.plugin", "-p", "no:cacheprovider", "--noconftest", "-c", "/dev/null", "--rootdir=."]
    command = [sys.executable, "-m", "pytest", *plugins, "--nbval-lax", "--nbval-current-env", "-q"]
    environment = os.environ | {"PYTHONPATH": str(ROOT), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    running = []
    for number, path in enumerate(notebooks):
        copy = folder / f"{number}.ipynb"
        copy.write_bytes(path.read_bytes())
        running.append(subprocess.Popen([*command, copy.name], cwd=folder, env=environment, stdout=subprocess.DEVNULL))
    return [process.wait() for process in running]


def _run(source: str, names: dict[str, object]) -> None:
    try:
        exec(source, names)  # noqa: S102 - the tests' own sources
    except Exception as error:  # noqa: BLE001 - a cell that fails leaves the rest of the notebook running
        names["_failed"] = error


def _lines(check: Check, cases: Sequence[Case], names: dict[str, object]) -> Iterator[bytes]:
    request = json.loads(json.dumps(check.request(cases)))
    try:
        with _patience():
            for call in request["calls"] or [None]:
                yield answer_of(names, request["target"], call).encode()
    except Interrupted:
        return


@cache
def _load(name: str) -> Assignment:
    return load(SOLUTIONS, name)


@cache
def _cases(name: str, student: str) -> dict[str, list[Case]]:
    return {
        check.id: check.cases(random.Random(f"{name}/{student}/{check.id}"), student) for check in _load(name).checks
    }


@contextmanager
def _patience() -> Iterator[None]:
    def interrupt(*_: object) -> None:
        raise Interrupted

    before = signal.signal(signal.SIGPROF, interrupt)
    signal.setitimer(signal.ITIMER_PROF, PATIENCE)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)
