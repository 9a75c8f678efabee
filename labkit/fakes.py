"""Small stand-ins for the heavy parts, for tests of whatever lies between them; no measurement may use one.

They keep the interfaces and nothing else: a fake encoder knows no meaning, a fake model says what it was told.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from labkit.documents import UNKNOWN, Passage
from labkit.embedding import Vectors
from labkit.errors import BadArgument
from labkit.reading import Reading, grounded


@dataclass(frozen=True)
class FakeEncoder:
    """Gives every text a random direction of its own, the same in every process.

    >>> FakeEncoder(8).encode(["a", "b", "a"]).shape
    (3, 8)

    Attributes:
        dimension: Length of the vectors, at least 1.
    """

    dimension: int = 16

    def __post_init__(self) -> None:
        if self.dimension < 1:
            raise BadArgument(f"dimension is {self.dimension}", remedy="give at least 1")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (texts, dimension), rows of length 1."""
        rows = np.empty((len(texts), self.dimension), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            seed = int.from_bytes(hashlib.sha256(text.encode()).digest()[:8])
            direction = np.random.default_rng(seed).normal(size=self.dimension)
            row[:] = direction / np.linalg.norm(direction)
        return rows


@dataclass(frozen=True)
class FakeModel:
    """Says what it was told to say to a question, and is grounded and billed like a real model.

    >>> FakeModel({"Which cluster?": "orion"}).read("Which cluster?", []).text
    'unknown'

    Attributes:
        replies: Reply by question; other questions get ``UNKNOWN``.
    """

    replies: Mapping[str, str] = field(default_factory=dict)

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """The reply, if the passages bear it out; a token is a word here."""
        said = self.replies.get(question, UNKNOWN)
        support = grounded(question, said, passages)
        read = len(question.split()) + sum(len(passage.chunk.text.split()) for passage in passages)
        return Reading(said if support else UNKNOWN, support, said, read, len(said.split()))
