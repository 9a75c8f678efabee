"""Course state of the tests lies in a folder of its own; prepared models are made once and shared by all runs."""

import os
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import pytest

from labkit.cluster import cluster

# The first example pays for importing FAISS or a tokenizer; a deadline would time that.
hypothesis.settings.register_profile("course", deadline=None, max_examples=100)
hypothesis.settings.load_profile("course")


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty course directory for this test alone."""
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path / "home"))
    return tmp_path / "home"


@pytest.fixture
def in_ci() -> bool:
    """Whether a missing browser or book is a failure and not a reason to skip."""
    return os.environ.get("CI") == "true"


@pytest.fixture(scope="session")
def ray_cluster() -> Iterator[None]:
    """One Ray head for all tests that ask for it: starting one takes a quarter of a minute."""
    with cluster():
        yield
