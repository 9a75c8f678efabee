"""Every error states the problem and the remedy, and survives a trip between processes."""

import inspect
import pickle

import pytest

from labkit import errors

KINDS = [kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, errors.LabkitError)]


@pytest.mark.parametrize("kind", KINDS)
def test_states_problem_and_remedy_and_pickles(kind):
    error = pickle.loads(pickle.dumps(kind("k is 0", remedy="ask for at least 1")))  # noqa: S301
    assert type(error) is kind
    assert str(error) == "k is 0; ask for at least 1"
    assert (error.problem, error.remedy) == ("k is 0", "ask for at least 1")


@pytest.mark.parametrize("kind", KINDS)
def test_no_error_without_a_remedy(kind):
    with pytest.raises(TypeError, match="remedy"):
        kind("k is 0")
