"""The harness: every task asked, every answer judged."""

from collections.abc import Sequence

from labkit.errors import BadArgument
from labkit.evaluation.outcome import Outcome
from labkit.evaluation.report import Report
from labkit.milestones import Hardware
from labkit.progress import bar
from labkit.stages import Application
from labkit.tasks import Task


def evaluate(application: Application, tasks: Sequence[Task]) -> Report:
    """Ask an application every task, one after the other, and judge the answers.

    Args:
        application: The application, over the corpus that the tasks are about.
        tasks: The tasks; each is asked on behalf of its own principal.

    Raises:
        BadArgument: There are no tasks.
    """
    if not tasks:
        raise BadArgument("there are 0 tasks", remedy="give at least one, for instance from handbook_tasks")
    asked = bar("asking", tasks, unit="task")
    outcomes = [Outcome.of(task, application.ask(task.question, task.principal)) for task in asked]
    return Report(tuple(outcomes), Hardware.here())
