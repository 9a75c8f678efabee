"""Every submission, honest, mistaken or cheating, gets exactly the score it deserves, and is told why."""

import pytest
import submissions

from labkit.grading import Assignment
from labkit.grading.isolation import Isolation, strongest
from labkit.grading.marking import mark_all

NAMES = [one.name for one in submissions.EVERY]


@pytest.mark.parametrize("expected", submissions.EVERY, ids=NAMES)
def test_score_words_and_flags(graded, expected):
    marked = graded.of(expected.name)
    lost = {step for step, verdict in enumerate(marked.verdicts, start=1) if not verdict.passed}
    assert lost == expected.lost, marked.verdicts
    assert marked.points == expected.points
    for step, words in expected.words.items():
        assert words in marked.verdicts[step - 1].words
    if expected.flag:
        assert any(expected.flag in flag for flag in marked.flags), marked.flags
    else:
        assert marked.flags == ()


def test_a_lost_check_comes_with_a_hint_and_a_passed_one_without(graded):
    for marked in graded.outcome.marked:
        for verdict in marked.verdicts:
            assert bool(verdict.hint) == bool(verdict.words) == (not verdict.passed)


def test_the_points_are_those_of_the_assignment(assignment: Assignment):
    assert {step: check.points for step, check in enumerate(assignment.checks, start=1)} == submissions.POINTS
    assert assignment.points == 12


def test_a_check_that_passed_in_the_notebook_and_failed_outside_is_told_apart(graded):
    rounded = graded.of("mistakes-3")
    assert rounded.visible["cost-check-3"]
    assert not rounded.verdicts[2].passed
    assert graded.of("right").visible == {f"cost-check-{step}": True for step in submissions.STEPS}
    assert not any(graded.of("blank").visible.values())


def test_nothing_a_submission_started_is_left(graded):
    assert "sleep 98765" not in graded.survivors


def test_nothing_outside_was_written(graded):
    assert graded.bystander.read_text() == "nobody may write here"
    assert "writer" not in (graded.out / "gradebook.csv").read_text().replace("writes-the-gradebook", "")


def test_why_a_run_was_stopped_is_reported(graded):
    # Forty copies of a kernel pass both limits at about the same moment.
    assert graded.of("fork-storm").problem in ("it started more than 40 processes", "it used more than 1 GiB of memory")
    assert graded.of("not-json").problem.startswith("not-json.ipynb is not a notebook")
    assert graded.of("right").problem == ""


@pytest.mark.parametrize("jobs", [1, 3])
def test_the_outcome_does_not_depend_on_the_number_of_graders(graded, solutions, handed_in, jobs):
    names = ["mistakes-3", "right", "not-json"]
    paths = [handed_in / f"{name}.ipynb" for name in names]
    again = mark_all(paths, solutions, submissions.NAME, "a seed", strongest(), jobs)
    assert list(again.marked) == [graded.of(name) for name in names]


def test_the_grader_s_own_environment_is_kept_from_submissions(solutions, tmp_path, monkeypatch):
    monkeypatch.setenv("NOT_FOR_STUDENTS", "hush")
    looking = "import os\ndef fleet_cost(replicas, dollars_per_hour, tasks_per_second):\n    return dict(os.environ)"
    path = tmp_path / "looking.ipynb"
    path.write_text(submissions.answering("looking", {4: looking}, {4, 7}).text)
    [marked] = mark_all([path], solutions, submissions.NAME, "a seed", strongest(), 1).marked
    assert "gave {" in marked.verdicts[3].words
    assert "hush" not in str(marked)


def test_without_isolation_a_submission_that_ends_its_grader_costs_the_others_nothing(solutions, tmp_path):
    """Elsewhere it cannot even see that process."""
    murder = "import os, psutil\nfor one in psutil.Process().parents()[:2]:\n    one.kill()\nos._exit(0)"
    paths = []
    for one in (submissions.answering("murder", {3: murder}, submissions.IN_THE_END), submissions.HONEST[1]):
        paths.append(tmp_path / f"{one.name}.ipynb")
        paths[-1].write_text(one.text)
    killed, right = mark_all(paths, solutions, submissions.NAME, "a seed", Isolation("none"), 2).marked
    assert (killed.points, killed.problem) == (0, "it ended the process that graded it")
    assert right.points == 12


def test_it_is_the_isolation_that_keeps_the_solutions_from_being_read(solutions, handed_in):
    path = handed_in / "reads-the-solutions.ipynb"
    # Later cells put the blanks of steps 2 to 6 back; the first function and the report stay the stolen ones.
    [open_to_all] = mark_all([path], solutions, submissions.NAME, "a seed", Isolation("none"), 1).marked
    assert open_to_all.points == 3
