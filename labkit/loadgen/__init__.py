"""Load on an endpoint, and what became of it.

*Open loop*: requests are sent when they were meant to be, whether or not earlier ones have been answered, as real
users do. Latency counts from the intended moment, so that a server which falls behind cannot hide it by slowing the
generator down (*coordinated omission*). *Closed loop*: a fixed number of callers, each of whom waits for the answer;
it saturates a server and so measures the rate it can serve.
"""

from labkit.loadgen.arrivals import poisson, recorded
from labkit.loadgen.closed import saturate
from labkit.loadgen.open import offer
from labkit.loadgen.report import LoadReport, Objective, Spread
from labkit.loadgen.timing import Timing
from labkit.loadgen.workload import Workload, random_prompts

__all__ = [
    "LoadReport",
    "Objective",
    "Spread",
    "Timing",
    "Workload",
    "offer",
    "poisson",
    "random_prompts",
    "recorded",
    "saturate",
]
