"""What a prefix cache should hold of each prompt, computed from the prompts alone.

vLLM keeps keys and values in blocks of B tokens, and a block is known again only together with all that stands before
it. A prompt of n tokens therefore finds the longest run of whole blocks, from its first token on, that an earlier
prompt had too, and at most the n - 1 tokens before its last: that one is always computed, since the first token of the
reply comes out of it.

Source: W. Kwon et al., "Efficient memory management for large language model serving with PagedAttention", SOSP 2023,
section 4.4; the hashing of whole blocks is vLLM's automatic prefix caching.
"""

from collections.abc import Sequence

from labkit.scaling import require_number


def predicted_cached(prompts: Sequence[Sequence[int]], block: int) -> tuple[int, ...]:
    """Tokens of each prompt that the cache holds, when they come one after the other and nothing is evicted.

    Blocks that a reply fills up are left out: they count only where a later prompt repeats that reply.

    >>> first, second = [1, 2, 3, 4, 5, 6], [1, 2, 3, 4, 9, 9]
    >>> predicted_cached([first, second, second], block=2)  # the last token is computed: 4 of 6, and not 6
    (0, 4, 4)

    Args:
        prompts: Token ids of each prompt, in the order of the calls.
        block: B, tokens of a block, at least 1.

    Raises:
        BadArgument: A block of less than one token.
    """
    size = int(require_number("block", block, least=1))
    seen: set[int] = set()
    found = []
    for prompt in prompts:
        chain = _chain(prompt, size)
        held = 0
        for place, known in enumerate(chain, start=1):
            if known not in seen or place * size > len(prompt) - 1:
                break
            held = place * size
        seen.update(chain)
        found.append(held)
    return tuple(found)


def shared_prefix(prompts: Sequence[Sequence[int]]) -> int:
    """Tokens with which all prompts begin.

    >>> shared_prefix([[1, 2, 3], [1, 2, 4, 5]])
    2
    """
    shortest = min(map(len, prompts), default=0)
    return next((place for place in range(shortest) if len({prompt[place] for prompt in prompts}) > 1), shortest)


def _chain(prompt: Sequence[int], size: int) -> list[int]:
    """A hash for each whole block that also stands for all blocks before it."""
    chain, before = [], 0
    for begin in range(0, len(prompt) - size + 1, size):
        before = hash((before, tuple(prompt[begin : begin + size])))
        chain.append(before)
    return chain
