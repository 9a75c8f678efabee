"""Training samples hold no held-out wording or name, and their answers stand in their passages."""

import re
from random import Random

import pytest
import reading_samples
import rivals
from canonical import canonical
from comparing import compared
from general import article
from planning_samples import LED_TO, PHRASES, askable, planned, replanned, sum_wordings
from products import FACTORS
from reading_samples import reading, single, wordings
from routing_samples import routed

from labkit.corpus import Relation
from labkit.corpus.phrases_heldout import HELDOUT
from labkit.skills import Plan, is_calculation, lost_names, parse_plan
from labkit.tasks import Skill
from labkit.tasks.questions_heldout import HELDOUT_QUESTIONS
from labkit.tasks.questions_train import TRAIN_QUESTIONS

HELDOUT_NAME = re.compile(
    r"\b(?:[nrstvz]|sk|sl|st|sp|th)[aeiou](?:l|m|n|r|v|z|nd|lv|rn|st|lm|rd)[aeiou]\w*-\d\d\b", re.IGNORECASE
)


@pytest.fixture(scope="module")
def readings():
    return [reading(Random(number)) for number in range(60)]


@pytest.fixture(scope="module")
def plans():
    random = Random(3)
    return [planned(random) for _ in range(400)]


def heldout_templates():
    questions = HELDOUT_QUESTIONS
    for table in (questions.one_hop, questions.two_hop, questions.three_hop, questions.two_skill):
        for forms in table.values():
            yield from forms
    for forms in HELDOUT.statements.values():
        yield from forms


def test_no_heldout_wording(readings, plans):
    fitting = [re.compile(re.sub(r"\\{\w+\\}", r"[\\w .-]+", re.escape(form))) for form in heldout_templates()]
    texts = [text for sample in readings for text in (*sample.passages, *(each.question for each in sample.askings))]
    for text in (*texts, *(question for question, _ in plans)):
        assert not HELDOUT_NAME.search(text), text
        assert not any(form.search(text) for form in fitting), text


def drawable():
    """Every question that samples can be worded as, with one slot for whatever name stands in it."""
    for relation in Relation:
        yield from wordings(relation)
    for first, second in TRAIN_QUESTIONS.two_hop:
        yield from nested(PHRASES[first], askable(second))
    for arithmetic in FACTORS:
        yield from sum_wordings(arithmetic)
        yield from nested(PHRASES[Relation.CLUSTER], sum_wordings(arithmetic))


def nested(phrases, forms):
    return (form.format(entity=phrase.format(e="{entity}")) for phrase in phrases for form in forms)


def slotted(form):
    return re.sub(r"\{\w+\}", "{}", form).casefold()


def test_no_question_that_can_be_drawn_is_heldout():
    heldout = {slotted(form) for form in heldout_templates()}
    drawn = list(drawable())
    assert len(drawn) > 30_000
    assert not [form for form in drawn if slotted(form) in heldout]


def test_derived_wordings_have_one_slot():
    for relation in Relation:
        assert all(form.count("{entity}") == 1 and "{value}" not in form for form in wordings(relation))


def test_readings_have_what_they_should(readings):
    asked = [(sample, asking) for sample in readings for asking in sample.askings]
    absent = sum(sample.answer(asking) is None for sample, asking in asked)
    assert 0.1 < absent / len(asked) < 0.35
    assert {len(sample.passages) for sample in readings} == {1, 2, 3, 4}
    for sample, asking in asked:
        for text, span in zip(sample.passages, asking.answers, strict=True):
            assert span is None or text[span[0] : span[1]].strip() == text[span[0] : span[1]] != ""


def test_readings_are_reproducible():
    assert reading(Random(5)) == reading(Random(5))
    assert reading(Random(5)) != reading(Random(6))


def test_articles_tell_their_values():
    for number in range(50):
        made = article(Random(number))
        assert len(made.told) >= 2
        assert all(made.text[each.start : each.end] for each in made.told)
        assert made.entity in made.text


def test_plans_are_plans(plans):
    assert {len(plan.steps) for _, plan in plans} == {1, 2, 3, 4}
    for question, plan in plans:
        assert parse_plan(plan.to_json()) == plan
        assert len(plan.steps) > 1 or plan.steps == (question,)
        assert not lost_names(question, plan)


