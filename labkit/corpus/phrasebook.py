"""The wordings and the prose of a split."""

from labkit.corpus.names import Split
from labkit.corpus.phrases import Phrases
from labkit.corpus.phrases_heldout import HELDOUT
from labkit.corpus.phrases_train import TRAIN
from labkit.corpus.prose import Prose
from labkit.corpus.prose_heldout import HELDOUT_PROSE
from labkit.corpus.prose_train import TRAIN_PROSE

PHRASES: dict[Split, Phrases] = {Split.TRAIN: TRAIN, Split.HELDOUT: HELDOUT}
PROSE: dict[Split, Prose] = {Split.TRAIN: TRAIN_PROSE, Split.HELDOUT: HELDOUT_PROSE}
