"""Settings come from the environment, and a bad one is named."""

from pathlib import Path

import pytest

from labkit.errors import BadArgument
from labkit.settings import PACKAGED_ENCODER, PACKAGED_MODEL, settings

ROOT = Path(__file__).parent.parent


def test_defaults_need_no_environment():
    found = settings({})
    assert found.home == ROOT / ".labkit"
    assert (found.encoder, found.model) == (PACKAGED_ENCODER, PACKAGED_MODEL)
    assert found.threads >= 1


def test_the_environment_wins():
    found = settings({"LABKIT_HOME": "/a/b", "LABKIT_ENCODER": "e", "LABKIT_MODEL": "m", "LABKIT_THREADS": "3"})
    assert (found.home, found.encoder, found.model, found.threads) == (Path("/a/b"), "e", "m", 3)


def test_an_endpoint_is_taken_without_its_last_slash():
    assert settings({}).api_base == ""
    assert settings({"LABKIT_API_BASE": "http://127.0.0.1:8000/v1/"}).api_base == "http://127.0.0.1:8000/v1"
    with pytest.raises(BadArgument, match="the endpoint is 'orion'; give an address"):
        settings({"LABKIT_API_BASE": "orion"})


@pytest.mark.parametrize("threads", ["0", "-1", "two", "1.5"])
def test_threads_must_be_a_positive_whole_number(threads):
    with pytest.raises(BadArgument, match=f"LABKIT_THREADS is '{threads}'; set a whole number"):
        settings({"LABKIT_THREADS": threads})
