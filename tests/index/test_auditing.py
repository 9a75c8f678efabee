"""The audit passes what is right and catches each of the planted bugs, by its own count."""

import numpy as np
import pytest

from labkit.documents import SHARED, Access, Chunk, Document, Principal
from labkit.errors import BadArgument, EmptyCorpus
from labkit.index import ExactIndex, Flat, LocalShards, Shard, audit, canaries
from labkit.index.auditing import adversaries
from labkit.index.planted import FilteredAfterwards, StaleDeletion, WrongTenantBit

TENANTS = [f"tenant-{number}" for number in range(12)]


@pytest.fixture(scope="module")
def corpus():
    rng = np.random.default_rng(5)
    accesses = [SHARED, *(Access(tenant) for tenant in TENANTS), *(Access(t, frozenset({t[-1]})) for t in TENANTS)]
    chunks = [
        Chunk.cut(Document(f"d{number:04}", "some text", access=accesses[number % len(accesses)]), 0, 9)
        for number in range(600)
    ]
    rows = rng.normal(size=(600, 16))
    vectors = (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)
    laid, places = canaries(chunks, vectors)
    return [*chunks, *laid], np.concatenate([vectors, places])


def test_every_restricted_access_gets_canaries_where_others_search(corpus):
    chunks, vectors = corpus
    laid = [row for row, chunk in enumerate(chunks) if chunk.document_id.startswith("canary")]
    assert len(laid) == 2 * 2 * len(TENANTS)
    for row in laid:
        twin = int(np.argmax(vectors[:600] @ vectors[row]))
        assert chunks[twin].access.tenant != chunks[row].access.tenant


def test_adversaries_try_their_own_and_strangers_groups(corpus):
    of_one = {tuple(sorted(who.groups)) for who in adversaries(corpus[0]) if who.tenant == "tenant-3"}
    assert {(), ("3",)} <= of_one
    assert any(groups and "3" not in groups for groups in of_one)


@pytest.mark.parametrize("build", [ExactIndex.build, Shard.build, lambda c, v: LocalShards.build(c, v, 3)])
def test_sound_indexes_are_clean(corpus, build):
    report = audit(build(*corpus), *corpus, pairs=3_000)
    assert report.clean
    assert report.pairs == 3_000


class TestMutants:
    def test_filtering_afterwards_returns_too_few(self, corpus):
        report = audit(FilteredAfterwards.build(*corpus, Flat()), *corpus, pairs=2_000)
        assert report.missing > 500
        assert report.leaks == 0
        assert not report.clean

    def test_a_wrong_tenant_bit_leaks(self, corpus):
        report = audit(WrongTenantBit.build(*corpus, Flat()), *corpus, pairs=2_000)
        assert report.leaks > 10
        assert "leaks: tenant-" in str(report)

    def test_a_stale_deletion_returns(self, corpus):
        gone = [f"d{number:04}" for number in range(20)]
        shards = {kind: kind.build(*corpus, Flat()) for kind in (Shard, StaleDeletion)}
        assert all(shard.delete(gone) == 20 for shard in shards.values())
        reports = {kind: audit(shard, *corpus, pairs=20_000, deleted=gone) for kind, shard in shards.items()}
        assert reports[Shard].clean
        assert reports[StaleDeletion].deleted > 0

    def test_an_open_door_is_noticed(self, corpus):
        class OpenDoor(Shard):
            def search(self, vectors, k, principal):
                if principal is None or principal.tenant not in self.registered:
                    return [[] for _ in vectors]
                return super().search(vectors, k, principal)

        assert audit(OpenDoor.build(*corpus, Flat()), *corpus, pairs=100).admitted == 2

    def test_an_altered_text_is_noticed(self, corpus):
        class Altered(Shard):
            def search(self, vectors, k, principal):
                answers = super().search(vectors, k, principal)
                return [answer[:-1] + answer[:1] for answer in answers]

        assert audit(Altered.build(*corpus, Flat()), *corpus, pairs=100).altered == 100


def test_bad_arguments_are_named(corpus):
    index = Shard.build(*corpus, Flat())
    with pytest.raises(BadArgument, match="pairs is 1; give at least 36"):
        audit(index, *corpus, pairs=1)
    with pytest.raises(EmptyCorpus):
        audit(index, [], corpus[1][:0])
    with pytest.raises(BadArgument, match="each is 0"):
        canaries(*corpus, each=0)


def test_a_report_reads_like_a_sentence(corpus):
    chunks = [Chunk.cut(Document("own", "text", access=Access("acme")), 0, 4)]
    report = audit(Shard.build(chunks, corpus[1][:1]), chunks, corpus[1][:1], pairs=10)
    assert str(report) == (
        "10 (principal, query) pairs: 0 leaks, 0 deleted passages, 0 short lists, 0 altered passages, 0 not refused"
    )
    assert Principal("x", "acme") not in adversaries(chunks)
