"""One Ray cluster for all tests of the layer, and small corpora."""

import hashlib
from collections.abc import Callable, Iterator

import pytest

from labkit.chunking import ChunkJob, HandbookPages, Result
from labkit.cluster import cluster
from labkit.corpus import Handbook, handbook


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[None]:
    with cluster():
        yield


@pytest.fixture(scope="session")
def book() -> Handbook:
    return handbook(pages=60, tenants=3, seed=7)


@pytest.fixture
def job(book: Handbook) -> ChunkJob:
    return ChunkJob(HandbookPages(book), block_pages=7)


@pytest.fixture(scope="session")
def sha256() -> Callable[[Result], str]:
    """The sum of the file that a job ends with."""
    return lambda result: hashlib.sha256(result.path.read_bytes()).hexdigest()
