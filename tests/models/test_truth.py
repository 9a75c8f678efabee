"""A gold plan is executable, a wrong one is not: the checker would notice a broken planner."""

from pathlib import Path

import pytest
from canonical import canonical
from truth import calculate, executable, look_up

from labkit.corpus import Relation, handbook
from labkit.documents import Principal
from labkit.skills import Plan
from labkit.tasks import handbook_tasks


@pytest.fixture(scope="module")
def book():
    return handbook(120, 3, 5)


@pytest.fixture(scope="module")
def tasks(book):
    return handbook_tasks(book, ["one_hop", "two_hop", "three_hop", "two_skill"], 20, 4)


def gold(task) -> list[str]:
    return [hop.plan for hop in task.hops]


def test_gold_plans_are_executable(book, tasks):
    assert all(executable(Plan(tuple(gold(task))).to_json(), task, book) for task in tasks)


def test_misspelt_names_shortened_plans_and_no_plans_are_not(book, tasks):
    for task in tasks:
        steps = gold(task)
        misspelt = [step.replace("n", "m") for step in steps]
        if misspelt != steps:
            assert not executable(Plan(tuple(misspelt)).to_json(), task, book)
        if len(steps) > 1:
            assert not executable(Plan(tuple(steps[:-1])).to_json(), task, book)
        assert not executable("I would first look for the cluster.", task, book)


def test_a_plan_that_fails_is_told_by_its_searches(tasks, monkeypatch):
    monkeypatch.syspath_prepend(str(Path(__file__).parents[2] / "bench"))
    from models_scores import plan_fault

    task = next(task for task in tasks if task.kind == "three_hop")
    faults = {
        "I would look for the cluster.": "no valid plan",
        Plan((task.question,)).to_json(): "left whole",
        Plan(("Which?", "How many has #1?")).to_json(): "searches too few",
        Plan(("Which?", "How many has #1?", "What costs #1?", "#2 + #3")).to_json(): "as many searches, but others",
        Plan(("Which?", "Where?", "How many has #1?", "What costs #2?")).to_json(): "searches too many",
    }
    assert {plan: plan_fault(plan, task) for plan in faults} == faults


def test_the_reader_keeps_to_what_the_asker_may_read(book, tasks):
    fact = next(fact for fact in book.facts if fact.access.tenant)
    stranger = next(task.principal for task in tasks if not task.principal.may_read(fact.access))
    question = {"cluster": "Which cluster does {} run on?", "replicas": "How many replicas does {} run?"}
    asked = question.get(str(fact.relation), "What is the request quota of {}?").format(fact.entity)
    assert look_up(asked, book, stranger) == "unknown"


@pytest.mark.parametrize(
    ("expression", "value"),
    [("8 * 2.40 * 24", "460.80"), ("8 - 3 - 1", "4"), ("2 + 3 * 4", "14"), ("9 / 0", "unknown"), ("#1 * 2", "unknown")],
)
def test_calculations(expression, value):
    assert calculate(expression) == value


@pytest.mark.parametrize("relation", Relation, ids=str)
def test_what_plans_ask_is_looked_up(book, relation):
    fact = next(fact for fact in book.facts if fact.relation is relation)
    reader = Principal("reader", fact.access.tenant or "any", fact.access.groups)
    assert look_up(canonical(relation, fact.entity), book, reader) == fact.value
