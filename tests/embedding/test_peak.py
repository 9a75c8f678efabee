import pytest

from labkit.embedding import flops_per_token, matmul_rate
from labkit.embedding.bert import Shape
from labkit.errors import BadArgument


class TestFlopsPerToken:
    def test_by_hand(self):
        tiny = Shape(layers=1, width=2, inner=3, heads=1, epsilon=0.0)
        # 4 products of 2 x 2 and 2 of 2 x 3, twice each; scores and mixing over 5 tokens, 2 wide, twice each
        assert flops_per_token(5, tiny) == 2 * (16 + 12) + 2 * 2 * 5 * 2

    def test_refuses_no_tokens(self):
        with pytest.raises(BadArgument, match="tokens is 0"):
            flops_per_token(0)


class TestMatmulRate:
    def test_is_a_rate_of_this_age(self):
        assert 1e8 < matmul_rate(0.05) < 1e14

    def test_refuses_no_time(self):
        with pytest.raises(BadArgument, match="seconds is 0"):
            matmul_rate(0)
