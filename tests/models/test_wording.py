"""Wordings put together from parts are whole, and near none that the models are scored on."""

import re
from itertools import chain
from random import Random

import pytest
from canonical import CANONICAL
from wording import made, near, scored_for, skeleton, spoken
from wording_grammar import ASKED, CHAINS, PHRASES_MADE, SLOTS, SUMS, SUMS_NAMED, SUMS_SERVED

from labkit.corpus import Relation
from labkit.tasks.questions import Sum
from labkit.tasks.questions_heldout import HELDOUT_QUESTIONS

TABLES = (ASKED, CHAINS, PHRASES_MADE, SUMS, SUMS_NAMED, SUMS_SERVED)
FORMS = [form for table in TABLES for forms in table.values() for form in forms]


def slots_of(form):
    return re.findall(r"\[(\w+)\]", form)


def test_every_slot_is_there_and_used():
    asked = set(chain.from_iterable(map(slots_of, (*FORMS, *chain.from_iterable(SLOTS.values())))))
    assert asked == set(SLOTS)


def test_a_spoken_form_keeps_its_names_and_no_slot():
    random = Random(1)
    for form in FORMS:
        wording = spoken(form, random)
        assert re.findall(r"\{\w\}", wording) == re.findall(r"\{\w\}", form)
        assert "[" not in wording
        assert "  " not in wording, wording


DRAWN = (
    *((ASKED[relation], (relation,)) for relation in ASKED),
    *((CHAINS[path], path) for path in CHAINS),
    *((table[arithmetic], (arithmetic,)) for table in (SUMS, SUMS_SERVED) for arithmetic in table),
)


@pytest.mark.parametrize(("forms", "asked"), DRAWN, ids=lambda value: " ".join(map(str, value))[:40])
def test_none_is_near_a_heldout_one(forms, asked):
    random, held = Random(2), HELDOUT_QUESTIONS
    [first, *second] = asked
    if second:
        heldout = held.two_hop[asked]
    elif isinstance(first, Relation):
        heldout = held.one_hop[first]
    else:
        heldout = (*held.three_hop.get(first, ()), *held.two_skill.get(first, ()))
    scored = [set(re.findall(r"[a-z0-9]+", form.lower())) - {"entity", "other"} for form in heldout]
    assert scored
    for _ in range(300):
        words = set(re.findall(r"[a-z0-9]+", made(forms, scored_for(*asked), random).lower())) - {"e", "o"}
        assert not any(len(words & other) >= 0.75 * len(words | other) for other in scored)


def test_plans_ask_in_words_near_no_heldout_question():
    assert set(CANONICAL) == set(Relation)
    for relation, form in CANONICAL.items():
        assert form.count("{e}") == 1
        assert scored_for(relation)
        assert not near(form, scored_for(relation))


def test_no_chain_is_worded_as_a_question_for_one_fact():
    random = Random(4)
    for (_, second), forms in CHAINS.items():
        single = {skeleton(spoken(form, random)) for form in ASKED[second] for _ in range(9)}
        assert not [wording for form in forms if skeleton(wording := spoken(form, random)) in single]


def test_what_is_near_is_drawn_again():
    scored = (skeleton("Who owns {entity}?"),)
    assert {made(("who owns {e}?", "whose is {e}?"), scored, Random(seed)) for seed in range(20)} == {"whose is {e}?"}
    three = (skeleton("Who really owns {entity}?"),)
    assert near("Now, who really owns {e}?", three)  # three words of four
    assert not near("Who owns {e} now?", three)  # two of four
    assert all(scored_for(*path) for path in HELDOUT_QUESTIONS.two_hop)


def test_a_description_does_not_stand_beside_the_word_cluster():
    beside = ("how large is the cluster {e}?", "how large is the [pool] {e}?", "how large is the {e} cluster?")
    forms = (*beside, "how large is {e}?")
    random = Random(3)
    assert {made(forms, (), random, named=False) for _ in range(30)} == {"how large is {e}?"}
    assert len({made(forms, (), random) for _ in range(30)}) > 2


def test_a_calculation_on_all_replicas_is_not_asked_of_one():
    assert set(SUMS_NAMED) == set(SUMS_SERVED) == {Sum.CAPACITY, Sum.HOURLY_COST, Sum.DAILY_COST}
    for table in (SUMS, SUMS_NAMED, SUMS_SERVED):
        for forms in table.values():
            assert not any({"single", "alone", "each", "per_unit"} & set(slots_of(form)) for form in forms)
