"""Tasks with their bills: each is asked inside ``meter.task``, so that its calls are counted as its own."""

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Protocol, TypeVar

from labkit.costs.metering import Meter
from labkit.documents import Answer, Principal
from labkit.progress import bar
from labkit.scaling import require_number
from labkit.tasks import Task

Item = TypeVar("Item")
Result = TypeVar("Result")


class Asked(Protocol):
    """Whatever answers questions on behalf of somebody; ``labkit.stages.Application`` does."""

    def ask(self, question: str, principal: Principal) -> Answer:
        """Answer a question."""
        ...


def ask_metered(application: Asked, tasks: Sequence[Task], meter: Meter, concurrency: int = 1) -> tuple[Answer, ...]:
    """The application's answers in the order of the tasks; ``meter.bill_of(task.id)`` has the price of each.

    Args:
        application: The application; its model's calls go through the meter.
        tasks: The tasks; each is asked on behalf of its own principal.
        meter: The meter.
        concurrency: Tasks under way at once.

    Raises:
        BadArgument: The concurrency is below 1.
    """

    def ask(task: Task) -> Answer:
        with meter.task(task.id):
            return application.ask(task.question, task.principal)

    return in_order(ask, tasks, concurrency, "asking")


def in_order(work: Callable[[Item], Result], items: Sequence[Item], concurrency: int, doing: str) -> tuple[Result, ...]:
    """The results in the order of the items, some of which are under way at once; shows progress.

    Raises:
        BadArgument: The concurrency is below 1.
    """
    with ThreadPoolExecutor(int(require_number("concurrency", concurrency, least=1))) as pool:
        return tuple(bar(doing, pool.map(work, items), total=len(items)))
