"""Several shards in one process: scatter-gather without a cluster, to show and test that it changes no result."""

from collections.abc import Collection, Sequence

from labkit.documents import Chunk, Passage, Principal, tenants
from labkit.embedding import Vectors
from labkit.index.access import require_corpus, require_distinct, require_rows
from labkit.index.kinds import Kind
from labkit.index.partition import partition
from labkit.index.ranking import merge, passages
from labkit.index.shard import Shard


class LocalShards:
    """Shards side by side in this process, each with its part of the chunks. Build it with ``LocalShards.build``.

    Attributes:
        shards: The shards; a chunk lives on ``partition.shard_of(chunk.id, len(shards))``.
    """

    def __init__(self, shards: Sequence[Shard]) -> None:
        self.shards = list(shards)

    @classmethod
    def build(
        cls,
        chunks: Sequence[Chunk],
        vectors: Vectors,
        shards: int = 1,
        registered: Collection[str] = (),
        kind: Kind | None = None,
    ) -> "LocalShards":
        """Index chunks by their vectors; arguments and errors are those of ``ShardedIndex.build``."""
        require_corpus(chunks, vectors)
        require_distinct(chunks)
        known = {*registered, *tenants(chunks)}
        return cls(
            [
                Shard.build([chunks[row] for row in rows], vectors[rows], kind, known)
                for rows in partition(chunks, shards)
            ]
        )

    def search(self, vectors: Vectors, k: int, principal: Principal) -> list[list[Passage]]:
        """Ask every shard for its k first, and keep the k first of those."""
        return passages(merge([shard.rank(vectors, k, principal) for shard in self.shards], k))

    def append(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Add each chunk to its shard; every shard learns of new tenants."""
        require_rows(chunks, vectors)
        known = tenants(chunks)
        for shard, rows in zip(self.shards, partition(chunks, len(self.shards)), strict=True):
            shard.append([chunks[row] for row in rows], vectors[rows], known)

    def delete(self, document_ids: Collection[str]) -> int:
        """Take documents out of every shard that has a part of them; how many chunks went."""
        return sum(shard.delete(document_ids) for shard in self.shards)
