"""A corrupted minority never wins, wherever it stands; ties and missing majorities are said aloud."""

from itertools import combinations, product
from math import prod

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.documents import UNKNOWN, Answer, Citation
from labkit.errors import BadArgument
from labkit.quorum import Outcome, ask_quorum, chance_of_a_wrong_majority, majority, tolerated


@pytest.mark.parametrize("asked", range(1, 10))
def test_every_placement_of_a_tolerated_minority(asked):
    for corrupted in range(tolerated(asked) + 1):
        for places in combinations(range(asked), corrupted):
            ballot = majority(["666" if place in places else "8" for place in range(asked)])
            assert (ballot.outcome, ballot.text) == (Outcome.MAJORITY, "8")


@given(st.data())
def test_a_tolerated_minority_never_wins_even_when_honest_votes_abstain(data):
    asked = data.draw(st.integers(1, 15))
    places = data.draw(st.sets(st.integers(0, asked - 1), max_size=tolerated(asked)))
    honest = st.sampled_from(["8", "eight", "8 replicas", UNKNOWN])
    votes = ["666" if place in places else data.draw(honest) for place in range(asked)]
    assert majority(votes).text != "666"


@given(st.data())
def test_corrupted_sources_with_several_phrasings(data):
    count, phrasings = data.draw(st.integers(1, 7)), data.draw(st.lists(st.text(), min_size=1, max_size=4))
    corrupted = data.draw(st.sets(st.integers(0, count - 1), max_size=tolerated(count)))
    sources = [lambda _, bad=place in corrupted: Answer("666" if bad else "8") for place in range(count)]
    answer, ballot = ask_quorum(phrasings, sources)
    assert answer.text == "8"
    assert ballot.asked == count * len(phrasings)


@pytest.mark.parametrize(
    ("votes", "outcome", "text"),
    [
        (["8", "Eight", "9"], Outcome.MAJORITY, "8"),
        (["8", "9"], Outcome.TIE, UNKNOWN),
        (["8", "8", "9", "9", "7"], Outcome.TIE, UNKNOWN),
        (["8", "8", "9", "7"], Outcome.NO_MAJORITY, UNKNOWN),
        (["8", UNKNOWN, UNKNOWN], Outcome.NO_MAJORITY, UNKNOWN),
        ([UNKNOWN, UNKNOWN], Outcome.NO_VALUE, UNKNOWN),
        (["180 ms", "180 seconds", "180 ms"], Outcome.MAJORITY, "180 ms"),
    ],
)
def test_what_a_vote_comes_to(votes, outcome, text):
    ballot = majority(votes)
    assert (ballot.outcome, ballot.text) == (outcome, text)


def test_the_majoritys_evidence_is_cited_and_a_missing_one_stated():
    good = [Answer("8", (Citation(name, name, 0, 9),)) for name in "ab"]
    bad = Answer("666", (Citation("c", "c", 0, 9),))
    answer, ballot = ask_quorum(["how many?"], [lambda _, one=one: one for one in (bad, *good)])
    assert [place.document_id for place in answer.citations] == ["a", "b"]
    assert str(ballot) == "majority of 3: 8 (votes: '8' 2, '666' 1)"
    answer, _ = ask_quorum(["how many?"], [lambda _: good[0], lambda _: bad])
    assert (answer.text, answer.citations, answer.failure) == (UNKNOWN, (), "quorum: tie of 2")


def test_nobody_asked_is_refused():
    with pytest.raises(BadArgument, match="0 votes were cast"):
        ask_quorum([], [lambda _: Answer("8")])
    with pytest.raises(BadArgument, match="0 are asked"):
        tolerated(0)


@given(st.integers(1, 8), st.floats(0, 1))
def test_the_chance_of_a_wrong_majority_by_counting_every_case(asked, corrupted):
    wrong = sum(
        prod(corrupted if lies else 1 - corrupted for lies in case)
        for case in product((True, False), repeat=asked)
        if majority(["666" if lies else "8" for lies in case]).text == "666"
    )
    assert chance_of_a_wrong_majority(asked, corrupted) == pytest.approx(wrong, abs=1e-9)


def test_a_chance_that_is_none():
    with pytest.raises(BadArgument, match=r"corrupted is 1\.5"):
        chance_of_a_wrong_majority(3, 1.5)
    with pytest.raises(BadArgument, match="asked is 0"):
        chance_of_a_wrong_majority(0, 0.5)
