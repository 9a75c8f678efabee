"""The sharded index: FAISS shards on Ray actors, asked all at once, merged exactly.

A search goes::

    query -> every shard, filtered there -> the k first of each -> the k first of all

In use::

    with cluster():
        index = ShardedIndex.build(chunks, vectors, shards=4, registered=tenants)
        index.search(encoder.encode(["who runs orion?"]), k=4, principal=principal)

On disk it is a manifest that names a generation, a folder with a folder for each shard. A save writes a new
generation and then puts the manifest in place, so whoever loads finds the old index or the new one, whole.
"""

import shutil
import tempfile
import uuid
import weakref
from collections.abc import Collection, Sequence
from pathlib import Path
from types import TracebackType

from labkit.documents import Chunk, Passage, Principal, tenants
from labkit.embedding import Vectors
from labkit.index import storage
from labkit.index.access import require_corpus, require_distinct, require_principal, require_queries, require_rows
from labkit.index.fleet import Fleet, Reference
from labkit.index.kinds import IVF, Kind, require_kind
from labkit.index.partition import partition
from labkit.index.ranking import merge, passages
from labkit.index.server import Material
from labkit.settings import settings

_BY_VALUE = 1 << 16  # bytes of queries above which they go to Ray's object store once, instead of to each shard


class ShardedIndex:
    """An index over shards on Ray. Make it with ``ShardedIndex.build`` or ``ShardedIndex.load``.

    Needs a running Ray: a ``with labkit.cluster.cluster()`` block.

    Attributes:
        path: Its folder; every shard can be started again from there.
        dimension: Length of the vectors.
        registered: Tenants that may search.
        fleet: The actors.
    """

    def __init__(self, path: Path, dimension: int, registered: Collection[str], fleet: Fleet) -> None:
        self.path = path
        self.dimension = dimension
        self.registered = frozenset(registered)
        self.fleet = fleet

    @classmethod
    def build(
        cls,
        chunks: Sequence[Chunk],
        vectors: Vectors,
        shards: int = 2,
        registered: Collection[str] = (),
        kind: Kind | None = None,
        path: str | Path | None = None,
    ) -> "ShardedIndex":
        """Index chunks by their vectors; the shards are built at the same time.

        Args:
            chunks: The n chunks.
            vectors: Their vectors, shape (n, dimension), float32, rows of length 1.
            shards: How many parts; a chunk's part follows from its id.
            registered: Tenants that may search although they own none of the chunks.
            kind: Flat, IVF or HNSW; by default IVF as shipped.
            path: Folder of the index, on storage that every node of the cluster sees; by default one under the
                course's state directory that goes when this object goes.

        Raises:
            EmptyCorpus: There are no chunks.
            BadArgument: Chunks and vectors do not match, ``shards`` is below 1, or the kind is none.
        """
        require_corpus(chunks, vectors)
        require_distinct(chunks)
        kind = IVF() if kind is None else kind
        require_kind(kind)
        known = {*registered, *tenants(chunks)}
        parts = partition(chunks, shards)
        home = _temporary() if path is None else Path(path).expanduser().absolute()
        generation = home / _new_generation()
        materials = [Material([chunks[row] for row in rows], vectors[rows], kind, known) for rows in parts]
        fleet = Fleet([generation / _shard_name(number) for number in range(shards)], _in_store(materials))
        index = cls(home, vectors.shape[1], known, fleet)
        if path is None:
            weakref.finalize(index, shutil.rmtree, home, ignore_errors=True)
        index._describe(generation, [storage.sum_of(folder / storage.MANIFEST) for folder in fleet.homes])
        return index

    @classmethod
    def load(cls, path: str | Path) -> "ShardedIndex":
        """An index from its folder, with every checksum verified.

        Raises:
            StateCorrupt: The folder holds no index, or a file is not the one that was saved.
            PartialResult: A shard could not be started.
        """
        home = Path(path).expanduser().absolute()
        found = storage.read_json(home / storage.MANIFEST)
        folders = [home / found["generation"] / _shard_name(number) for number in range(len(found["shards"]))]
        for folder, checksum in zip(folders, found["shards"], strict=True):
            storage.verify(folder, checksum)
        return cls(home, found["dimension"], found["registered"], Fleet(folders))

    def search(self, vectors: Vectors, k: int, principal: Principal) -> list[list[Passage]]:
        """For each query vector the k nearest chunks that the principal may read, nearest first, ties by id.

        Args:
            vectors: Query vectors, shape (queries, dimension). Many at once share the hop through Ray.
            k: Passages wanted per query, at least 1; fewer come back only where fewer may be read.
            principal: The one who asks.

        Raises:
            AccessRefused: There is no principal.
            UnknownTenant: The principal's tenant was never registered.
            BadArgument: k is below 1, or the vectors are not of this index's dimension.
            PartialResult: A shard is lost for good; the list would be short without saying so.
        """
        require_principal(principal, self.registered)
        require_queries(vectors, k, self.dimension)
        return passages(merge(self.fleet.ask("rank", _once(vectors), k, principal), k))

    def append(self, chunks: Sequence[Chunk], vectors: Vectors) -> None:
        """Add chunks, each to its shard; once this returns they are found, and on disk.

        Raises:
            BadArgument: Chunks and vectors do not match, or a chunk differs from one that has its id.
            PartialResult: A shard is lost; the others have their part, and the same append may be repeated.
        """
        require_rows(chunks, vectors)
        require_distinct(chunks)
        require_queries(vectors, 1, self.dimension)
        known = tenants(chunks)
        parts = partition(chunks, len(self.fleet.homes))
        self.fleet.ask("append", each=[([chunks[row] for row in rows], vectors[rows], known) for rows in parts])
        if not known <= self.registered:
            self.registered |= known
            manifest = storage.read_json(self.path / storage.MANIFEST)
            storage.write_json(self.path / storage.MANIFEST, {**manifest, "registered": sorted(self.registered)})

    def delete(self, document_ids: Collection[str]) -> int:
        """Take documents out of every shard; how many chunks went. Once this returns no search finds them.

        Raises:
            PartialResult: A shard is lost; the others have deleted, and the same deletion may be repeated.
        """
        return sum(self.fleet.ask("delete", sorted(document_ids)))

    def save(self, path: str | Path) -> None:
        """Write the index as it is now to a folder, in place of an index that is there.

        The index goes on in its own folder; saved there, it takes up its journals and goes on in the new generation.
        """
        home = Path(path).expanduser().absolute()
        own = home == self.path
        generation = home / _new_generation()
        folders = [generation / _shard_name(number) for number in range(len(self.fleet.homes))]
        checksums = self.fleet.ask("save", each=[(str(folder), own) for folder in folders])
        if own:
            self.fleet.homes = folders
        self._describe(generation, checksums)

    def close(self) -> None:
        """End the actors; the folder stays, unless it was a temporary one."""
        self.fleet.stop()

    def __len__(self) -> int:
        """Living chunks, over all shards."""
        return sum(self.fleet.ask("size"))

    def __enter__(self) -> "ShardedIndex":
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _describe(self, generation: Path, checksums: Sequence[str]) -> None:
        """Put the manifest in place, then remove the generations that it no longer names."""
        home = generation.parent
        storage.write_json(
            home / storage.MANIFEST,
            {
                "format": storage.FORMAT,
                "generation": generation.name,
                "dimension": self.dimension,
                "registered": sorted(self.registered),
                "shards": list(checksums),
            },
        )
        for old in home.glob("generation-*"):
            if old != generation:
                shutil.rmtree(old, ignore_errors=True)


def _temporary() -> Path:
    folder = settings().home / "indexes"
    folder.mkdir(parents=True, exist_ok=True)
    return Path(tempfile.mkdtemp(prefix="index-", dir=folder))


def _new_generation() -> str:
    return f"generation-{uuid.uuid4().hex[:12]}"


def _shard_name(number: int) -> str:
    return f"shard-{number:03}"


def _in_store(materials: list[Material]) -> list[Reference]:
    """The materials as references, so that Ray hands each to its actor without a copy through the driver's queue."""
    import ray

    return [ray.put(material) for material in materials]


def _once(vectors: Vectors) -> Vectors | Reference:
    import ray

    return ray.put(vectors) if vectors.nbytes > _BY_VALUE else vectors
