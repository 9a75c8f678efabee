"""What the grader takes from a submission, and what it makes of values that come back."""

import functools
import json
import random
from pathlib import Path

import pytest
import submissions

from labkit.assignments import REFERENCE, workload_for
from labkit.errors import BadArgument, UnreadableSource
from labkit.grading.assembling import answers, assemble, student_of
from labkit.grading.assignment import Assignment, load
from labkit.grading.check import Check
from labkit.grading.comparing import agree, judge
from labkit.grading.marking import recognise
from labkit.grading.notebook import LARGEST, Cell, Notebook
from labkit.grading.tampering import left_out, tampered

STUDENT_CELL = "cost-student"


def with_id(source: str) -> Notebook:
    return Notebook((Cell(STUDENT_CELL, "code", source),))


@pytest.mark.parametrize(
    ("source", "student"),
    [
        ('STUDENT = "ada"', "ada"),
        ("STUDENT = 'ada.lovelace@example.org'  # me", "ada.lovelace@example.org"),
        ("# me\nSTUDENT = ' ada '", "ada"),
        ('STUDENT = "your-id"', "handed-in"),
        ('STUDENT = "../../etc/passwd"', "handed-in"),
        ('STUDENT = "=1+2"', "handed-in"),
        ("STUDENT = open('/etc/passwd').read()", "handed-in"),
        ("STUDENT = 7", "handed-in"),
        ("STUDENT = ", "handed-in"),
        ("STUDENT = " + "(" * 5000, "handed-in"),
        ('STUDENT = "' + "x" * 65 + '"', "handed-in"),
        ("", "handed-in"),
    ],
)
def test_the_id_is_what_the_cell_assigns_or_the_file_s_name(source, student):
    assert student_of(Path("folder/handed in.ipynb"), with_id(source), STUDENT_CELL) == student


@pytest.mark.parametrize(("name", "student"), [("=cmd.ipynb", "cmd"), ("....ipynb", "unnamed"), ("ä b.ipynb", "b")])
def test_a_file_s_name_becomes_a_harmless_id(name, student):
    assert student_of(Path(name), None, STUDENT_CELL).lstrip("-") == student


def test_only_answers_and_the_id_enter_the_trusted_notebook(assignment: Assignment):
    changed = json.loads(submissions.submission("x", json.dumps(submissions.SOLVED), set()).text)
    for cell in changed["cells"]:
        if "answer" not in cell["metadata"].get("tags", []):
            cell["source"] = "evil"
        cell["metadata"]["tags"] = ["nbval-skip"]
    changed["cells"].insert(3, {"cell_type": "code", "id": "own", "metadata": {}, "source": "evil", "outputs": []})
    path = Path(submissions.NAME)
    read = Notebook(tuple(Cell(c["id"], c["cell_type"], "".join(c["source"])) for c in changed["cells"]))
    requests = {check.id: ({}, 1) for check in assignment.checks}
    made = assemble(assignment.blank, read, 'a"b', requests)
    text = made.text("/socket")
    assert "evil" not in text
    assert "nbval-skip" not in text
    assert 'STUDENT = "a\\"b"' in [cell.source for cell in made.cells]
    assert text.count("answer_probe(") == len(assignment.checks)
    order = [cell.id for cell in made.cells]
    for check in assignment.checks:
        assert order.index(f"probe-{check.id}") == order.index(check.id) + 1
    assert path.stem == assignment.name


def test_a_markdown_cell_with_an_answer_s_id_is_no_answer():
    assert answers(Notebook((Cell("cost-answer-1", "markdown", "x"),))) == {}


def test_cells_of_one_s_own_are_mentioned(assignment: Assignment):
    own = Cell("own", "code", "import this")
    assert left_out(Notebook((*assignment.blank.cells, own)), assignment.blank) == [
        "one cell of your own was not run: put imports and helper functions into the answer cells"
    ]
    two = Notebook((*assignment.blank.cells, own, own, Cell("empty", "code", " ")))
    assert left_out(two, assignment.blank)[0].startswith("2 cells of your own were")


def test_what_running_a_notebook_leaves_behind_is_no_tampering(assignment: Assignment):
    [solved] = [Notebook.read(submissions.ROOT / "solutions" / f"{submissions.NAME}.ipynb")]
    assert tampered(solved, assignment.blank, assignment.printed) == []
    failing = tuple(
        Cell(c.id, c.kind, c.source, c.tags, ({"output_type": "error", "ename": "AssertionError"},))
        for c in solved.cells
    )
    assert tampered(Notebook(failing), assignment.blank, assignment.printed) == []


def test_a_file_that_is_too_large_is_refused(tmp_path):
    path = tmp_path / "large.ipynb"
    path.write_bytes(b" " * (LARGEST + 1))
    with pytest.raises(UnreadableSource, match="clear its outputs"):
        Notebook.read(path)
    with pytest.raises(UnreadableSource, match="cannot be opened"):
        Notebook.read(tmp_path / "missing.ipynb")


