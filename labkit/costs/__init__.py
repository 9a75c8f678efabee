"""Layer 7: what a task costs."""

from labkit.costs.arithmetic import (
    TokenPrice,
    autoscaled_cost_per_task,
    cascade_cost_per_task,
    cost_per_task,
    crossover_tasks_per_hour,
    self_hosted_cost_per_task,
)

__all__ = [
    "TokenPrice",
    "autoscaled_cost_per_task",
    "cascade_cost_per_task",
    "cost_per_task",
    "crossover_tasks_per_hour",
    "self_hosted_cost_per_task",
]
