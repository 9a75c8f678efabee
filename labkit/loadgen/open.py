"""The open loop: every request at its moment, whatever became of those before."""

import asyncio
import time
from collections.abc import Sequence

from labkit.errors import BadArgument
from labkit.loadgen.apart import run_apart
from labkit.loadgen.report import LoadReport
from labkit.loadgen.sending import Sender, open_session
from labkit.loadgen.timing import Timing
from labkit.loadgen.workload import Workload
from labkit.settings import require_endpoint

LONGEST = 600.0
"""Seconds after which a request counts as lost."""


def offer(
    base: str, model: str, workload: Workload, arrivals: Sequence[float], warm_up: int = 0, longest: float = LONGEST
) -> LoadReport:
    """Offer a load and wait until its last request has been answered.

    Works in a notebook too, whose own event loop it leaves alone.

    Args:
        base: The endpoint's address up to and with ``/v1``.
        model: The model's name there.
        workload: What is asked.
        arrivals: When, in seconds from the start, in order.
        warm_up: Requests at the beginning that are sent but not reported.
        longest: Seconds after which a request counts as lost.

    Raises:
        BadArgument: No arrival is left to report, or they are out of order.
    """
    if not 0 <= warm_up < len(arrivals) or list(arrivals) != sorted(arrivals):
        raise BadArgument(
            f"there are {len(arrivals)} arrivals, {warm_up} of them to warm up",
            remedy="give arrivals in order, and more of them than warm-up",
        )
    timings = run_apart(_offer(require_endpoint(base), model, workload, arrivals, longest))
    return LoadReport(tuple(timings[warm_up:]))


async def _offer(base: str, model: str, workload: Workload, arrivals: Sequence[float], longest: float) -> list[Timing]:
    async with open_session(longest) as session:
        sender = Sender(session, base, model, workload, time.perf_counter())

        async def at(number: int, intended: float) -> Timing:
            await asyncio.sleep(intended - sender.now())
            return await sender.send(number, intended)

        return await asyncio.gather(*(at(number, intended) for number, intended in enumerate(arrivals)))
