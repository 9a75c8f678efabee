"""Every kind of answer to every assignment gets the score it deserves, and is told why.

Assignment 5 has its own submissions, which go the whole way and attack the grader too: ``test_scores.py``.
"""

import sys
from types import ModuleType

import pytest
from answers import prefix_caching, quorum, second_specialist, self_host_or_api, three_hop_agent
from judging import EXERCISES, SOLUTIONS, graded, nbval

ASSIGNMENTS = [three_hop_agent, second_specialist, quorum, prefix_caching, self_host_or_api]
each = pytest.mark.parametrize("given", ASSIGNMENTS, ids=lambda given: given.ANSWERS.name)


def named(kind: str) -> pytest.MarkDecorator:
    """A test for every mistake, or every cheat, of every assignment."""
    cases = [(given, name) for given in ASSIGNMENTS for name in getattr(given, kind)]
    return pytest.mark.parametrize(("given", "name"), cases, ids=lambda part: getattr(part, "__name__", part))


@pytest.fixture
def intact():
    """What an answer has replaced in the course's modules is put back."""
    modules = [module for name, module in sys.modules.items() if name.startswith("labkit.assignments.")]
    before = [dict(vars(module)) for module in modules]
    yield
    for module, names in zip(modules, before, strict=True):
        vars(module).update(names)


@each
def test_blank_earns_nothing(given: ModuleType):
    answers = given.ANSWERS
    answers.assert_lost(answers.mark({}, blank=True), {*answers.steps}, "your code goes here")


@each
@pytest.mark.parametrize("student", ["grace", "another.student@example.org"])
def test_right_earns_everything(given: ModuleType, student: str):
    found = given.ANSWERS.mark({}, student=student)
    given.ANSWERS.assert_lost(found, set())
    assert sum(verdict.points for verdict in found) == 12


@each
def test_right_by_other_means_earns_everything(given: ModuleType):
    given.ANSWERS.assert_lost(given.ANSWERS.mark(given.BY_HAND), set())


@named("MISTAKES")
def test_mistake(given: ModuleType, name: str):
    sources, lost, words = given.MISTAKES[name]
    given.ANSWERS.assert_lost(given.ANSWERS.mark(sources), lost, words)


@named("CHEATS")
@pytest.mark.usefixtures("intact")
def test_cheat(given: ModuleType, name: str):
    sources, lost, words = given.CHEATS[name]
    given.ANSWERS.assert_lost(given.ANSWERS.mark(sources), lost, words)


@each
def test_the_whole_way(given: ModuleType, tmp_path):
    answers = given.ANSWERS
    handed_in = {"right": answers.written({}), "blank": answers.written({}, blank=True)}
    found = graded(answers.name, handed_in, tmp_path)
    assert {name: one.points for name, one in found.items()} == {"right": 12, "blank": 0}
    assert set(found["right"].visible.values()) == {True}
    assert set(found["blank"].visible.values()) == {False}
    assert len(found["right"].visible) == len(found["blank"].visible) == len(answers.steps)
    assert not any(one.flags for one in found.values())


@each
def test_plain_nbval_passes_the_solution_and_fails_the_blank(given: ModuleType, tmp_path):
    name = given.ANSWERS.name
    assert nbval([SOLUTIONS / f"{name}.ipynb", EXERCISES / f"{name}.ipynb"], tmp_path) == [0, 1]


COURSES_OWN = """
from labkit.costs import self_hosted_cost_per_task as cost


def fleet_dollars(dollars_per_hour, service_rate, utilisation):
    return cost(1, dollars_per_hour, service_rate * utilisation)
"""

IMPORTED = {
    "costs": (self_host_or_api, {4: COURSES_OWN}, {4, 7}),
    "tolerated": (quorum, {2: "from labkit.quorum import tolerated"}, {2, 7}),
    "votes": (
        quorum,
        {1: "from labkit import quorum\ndef tally(votes):\n    return quorum.majority(votes).votes"},
        {1, 5, 6, 7},
    ),
    "calculator": (
        three_hop_agent,
        {1: "import labkit.orchestrator.calculator as course\ncalculate = course.calculate"},
        {1, 5, 6, 7},
    ),
}


@pytest.mark.parametrize("name", IMPORTED)
def test_what_labkit_has_finished_earns_nothing_and_is_said(name: str, tmp_path):
    given, sources, lost = IMPORTED[name]
    answers = given.ANSWERS
    marked = graded(answers.name, {"importing": answers.written(sources)}, tmp_path)["importing"]
    answers.assert_lost(marked.verdicts, lost, "not defined")
    assert any("not there when they are graded" in note for note in marked.notes)
