"""The ledger: verdicts, words, escaping, and a file that survives kills, races and corruption."""

import json
import math
import os
import random
import signal
import subprocess
import sys
import time
from html.parser import HTMLParser
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import labkit
from labkit.errors import BadArgument, LabkitError, StateCorrupt
from labkit.milestones import Direction, Hardware, Label, Ledger, Milestone, Prediction, Record, Target, Verdict

LATENCY = Milestone("stage-6", "Serving fleet", Target.at_most(0.5, unit="s", words="p99 latency"))
EFFICIENCY = Milestone("stage-2", "Encoding", Target.at_least(0.8, words="parallel efficiency"))
MACHINE = Hardware("Test CPU", 2, 4.0, "3.11.0", "Linux")


@pytest.fixture
def ledger(tmp_path: Path) -> Ledger:
    return Ledger.open(tmp_path / "course" / "milestones.json")


def record(milestone: Milestone, *values: float, label: Label = Label.MEASURED) -> Record:
    return Record(milestone, values, label, MACHINE, "2030-01-01T00:00:00+00:00", "0.1.0", seed=3)


# verdict and words


@pytest.mark.parametrize(
    ("milestone", "value", "verdict"),
    [
        (EFFICIENCY, 0.8, Verdict.MET),
        (EFFICIENCY, 0.79, Verdict.NOT_MET),
        (EFFICIENCY, 0.9, Verdict.MET),
        (LATENCY, 0.5, Verdict.MET),
        (LATENCY, 0.51, Verdict.NOT_MET),
        (LATENCY, 0.1, Verdict.MET),
    ],
)
def test_the_verdict_follows_from_value_and_direction(milestone: Milestone, value: float, verdict: Verdict):
    assert record(milestone, value).verdict is verdict


def test_the_median_is_judged_so_one_slow_repeat_does_not_decide():
    result = record(LATENCY, 9.0, 0.4, 0.3)
    assert result.spread == (0.3, 0.4, 9.0)
    assert result.verdict is Verdict.MET
    assert record(LATENCY, 0.4, 0.8).value == pytest.approx(0.6)


@pytest.mark.parametrize(
    ("values", "label", "unit", "quote"),
    [
        ([0.40, 0.41, 0.43, 0.41, 0.42], Label.MEASURED, "s", "0.41 s (measured, 5 repeats, 0.40-0.43)"),
        ([0.4123456], Label.MEASURED, "s", "0.412 s (measured, 1 repeat)"),
        ([3, 3], Label.SIMULATED, "", "3 (simulated, 2 repeats)"),
        ([10], Label.COMPUTED, "replicas", "10 replicas (computed)"),
        ([16 / 90_000], Label.COMPUTED, "$ per task", "$0.000178 per task (computed)"),
        ([12345.6], Label.SIMULATED, "tasks/h", "12,346 tasks/h (simulated, 1 repeat)"),
        ([-0.2, 0.1, 0.3], Label.MEASURED, "", "0.1 (measured, 3 repeats, -0.2 to 0.3)"),
        ([0.0], Label.MEASURED, "leaks", "0 leaks (measured, 1 repeat)"),
        ([2.5e-9], Label.MEASURED, "s", "2.5e-09 s (measured, 1 repeat)"),
    ],
)
def test_a_number_for_prose(values: list, label: Label, unit: str, quote: str):
    milestone = Milestone("m", "", Target(1e9, Direction.AT_MOST, unit))
    assert record(milestone, *values, label=label).quote() == quote


def test_rounding_never_hides_which_side_of_the_target():
    result = record(EFFICIENCY, 0.79999)
    assert result.verdict is Verdict.NOT_MET
    assert result.number() == "0.79999"


@given(st.lists(st.floats(-1e200, 1e200), min_size=1, max_size=5), st.floats(-1e200, 1e200))
def test_any_finite_values_can_be_quoted(values: list, bound: float):
    assert "measured" in record(Milestone("m", "", Target.at_least(bound)), *values).quote()


def test_targets_in_words():
    assert str(LATENCY.target) == "p99 latency: at most 0.5 s"
    assert str(Target.at_least(1_000_000)) == "at least 1,000,000"


def test_this_machine():
    here = Hardware.here()
    assert here.cores == len(os.sched_getaffinity(0))
    assert here.cpu
    assert 0 < here.memory_gib < 100_000
    assert here.python == ".".join(map(str, sys.version_info[:3]))


# bad arguments