def test_every_product_is_asked_of_a_cluster_named_and_of_one_described(plans):
    for steps, product in ((3, "#1 * #2"), (4, "#2 * #3")):
        endings = {plan.steps[-1] for _, plan in plans if len(plan.steps) == steps and "*" in plan.steps[-1]}
        assert endings == {product, f"{product} * 24"}


def test_routes_are_right():
    random = Random(4)
    routes = [routed(random) for _ in range(300)]
    assert {skill for _, skill in routes} == set(Skill)
    assert not any(is_calculation(step) for step, skill in routes if skill is Skill.RETRIEVE)


def test_what_was_asked_in_vain_is_split_where_the_name_may_be_a_services():
    leads = {
        canonical(second, "#1"): re.compile(re.escape(canonical(first, "@")).replace("@", ".+"))
        for second, first in LED_TO.items()
    }
    random = Random(4)
    drawn = [replanned(random) for _ in range(300)]
    whole = [(question, plan.steps) for question, query, plan in drawn if query == question]
    assert all(len(steps) > 1 or steps == (question,) for question, steps in whole)
    led = [steps for _, steps in whole if len(steps) == 2 and steps[1] in leads]
    assert 0.2 < len(led) / len(whole) < 0.7
    assert all(leads[second].fullmatch(first) for first, second in led)


def test_a_product_whose_number_was_asked_for_in_vain_is_that_of_a_cluster():
    random = Random(4)
    drawn = [replanned(random) for _ in range(300)]
    products = [(query, plan.steps) for question, query, plan in drawn if query != question and "*" in plan.steps[-1]]
    assert 0.2 < len(products) / 300 < 0.5
    for query, (first, *numbers, _) in products:
        name = re.fullmatch(re.escape(canonical(Relation.CLUSTER, "@")).replace("@", "(.+)"), first)[1]
        assert query == canonical(Relation.REPLICAS, name)
        assert all("#1" in number and name not in number for number in numbers)


def test_a_comparison_is_planned_as_it_stands_also_where_it_was_taken_for_a_sum():
    random = Random(5)
    for made in (compared(random) for _ in range(300)):
        assert made.entity.casefold() in made.question.casefold()
        assert "{" not in made.question
        assert lost_names(made.question, Plan((made.question,))) == ()
    random = Random(4)
    drawn = [replanned(random) for _ in range(300)]
    taken_for_sums = [query for question, query, plan in drawn if plan.steps == (question,) and query != question]
    assert 0.02 < len(taken_for_sums) / 300 < 0.08


def test_what_a_near_miss_seems_to_answer_is_asked(monkeypatch):
    monkeypatch.setattr(reading_samples, "beside", lambda _everything, named, *_: named[0])
    made = [single(Random(number)) for number in range(40)]
    unanswered = [asking for sample in made for asking in sample.askings if not any(asking.answers)]
    monkeypatch.setattr(reading_samples, "restated", lambda held, *_: held)
    plain = [single(Random(number)) for number in range(40)]
    assert len(unanswered) > 1.5 * sum(not any(asking.answers) for sample in plain for asking in sample.askings)


def test_readers_are_asked_in_the_words_of_plans_as_often_as_hops_are():
    canonical_forms = [re.compile(re.escape(canonical(each, "@")).replace("@", ".+")) for each in Relation]
    asked = [asking.question for number in range(80) for asking in single(Random(number)).askings]
    share = sum(any(form.fullmatch(question) for form in canonical_forms) for question in asked) / len(asked)
    assert 0.2 < share < 0.45


def test_what_an_entity_cannot_have_is_asked_of_it_too(monkeypatch):
    kinds = [set(group) for group in rivals._SUBJECTS]
    random, service, other = Random(3), ("kelmar", Relation.OWNER), ("zelvin", Relation.OWNER)
    monkeypatch.setattr(rivals, "all_asked", lambda _: [other])
    drawn = [rivals.beside([], [service], [other], random)[1] for _ in range(300)]
    strange = sum(relation not in kinds[0] for relation in drawn)
    assert set().union(*kinds) == set(Relation)
    assert 0.1 < strange / len(drawn) < 0.2
