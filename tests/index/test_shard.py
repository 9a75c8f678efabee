"""One shard in process: any history of changes, any number of shards, one truth; approximate kinds held to exact."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.documents import SHARED, Access, Chunk, Document, Principal
from labkit.errors import BadArgument
from labkit.index import HNSW, IVF, Flat, LocalShards, Shard, drawn_around, recall
from labkit.index.partition import partition, shard_of
from labkit.index.ranking import Hit, first, merge

NAMES = st.sampled_from(["acme", "bolt", "cord"])
GROUPS = st.frozensets(st.sampled_from(["a", "b", "c"]), max_size=3)
ACCESSES = st.one_of(st.just(SHARED), st.builds(Access, NAMES, GROUPS))
PRINCIPALS = st.builds(Principal, st.just("p"), NAMES, GROUPS)


def chunk(number: int, access: Access = SHARED) -> Chunk:
    return Chunk.cut(Document(f"d{number:03}", "text", access=access), 0, 4)


def few_directions(size: int, seed: int) -> np.ndarray:
    """Vectors of which many are equal, so that ties are the rule."""
    directions = np.eye(6, dtype=np.float32)
    return directions[np.random.default_rng(seed).integers(6, size=size)]


class TestMergeOrder:
    hits = st.lists(st.tuples(st.sampled_from([-0.5, -0.25, 0.0]), st.integers(0, 60)), unique_by=lambda hit: hit[1])

    @given(hits, st.integers(1, 8), st.integers(1, 6), st.randoms())
    def test_parts_merge_to_the_first_of_the_whole(self, given_hits, k, parts, random):
        whole = [Hit(negated, chunk(number).id, chunk(number)) for negated, number in given_hits]
        cut = [[hit for hit in whole if shard_of(hit.id, parts) == part] for part in range(parts)]
        replies = [[first(part, k)] for part in cut]
        random.shuffle(replies)
        assert merge(replies, k) == [first(whole, k)]

    def test_worked_example(self):
        a, b, c = chunk(1), chunk(2), chunk(3)
        left, right = [Hit(-0.9, b.id, b), Hit(-0.1, a.id, a)], [Hit(-0.9, a.id, a), Hit(-0.5, c.id, c)]
        assert [hit.id for hit in merge([[left], [right]], 3)[0]] == ["d001#0", "d002#0", "d003#0"]


class TestPartition:
    def test_every_chunk_is_on_exactly_one_shard_and_the_load_is_even(self):
        chunks = [chunk(number) for number in range(1000)]
        parts = partition(chunks, 4)
        assert sorted(np.concatenate(parts).tolist()) == list(range(1000))
        assert all(200 <= len(part) <= 300 for part in parts)

    def test_refuses_no_shards(self):
        with pytest.raises(BadArgument, match="shards is 0"):
            partition([chunk(1)], 0)


class TestTies:
    @given(st.integers(0, 2**16), st.integers(1, 30), st.sampled_from([1, 2, 4, 8]), PRINCIPALS)
    def test_no_number_of_shards_changes_the_result(self, seed, k, shards, principal):
        rng = np.random.default_rng(seed)
        accesses = [SHARED, Access(principal.tenant), Access(principal.tenant, frozenset("a")), Access("other")]
        chunks = [chunk(number, accesses[rng.integers(4)]) for number in range(60)]
        vectors = few_directions(60, seed)
        queries = np.concatenate([vectors[:3], rng.normal(size=(30, 6)).astype(np.float32)])
        one = LocalShards.build(chunks, vectors, 1, ["acme", "bolt", "cord"], Flat())
        many = LocalShards.build(chunks, vectors, shards, ["acme", "bolt", "cord"], Flat())
        assert one.search(queries, k, principal) == many.search(queries, k, principal)

    @pytest.mark.parametrize("kind", [Flat(), IVF(recall=0.5, smallest=50), HNSW(smallest=50)])
    def test_a_tie_that_runs_past_k_is_cut_by_id(self, kind):
        chunks = [chunk(number) for number in range(300)][::-1]
        vectors = np.tile(np.eye(6, dtype=np.float32)[0], (300, 1))
        shard = Shard.build(chunks, vectors, kind, ["acme"])
        [answer] = shard.search(vectors[:1], 5, Principal("p", "acme"))
        assert [passage.chunk.id for passage in answer] == [f"d00{number}#0" for number in range(5)]


class TestAccessAlgebra:
    @given(st.lists(ACCESSES, min_size=1, max_size=25), PRINCIPALS, st.integers(0, 2**16))
    def test_exactly_what_may_be_read_can_be_found(self, accesses, principal, seed):
        chunks = [chunk(number, access) for number, access in enumerate(accesses)]
        shard = Shard.build(chunks, few_directions(len(chunks), seed), Flat(), ["acme", "bolt", "cord"])
        [answer] = shard.search(np.eye(6, dtype=np.float32)[:1], 100, principal)
        readable = {found.id for found in chunks if principal.may_read(found.access)}
        assert {passage.chunk.id for passage in answer} == readable

    @given(ACCESSES, PRINCIPALS, GROUPS)
    def test_more_groups_never_show_less_and_never_cross_tenants(self, access, principal, more):
        richer = Principal("p", principal.tenant, principal.groups | more)
        assert richer.may_read(access) or not principal.may_read(access)
        assert access.tenant in (None, principal.tenant) or not richer.may_read(access)


class TestHistory:
    @settings(max_examples=40)
    @given(
        st.lists(st.tuples(st.sampled_from(["append", "delete"]), st.integers(0, 39)), max_size=40),
        st.sampled_from([Flat(), IVF(recall=1.0, smallest=10), HNSW(smallest=10)]),
    )
    def test_any_history_leaves_what_a_dictionary_holds(self, events, kind):
        vectors = np.random.default_rng(1).normal(size=(40, 6)).astype(np.float32)
        shard, alive = Shard.build([], vectors[:0], kind, ["acme"]), {}
        for what, number in events:
            if what == "append":
                shard.append([chunk(number)], vectors[number : number + 1])
                alive[f"d{number:03}"] = True
            else:
                assert shard.delete([f"d{number:03}"]) == int(alive.pop(f"d{number:03}", False))
        assert len(shard) == len(alive)
        [answer] = shard.search(vectors[:1], 100, Principal("p", "acme"))
        assert {passage.chunk.document_id for passage in answer} == set(alive)


@pytest.fixture(scope="module")
def clustered():
    rng = np.random.default_rng(3)
    centres = rng.normal(size=(60, 32))
    rows = centres[rng.integers(60, size=4_100)] + 0.6 * rng.normal(size=(4_100, 32))
    rows = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    return rows[:4_000], rows[4_000:]


class TestRecall:
    @pytest.mark.parametrize("kind", [IVF(), HNSW()])
    def test_shipped_settings_hold_recall(self, clustered, kind):
        vectors, queries = clustered
        shard = Shard.build([chunk(number) for number in range(4_000)], vectors, kind, ["acme"])
        exact = Shard.build([chunk(number) for number in range(4_000)], vectors, Flat(), ["acme"])
        found, truth = (index.search(queries, 10, Principal("p", "acme")) for index in (shard, exact))
        assert recall(found, truth) >= 0.98

    def test_questions_are_found_among_texts_that_lie_in_dense_balls(self):
        rng = np.random.default_rng(5)
        topics = rng.normal(size=(20, 32))

        def say(count):
            rows = topics[rng.integers(20, size=count)] + rng.normal(size=(count, 32))
            return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)

        vectors, questions = drawn_around(say(400), 6_000, spread=0.5), say(200)  # fifteen neighbours around each text
        shard, exact = (
            Shard.build([chunk(number) for number in range(6_000)], vectors, kind, ["acme"]) for kind in (IVF(), Flat())
        )
        found, truth = (index.search(questions, 10, Principal("p", "acme")) for index in (shard, exact))
        assert recall(found, truth) >= 0.98
        assert shard.groups[SHARED].faiss.nprobe < shard.groups[SHARED].faiss.nlist / 4

    def test_probes_are_few_and_found_by_measuring(self, clustered):
        shard = Shard.build([chunk(number) for number in range(4_000)], clustered[0], IVF(), ["acme"])
        index = shard.groups[SHARED].faiss
        assert 1 < index.nprobe < index.nlist / 2

    def test_more_probes_find_no_less(self, clustered):
        vectors, queries = clustered
        shard = Shard.build([chunk(number) for number in range(4_000)], vectors, IVF(), ["acme"])
        exact = Shard.build([chunk(number) for number in range(4_000)], vectors, Flat(), ["acme"])
        asked = (queries, 10, Principal("p", "acme"))
        held = []
        for probes in (1, 4, 10_000):
            shard.probe(probes)
            held.append(recall(shard.search(*asked), exact.search(*asked)))
        assert held == sorted(held)
        assert held[0] < held[-1] == 1.0
        with pytest.raises(BadArgument, match="lists is 0"):
            shard.probe(0)

    def test_a_small_group_that_grows_gets_its_lists(self, clustered):
        shard = Shard.build([chunk(n) for n in range(1_000)], clustered[0][:1_000], IVF(), ["acme"])
        assert not hasattr(shard.groups[SHARED].faiss, "nlist")
        shard.append([chunk(n) for n in range(1_000, 4_000)], clustered[0][1_000:])
        assert shard.groups[SHARED].faiss.nlist > 50


def test_vectors_that_are_no_numbers_are_refused():
    bad = np.array([[np.nan, 1.0]], np.float32)
    with pytest.raises(BadArgument, match="vector 0 holds NaN"):
        Shard.build([chunk(1)], bad)
    with pytest.raises(BadArgument, match="vector 0 holds NaN"):
        Shard.build([chunk(1)], np.ones((1, 2), np.float32), Flat(), ["acme"]).search(bad, 1, Principal("p", "acme"))


def test_twins_are_refused():
    with pytest.raises(BadArgument, match="'d001#0' comes twice"):
        Shard.build([chunk(1), chunk(1)], np.ones((2, 2), np.float32))
