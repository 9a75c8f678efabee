"""Layer 7: what a task costs, and what can be saved of it without its answer getting worse.

From the arithmetic to the measurement::

    prices, a meter            dollars of a task, from tokens that the server counted
    prefix caching             what calls share is computed once
    cascade                    the small tier answers what it is sure of; the threshold is chosen on the train split
    a hosted API, self-hosting the same harness on both, and the volume at which one becomes cheaper than the other
"""

from labkit.costs.arithmetic import (
    TokenPrice,
    autoscaled_cost_per_task,
    cascade_cost_per_task,
    cost_per_task,
    crossover_tasks_per_hour,
    self_hosted_cost_per_task,
)
from labkit.costs.billing import ask_metered
from labkit.costs.calibration import Bin, expected_calibration_error, reliability, reliability_table
from labkit.costs.cascade import Cascade, ChatCascade, Confident, course_threshold
from labkit.costs.hosted import HostedAPI, HostedSettings, hosted_api
from labkit.costs.metering import Bill, Meter, MeteredSpans, Prices, metered_reader
from labkit.costs.prefix_caching import CacheCounts, CacheReport, block_tokens, measure_caching, prompt_tokens
from labkit.costs.prefix_prediction import predicted_cached, shared_prefix
from labkit.costs.prices import ModelPrice, PriceSheet, ReplicaPrice, price_sheet
from labkit.costs.recording import Call, Recorder
from labkit.costs.self_hosting import Batch, Estimate, SelfHostOrAPI, self_hosted_price
from labkit.costs.thresholds import OperatingPoint, Trial, choose, cost_curve
from labkit.costs.trials import Question, questions_of, run_trials
from labkit.costs.usage import Usage

__all__ = [
    "Batch",
    "Bill",
    "Bin",
    "CacheCounts",
    "CacheReport",
    "Call",
    "Cascade",
    "ChatCascade",
    "Confident",
    "Estimate",
    "HostedAPI",
    "HostedSettings",
    "Meter",
    "MeteredSpans",
    "ModelPrice",
    "OperatingPoint",
    "PriceSheet",
    "Prices",
    "Question",
    "Recorder",
    "ReplicaPrice",
    "SelfHostOrAPI",
    "TokenPrice",
    "Trial",
    "Usage",
    "ask_metered",
    "autoscaled_cost_per_task",
    "block_tokens",
    "cascade_cost_per_task",
    "choose",
    "cost_curve",
    "cost_per_task",
    "course_threshold",
    "crossover_tasks_per_hour",
    "expected_calibration_error",
    "hosted_api",
    "measure_caching",
    "metered_reader",
    "predicted_cached",
    "price_sheet",
    "prompt_tokens",
    "questions_of",
    "reliability",
    "reliability_table",
    "run_trials",
    "self_hosted_cost_per_task",
    "self_hosted_price",
    "shared_prefix",
]
