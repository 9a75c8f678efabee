"""The scoreboard comes back from its record, shows losers losing, and states the milestones that notebooks state."""

import json
import re
from pathlib import Path

import pytest

from labkit import records
from labkit.costs import TokenPrice
from labkit.documents import UNKNOWN, Answer, Principal, Step, Trace
from labkit.errors import StateCorrupt
from labkit.evaluation import EIGHT, Change, Comparison, Profile, Scoreboard, StageResult, judge, reached
from labkit.milestones import Label, Ledger
from labkit.tasks import Kind, Task

ADA = Principal("ada", "acme")
KINDS = (Kind.TWO_HOP, Kind.ONE_HOP)
TASKS = [Task(str(n), KINDS[n % 2], f"question {n}?", ("8",), ADA, ("0",)) for n in range(20)]
NOTEBOOKS = Path(__file__).parents[2] / "notebooks"


def run(right: int, seconds: float, step: str = "read", tokens: int = 0):
    """A report and answers: the first tasks right, all equally long."""
    said = ["8"] * right + [UNKNOWN] * (len(TASKS) - right)
    answers = [Answer(text, trace=Trace((Step(step, "", text, seconds, tokens, 0),))) for text in said]
    return judge(TASKS, answers).at(TokenPrice.per_million(3, 15)), answers


def change(before, after) -> Change:
    steps = (Profile.of(answers).seconds for _, answers in (before, after))
    return Change.of(Comparison(before[0], after[0]), *steps)


BASE = run(10, 1.0)


@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        (BASE, "no detectable difference"),
        (run(12, 1.05), "no detectable difference"),
        (run(18, 1.0), "gains: success +0.40"),
        (run(18, 3.0, tokens=50), "gains: success +0.40, 3x the seconds a task, 2 s of them in: read, +50 tokens"),
        (run(2, 1.0), "loses: success -0.40 (8 broke, most by: stated failure)"),
        (run(10, 3.0), "loses: success with no detectable difference, 3x the seconds a task, 2 s of them in: read"),
        (
            run(8, 3.0, step="retrieve"),
            "loses: success with no detectable difference (2 broke, most by: stated failure), 3x the seconds a task, "
            "3 s of them in: retrieve",
        ),
        (run(10, 0.25), "gains: success with no detectable difference, 0.25x the seconds a task"),
    ],
)
def test_a_stage_that_loses_is_shown_losing_with_the_reason(after, verdict):
    said = change(BASE, after).verdict()
    assert re.sub(r"most by: [\w ]+", "most by: stated failure", said) == verdict


def board() -> Scoreboard:
    slow = run(10, 3.0, tokens=1000)
    stages = (
        StageResult.of(0, "one file", *BASE, built=0.25),
        StageResult.of(1, "the chunker", *slow, before=BASE),
    )
    return Scoreboard(stages, (), "20 tasks")


def test_success_and_price_stand_in_one_row():
    rows = board().table().rows
    assert rows[0] == ("0", "one file", "0.50 (0.30-0.70)", "0", "0.25", "1", "1", "0", "0.000000", "-")
    assert rows[1][4] == "as before"
    assert rows[1][7:9] == ("1000", "0.003000")
    assert rows[1][9].startswith("loses: ")
    assert board().by_kind().columns == ("stage", "two-hop", "one-hop")
    assert board().by_kind().rows[0] == ("0", "0.50", "0.50")


def test_it_comes_back_from_its_record(tmp_path, monkeypatch):
    monkeypatch.setattr(records, "FOLDER", tmp_path)
    kept = tmp_path / "evaluation.json"
    kept.write_text(json.dumps({"evaluation": {"scoreboard": board().to_json()}}))
    assert Scoreboard.stored() == board()
    kept.write_text(json.dumps({"evaluation": {}}))
    with pytest.raises(StateCorrupt, match="has no scoreboard; run: make bench"):
        Scoreboard.stored()
    kept.write_text(json.dumps({"evaluation": {"scoreboard": {"stages": 3}}}))
    with pytest.raises(StateCorrupt, match="cannot be read"):
        Scoreboard.stored()


def test_the_milestones_are_those_of_the_ledger(tmp_path):
    ledger = Ledger.open(tmp_path / "milestones.json")
    ledger.predict(EIGHT[1], 0.9)
    ledger.record(EIGHT[1], [0.7, 0.71, 0.72], kind=Label.MEASURED)
    found = reached(ledger)
    assert [one.verdict for one in found] == ["not measured", "not met", *["not measured"] * 6]
    assert (found[1].predicted, found[1].measured) == ("0.9", "0.71 (measured, 3 repeats, 0.70-0.72)")
    assert [row[0].partition(":")[0] for row in Scoreboard((), found, "").milestone_table().rows] == [
        f"stage-{number}" for number in range(1, 9)
    ]


def test_the_milestones_are_stated_as_the_notebooks_state_them():
    known = {milestone.id: milestone for milestone in EIGHT}
    stated = {}
    for path in sorted(NOTEBOOKS.glob("0[1-8]_*.ipynb")):
        source = "\n".join("".join(cell["source"]) for cell in json.loads(path.read_text())["cells"])
        for key, title in re.findall(r'Milestone\(\s*"(stage-\d)",\s*"([^"]+)"', source):
            [bound] = re.findall(r"Target\.at_(?:least|most)\(([\d.]+)", source)
            stated[key] = (title, float(bound))
            assert known[key].target.words in source
    assert stated
    assert stated == {key: (known[key].title, known[key].target.value) for key in stated}
