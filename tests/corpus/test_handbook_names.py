import re
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.corpus.draws import Draws, Permutation, Scramble
from labkit.corpus.names import MAX_INDEX, Entity, Names, Split
from labkit.corpus.numerals import read_words, spell
from labkit.corpus.phrasebook import PHRASES, PROSE
from labkit.errors import BadArgument


def _words(name: str) -> set[str]:
    return {word.lower() for word in re.findall(r"[A-Za-z]+", name)}


@pytest.mark.parametrize("seed", [0, 7])
def test_no_two_entities_share_a_name(seed):
    names = Names(Split.HELDOUT, seed)
    given_names = [names.of(entity, index) for entity in Entity for index in range(0, MAX_INDEX, 17)]
    assert len(set(given_names)) == len(given_names)


def test_splits_share_no_word_whatever_the_seed():
    words = {
        split: {
            word
            for seed, entity, index in product(range(3), Entity, range(1500))
            for word in _words(names[seed].of(entity, index))
        }
        for split in Split
        for names in [[Names(split, seed) for seed in range(3)]]
    }
    assert words[Split.TRAIN].isdisjoint(words[Split.HELDOUT])
    assert {word[0] for word in words[Split.TRAIN]} == set("bdfgklmp")
    assert {word[0] for word in words[Split.HELDOUT]} == set("nrstvz")


def test_names_vary_in_shape_and_no_shape_contains_another():
    names = [Names(Split.TRAIN, 3).of(Entity.CLUSTER, index) for index in range(3000)]
    shapes = {
        "word": {name for name in names if re.fullmatch(r"[a-z]+", name)},
        "numbered": {name for name in names if re.fullmatch(r"[a-z]+-\d\d", name)},
        "pair": {name for name in names if re.fullmatch(r"[A-Z][a-z]+ [A-Z][a-z]+", name)},
    }
    assert sum(map(len, shapes.values())) == 3000
    assert min(map(len, shapes.values())) > 800
    parts = [set().union(*map(_words, names)) for names in shapes.values()]
    assert parts[0].isdisjoint(parts[1] | parts[2])
    assert parts[1].isdisjoint(parts[2])


@given(left=st.integers(1, 40), right=st.integers(1, 40), seed=st.text(max_size=5))
def test_permutations_lose_nothing(left, right, seed):
    draws = Draws(seed)
    size = left * right
    for permutation in (Scramble(left, right, draws, "a"), Permutation(size, draws, "b")):
        assert sorted(map(permutation, range(size))) == list(range(size))


@given(st.integers(0, 999_999_999))
def test_spelling_can_be_read_back(number):
    assert read_words(spell(number).replace("-", " ").split()) == number


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (0, "zero"),
        (8, "eight"),
        (24, "twenty-four"),
        (40, "forty"),
        (113, "one hundred and thirteen"),
        (1200, "one thousand two hundred"),
    ],
)
def test_spelling(number, words):
    assert spell(number) == words


@pytest.mark.parametrize(
    "words", ["", "five twenty", "hundred", "twenty zero", "and five", "five and", "thousand", "ten five"]
)
def test_what_spells_no_number_is_not_read(words):
    assert read_words(words.split()) is None


def test_numbers_that_cannot_be_spelled_are_refused():
    with pytest.raises(BadArgument, match="-1; give one from 0"):
        spell(-1)


def _skeleton(template: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", re.sub(r"\{\w+\}", "", template).lower()))


def _far_apart(one: str, other: str, most: float) -> bool:
    first, second = _skeleton(one), _skeleton(other)
    return len(first & second) < most * len(first | second)


def test_statements_of_the_two_splits_differ_in_wording():
    train, heldout = PHRASES[Split.TRAIN], PHRASES[Split.HELDOUT]
    for relation, templates in train.statements.items():
        assert len(set(templates)) >= 8
        assert len(set(heldout.statements[relation])) >= 6
        for one, other in product(templates, heldout.statements[relation]):
            assert _far_apart(one, other, 0.75), (one, other)
        assert set(train.labels[relation]).isdisjoint(heldout.labels[relation])
    for ours, theirs in (
        (train.bullets, heldout.bullets),
        (train.dated, heldout.dated),
        (train.referenced, heldout.referenced),
    ):
        assert set(ours).isdisjoint(theirs)


def test_prose_of_the_two_splits_differs():
    def sentences(split: Split) -> set[str]:
        prose = PROSE[split]
        found = {filler for fillers in prose.fillers.values() for filler in fillers} | set(prose.updated)
        for section in prose.sections.values():
            found |= {*section.titles, *section.openings, *section.headings, *section.listed}
        return found

    assert sentences(Split.TRAIN).isdisjoint(sentences(Split.HELDOUT))
