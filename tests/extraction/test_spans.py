"""The best span is the one that trying every pair finds, with the probability that adding up gives."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.errors import BadArgument
from labkit.extraction import best_span

WORKED = np.array([[0, 0], [2, 0], [0, 2]], dtype=np.float32)


def test_by_hand():
    span = best_span(WORKED, 1, 2)
    total = np.exp(2) + np.exp(4) + np.exp(2) + np.exp(0)
    assert (span.start, span.end) == (1, 2)
    assert span.probability == pytest.approx(np.exp(4) / total)
    assert span.no_answer == pytest.approx(1 / total)


def test_start_and_end_are_chosen_together():
    # The best start stands after the best end: chosen apart they would make no span at all.
    logits = np.array([[0, 0], [1, 5], [4, 1]], dtype=np.float32)
    span = best_span(logits, 1, 2)
    assert (span.start, span.end) == (1, 1)


def test_the_limit_cuts_long_spans():
    logits = np.zeros((8, 2), dtype=np.float32)
    logits[1, 0] = logits[7, 1] = 5
    assert (best_span(logits, 1, 7, limit=7).start, best_span(logits, 1, 7, limit=7).end) == (1, 7)
    cut = best_span(logits, 1, 7, limit=6)
    assert cut.end - cut.start < 6


def test_a_higher_temperature_is_less_sure():
    assert best_span(WORKED, 1, 2, temperature=2).probability < best_span(WORKED, 1, 2).probability


@given(st.integers(2, 9), st.integers(1, 4), st.integers(0, 10_000))
def test_agrees_with_trying_every_pair(tokens, limit, seed):
    logits = np.random.default_rng(seed).normal(size=(tokens, 2)).astype(np.float32) * 3
    pairs = [(i, j) for i in range(1, tokens) for j in range(i, min(tokens, i + limit))]
    scores = {pair: float(logits[pair[0], 0]) + float(logits[pair[1], 1]) for pair in pairs}
    total = sum(map(np.exp, scores.values())) + np.exp(float(logits[0].sum()))
    span = best_span(logits, 1, tokens - 1, limit=limit)
    assert scores[span.start, span.end] == max(scores.values())
    assert span.probability == pytest.approx(np.exp(max(scores.values())) / total, rel=1e-5)


@pytest.mark.parametrize(
    "wrong", [{"first": 0}, {"last": 3}, {"first": 2, "last": 1}, {"temperature": 0.0}, {"limit": 0}]
)
def test_refuses(wrong):
    with pytest.raises(BadArgument):
        best_span(WORKED, **{"first": 1, "last": 2, **wrong})
