"""The workload of the assignment *Cost and replicas*: an application, its load and its prices, one for each student."""

from dataclasses import dataclass

from labkit.assignments.drawing import drawn_for


@dataclass(frozen=True)
class Workload:
    """An agent application that has to be paid for.

    Attributes:
        calls: Model calls of one task.
        input_tokens: Tokens read in one call.
        output_tokens: Tokens written in one call.
        input_price: Dollars for a million tokens read.
        output_price: Dollars for a million tokens written.
        tasks_per_second: Tasks that arrive in a second, on average.
        service_rate: Tasks that one replica completes in a second when it is always busy.
        utilisation: The share of the time a replica may be busy.
        dollars_per_hour: Price of one replica for an hour, busy or idle.
    """

    calls: int
    input_tokens: int
    output_tokens: int
    input_price: float
    output_price: float
    tasks_per_second: float
    service_rate: float
    utilisation: float
    dollars_per_hour: float

    @property
    def task(self) -> dict[str, float]:
        """What decides the price of one task by the token, as keyword arguments."""
        names = ("calls", "input_tokens", "output_tokens", "input_price", "output_price")
        return {name: getattr(self, name) for name in names}

    @property
    def load(self) -> dict[str, float]:
        """What decides how many replicas it takes, as keyword arguments."""
        return {name: getattr(self, name) for name in ("tasks_per_second", "service_rate", "utilisation")}


REFERENCE = Workload(8, 2000, 400, 3, 15, 25, 5, 0.7, 2)
"""The workload of the chapter, which the ones of the students are variations of."""


def workload_for(student: str) -> Workload:
    """The workload of one student: always the same for the same id.

    >>> workload_for("ada") == workload_for("ada") != workload_for("grace")
    True

    Args:
        student: The id the course knows the student by.

    Raises:
        BadArgument: An empty id.
    """
    draw = drawn_for(student, "cost and replicas")
    service_rate, utilisation = draw.choice([3, 4, 6, 7]), draw.choice([0.55, 0.65, 0.7, 0.75, 0.8])
    # A whole number of replicas is left out: float noise would decide between it and the next.
    loads = [load for load in range(17, 61) if 0.05 < load / (service_rate * utilisation) % 1 < 0.95]
    return Workload(
        calls=draw.randint(5, 12),
        input_tokens=draw.randrange(1200, 4001, 100),
        output_tokens=draw.randrange(150, 801, 50),
        input_price=draw.choice([1, 2, 3, 4]),
        output_price=draw.choice([8, 10, 12, 15, 18]),
        tasks_per_second=draw.choice(loads),
        service_rate=service_rate,
        utilisation=utilisation,
        dollars_per_hour=draw.choice([1.5, 2, 2.5, 3, 4]),
    )
