"""Search agrees with a sort in numpy, and shows a principal nothing that it may not read."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.documents import SHARED, Access, Chunk, Principal
from labkit.errors import AccessRefused, BadArgument, EmptyCorpus, UnknownTenant
from labkit.index import ExactIndex

ACCESSES = [
    SHARED,
    Access("acme"),
    Access("acme", frozenset({"finance"})),
    Access("bolt"),
    Access("bolt", frozenset({"a", "b"})),
]
PRINCIPALS = [
    Principal("p", "acme"), Principal("q", "acme", frozenset({"finance"})), Principal("r", "bolt", frozenset({"b"})),
]  # fmt: skip


def chunk(number: int, access: Access) -> Chunk:
    return Chunk(f"d{number}#0", f"d{number}", f"text {number}", 0, 6, access=access)


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


@given(st.integers(0, 2**32 - 1), st.integers(1, 60), st.integers(1, 12), st.sampled_from(PRINCIPALS))
def test_agrees_with_a_sort_over_what_may_be_read(seed, size, k, principal):
    rng = np.random.default_rng(seed)
    chunks = [chunk(number, ACCESSES[rng.integers(len(ACCESSES))]) for number in range(size)]
    vectors, queries = unit(rng.normal(size=(size, 8))), unit(rng.normal(size=(3, 8)))
    index = ExactIndex.build(chunks, vectors, registered=["acme", "bolt"])
    for query, passages in zip(queries, index.search(queries, k, principal), strict=True):
        readable = [number for number in range(size) if principal.may_read(chunks[number].access)]
        expected = sorted(readable, key=lambda number: -float(vectors[number] @ query))[:k]
        assert [passage.chunk.document_id for passage in passages] == [f"d{number}" for number in expected]
        assert [passage.score for passage in passages] == pytest.approx(
            [float(vectors[number] @ query) for number in expected], abs=1e-5
        )


@pytest.mark.parametrize(
    ("access", "readers"),
    [
        (SHARED, [True, True, True]),
        (Access("acme"), [True, True, False]),
        (Access("acme", frozenset({"finance"})), [False, True, False]),
        (Access("bolt"), [False, False, True]),
        (Access("bolt", frozenset({"a", "b"})), [False, False, True]),
    ],
)
def test_who_may_read_what(access, readers):
    assert [principal.may_read(access) for principal in PRINCIPALS] == readers


def test_a_tenant_that_may_read_nothing_gets_nothing():
    index = ExactIndex.build([chunk(0, Access("acme"))], unit(np.ones((1, 4))), registered=["bolt"])
    assert index.search(unit(np.ones((2, 4))), 3, Principal("r", "bolt")) == [[], []]


def test_equal_scores_come_in_the_order_of_the_corpus():
    index = ExactIndex.build([chunk(number, SHARED) for number in range(6)], unit(np.ones((6, 4))), registered=["acme"])
    [passages] = index.search(unit(np.ones((1, 4))), 6, PRINCIPALS[0])
    assert [passage.chunk.document_id for passage in passages] == [f"d{number}" for number in range(6)]


def test_a_search_without_a_principal_or_for_an_unknown_tenant_is_refused():
    index = ExactIndex.build([chunk(0, Access("acme"))], unit(np.ones((1, 4))))
    with pytest.raises(AccessRefused, match="None; pass the Principal"):
        index.search(unit(np.ones((1, 4))), 1, None)
    with pytest.raises(UnknownTenant, match=r"tenant 'bolt'.*known: acme"):
        index.search(unit(np.ones((1, 4))), 1, Principal("r", "bolt"))


def test_bad_arguments_are_named():
    with pytest.raises(EmptyCorpus, match="0 chunks"):
        ExactIndex.build([], np.empty((0, 4), np.float32))
    with pytest.raises(BadArgument, match=r"1 chunks came with vectors of shape \(2, 4\)"):
        ExactIndex.build([chunk(0, SHARED)], unit(np.ones((2, 4))))
    index = ExactIndex.build([chunk(0, SHARED)], unit(np.ones((1, 4))), registered=["acme"])
    with pytest.raises(BadArgument, match="k is 0"):
        index.search(unit(np.ones((1, 4))), 0, PRINCIPALS[0])