@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf, True, "1", None])
def test_a_result_that_is_no_finite_number_is_refused(ledger: Ledger, value: object):
    with pytest.raises(BadArgument, match="give a finite number"):
        ledger.record(LATENCY, [0.1, value], kind=Label.MEASURED)
    assert not ledger.path.exists()


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda ledger: ledger.record(LATENCY, [], kind=Label.MEASURED), "values is empty"),
        (lambda ledger: ledger.record(LATENCY, 1, kind="measured"), "give Label.MEASURED"),
        (lambda ledger: ledger.record(LATENCY, 1, kind=Label.MEASURED, seed=1.5), "seed is 1.5"),
        (lambda ledger: ledger.predict("stage-0", math.nan), "prediction is nan"),
        (lambda ledger: ledger.predict("stage-0", True), "prediction is True"),
        (lambda ledger: ledger.predict("stage-0", "  "), "empty text"),
        (lambda ledger: ledger.predict("", 1), "give its id"),
        (lambda ledger: ledger.verdict(3), "give its id"),
        (lambda _: Target.at_least(math.inf), "target value is inf"),
        (lambda _: Milestone(" ", "", LATENCY.target), "milestone id is ' '"),
    ],
)
def test_bad_arguments(ledger: Ledger, call: object, message: str):
    with pytest.raises(BadArgument, match=message):
        call(ledger)


# the ledger


def test_what_is_recorded_comes_back_whole(ledger: Ledger):
    ledger.predict("stage-6", 0.3)
    made = ledger.record(LATENCY, np.array([0.5, 0.25, 0.25]), kind=Label.MEASURED, seed=7)
    assert Ledger.open(ledger.path).find("stage-6") == made
    assert (made.values, made.label, made.seed) == ((0.5, 0.25, 0.25), Label.MEASURED, 7)
    assert made.prediction.value == 0.3
    assert made.hardware == Hardware.here()
    assert made.version == labkit.__version__
    assert made.recorded.endswith("+00:00")
    assert ledger.verdict("stage-6") is Verdict.MET


def test_a_single_number_is_one_repeat(ledger: Ledger):
    assert ledger.record(LATENCY, 0.25, kind=Label.COMPUTED).values == (0.25,)


def test_an_empty_ledger_needs_no_file(ledger: Ledger):
    assert ledger.verdict("stage-0") is Verdict.NOT_MEASURED
    assert ledger.find("stage-0") is None
    assert ledger.prediction("stage-0").value is None
    assert not ledger.path.parent.exists()


def test_the_default_place_is_the_state_directory(monkeypatch: pytest.MonkeyPatch, tmp_path: Path):
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    assert Ledger.open().path == tmp_path / "milestones.json"


@pytest.mark.parametrize("choice", [0.4, "about half", None])
def test_predictions_are_numbers_choices_or_none(ledger: Ledger, choice: object):
    ledger.predict("stage-6", choice)
    assert ledger.prediction("stage-6").value == choice
    assert ledger.record(LATENCY, 1, kind=Label.MEASURED).prediction.value == choice
    assert Prediction(choice).words("s") == {0.4: "0.4 s", None: "no prediction"}.get(choice, choice)


def test_a_run_without_a_person_does_not_erase_a_prediction(ledger: Ledger):
    ledger.predict("stage-6", 0.3)
    assert ledger.predict("stage-6", None).value == 0.3
    assert ledger.predict("stage-6", np.int64(2)).value == 2.0  # a learner may change their mind
    assert json.loads(ledger.path.read_text())["milestones"]["stage-6"]["prediction"]["value"] == 2.0


def test_a_prediction_made_after_the_result_does_not_rewrite_it(ledger: Ledger):
    ledger.predict("stage-6", 0.3)
    ledger.record(LATENCY, 0.45, kind=Label.MEASURED)
    ledger.predict("stage-6", 0.45)
    assert ledger.find("stage-6").prediction.value == 0.3


def test_a_newer_target_judges_an_older_result(ledger: Ledger):
    ledger.record(LATENCY, 0.4, kind=Label.MEASURED)
    stricter = Milestone(LATENCY.id, LATENCY.title, Target.at_most(0.2, unit="s"))
    assert Ledger.open(ledger.path, [stricter]).verdict("stage-6") is Verdict.NOT_MET
    assert ledger.verdict(stricter) is Verdict.NOT_MET
    assert ledger.verdict("stage-6") is Verdict.MET


