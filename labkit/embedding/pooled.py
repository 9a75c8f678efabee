"""Stage 2's encoder: a fleet for the corpus, a model at hand for the question."""

from collections.abc import Sequence
from dataclasses import dataclass

from labkit.cluster import cluster
from labkit.embedding.encoders import Vectors
from labkit.embedding.local import local_model
from labkit.embedding.model import Precision
from labkit.embedding.pool import EncoderPool
from labkit.errors import BadArgument


@dataclass(frozen=True)
class PooledEncoder:
    """The encoder that the settings name: many texts on a pool of Ray actors, few in this process.

    Starting actors takes seconds, and a head of Ray's own more. A question is one text and must not wait for that,
    so only a corpus goes to the pool.

    Attributes:
        workers: Actors, by default one a GPU or core of the cluster.
        few: Up to this many texts are encoded in this process.
        precision: What to compute in.
    """

    workers: int | None = None
    few: int = 1_000
    precision: Precision = Precision.FLOAT32

    def __post_init__(self) -> None:
        if self.workers is not None and self.workers < 1:
            raise BadArgument(f"workers is {self.workers}", remedy="give at least 1")
        if self.few < 0:
            raise BadArgument(f"few is {self.few}", remedy="give 0 or more")

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of shape (texts, dimension of the encoder), in the order given.

        Raises:
            EngineFailure: Ray could not be started, or a worker failed for good.
        """
        if len(texts) <= self.few:
            return local_model(self.precision).encode(texts)
        with cluster(self.workers), EncoderPool(self.workers, self.precision) as pool:
            return pool.encode(texts)
