"""The wordings that choices go by are neither taught nor scored, and what is made of them is right."""

import pytest
import validation
from validation import validation_plans, validation_readings
from wording import TRAINED, near, scored_for, skeleton
from wording_grammar import CHAINS, SUMS, SUMS_SERVED

from labkit.corpus import Relation
from labkit.corpus.phrases_heldout import HELDOUT
from labkit.corpus.phrases_train import TRAIN
from labkit.tasks.questions_train import TRAIN_QUESTIONS


@pytest.fixture(scope="module")
def plans():
    return validation_plans()


@pytest.fixture(scope="module")
def readings():
    return validation_readings(12)


def test_no_wording_is_taught_or_scored():
    for relation in Relation:
        asked = [*map(skeleton, TRAIN_QUESTIONS.one_hop[relation]), *scored_for(relation)]
        stated = [*map(skeleton, TRAIN.statements[relation]), *map(skeleton, HELDOUT.statements[relation])]
        for forms, others in ((validation._asked(), asked), (validation._stated(), stated)):
            assert len(forms[relation]) >= 4
            assert not any(near(form, others) for form in forms[relation])
            assert not set(forms[relation]) & {*TRAINED.asked[relation], *TRAINED.stated[relation]}


def test_no_question_of_a_plan_is_taught():
    taught = [skeleton(form) for table in (CHAINS, SUMS, SUMS_SERVED) for forms in table.values() for form in forms]
    asked = [made.args[0] for made in validation._makers() if made.func is not validation._one]
    assert len(asked) > 100
    assert not [form for form in asked if skeleton(form) in taught]


def test_every_kind_of_plan_is_there(plans):
    assert len({question for question, _ in plans}) == len(plans) > 200
    last = [plan.steps[-1] for _, plan in plans]
    for ending in ("#1 * #2", "#1 * #2 * 24", "#1 + #2", "#1 - #2", "#2 * #3", "#2 * #3 * 24"):
        assert last.count(ending) >= 5
    assert sum(len(plan.steps) == 1 and plan.steps[0] == question for question, plan in plans) > 50
    assert sum(len(plan.steps) == 2 for _, plan in plans) > 50
    for question, plan in plans:
        assert "{" not in question
        assert plan.steps[0] == question or any(word in question for word in plan.steps[0].rstrip("?").split()[-3:])


def test_readings_are_in_other_words_and_half_without_an_answer(readings):
    askings = [(sample, asking) for sample in readings for asking in sample.askings]
    answered = [(sample, asking) for sample, asking in askings if sample.answer(asking)]
    assert 0.3 < len(answered) / len(askings) < 0.75
    assert all(len(sample.passages) == 1 for sample in readings)
    for sample, asking in answered:
        assert sample.answer(asking) in sample.passages[0]


def test_the_same_every_time(readings):
    assert validation_readings(12) == readings
    assert validation_plans() == validation_plans()
