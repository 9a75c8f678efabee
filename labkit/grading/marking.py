"""Grade submissions: one after the other or several at once, with the same outcome."""

import multiprocessing
import random
from collections import Counter
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field, replace
from pathlib import Path

from labkit.errors import BadArgument, UnreadableSource
from labkit.grading import assignment as assignments
from labkit.grading.assembling import assemble, student_of
from labkit.grading.assignment import Assignment
from labkit.grading.comparing import Verdict, judge
from labkit.grading.isolation import Isolation
from labkit.grading.notebook import STUDENT, Notebook
from labkit.grading.running import Run, adopt_orphans, run
from labkit.grading.tampering import imported_hidden, left_out, tampered


@dataclass(frozen=True)
class Marked:
    """One graded submission.

    Attributes:
        student: The student's id.
        file: Name of the file that was handed in.
        verdicts: One for each check.
        visible: What the student's own check cells said under nbval, by check; for information.
        problem: Why it could not be read or was stopped; empty otherwise.
        flags: What was tampered with; costs nothing.
        notes: What the student should know.
    """

    student: str
    file: str
    verdicts: tuple[Verdict, ...]
    visible: dict[str, bool] = field(default_factory=dict)
    problem: str = ""
    flags: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def points(self) -> int:
        """The points earned."""
        return sum(verdict.points for verdict in self.verdicts)


@dataclass(frozen=True)
class Class:
    """All graded submissions of one assignment.

    Attributes:
        assignment: Its name.
        points: The most that can be earned.
        seed: What the inputs were drawn from: the same seed asks the same again.
        isolation: How submissions were kept apart, in words.
        marked: The submissions, in the order they were given.
    """

    assignment: str
    points: int
    seed: str
    isolation: str
    marked: tuple[Marked, ...]


def mark(submission: Path, assignment: Assignment, seed: str, isolation: Isolation) -> Marked:
    """Grade one submission."""
    [student_cell] = assignment.blank.code(STUDENT)
    try:
        notebook = Notebook.read(submission)
    except UnreadableSource as error:
        return _unmarked(submission, assignment, str(error))
    student = student_of(submission, notebook, student_cell.id)
    cases = {
        check.id: check.cases(random.Random(f"{seed}/{assignment.name}/{student}/{check.id}"), student)
        for check in assignment.checks
    }
    requests = {check.id: (check.request(cases[check.id]), len(cases[check.id])) for check in assignment.checks}
    assembled = assemble(assignment.blank, notebook, student, requests)
    done: Run = run(assembled, assignment.limits, isolation, assignment.hidden)
    return Marked(
        student,
        submission.name,
        tuple(judge(c, cases[c.id], done.received.get(c.id), done.ended) for c in assignment.checks),
        visible={check.id: done.visible[check.id] for check in assignment.checks if check.id in done.visible},
        problem=done.ended,
        flags=tuple(tampered(notebook, assignment.blank, assignment.printed)),
        notes=(*left_out(notebook, assignment.blank), *imported_hidden(notebook, assignment.blank, assignment.hidden)),
    )


def mark_all(
    submissions: Sequence[Path], solutions: Path, name: str, seed: str, isolation: Isolation, jobs: int
) -> Class:
    """Grade submissions on several workers. The outcome does not depend on how many: no run knows of another.

    Raises:
        BadArgument: No submission, fewer than one worker, or an unknown assignment.
    """
    if not submissions:
        raise BadArgument("there is no submission", remedy="name at least one .ipynb file")
    if jobs < 1:
        raise BadArgument(f"jobs is {jobs}", remedy="give at least 1")
    assignment = assignments.load(solutions, name)

    def apart(path: Path) -> Marked:
        # A process for each: it adopts and ends what the submission leaves behind, and is all that can break.
        context = multiprocessing.get_context("spawn")
        with ProcessPoolExecutor(1, context, initializer=adopt_orphans) as worker:
            try:
                return worker.submit(_mark, path, solutions, name, seed, isolation).result()
            except BrokenProcessPool:
                return _unmarked(path, assignment, "it ended the process that graded it")

    with ThreadPoolExecutor(jobs) as waiting:
        marked = list(waiting.map(apart, submissions))
    return Class(name, assignment.points, seed, str(isolation), tuple(_named_apart(marked)))


def recognise(submissions: Sequence[Path], solutions: Path) -> str:
    """The assignment that most of the submissions are of, by the ids of their cells.

    Raises:
        BadArgument: None of them has a cell of any assignment.
    """
    ids = {
        name: {cell.id for cell in assignments.load(solutions, name).blank.code()}
        for name in assignments.names(solutions)
    }
    votes: Counter[str] = Counter()
    for path in submissions:
        try:
            found = {cell.id for cell in Notebook.read(path).code()}
        except UnreadableSource:
            continue
        votes.update(name for name, known in ids.items() if len(found & known) > len(known) / 2)
    if not votes:
        raise BadArgument(
            "no submission can be recognised by the ids of its cells",
            remedy=f"name the assignment with --assignment: {', '.join(ids) or 'there is none'}",
        )
    return votes.most_common(1)[0][0]


def _mark(submission: Path, solutions: Path, name: str, seed: str, isolation: Isolation) -> Marked:
    """``mark`` for another process, to which checks cannot be sent: they are functions."""
    return mark(submission, assignments.load(solutions, name), seed, isolation)


def _unmarked(submission: Path, assignment: Assignment, problem: str) -> Marked:
    """A submission of which nothing could be run."""
    verdicts = tuple(judge(check, [], None, problem) for check in assignment.checks)
    return Marked(student_of(submission, None, ""), submission.name, verdicts, problem=problem)


def _named_apart(marked: Sequence[Marked]) -> list[Marked]:
    """Two submissions under one id are both kept, and both flagged: one of them may be somebody else's."""
    count = Counter(one.student for one in marked)
    return [
        replace(one, flags=(*one.flags, f"{count[one.student]} submissions give the student id {one.student}"))
        if count[one.student] > 1
        else one
        for one in marked
    ]
