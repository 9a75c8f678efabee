"""The closed loop: so many callers, each of whom waits for the answer before asking again."""

import asyncio
import time

from labkit.loadgen.apart import run_apart
from labkit.loadgen.report import LoadReport
from labkit.loadgen.sending import Sender, open_session
from labkit.loadgen.timing import Timing
from labkit.loadgen.workload import Workload
from labkit.scaling import require_number
from labkit.settings import require_endpoint


def saturate(
    base: str, model: str, workload: Workload, callers: int, requests: int, longest: float = 600.0
) -> LoadReport:
    """Keep a server busy with so many callers until so many requests have been answered.

    ``LoadReport.saturated_rate`` is then the server's own rate, mu. It counts until the last request is sent, so make
    ``requests`` several times ``callers``.

    Args:
        base: The endpoint's address up to and with ``/v1``.
        model: The model's name there.
        workload: What is asked.
        callers: Requests under way at once, at least 1.
        requests: Requests in all, at least 1.
        longest: Seconds after which a request counts as lost.

    Raises:
        BadArgument: A number is out of its bounds.
    """
    require_number("callers", callers, least=1)
    require_number("requests", requests, least=1)
    return LoadReport(tuple(run_apart(_saturate(require_endpoint(base), model, workload, callers, requests, longest))))


async def _saturate(
    base: str, model: str, workload: Workload, callers: int, requests: int, longest: float
) -> list[Timing]:
    numbers = iter(range(requests))
    async with open_session(longest) as session:
        sender = Sender(session, base, model, workload, time.perf_counter())

        async def caller() -> list[Timing]:
            return [await sender.send(number, sender.now()) for number in numbers]

        told = await asyncio.gather(*(caller() for _ in range(callers)))
    return sorted((timing for one in told for timing in one), key=lambda timing: timing.sent)
