"""A run: the tasks that a folder does not hold yet are asked by somebody, and all of them come back."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path

from labkit.costs import TokenPrice
from labkit.documents import Answer
from labkit.errors import BadArgument
from labkit.evaluation.page import report_page
from labkit.evaluation.report import Report
from labkit.evaluation.run_folder import Finished, at_work_in, finished_in, hardware_of
from labkit.progress import bar
from labkit.stages import Application
from labkit.tasks import Task

Deal = Callable[[Sequence[int]], Iterator[Finished]]
"""Asks the tasks with these numbers, in any order, and yields each as it is finished."""


@dataclass(frozen=True)
class Run:
    """A finished evaluation, as its folder holds it.

    Attributes:
        path: The folder.
        report: What came of the tasks, in their order.
        finished: The tasks as they were finished, in the same order.
    """

    path: Path
    report: Report
    finished: tuple[Finished, ...] = field(repr=False)

    @cached_property
    def answers(self) -> tuple[Answer, ...]:
        """The whole answers with their traces, in the order of the tasks."""
        return tuple(one.answer for one in self.finished)

    @property
    def workers(self) -> tuple[str, ...]:
        """Which process asked each task: host and process id."""
        return tuple(one.worker for one in self.finished)

    @classmethod
    def load(cls, path: str | Path, price: TokenPrice | None = None) -> "Run":
        """Read a run back, also one that was broken off: what it has is all there is.

        Args:
            path: Its folder.
            price: What a token costs.

        Raises:
            StateCorrupt: The folder holds no run, or a file in it is none of a run's.
        """
        folder = Path(path).expanduser().absolute()
        hardware, found = hardware_of(folder), finished_in(folder)
        done = tuple(found[number] for number in sorted(found))
        return cls(folder, Report(tuple(one.outcome for one in done), hardware, price), done)


def carry_out(
    application: Application, tasks: Sequence[Task], folder: str | Path, deal: Deal, price: TokenPrice | None
) -> Run:
    """Have the tasks asked that the folder does not hold yet, keep each as it comes, and write the page.

    Raises:
        BadArgument: There are no tasks, or the folder holds another run or is taken.
    """
    if not tasks:
        raise BadArgument("there are 0 tasks", remedy="give at least one, for instance from handbook_tasks")
    path = Path(folder).expanduser().absolute()
    with at_work_in(path, application, tasks) as kept, bar("asking", total=len(tasks), unit="task") as steps:
        missing = sorted(set(range(len(tasks))) - set(kept.finished()))
        steps.update(len(tasks) - len(missing))
        for one in deal(missing) if missing else ():
            kept.keep(one)
            steps.update()
        kept.join()
    found = Run.load(path, price)
    (path / "report.html").write_text(report_page(found.report), encoding="utf-8")
    return found