def test_a_verdict_written_into_the_file_is_not_believed(ledger: Ledger):
    ledger.record(LATENCY, 0.9, kind=Label.MEASURED)
    text = ledger.path.read_text()
    assert '"verdict": "not met"' in text
    ledger.path.write_text(text.replace('"not met"', '"met"'))
    assert ledger.verdict("stage-6") is Verdict.NOT_MET


# what notebooks show


def test_an_unmet_predecessor_is_a_visible_box(ledger: Ledger):
    ledger.record(EFFICIENCY, [0.6, 0.7], kind=Label.MEASURED)
    box = ledger.require("stage-2")
    assert not box.met
    for shown in (str(box), box._repr_html_(), box._repr_markdown_().replace("\\", "")):
        for words in ("Milestone not met: stage-2", "parallel efficiency: at least 0.8", "0.65 (measured, 2 repeats"):
            assert words in shown


def test_a_milestone_never_run_is_a_visible_box(ledger: Ledger):
    known = Ledger.open(ledger.path, [EFFICIENCY])
    for box in (known.require("stage-2"), ledger.require(EFFICIENCY)):
        assert "Milestone not measured: stage-2 (Encoding)" in str(box)
        assert "at least 0.8" in box._repr_html_()
    assert "run its notebook first" in str(ledger.require("stage-2"))


def test_a_met_predecessor_is_no_warning(ledger: Ledger):
    ledger.record(EFFICIENCY, 0.9, kind=Label.SIMULATED)
    box = ledger.require("stage-2")
    assert box.met
    assert "Milestone met" in str(box)
    assert "simulated" in str(box)
    unmet = ledger.require("stage-9")
    assert box._repr_html_().partition("<strong>")[0] != unmet._repr_html_().partition("<strong>")[0]


class Tags(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.opened: list = []

    def handle_starttag(self, tag: str, attrs: list):
        self.opened.append((tag, dict(attrs)))


def test_texts_are_escaped_wherever_they_are_shown(ledger: Ledger):
    sly = Milestone("<script>a", "<img src=x> | `b`", Target.at_least(1, unit="<u>", words="<w>"))
    ledger.predict(sly, "<i>choice")
    ledger.record(sly, 0.5, kind=Label.MEASURED)
    box = ledger.require(sly.id)
    for html in (box._repr_html_(), ledger._repr_html_()):
        tags = Tags()
        tags.feed(html)
        assert {tag for tag, _ in tags.opened} <= {
            *("div", "strong", "table", "caption", "thead", "tbody", "tr", "th", "td")
        }
        assert "&lt;script&gt;a" in html
    assert r"\<img src=x\> \| \`b\`" in box._repr_markdown_()


def test_the_table_has_headings_and_all_milestones(ledger: Ledger):
    ledger = Ledger.open(ledger.path, [EFFICIENCY, LATENCY])
    ledger.predict("extra", "maybe")
    ledger.record(LATENCY, [0.40, 0.41, 0.43], kind=Label.MEASURED, seed=7)
    tags = Tags()
    tags.feed(ledger._repr_html_())
    scopes = [attributes["scope"] for tag, attributes in tags.opened if tag == "th"]
    assert (scopes.count("col"), scopes.count("row")) == (6, 3)
    head, _, *lines = str(ledger).splitlines()
    assert head.split("  ")[0] == "Milestone"
    assert [line.split("  ")[0] for line in lines] == ["stage-2: Encoding", "stage-6: Serving fleet", "extra"]
    assert "not measured" in lines[0]
    for words in ("0.41 s (measured, 3 repeats, 0.40-0.43), seed 7", "met", "no prediction"):
        assert words in lines[1]
    assert "maybe" in lines[2]


def test_an_empty_table_says_so(ledger: Ledger):
    assert str(ledger) == "No milestone yet."
    assert "No milestone yet." in ledger._repr_html_()


# the file


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"\xff\xfe\x00junk",
        b"[]",
        b"null",
        b"{}",
        b'{"format": 2, "milestones": {}}',
        b'{"format": 1, "milestones": []}',
        b'{"format": 1, "milestones": {"a": 1}}',
        b'{"format": 1, "milestones": {"a": {"prediction": {"value": NaN, "made": ""}}}}',
        b'{"format": 1, "milestones": {"a": {"prediction": {"value": [], "made": ""}}}}',
        b'{"format": 1, "milestones": {"a": {"record": {"values": [1]}}}}',
        b"[" * 100_000,
    ],
)
def test_a_corrupt_ledger_names_the_file_and_the_remedy_and_is_kept(tmp_path: Path, content: bytes):
    path = tmp_path / "milestones.json"
    path.write_bytes(content)
    with pytest.raises(StateCorrupt, match=r"milestones\.json.*mv ") as raised:
        Ledger.open(path)
    assert str(path) in str(raised.value)
    with pytest.raises(StateCorrupt):
        Ledger(path).record(LATENCY, 1, kind=Label.MEASURED)
    assert path.read_bytes() == content


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("values", []),
        ("values", ["1"]),
        ("values", 1),
        ("label", "guessed"),
        ("seed", True),
        ("seed", "7"),
        ("target", {}),
        ("hardware", None),
        ("title", 3),
        ("prediction", None),
    ],
)
def test_each_damaged_field_is_corruption(ledger: Ledger, field: str, value: object):
    ledger.record(LATENCY, 0.3, kind=Label.MEASURED)
    content = json.loads(ledger.path.read_text())
    content["milestones"]["stage-6"]["record"][field] = value
    ledger.path.write_text(json.dumps(content))
    with pytest.raises(StateCorrupt, match="mv "):
        Ledger.open(ledger.path)


