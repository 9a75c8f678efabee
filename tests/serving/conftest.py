"""One fleet for all tests that need an engine: the one that runs already, or one that is started for them."""

import warnings
from collections.abc import Iterator

import pytest

from labkit.serving import Fleet, fleet

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Ray Serve 2.60 uses what its own pydantic deprecates
    import ray.serve  # noqa: F401


@pytest.fixture(scope="session")
def running() -> Iterator[Fleet]:
    """A fleet with one replica."""
    with fleet() as found:
        yield found
