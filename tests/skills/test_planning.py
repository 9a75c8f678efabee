"""Plans keep their shape, and whatever is no plan is refused with a reason."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.skills import MOST_STEPS, InvalidPlan, Plan, is_calculation, parse_plan, plan_messages


def test_worked_example():
    plan = parse_plan('["Which cluster serves kelmar?", "How many replicas does #1 run?", "#2 * 24"]')
    assert plan.steps[2] == "#2 * 24"
    assert parse_plan(plan.to_json()) == plan


def test_the_question_itself_is_the_only_step_of_its_plan():
    whole = Plan(("Who owns kelmar?",))
    assert parse_plan('["#0"]', "Who owns kelmar?") == whole
    assert parse_plan(whole.to_json("Who owns kelmar?"), "Who owns kelmar?") == whole
    assert parse_plan(whole.to_json(), "Who owns kelmar?") == whole
    split = Plan(("Who owns kelmar?", "Who is on call for #1?"))
    assert split.to_json("Who owns kelmar?") == split.to_json()


@pytest.mark.parametrize("text", ['["#0", "Who owns #1?"]', '["#0 * 2"]'])
def test_the_question_itself_is_no_part_of_a_longer_plan(text):
    with pytest.raises(InvalidPlan, match="step 1 refers to step 0"):
        parse_plan(text, "Who owns kelmar?")


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("Sure! Here is a plan", "is not JSON"),
        ('["a"] and more', "is not JSON"),
        ('{"steps": ["a"]}', "the plan is"),
        ('"a"', "the plan is"),
        ("[1]", "step 1 is 1"),
        ("[]", "has 0 steps"),
        ('["  "]', "step 1 has 0 characters"),
        ('["Who owns #1?"]', "step 1 refers to step 1"),
        ('["a", "#0 + 2"]', "step 2 refers to step 0"),
        ('["#0"]', "step 1 refers to step 0"),
        ('["a", "#3 + 2", "b"]', "step 2 refers to step 3"),
        (json.dumps(["a"] * (MOST_STEPS + 1)), "has 9 steps"),
        (json.dumps(["a" * 401]), "step 1 has 401 characters"),
        ("[" * 100_000, "is not JSON"),
    ],
)
def test_what_is_no_plan(text, problem):
    with pytest.raises(InvalidPlan, match=problem):
        parse_plan(text)


@given(st.text())
def test_any_text_is_a_plan_or_refused(text):
    try:
        assert parse_plan(text).steps
    except InvalidPlan as refused:
        assert refused.remedy  # noqa: PT017 - either outcome is right, and both are checked


@given(st.lists(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="#"), min_size=1), max_size=8))
def test_written_and_read_back(steps):
    kept = tuple(step for step in steps if step.strip())
    if kept:
        assert parse_plan(Plan(kept).to_json()).steps == kept


@pytest.mark.parametrize("step", ["#1 * #2", "8 * 2.40 * 24", "(1,200 + 4) / 2", "#1 - #2"])
def test_calculations(step):
    assert is_calculation(step)


@pytest.mark.parametrize("step", ["How many replicas does #1 run?", "42", "#1", "- ", "orion-42 * 2", ""])
def test_no_calculations(step):
    assert not is_calculation(step)


def test_the_question_comes_last():
    system, user = plan_messages("Who owns kelmar?")
    assert system["role"] == "system"
    assert user["content"].endswith("Who owns kelmar?")
