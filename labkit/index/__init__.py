"""Layer 3: the vector index. It returns the nearest chunks that the principal may read, and no others.

- ``ExactIndex``: stage 0's; one process, every permitted chunk compared
- ``Shard``: a part of the chunks, grouped by access, in this process
- ``LocalShards``: shards side by side in this process
- ``ShardedIndex``: shards on Ray actors, kept on disk
- ``QdrantIndex``: the peer; the same interface over Qdrant's engine
- ``audit``: adversarial questions, and a count of what should not have come back
"""

from labkit.index.access import ChangingIndex, Index, require_principal
from labkit.index.auditing import AuditReport, audit
from labkit.index.canaries import canaries
from labkit.index.drawing import copies, drawn_around
from labkit.index.exact import ExactIndex
from labkit.index.fleet import PartialResult
from labkit.index.kinds import HNSW, IVF, Flat
from labkit.index.local import LocalShards
from labkit.index.qdrant import QdrantIndex
from labkit.index.recall import recall
from labkit.index.shard import Shard
from labkit.index.sharded import ShardedIndex

__all__ = [
    "HNSW",
    "IVF",
    "AuditReport",
    "ChangingIndex",
    "ExactIndex",
    "Flat",
    "Index",
    "LocalShards",
    "PartialResult",
    "QdrantIndex",
    "Shard",
    "ShardedIndex",
    "audit",
    "canaries",
    "copies",
    "drawn_around",
    "recall",
    "require_principal",
]
