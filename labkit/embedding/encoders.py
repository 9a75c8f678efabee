"""What an application needs of an encoder, and the two that run in one process as they come.

Stage 0's hashing encoder, and sentence-transformers, the reference that every faster path is tested against.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Protocol

import numpy as np
from numpy.typing import NDArray

from labkit import baseline
from labkit.pretrained import encoder_folder
from labkit.settings import quiet_engines, settings

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

Vectors = NDArray[np.float32]
"""Shape (texts, dimension); each row has length 1, or 0 for a text without words."""


class Encoder(Protocol):
    """What an application needs of its encoder."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (texts, dimension), float32, in the order given."""
        ...


@dataclass(frozen=True)
class HashingEncoder:
    """Stage 0's encoder: a bag of words hashed into 64 buckets (see ``labkit.baseline.encode``)."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (texts, 64).

        >>> HashingEncoder().encode(["one file", "a fleet"]).shape
        (2, 64)
        """
        rows = [baseline.encode(text) for text in texts]
        return np.array(rows, dtype=np.float32).reshape(len(texts), baseline.DIMENSION)


@dataclass(frozen=True)
class SentenceEncoder:
    """The sentence encoder that the settings name, by default all-MiniLM-L6-v2 (384 dimensions).

    Attributes:
        batch: Texts encoded at once; longer texts are batched with texts of like length.
    """

    batch: int = 32

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (texts, dimension of the encoder)."""
        vectors = sentence_transformer().encode(
            list(texts),
            batch_size=self.batch,
            normalize_embeddings=True,
            convert_to_numpy=True,
            show_progress_bar=False,
        )
        return np.asarray(vectors, dtype=np.float32).reshape(len(texts), -1)


@cache
def sentence_transformer(folder: str | None = None, device: str | None = None) -> "SentenceTransformer":
    """The encoder in ``folder``, by default the one that the settings name, as sentence-transformers loads it."""
    quiet_engines()
    import torch
    from sentence_transformers import SentenceTransformer
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    if folder is None:
        torch.set_num_threads(settings().threads)
    return SentenceTransformer(
        folder or str(encoder_folder()), device=device or ("cuda" if torch.cuda.is_available() else "cpu")
    )
