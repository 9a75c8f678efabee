"""One fleet for all tests that need an engine: the one that runs already, or one that is started for them."""

import warnings
from collections.abc import Iterator
from pathlib import Path

import pytest

from labkit.pretrained import model_folder
from labkit.serving import Fleet, fleet
from labkit.settings import settings

with warnings.catch_warnings():
    warnings.simplefilter("ignore")  # Ray Serve 2.60 uses what its own pydantic deprecates
    import ray.serve  # noqa: F401


@pytest.fixture(scope="session")
def running() -> Iterator[Fleet]:
    """A fleet with one replica."""
    with fleet() as found:
        yield found


@pytest.fixture
def other_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Another home, for a fleet besides the shared one, with the prepared model and the caches of the usual one."""
    monkeypatch.setenv("LABKIT_MODEL", str(model_folder()))
    (tmp_path / "vllm").symlink_to(settings().home / "vllm")
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    return tmp_path
