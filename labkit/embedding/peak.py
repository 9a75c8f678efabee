"""What the processor could do: the floating-point operations of a token, and the rate of bare matrix products.

Throughput alone cannot tell a slow program from a slow core. Tokens per second times operations per token, over the
rate that the same core reaches on matrix products of the same shapes, is the share of the peak that was used.
"""

import time

from labkit.embedding.bert import Shape
from labkit.embedding.model import BATCH_TOKENS
from labkit.scaling import require_number
from labkit.settings import quiet_engines

MINILM = Shape(layers=6, width=384, inner=1536, heads=12, epsilon=1e-12)
"""The sizes of all-MiniLM-L6-v2."""


def flops_per_token(tokens: float, shape: Shape = MINILM) -> float:
    """Floating-point operations for one token of a text of ``tokens`` tokens; a product and its sum count as two.

        layers * (2 * (4 d^2 + 2 d i) + 4 n d)

    d is the width, i the inner width, n the tokens of the text: query, key, value and output products, the two of
    the feed-forward part, and attention's two products with every other token. Norms and activations, a few
    operations a number, are left out.

    >>> flops_per_token(40) / 1e6
    21.602304

    Args:
        tokens: Tokens of the text, above 0.
        shape: The encoder's sizes.

    Raises:
        BadArgument: ``tokens`` is not above 0.
    """
    length = require_number("tokens", tokens, above=0)
    dense = 2 * (4 * shape.width**2 + 2 * shape.width * shape.inner)
    return shape.layers * (dense + 4 * length * shape.width)


def matmul_rate(seconds: float = 0.5, shape: Shape = MINILM, rows: int = BATCH_TOKENS) -> float:
    """Floating-point operations per second of float32 matrix products in the encoder's shapes, and nothing else.

    Args:
        seconds: How long to multiply, about.
        shape: The encoder's sizes.
        rows: Tokens of a batch.

    Raises:
        BadArgument: ``seconds`` is not above 0.
    """
    require_number("seconds", seconds, above=0)
    quiet_engines()
    import torch

    sizes = [(shape.width, 3 * shape.width), (shape.width, shape.width)]
    sizes += [(shape.width, shape.inner), (shape.inner, shape.width)]
    pairs = [(torch.rand(rows, wide), torch.rand(wide, out)) for wide, out in sizes]
    done, begin = 0, time.perf_counter()
    while time.perf_counter() - begin < seconds:
        for left, right in pairs:
            torch.mm(left, right)
        done += 1
    operations = 2 * rows * sum(wide * out for wide, out in sizes)
    return done * operations / (time.perf_counter() - begin)
