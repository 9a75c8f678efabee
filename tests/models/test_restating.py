"""What is stated in other words is still stated, and what comes near to a fact states none."""

import re
from random import Random

import pytest
import restating
from restating import Shape, restated, strayed, strayed_line, told_of_another
from statements import stated_chunks
from wording import made, skeleton
from wording_grammar import BESIDE, BULLETS, LABELS, OTHERS, STATED

from labkit.corpus import Relation, handbook
from labkit.corpus.phrases import in_cell
from labkit.corpus.phrases_heldout import HELDOUT

CHUNKS = stated_chunks(handbook(60, 3, 1, "train"), 128)


def values(held):
    return [(one.asked, held.chunk.text[one.start : one.end], one.stale) for one in held.statements]


def test_facts_keep_their_values_and_stand_in_their_wordings():
    changed = {True: 0, False: 0}
    for number, held in enumerate(CHUNKS):
        again = restated(held, Random(number))
        assert sorted(map(str, values(again))) == sorted(map(str, values(held)))
        for one in again.statements:
            wording = again.chunk.text[one.begin : one.end_of_wording]
            assert one.fact.entity in wording
            assert one.begin <= one.start < one.end <= one.end_of_wording
            if not one.prose:
                assert in_cell(one.fact.relation, again.chunk.text[one.start : one.end].replace(",", "")) in wording
            changed[one.prose] += wording not in held.chunk.text
    for prose, count in changed.items():
        assert count > sum(one.prose is prose for held in CHUNKS for one in held.statements) / 3


def test_a_line_stays_a_line_of_its_kind():
    for number, held in enumerate(CHUNKS[:200]):
        again = restated(held, Random(number))
        before, after = (
            {one.asked: (one, each.chunk.text) for one in each.statements if not one.prose} for each in (held, again)
        )
        assert before.keys() == after.keys()
        for asked, (one, text) in after.items():
            was, old = before[asked]
            line = text[text.rfind("\n", 0, one.begin) + 1 :].partition("\n")[0]
            assert line.startswith("|") == old.startswith("|", was.begin)
            assert line.startswith(("|", "- "))


def test_nothing_but_the_wordings_and_near_misses_changes():
    lines = re.compile(r"^(?:\||#|- ).*$", re.MULTILINE)
    for number, held in enumerate(CHUNKS[:200]):
        again = restated(held, Random(number))
        stating = [(one.begin, one.end_of_wording) for one in held.statements]
        silent = [
            found[0]
            for found in lines.finditer(held.chunk.text)
            if not any(begin < found.end() and found.start() < end for begin, end in stating)
        ]
        rest = iter(lines.findall(again.chunk.text))
        assert all(line in rest for line in silent), "each of them, in their order"
        assert again.chunk.id == held.chunk.id
        assert "{" not in again.chunk.text.replace("{", "", held.chunk.text.count("{"))


def test_what_is_missed_is_about_what_the_chunk_names():
    missed = 0
    for number, held in enumerate(CHUNKS):
        again = restated(held, Random(number))
        assert all(entity in again.chunk.text for entity, _ in again.missed)
        missed += bool(again.missed)
    assert missed > len(CHUNKS) / 10


def test_facts_of_others_stand_in_passages_and_what_they_could_be_taken_for_is_missed(monkeypatch):
    told = []

    def marked(asked, shape, *_):
        told.append((asked, shape))
        return f"- mark {len(told)}." if shape is Shape.ITEM else f"mark {len(told)}."

    monkeypatch.setattr(restating, "told_of_another", marked)
    stray = others = 0
    for number, held in enumerate(CHUNKS[:200]):
        told.clear()
        again = restated(held, Random(number))
        stray, others = stray + len(again.missed) - len(told), others + len(told)
        for count, (asked, _) in enumerate(told, start=1):
            assert f"mark {count}." in again.chunk.text
            assert asked in again.missed
    assert stray > others > 10, "beside other near misses"
    monkeypatch.setattr(restating, "ANOTHERS", 1.0)
    told.clear()
    for number, held in enumerate(CHUNKS[:200]):
        restated(held, Random(number))
    assert {shape for _, shape in told} == set(Shape)


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
        sentence, lures = strayed(("kelmar", relation), Random(1))
        assert "kelmar" in sentence
        assert lures
        assert all(name == "kelmar" for name, _ in lures)


@pytest.mark.parametrize("shape", Shape)
def test_what_is_told_of_another_is_of_another(shape):
    for relation in Relation:
        told = [told_of_another(("kelmar", relation), shape, Random(number)) for number in range(40)]
        assert len(set(told)) == 40
        assert not any("kelmar" in each or "\0" in each or "{" in each for each in told)
        begin, end = {Shape.SENTENCE: ("", "."), Shape.ROW: ("| ", " |"), Shape.ITEM: ("- ", "")}[shape]
        assert all(each.startswith(begin) and each.endswith(end) for each in told)
    prices = [told_of_another(("kelmar", Relation.PRICE), shape, Random(number)) for number in range(20)]
    assert all(re.search(r"\$?\d\.\d\d", each) for each in prices)


def test_a_near_miss_with_a_name_of_some_kind_lures_into_answering_what_has_such_a_name():
    for key, labels in OTHERS.items():
        assert key.split()[0] in {"service", "cluster", "team"}
        assert key.split()[1] in {"x", "p", "t", "c", "r"}
        assert labels
    drawn = [strayed_line(("kelmar", Relation.PRICE), row=row, random=Random(n)) for n in range(40) for row in (0, 1)]
    assert all("kelmar" in line and "{" not in line for line, _ in drawn)
    assert all(line.startswith(("| kelmar |", "- ")) for line, _ in drawn)
    regions = [lures for line, lures in drawn if lures == [("kelmar", Relation.REGION)]]
    numbers = [lures for line, lures in drawn if len(lures) == 3]
    assert regions
    assert numbers
    assert all(("kelmar", Relation.REGION) not in lures for lures in numbers)


def test_labels_and_items_are_of_no_other_split():
    for relation in Relation:
        assert len(LABELS[relation]) > 40
        assert not set(LABELS[relation]) & {label for each in Relation for label in HELDOUT.labels[each]}
    heldout = {form.replace("{entity}", "{e}").replace("{value}", "{v}") for form in HELDOUT.bullets}
    assert not set(BULLETS) & heldout
    assert all(form.count(slot) == 1 for form in BULLETS for slot in ("{label}", "{e}", "{v}"))
