"""Partition: which texts are encoded together, and which worker gets them.

A batch is padded to its longest text, so texts of like length belong together. A worker that is handed the last
long stretch of work while the others are done makes all of them wait, so the long stretches are dealt first.
"""

import heapq
from collections.abc import Iterator, Sequence

from labkit.errors import BadArgument


def like_length_batches(lengths: Sequence[int], budget: int) -> Iterator[list[int]]:
    """Batches of texts of like length, longest first, each at most ``budget`` once padded.

    >>> list(like_length_batches([3, 9, 2, 8], budget=18))  # 2 x 9, then 2 x 3
    [[1, 3], [0, 2]]

    Args:
        lengths: Length of each text, in tokens.
        budget: Most tokens of a batch with its padding; a text that alone is longer gets a batch of its own.

    Yields:
        Positions in ``lengths``; every position once.

    Raises:
        BadArgument: The budget is below 1.
    """
    if budget < 1:
        raise BadArgument(f"the budget of a batch is {budget}", remedy="give at least 1 token")
    batch: list[int] = []
    for position in sorted(range(len(lengths)), key=lambda place: (-lengths[place], place)):
        # The first of a batch is its longest: all others are padded to it.
        if batch and lengths[batch[0]] * (len(batch) + 1) > budget:
            yield batch
            batch = []
        batch.append(position)
    if batch:
        yield batch


def parcels(texts: Sequence[str], characters: int) -> list[list[int]]:
    """What is handed to a worker at once: texts of like length, longest first, about ``characters`` in all.

    Characters cost nothing to count and order texts nearly as tokens do; the worker, which has the tokens, sorts
    its parcel again. So whoever deals does almost no work, and that little is the serial fraction.

    >>> parcels(["a fleet", "one", "file"], characters=8)
    [[0], [2, 1]]

    Args:
        texts: The texts.
        characters: Most characters of a parcel with its padding.

    Returns:
        Positions in ``texts``; every position once.
    """
    return list(like_length_batches([len(text) for text in texts], characters))


def deal(costs: Sequence[float], workers: int) -> list[list[int]]:
    """Pieces of work to workers who cannot ask for more: each piece, costliest first, to the least loaded.

    The loads then differ by no more than one piece. Source: R. L. Graham, "Bounds on multiprocessing timing
    anomalies", SIAM Journal on Applied Mathematics 17(2), 1969 (the longest-processing-time rule; it is within
    4/3 of the best).

    >>> deal([5, 4, 3, 3], workers=2)  # 8 and 7
    [[0, 3], [1, 2]]

    Args:
        costs: What each piece costs, in any unit.
        workers: How many share them, at least 1.

    Returns:
        For each worker the positions of its pieces, in ascending order.

    Raises:
        BadArgument: Fewer than one worker.
    """
    if workers < 1:
        raise BadArgument(f"workers is {workers}", remedy="give at least 1")
    loads: list[tuple[float, int]] = [(0.0, worker) for worker in range(workers)]
    hands: list[list[int]] = [[] for _ in range(workers)]
    for piece in sorted(range(len(costs)), key=lambda place: (-costs[place], place)):
        load, worker = heapq.heappop(loads)
        hands[worker].append(piece)
        heapq.heappush(loads, (load + costs[piece], worker))
    return [sorted(hand) for hand in hands]
