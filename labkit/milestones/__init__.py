"""Milestones: the target of each layer, the learner's prediction, the measured number and the verdict, kept on disk.

>>> from tempfile import TemporaryDirectory
>>> efficiency = Milestone(
...     id="stage-2",
...     title="Data-parallel encoding",
...     target=Target.at_least(0.8, words="parallel efficiency"),
... )
>>> with TemporaryDirectory() as folder:
...     ledger = Ledger.open(f"{folder}/milestones.json")
...     _ = ledger.predict("stage-2", 0.9)
...     record = ledger.record(efficiency, values=[0.84, 0.86, 0.85], kind=Label.MEASURED, seed=7)
>>> record.verdict.value, record.quote()
('met', '0.85 (measured, 3 repeats, 0.84-0.86)')
"""

from labkit.milestones.display import Requirement
from labkit.milestones.hardware import Hardware
from labkit.milestones.ledger import Ledger
from labkit.milestones.record import Label, Prediction, Record
from labkit.milestones.target import Direction, Milestone, Target, Verdict

__all__ = [
    "Direction",
    "Hardware",
    "Label",
    "Ledger",
    "Milestone",
    "Prediction",
    "Record",
    "Requirement",
    "Target",
    "Verdict",
]
