"""The harness: every task asked, every answer judged."""

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

from labkit.documents import Answer
from labkit.errors import BadArgument
from labkit.evaluation.outcome import Outcome
from labkit.evaluation.report import Report
from labkit.milestones import Hardware
from labkit.progress import bar
from labkit.scaling import require_number
from labkit.stages import Application
from labkit.tasks import Task


def evaluate(application: Application, tasks: Sequence[Task], concurrency: int = 1) -> Report:
    """Ask an application every task and judge the answers.

    Args:
        application: The application, over the corpus that the tasks are about.
        tasks: The tasks; each is asked on behalf of its own principal.
        concurrency: Tasks under way at once. More than one makes better use of a served model, and each task's
            seconds then hold the time that it waited for others. The engine of this process takes one at a time.

    Raises:
        BadArgument: There are no tasks, or the concurrency is below 1.
    """
    return judge(tasks, ask_all(application, tasks, concurrency))


def ask_all(application: Application, tasks: Sequence[Task], concurrency: int = 1) -> tuple[Answer, ...]:
    """The application's answers with their traces, in the order of the tasks; see ``evaluate``."""
    if not tasks:
        raise BadArgument("there are 0 tasks", remedy="give at least one, for instance from handbook_tasks")
    require_number("concurrency", concurrency, least=1)
    application.searchable  # noqa: B018 - built once, before tasks could race for it

    def ask(task: Task) -> Answer:
        return application.ask(task.question, task.principal)

    if concurrency == 1:
        return tuple(map(ask, bar("asking", tasks, unit="task")))
    with ThreadPoolExecutor(concurrency) as pool:
        return tuple(bar("asking", pool.map(ask, tasks), total=len(tasks), unit="task"))


def judge(tasks: Sequence[Task], answers: Sequence[Answer]) -> Report:
    """Judge answers that are there already."""
    outcomes = (Outcome.of(task, answer) for task, answer in zip(tasks, answers, strict=True))
    return Report(tuple(outcomes), Hardware.here())
