"""One cluster and one local model for all tests of the layer; starting them is most of the time."""

from itertools import islice

import pytest

from labkit.chunking import SentenceChunker
from labkit.cluster import cluster
from labkit.corpus import handbook
from labkit.embedding import local_model


@pytest.fixture(scope="session")
def texts():
    """Sixty chunks of the handbook, from a few words to about sixty tokens."""
    book = handbook(pages=24, tenants=3, seed=7)
    return [chunk.text for chunk in islice(SentenceChunker(size=60, overlap=0)(book), 60)]


@pytest.fixture(scope="session")
def model():
    """The model in this process, one thread."""
    return local_model(threads=1)


@pytest.fixture(scope="session")
def vectors(model, texts):
    """What one process makes of the texts."""
    return model.encode(texts)


@pytest.fixture(scope="session")
def head():
    """A cluster, or the one that other tests have started."""
    with cluster():
        yield
