"""What is stated in other words is still stated, and what comes near to a fact states none."""

import re
from random import Random

import pytest
from restating import restated, strayed
from statements import stated_chunks
from wording import made, skeleton
from wording_grammar import BESIDE, STATED

from labkit.corpus import Relation, handbook
from labkit.corpus.phrases_heldout import HELDOUT

CHUNKS = stated_chunks(handbook(60, 3, 1, "train"), 128)


def values(held):
    return [(one.asked, held.chunk.text[one.start : one.end], one.stale) for one in held.statements]


def test_facts_keep_their_values_and_stand_in_their_wordings():
    changed = 0
    for number, held in enumerate(CHUNKS):
        again = restated(held, Random(number))
        assert sorted(map(str, values(again))) == sorted(map(str, values(held)))
        for one in again.statements:
            wording = again.chunk.text[one.begin : one.end_of_wording]
            assert one.fact.entity in wording
            assert one.begin <= one.start < one.end <= one.end_of_wording
        changed += again.chunk.text != held.chunk.text
    assert changed > sum(any(one.prose for one in held.statements) for held in CHUNKS) / 2


def test_nothing_but_the_wordings_and_near_misses_changes():
    lines = re.compile(r"^(?:\||#|- `).*$", re.MULTILINE)
    for number, held in enumerate(CHUNKS[:200]):
        again = restated(held, Random(number))
        assert lines.findall(again.chunk.text) == lines.findall(held.chunk.text)
        assert again.chunk.id == held.chunk.id
        assert "{" not in again.chunk.text.replace("{", "", held.chunk.text.count("{"))


def test_restating_is_reproducible():
    held = next(one for one in CHUNKS if len(one.statements) > 2)
    assert restated(held, Random(5)) == restated(held, Random(5))
    assert len({restated(held, Random(seed)).chunk.text for seed in range(20)}) > 10


@pytest.mark.parametrize("relation", Relation, ids=str)
def test_no_made_statement_is_near_a_heldout_one(relation):
    random, scored = Random(6), [skeleton(form) for form in HELDOUT.statements[relation]]
    assert scored
    for form in STATED[relation]:
        assert form.count("{e}") == form.count("{v}") == 1
        assert not form.endswith(".")
    for _ in range(300):
        words = skeleton(made(STATED[relation], tuple(scored), random))
        assert not any(len(words & other) >= 0.75 * len(words | other) for other in scored)


def test_near_misses_are_about_their_entity():
    for kind, sentences in BESIDE.items():
        assert kind in {"service", "cluster", "team"}
        assert all(sentence.count("{e}") == 1 and sentence.endswith(".") for sentence in sentences)
    for relation in Relation:
        assert "kelmar" in strayed(("kelmar", relation), Random(1))
