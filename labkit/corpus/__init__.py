"""Corpora: the generated handbook, and loaders for a learner's own files."""

from labkit.corpus.facts import CANARY, Fact, Relation
from labkit.corpus.generator import Handbook, handbook
from labkit.corpus.loading import Loaded, Note, load_folder, load_jsonl
from labkit.corpus.names import Split

__all__ = [
    "CANARY",
    "Fact",
    "Handbook",
    "Loaded",
    "Note",
    "Relation",
    "Split",
    "handbook",
    "load_folder",
    "load_jsonl",
]
