"""Layer 2: texts become vectors of length 1, so that a dot product is a cosine.

    texts -> parcels of like length -> one model a worker -> vectors in the order given, or blocks on disk

The move is the one of every layer: partition the texts, move only what must move (text out, vectors back, or
nothing at all where workers write their own blocks), recombine in the order given. Three engines do the same work
and give the same vectors: one process, a pool of Ray actors, and ``torch.distributed``.
"""

from labkit.embedding.dealing import deal, like_length_batches, parcels
from labkit.embedding.encoders import Encoder, HashingEncoder, SentenceEncoder, Vectors
from labkit.embedding.local import local_model
from labkit.embedding.model import Precision, TextModel, fast_bfloat16
from labkit.embedding.peak import flops_per_token, matmul_rate
from labkit.embedding.pool import EncoderPool
from labkit.embedding.pooled import PooledEncoder
from labkit.embedding.shards import Shards
from labkit.embedding.spmd import encode_spmd

__all__ = [
    "Encoder",
    "EncoderPool",
    "HashingEncoder",
    "PooledEncoder",
    "Precision",
    "SentenceEncoder",
    "Shards",
    "TextModel",
    "Vectors",
    "deal",
    "encode_spmd",
    "fast_bfloat16",
    "flops_per_token",
    "like_length_batches",
    "local_model",
    "matmul_rate",
    "parcels",
]
