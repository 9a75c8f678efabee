"""The measurements of the assignment *Self-host or API*, one set for each student: made up, in the form of real ones.

The same tasks were run several times at an API, which says with every reply what was used, in the form of OpenAI's
``usage``. One replica of one's own was given more than it could do, a few times, and timed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random

from labkit.assignments.drawing import drawn_for

Call = Mapping[str, str | Mapping[str, int]]
"""A recorded call: its ``task``, and its ``usage``: ``prompt_tokens``, ``completion_tokens``, ``total_tokens``."""

T95 = {3: 4.302653, 4: 3.182446, 5: 2.776445, 6: 2.570582, 7: 2.446912, 8: 2.364624}
"""Student's t for a 95 % interval of a mean, by the number of measurements n (so with n - 1 degrees of freedom).

Source: Student, "The probable error of a mean", Biometrika 6 (1908), 1-25.
"""


@dataclass(frozen=True)
class Rivals:
    """One student's API and fleet.

    Attributes:
        runs: The calls of each run of the tasks at the API.
        trials: What one busy replica did: ``tasks`` in so many ``seconds``, a trial an entry.
        input_price: Dollars for a million tokens read, at the API.
        output_price: Dollars for a million tokens written, at the API.
        dollars_per_hour: Price of one replica for an hour, busy or idle.
        utilisation: The share of the time a replica may be busy.
        peak: Tasks an hour that the fleet is built for.
        volumes: Tasks an hour at which to decide, by name.
    """

    runs: tuple[tuple[Call, ...], ...]
    trials: tuple[Mapping[str, float], ...]
    input_price: float
    output_price: float
    dollars_per_hour: float
    utilisation: float
    peak: float
    volumes: Mapping[str, float]


def rivals_for(student: str) -> Rivals:
    """The measurements of one student: always the same for the same id.

    >>> rivals_for("ada") == rivals_for("ada") != rivals_for("grace")
    True

    Args:
        student: The id the course knows the student by.

    Raises:
        BadArgument: An empty id.
    """
    draw = drawn_for(student, "self-host or API")
    tasks = [(draw.randint(3, 6), draw.randint(900, 2600), draw.randint(80, 320)) for _ in range(6)]
    pace, peak = draw.uniform(6, 11), draw.randrange(2000, 6000, 100)  # seconds a task, tasks an hour
    trials = tuple(_trial(draw, pace) for _ in range(4))
    return Rivals(
        runs=tuple(_run(draw, tasks) for _ in range(draw.choice([4, 5, 6]))),
        trials=trials,
        input_price=draw.choice([2, 2.5, 3, 4]),
        output_price=draw.choice([10, 12, 15, 18]),
        dollars_per_hour=draw.choice([1, 1.5, 2, 2.5]),
        utilisation=draw.choice([0.6, 0.65, 0.7, 0.75, 0.8]),
        peak=peak,
        volumes={"night": round(peak * 0.03), "day": round(peak * 0.9), "launch": peak * draw.choice([2, 3])},
    )


def _run(draw: Random, tasks: Sequence[tuple[int, int, int]]) -> tuple[Call, ...]:
    """The tasks once: an agent does not take the same way twice, nor say the same."""
    calls: list[Call] = []
    for number, (usual, read, written) in enumerate(tasks, start=1):
        for _ in range(max(2, usual + draw.choice([-1, 0, 0, 1]))):
            prompt, completion = int(read * draw.uniform(0.9, 1.1)), int(written * draw.uniform(0.7, 1.3))
            usage = {"prompt_tokens": prompt, "completion_tokens": completion, "total_tokens": prompt + completion}
            calls.append({"task": f"task {number}", "usage": usage})
    return tuple(calls)


def _trial(draw: Random, pace: float) -> Mapping[str, float]:
    tasks = draw.choice([20, 30, 40, 60])
    return {"tasks": tasks, "seconds": round(tasks * pace * draw.uniform(0.93, 1.07), 1)}
