"""Task sets with ground truth, and the scoring that says whether an answer is a success."""

from labkit.tasks.generation import HANDBOOK_KINDS, handbook_tasks
from labkit.tasks.intervals import bootstrap_interval, wilson_interval
from labkit.tasks.multihop import MultiHop, load_multihop
from labkit.tasks.normalisation import exact_match, f1, normalise
from labkit.tasks.scoring import Score, score
from labkit.tasks.task import NOTHING_FORBIDDEN, Forbidden, Hop, Kind, Skill, Task

__all__ = [
    "HANDBOOK_KINDS",
    "NOTHING_FORBIDDEN",
    "Forbidden",
    "Hop",
    "Kind",
    "MultiHop",
    "Score",
    "Skill",
    "Task",
    "bootstrap_interval",
    "exact_match",
    "f1",
    "handbook_tasks",
    "load_multihop",
    "normalise",
    "score",
    "wilson_interval",
]
