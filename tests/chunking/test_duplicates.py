"""MinHash against the definition, and what may never be dropped."""

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.chunking import Duplicates
from labkit.chunking.duplicates import BANDS, _shingles, exact_digest, words
from labkit.documents import SHARED, Access, Chunk
from labkit.errors import BadArgument

WORDS = [f"word{number}" for number in range(400)]
ACME = Access("acme")


def chunk(text, access=SHARED, name="d"):
    return Chunk(f"{name}#0", name, text, 0, len(text), access=access)


def resemblance(a, b, size):
    """The definition, with sets of tuples of words."""
    runs = [{tuple(found[i : i + size]) for i in range(max(len(found) - size + 1, 1))} for found in map(words, (a, b))]
    return len(runs[0] & runs[1]) / len(runs[0] | runs[1])


@given(st.lists(st.sampled_from("a b c d".split()), min_size=1, max_size=30), st.integers(1, 6))
def test_shingles_are_distinct_exactly_where_the_runs_of_words_are(found, size):
    runs = [tuple(found[i : i + size]) for i in range(max(len(found) - size + 1, 1))]
    numbers = _shingles(found, size).tolist()
    assert len(numbers) == len(runs)
    for (run, number), (other, another) in itertools.combinations(zip(runs, numbers, strict=True), 2):
        assert (run == other) == (number == another)


@pytest.mark.parametrize(("changed", "least", "most"), [(0, 1.0, 1.0), (1, 0.9, 1.0), (40, 0.0, 0.15)])
def test_bands_meet_as_often_as_the_theory_says(changed, least, most):
    draws = np.random.default_rng(5)
    met = []
    for _ in range(100):
        text = list(draws.choice(WORDS, 100, replace=False))
        other = [f"x{place}" if place < changed else word for place, word in enumerate(text)]
        bands = [Duplicates().bands(chunk(" ".join(found))) for found in (text, other)]
        assert len(bands[0]) == BANDS
        met.append(any(a == b for a, b in zip(*bands, strict=True)))
    assert least <= np.mean(met) <= most


@given(st.permutations("the orion cluster runs eight replicas behind one router".split()))
def test_repeats_agrees_with_the_definition(order):
    first, other = "the orion cluster runs eight replicas behind one router", " ".join(order)
    for threshold in (0.2, 0.5, 1.0):
        rule = Duplicates(threshold, shingle=2)
        assert rule.repeats(chunk(other), chunk(first)) == (resemblance(first, other, 2) >= threshold)


def test_a_near_copy_with_a_word_of_its_own_stays():
    long = " ".join(WORDS[:200])
    changed = long.replace("word199", "nine")
    assert resemblance(long, changed, 5) > 0.98
    assert not Duplicates().repeats(chunk(changed), chunk(long))
    shorter = " ".join(WORDS[:198])
    assert Duplicates().repeats(chunk(shorter), chunk(long))
    assert not Duplicates().repeats(chunk(long), chunk(shorter))


def test_texts_without_words_are_no_near_copies():
    assert not Duplicates().repeats(chunk("🚢"), chunk("⚓"))


def test_another_access_is_another_text():
    text = "The quota is 20,000 calls a day."
    accesses = [SHARED, ACME, Access("acme", frozenset({"legal"})), Access("globex")]
    chunks = [chunk(text, access) for access in accesses]
    assert len({exact_digest(one) for one in chunks}) == len(chunks)
    bands = [Duplicates().bands(one) for one in chunks]
    assert all(set(a).isdisjoint(b) for a, b in itertools.combinations(bands, 2))
    assert not any(Duplicates().repeats(a, b) for a, b in itertools.combinations(chunks, 2))


@pytest.mark.parametrize("arguments", [{"resemblance": 0}, {"resemblance": 1.1}, {"shingle": 0}])
def test_rules_that_cannot_work_are_refused(arguments):
    with pytest.raises(BadArgument, match="; give "):
        Duplicates(**arguments)
