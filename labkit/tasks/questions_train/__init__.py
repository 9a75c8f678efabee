"""The train split's wordings of questions. None of them may occur in ``questions_heldout``."""

from labkit.tasks.questions import Questions
from labkit.tasks.questions_train.one_hop import ONE_HOP
from labkit.tasks.questions_train.three_hop import THREE_HOP
from labkit.tasks.questions_train.two_hop import TWO_HOP
from labkit.tasks.questions_train.two_skill import TWO_SKILL

__all__ = ["TRAIN_QUESTIONS"]

TRAIN_QUESTIONS = Questions(one_hop=ONE_HOP, two_hop=TWO_HOP, three_hop=THREE_HOP, two_skill=TWO_SKILL)
