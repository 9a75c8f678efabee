"""Layer 8: one harness that measures every stage.

It asks an application every task, judges each answer, and reports success *and* price together, by kind of
task: a system that always abstains is right about everything that cannot be answered, and useless.
"""

from labkit.evaluation.causes import Cause, cause
from labkit.evaluation.change import Change
from labkit.evaluation.cold_start import cold
from labkit.evaluation.comparison import Comparison, mcnemar, paired_interval
from labkit.evaluation.distributed import EvaluationPool, evaluate_on_ray
from labkit.evaluation.harness import ask_all, evaluate, judge
from labkit.evaluation.outcome import Outcome, Rate
from labkit.evaluation.page import report_page
from labkit.evaluation.profile import Profile
from labkit.evaluation.ragas_agreement import Agreement, ragas_agreement
from labkit.evaluation.recall import evidence_recall
from labkit.evaluation.report import Report
from labkit.evaluation.run import Run
from labkit.evaluation.scoreboard import EIGHT, Scoreboard, StageResult, reached
from labkit.evaluation.supporting import MultiHopScores, multihop_scores

__all__ = [
    "EIGHT",
    "Agreement",
    "Cause",
    "Change",
    "Comparison",
    "EvaluationPool",
    "MultiHopScores",
    "Outcome",
    "Profile",
    "Rate",
    "Report",
    "Run",
    "Scoreboard",
    "StageResult",
    "ask_all",
    "cause",
    "cold",
    "evaluate",
    "evaluate_on_ray",
    "evidence_recall",
    "judge",
    "mcnemar",
    "multihop_scores",
    "paired_interval",
    "ragas_agreement",
    "reached",
    "report_page",
]
