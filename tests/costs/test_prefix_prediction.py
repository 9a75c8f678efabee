"""The predicted cache: against every earlier prompt compared one by one, and against vLLM's own words on blocks."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.costs import predicted_cached, shared_prefix
from labkit.errors import BadArgument

PROMPTS = st.lists(st.lists(st.integers(0, 2), max_size=12), max_size=8)


def one_by_one(prompts, block):
    found = []
    for place, prompt in enumerate(prompts):
        shared = 0
        for earlier in prompts[:place]:
            common = next(
                (n for n, pair in enumerate(zip(prompt, earlier, strict=False)) if pair[0] != pair[1]),
                min(len(prompt), len(earlier)),
            )
            shared = max(shared, common)
        found.append(max(0, min(shared, len(prompt) - 1)) // block * block)
    return tuple(found)


@given(PROMPTS, st.integers(1, 5))
def test_as_comparing_with_every_earlier_prompt_finds_it(prompts, block):
    assert predicted_cached(prompts, block) == one_by_one(prompts, block)


def test_by_hand():
    system = list(range(100))
    prompts = [[*system, 1, 1, 1], [*system, 2, 2, 2], [*system, 1, 1, 1]]
    assert predicted_cached(prompts, 32) == (0, 96, 96)
    assert predicted_cached(prompts, 128) == (0, 0, 0)  # nothing fills a block
    assert shared_prefix(prompts) == 100


def test_a_block_in_the_middle_is_known_only_with_all_before_it():
    assert predicted_cached([[1, 1, 2, 2, 9], [3, 3, 2, 2, 9]], 2) == (0, 0)


def test_nothing_to_share():
    assert predicted_cached([], 16) == ()
    assert shared_prefix([]) == 0
    with pytest.raises(BadArgument, match="block is 0"):
        predicted_cached([[1]], 0)
