"""One fleet for all tests that need an engine: the one that runs already, or one that is started for them."""

from collections.abc import Iterator

import pytest

from labkit.serving import Fleet, fleet


@pytest.fixture(scope="session")
def running() -> Iterator[Fleet]:
    """A fleet with one replica."""
    with fleet() as found:
        yield found
