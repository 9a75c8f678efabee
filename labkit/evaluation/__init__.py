"""Layer 8: one harness that measures every stage.

It asks an application every task, judges each answer, and reports success *and* price together, by kind of
task: a system that always abstains is right about everything that cannot be answered, and useless.
"""

from labkit.evaluation.causes import Cause, cause
from labkit.evaluation.comparison import Comparison, mcnemar, paired_interval
from labkit.evaluation.harness import ask_all, evaluate, judge
from labkit.evaluation.outcome import Outcome, Rate
from labkit.evaluation.recall import evidence_recall
from labkit.evaluation.report import Report
from labkit.evaluation.supporting import MultiHopScores, multihop_scores

__all__ = [
    "Cause",
    "Comparison",
    "MultiHopScores",
    "Outcome",
    "Rate",
    "Report",
    "ask_all",
    "cause",
    "evaluate",
    "evidence_recall",
    "judge",
    "mcnemar",
    "multihop_scores",
    "paired_interval",
]
