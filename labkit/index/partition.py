"""Which shard a chunk lives on: a hash of its id, the same in every process and on every machine."""

from collections.abc import Sequence
from hashlib import blake2b

import numpy as np
from numpy.typing import NDArray

from labkit.documents import Chunk
from labkit.errors import BadArgument


def shard_of(chunk_id: str, shards: int) -> int:
    """The shard of a chunk, from 0 up to ``shards`` - 1.

    Python's own ``hash`` of a string differs from process to process, so it would lose chunks.

    >>> [shard_of(f"page-{number}#0", 4) for number in range(6)]
    [2, 1, 1, 2, 0, 3]
    """
    return int.from_bytes(blake2b(chunk_id.encode(), digest_size=8).digest(), "big") % shards


def partition(chunks: Sequence[Chunk], shards: int) -> list[NDArray[np.int64]]:
    """Rows of the chunks of each shard, in their order; a shard may get none.

    Raises:
        BadArgument: ``shards`` is below 1.
    """
    if isinstance(shards, bool) or shards < 1:
        raise BadArgument(f"shards is {shards}", remedy="give at least 1")
    places = np.fromiter((shard_of(chunk.id, shards) for chunk in chunks), dtype=np.int64, count=len(chunks))
    return [np.flatnonzero(places == shard) for shard in range(shards)]