def test_the_assignment_is_recognised_by_its_cells(handed_in):
    solutions = submissions.ROOT / "solutions"
    assert recognise([handed_in / "not-json.ipynb", handed_in / "blank.ipynb"], solutions) == submissions.NAME
    with pytest.raises(BadArgument, match="--assignment"):
        recognise([handed_in / "not-json.ipynb"], solutions)
    with pytest.raises(BadArgument, match=submissions.NAME):
        load(solutions, "06_missing")


@pytest.mark.parametrize(
    ("value", "right", "same"),
    [
        (8, 8, True),
        (8.0, 8, True),
        (8.0000001, 8, True),
        (8.001, 8, False),
        (True, 1, False),
        (1, True, False),
        ("8", 8, False),
        (None, 0, False),
        (float("inf"), 8, False),
        ([1, 2.0], [1.0, 2], True),
        ([1], [1, 2], False),
        ({"a": [0.1 + 0.2]}, {"a": [0.3]}, True),
        ({"a": 1, "b": 2}, {"a": 1}, False),
        ("fleet", "API", False),
    ],
)
def test_agree(value, right, same):
    assert agree(value, right, 1e-6) is same


DOUBLE = Check("d", "double", 3, "double", "Twice.", "Add it to itself.", lambda x: 2 * x, lambda _: {"x": 1}, count=2,
               mistakes={"It was squared.": lambda x: x * x, "It was divided.": lambda x: 1 / (x - 3)})  # fmt: skip
CASES = [{"x": 3}, {"x": 5}]


@pytest.mark.parametrize(
    ("lines", "points", "words"),
    [
        ([b'{"value": 6}', b'{"value": 10}'], 3, ""),
        ([b'{"value": 6}', b'{"value": 10}', b'{"value": 0}'], 3, ""),
        ([b'{"value": 9}', b'{"value": 25}'], 0, "It was squared. Twice."),
        ([b'{"value": 9}', b'{"value": 26}'], 0, "`double(x=3)` gave 9, which is not right. Twice."),
        ([b'{"value": 6}'], 0, "`double` did not return (late). Twice."),
        ([], 0, "`double` did not return (late). Twice."),
        (None, 0, "This check was not reached (late). Twice."),
        ([b'{"value": 6}', b"\xff"], 0, "`double` gave no answer: it sent something that is no value. Twice."),
        ([b"[" * 60_000], 0, "`double` gave no answer: it sent something that is no value. Twice."),
        ([b'{"value": NaN}'], 0, "`double` gave no answer: it sent something that is no value. Twice."),
        ([b'{"points": 3}'], 0, "`double` gave no answer: it sent something that is no value. Twice."),
        ([b'{"value": null}'], 0, "`double(x=3)` gave None (is a return missing?), which is not right. Twice."),
        ([b'{"value": ' + b"9" * 60_000 + b"}"], 0, "`double(x=3)` gave Infinity, which is not right. Twice."),
    ],
)
def test_judging_lines_that_may_be_anything(lines, points, words):
    verdict = judge(DOUBLE, CASES, lines, "late")
    assert (verdict.points, verdict.words) == (points, words)


def test_workloads_differ_and_leave_float_noise_aside():
    found = [workload_for(f"student-{number}") for number in range(200)]
    assert len(set(found)) == 200
    for one in found:
        assert 0.05 < one.tasks_per_second / (one.service_rate * one.utilisation) % 1 < 0.95
    with pytest.raises(BadArgument, match="student id is empty"):
        workload_for(" ")


def test_the_right_answers_are_those_of_the_chapter(assignment: Assignment):
    """The numbers of SPEC's assignment, worked out once more by hand."""
    right = {check.target: check.expected for check in assignment.checks}
    assert right["api_cost"](**REFERENCE.task) == pytest.approx(8 * (2000 * 3 + 400 * 15) / 1e6) == pytest.approx(0.096)
    assert right["cached_cost"](**REFERENCE.task) == pytest.approx(0.054)
    assert right["fleet_size"](**REFERENCE.load) == 8
    assert right["fleet_cost"](8, 2, 25) == pytest.approx(16 / 90_000)
    found = right["crossovers"](8, 2, 0.096, 0.054)
    assert {name: round(volume, 1) for name, volume in found.items()} == {
        "fleet": 166.7,
        "fleet_against_cache": 296.3,
        "one_replica": 20.8,
    }
    prices = {"service_rate": 5, "utilisation": 0.7, "dollars_per_hour": 2, "api_dollars": 0.096}
    choose = functools.partial(right["choose"], **prices)
    assert choose(tasks_per_hour=90_000) == {"cheaper": "fleet", "dollars_per_hour": 16}
    assert choose(tasks_per_hour=20)["cheaper"] == "API"
    assert choose(tasks_per_hour=21)["cheaper"] == "fleet"


@pytest.mark.parametrize("number", range(7))
def test_every_known_mistake_is_told_from_the_right_answer_and_from_the_others(assignment: Assignment, number):
    check = assignment.checks[number]
    cases = check.cases(random.Random("told apart"), "ada")
    given = {words: [rule(**case) for case in cases] for words, rule in check.mistakes.items()}
    given[""] = [check.expected(**case) for case in cases]
    for words, values in given.items():
        lines = [json.dumps({"value": value}).encode() for value in values]
        assert judge(check, cases, lines, "").words == (f"{words} {check.asks}" if words else "")
