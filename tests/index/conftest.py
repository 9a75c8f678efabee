"""A small world of tenants and groups, and one Ray cluster for all tests of the index."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pytest

from labkit.cluster import cluster
from labkit.documents import SHARED, Access, Chunk, Document, Principal

ACCESSES = (
    SHARED,
    Access("acme"),
    Access("acme", frozenset({"finance"})),
    Access("bolt"),
    Access("bolt", frozenset({"a", "b"})),
)


@dataclass(frozen=True)
class World:
    """Chunks with random vectors, and principals who may read different parts of them."""

    chunks: list[Chunk]
    vectors: np.ndarray
    queries: np.ndarray
    member = Principal("m", "acme")
    clerk = Principal("c", "acme", frozenset({"finance"}))
    intruder = Principal("i", "bolt", frozenset({"finance"}))
    tenants = ("acme", "bolt", "empty")

    @classmethod
    def make(cls, size: int, seed: int = 0, dimension: int = 12) -> "World":
        rng = np.random.default_rng(seed)
        chunks = [
            Chunk.cut(Document(f"d{number:05}", f"text {number}", access=ACCESSES[rng.integers(len(ACCESSES))]), 0, 6)
            for number in range(size)
        ]
        return cls(chunks, unit(rng.normal(size=(size, dimension))), unit(rng.normal(size=(5, dimension))))

    def nearest(self, query: np.ndarray, k: int, principal: Principal, without: frozenset[str] = frozenset()) -> list:
        """Ids of the k nearest that may be read, by a sort over all."""
        scores = (self.vectors.astype(np.float64) @ query.astype(np.float64)).astype(np.float32)
        readable = [
            (-scores[row], chunk.id)
            for row, chunk in enumerate(self.chunks)
            if principal.may_read(chunk.access) and chunk.document_id not in without
        ]
        return [name for _, name in sorted(readable)[:k]]


def unit(rows: np.ndarray) -> np.ndarray:
    return (rows / np.linalg.norm(rows, axis=1, keepdims=True)).astype(np.float32)


def ids(answers: list) -> list[list[str]]:
    return [[passage.chunk.id for passage in answer] for answer in answers]


@pytest.fixture(name="ids")
def ids_fixture():
    return ids


@pytest.fixture
def make_world():
    return World.make


@pytest.fixture(scope="session")
def world() -> World:
    return World.make(400)


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[None]:
    """Ray for all tests that ask for it, started once."""
    with cluster():
        yield
