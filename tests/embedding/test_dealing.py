import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.embedding import deal, like_length_batches, parcels
from labkit.errors import BadArgument

LENGTHS = st.lists(st.integers(1, 300), max_size=60)


class TestLikeLengthBatches:
    @given(LENGTHS, st.integers(1, 1_000))
    def test_every_text_once_and_no_batch_over_the_budget(self, lengths, budget):
        batches = list(like_length_batches(lengths, budget))
        assert sorted(place for batch in batches for place in batch) == list(range(len(lengths)))
        for batch in batches:
            assert len(batch) == 1 or len(batch) * max(lengths[place] for place in batch) <= budget

    @given(LENGTHS)
    def test_longest_first(self, lengths):
        order = [lengths[place] for batch in like_length_batches(lengths, 500) for place in batch]
        assert order == sorted(lengths, reverse=True)

    def test_pads_far_less_than_batches_in_the_order_given(self):
        lengths = [10, 100] * 40
        batches = list(like_length_batches(lengths, 1_000))
        padded = sum(len(batch) * max(lengths[place] for place in batch) for batch in batches)
        assert padded == sum(lengths)

    def test_refuses_a_budget_of_nothing(self):
        with pytest.raises(BadArgument, match="budget of a batch is 0; give"):
            list(like_length_batches([1], 0))


class TestParcels:
    @given(st.lists(st.text(max_size=40), max_size=40))
    def test_hold_every_text_once(self, texts):
        assert sorted(place for parcel in parcels(texts, 100) for place in parcel) == list(range(len(texts)))


class TestDeal:
    @given(st.lists(st.integers(0, 1_000), max_size=50), st.integers(1, 9))
    def test_every_piece_once_and_loads_within_one_piece(self, costs, workers):
        hands = deal(costs, workers)
        assert sorted(piece for hand in hands for piece in hand) == list(range(len(costs)))
        loads = [sum(costs[piece] for piece in hand) for hand in hands]
        assert max(loads) - min(loads) <= max(costs, default=0)

    def test_a_case_by_hand(self):
        assert deal([7, 1, 1, 1, 4], workers=2) == [[0], [1, 2, 3, 4]]  # 7 and 1 + 1 + 1 + 4

    def test_needs_a_worker(self):
        with pytest.raises(BadArgument, match="workers is 0; give"):
            deal([1], 0)
