"""Layer 8: one harness that measures every stage.

It asks an application every task, judges each answer, and reports success *and* price together, by kind of
task: a system that always abstains is right about everything that cannot be answered, and useless.
"""

from labkit.evaluation.harness import evaluate
from labkit.evaluation.outcome import Outcome, Rate
from labkit.evaluation.recall import evidence_recall
from labkit.evaluation.report import Report

__all__ = ["Outcome", "Rate", "Report", "evaluate", "evidence_recall"]