@pytest.mark.parametrize("step", ["replace", "fsync"])
def test_a_write_that_fails_leaves_the_old_file(ledger: Ledger, monkeypatch: pytest.MonkeyPatch, step: str):
    ledger.record(LATENCY, 0.3, kind=Label.MEASURED)
    before = ledger.path.read_bytes()

    def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(*{"replace": (Path, "replace", fail), "fsync": (os, "fsync", fail)}[step])
    with pytest.raises(LabkitError, match=r"No space left on device.*LABKIT_HOME"):
        ledger.record(LATENCY, 0.4, kind=Label.MEASURED)
    monkeypatch.undo()
    assert ledger.path.read_bytes() == before
    ledger.record(LATENCY, 0.4, kind=Label.MEASURED)
    assert ledger.find("stage-6").value == 0.4


def test_a_directory_in_place_of_the_file_is_explained(tmp_path: Path):
    with pytest.raises(LabkitError, match="cannot be read"):
        Ledger.open(tmp_path)


def test_a_parent_that_is_a_file_is_explained(tmp_path: Path):
    (tmp_path / "home").write_text("")
    with pytest.raises(LabkitError, match=r"cannot be (read|written)"):
        Ledger(tmp_path / "home" / "milestones.json").predict("a", 1)


WRITER = """
import sys
from labkit.milestones import Label, Ledger, Milestone, Target
ledger, name, rounds = Ledger.open(sys.argv[1]), sys.argv[2], int(sys.argv[3])
target = Target.at_least(0, words="w" * 200)
print("ready", flush=True)
sys.stdin.readline()  # start together, not one after the other's imports
for turn in range(rounds):
    ledger.record(Milestone(f"{name}-{turn % 150}", "", target), [turn], kind=Label.COMPUTED)
"""


def start(path: Path, name: str, rounds: int) -> subprocess.Popen:
    command = [sys.executable, "-c", WRITER, str(path), name, str(rounds)]
    writer = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert writer.stdout.readline() == b"ready\n"
    return writer


def go(writer: subprocess.Popen) -> None:
    writer.stdin.write(b"go\n")
    writer.stdin.flush()


def test_two_processes_writing_at_once_lose_nothing(tmp_path: Path):
    path = tmp_path / "milestones.json"
    writers = [start(path, name, 40) for name in ("a", "b")]
    for writer in writers:
        go(writer)
    assert [writer.communicate() and writer.returncode for writer in writers] == [0, 0]
    names = {row.id for row in Ledger.open(path).rows()}
    assert names == {f"{name}-{turn}" for name in "ab" for turn in range(40)}


def test_a_writer_killed_at_any_moment_leaves_a_whole_file(tmp_path: Path):
    path, moment, seen = tmp_path / "milestones.json", random.Random(5), 0
    for round_ in range(5):
        writer = start(path, f"round{round_}", 100_000)
        go(writer)
        time.sleep(moment.uniform(0.02, 0.25))
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        assert writer.returncode == -signal.SIGKILL
        rows = Ledger.open(path).rows()  # raises StateCorrupt on a torn file
        assert len(rows) >= seen
        seen = len(rows)
        Ledger.open(path).predict("after", round_)  # the dead writer's lock is gone
    assert seen > 8
    assert {file.name for file in tmp_path.iterdir()} <= {path.name, path.name + ".lock", path.name + ".tmp"}
