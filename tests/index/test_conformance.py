"""One suite for every index: the exact one, shards in process, shards on Ray, and the peer."""

import numpy as np
import pytest

from labkit.documents import SHARED, Access, Chunk, Document, Principal
from labkit.errors import AccessRefused, BadArgument, EmptyCorpus, UnknownTenant
from labkit.index import HNSW, IVF, ExactIndex, Flat, LocalShards, QdrantIndex, Shard, ShardedIndex


def shards_of(kind, count):
    return lambda chunks, vectors, registered=(): LocalShards.build(chunks, vectors, count, registered, kind)


def one_shard(kind):
    return lambda chunks, vectors, registered=(): Shard.build(chunks, vectors, kind, registered)


def on_ray(chunks, vectors, registered=()):
    return ShardedIndex.build(chunks, vectors, 2, registered, IVF(recall=1.0, smallest=20))


LOCAL = {
    "flat shard": one_shard(Flat()),
    "ivf shard": one_shard(IVF(recall=1.0, smallest=20)),
    "hnsw shard": one_shard(HNSW(smallest=20, breadth=200)),
    "three local shards": shards_of(Flat(), 3),
    "qdrant": QdrantIndex.build,
}
ON_RAY = {"ivf on ray": on_ray}
CHANGING = {**LOCAL, **ON_RAY}


@pytest.fixture(params=["exact", *CHANGING])
def build(request, home):  # noqa: ARG001 - indexes go to a folder of this test's own
    if request.param in ON_RAY:
        request.getfixturevalue("ray_cluster")
    return {"exact": ExactIndex.build, **CHANGING}[request.param]


@pytest.fixture(params=CHANGING)
def build_changing(request, home):  # noqa: ARG001
    if request.param in ON_RAY:
        request.getfixturevalue("ray_cluster")
    return CHANGING[request.param]


def test_finds_what_a_sort_over_the_permitted_finds(build, world, ids):
    index = build(world.chunks, world.vectors, registered=world.tenants)
    for principal in (world.member, world.clerk, world.intruder, Principal("e", "empty")):
        for k in (1, 7, 500):
            expected = [world.nearest(query, k, principal) for query in world.queries]
            assert ids(index.search(world.queries, k, principal)) == expected
    rows = {chunk.id: row for row, chunk in enumerate(world.chunks)}
    for query, answer in zip(world.queries, index.search(world.queries, 5, world.member), strict=True):
        for passage in answer:
            assert passage.score == pytest.approx(float(world.vectors[rows[passage.chunk.id]] @ query), abs=1e-5)


def test_refuses_what_it_must(build, world):
    index = build(world.chunks, world.vectors, registered=world.tenants)
    with pytest.raises(AccessRefused, match="pass the Principal"):
        index.search(world.queries, 3, None)
    with pytest.raises(UnknownTenant, match="'mallory'"):
        index.search(world.queries, 3, Principal("x", "mallory"))
    with pytest.raises(BadArgument, match="k is 0"):
        index.search(world.queries, 0, world.member)
    with pytest.raises(BadArgument, match=r"1 chunks came with vectors of shape \(2, 12\)"):
        build(world.chunks[:1], world.vectors[:2])


@pytest.mark.parametrize("build", [ExactIndex.build, LocalShards.build, ShardedIndex.build, QdrantIndex.build])
def test_an_index_of_nothing_is_refused(build):
    with pytest.raises(EmptyCorpus, match="0 chunks"):
        build([], np.empty((0, 4), np.float32))


def test_a_tenant_that_may_read_nothing_gets_nothing(build, world):
    owned = [row for row, chunk in enumerate(world.chunks) if chunk.access.tenant == "acme"]
    index = build([world.chunks[row] for row in owned], world.vectors[owned], registered=["empty"])
    assert index.search(world.queries, 3, Principal("e", "empty")) == [[]] * len(world.queries)


def test_equal_scores_come_in_the_order_of_ids(build, ids):
    chunks = [Chunk.cut(Document(f"d{number}", "same", access=SHARED), 0, 4) for number in range(8)]
    vectors = np.zeros((8, 12), np.float32)
    vectors[:, 0] = 1
    index = build(chunks, vectors, registered=["acme"])
    assert ids(index.search(vectors[:1], 8, Principal("p", "acme"))) == [[chunk.id for chunk in chunks]]


class TestChanges:
    def test_appended_chunks_are_found_by_those_who_may_read_them(self, build_changing, world, ids):
        index = build_changing(world.chunks[:250], world.vectors[:250], registered=world.tenants)
        index.append(world.chunks[250:], world.vectors[250:])
        for principal in (world.member, world.clerk, world.intruder):
            expected = [world.nearest(query, 9, principal) for query in world.queries]
            assert ids(index.search(world.queries, 9, principal)) == expected

    def test_deleted_documents_never_return(self, build_changing, world, ids):
        index = build_changing(world.chunks, world.vectors, registered=world.tenants)
        gone = {name.split("#")[0] for query in world.queries for name in world.nearest(query, 6, world.clerk)}
        assert index.delete(gone) == len(gone)
        assert index.delete(gone) == 0
        expected = [world.nearest(query, 12, world.clerk, frozenset(gone)) for query in world.queries]
        assert ids(index.search(world.queries, 12, world.clerk)) == expected
        everything = index.search(world.queries, 400, world.clerk)
        assert not {passage.chunk.document_id for answer in everything for passage in answer} & gone

    def test_a_document_may_come_back_with_another_text_and_another_reader(self, build_changing, world):
        index = build_changing(world.chunks, world.vectors, registered=world.tenants)
        name = next(chunk.document_id for chunk in world.chunks if chunk.access == Access("acme"))
        index.delete([name])
        index.append([Chunk.cut(Document(name, "new text", access=Access("bolt")), 0, 8)], world.queries[:1])
        assert index.search(world.queries[:1], 1, world.intruder)[0][0].chunk.text == "new text"
        seen = index.search(world.queries[:1], 400, world.member)[0]
        assert name not in {passage.chunk.document_id for passage in seen}

    def test_an_append_may_be_repeated_but_not_contradicted(self, build_changing, world, ids):
        index = build_changing(world.chunks, world.vectors, registered=world.tenants)
        before = ids(index.search(world.queries, 400, world.member))
        index.append(world.chunks[:20], world.vectors[:20])
        assert ids(index.search(world.queries, 400, world.member)) == before
        other = Chunk.cut(Document(world.chunks[0].document_id, "other!", access=SHARED), 0, 6)
        with pytest.raises(BadArgument, match="delete its document first"):
            index.append([other], world.vectors[:1])

    def test_an_append_can_bring_a_new_tenant(self, build_changing, world):
        index = build_changing(world.chunks, world.vectors, registered=world.tenants)
        newcomer = Principal("n", "newcomer")
        with pytest.raises(UnknownTenant):
            index.search(world.queries, 1, newcomer)
        index.append([Chunk.cut(Document("n1", "first words", access=Access("newcomer")), 0, 5)], world.queries[:1])
        assert index.search(world.queries[:1], 1, newcomer)[0][0].chunk.document_id == "n1"
