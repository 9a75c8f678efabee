import pytest

from labkit.errors import BadArgument, LabkitError
from labkit.milestones import Ledger
from labkit.widgets import Prediction


def test_nothing_is_predicted_until_it_is_committed():
    heard = []
    asked = Prediction("How fast?", unit="x", on_commit=heard.append)
    asked.page_html()
    assert asked.value is None
    assert heard == []
    assert asked.summary().endswith("no prediction")


def test_a_commit_reaches_the_callback_once():
    heard = []
    asked = Prediction("How fast?", unit="x", on_commit=heard.append)
    asked.commit(3)
    asked.commit(3)
    assert (asked.value, heard) == (3.0, [3.0])


def test_what_the_front_end_sends_reaches_the_ledger(tmp_path):
    ledger = Ledger.open(tmp_path / "milestones.json")
    asked = Prediction("How fast?", on_commit=lambda value: ledger.predict("stage-0", value))
    asked.set_state({"value": 3.5})  # what a message from the browser does
    assert ledger.prediction("stage-0").value == 3.5


def test_the_first_prediction_stays():
    asked = Prediction("Which?", choices=["more", "fewer"])
    asked.commit("more")
    with pytest.raises(BadArgument, match="already"):
        asked.commit("fewer")
    assert asked.value == "more"


@pytest.mark.parametrize(
    ("arguments", "value"),
    [
        ({"minimum": 0}, -1),
        ({"maximum": 1}, 1.5),
        ({}, float("inf")),
        ({}, "three"),
        ({}, True),
        ({"choices": ["a", "b"]}, "c"),
        ({"choices": ["a", "b"]}, 1),
    ],
)
def test_a_value_that_does_not_fit_is_refused(arguments, value):
    asked = Prediction("How fast?", **arguments)
    with pytest.raises(BadArgument):
        asked.commit(value)
    assert asked.value is None


@pytest.mark.parametrize(
    "arguments",
    [
        {"question": "  "},
        {"choices": ["only"]},
        {"choices": ["a", "a"]},
        {"choices": "ab"},
        {"choices": ["a", "b"], "minimum": 0},
        {"minimum": 2, "maximum": 1},
        {"minimum": float("nan")},
    ],
)
def test_a_question_that_cannot_be_answered_is_refused(arguments):
    with pytest.raises(BadArgument):
        Prediction(**{"question": "How fast?"} | arguments)


def test_a_ledger_that_fails_shows_on_the_widget():
    def refuse(value):
        raise LabkitError(f"cannot keep {value}", remedy="free some disk")

    asked = Prediction("How fast?", on_commit=refuse)
    with pytest.raises(LabkitError):
        asked.commit(2)
    assert asked.problem == "cannot keep 2.0; free some disk"
