import numpy as np
import pytest

from labkit.embedding import PooledEncoder, pooled
from labkit.errors import BadArgument


class TestPooledEncoder:
    def test_a_question_pays_for_no_pool(self, monkeypatch, texts, vectors):
        monkeypatch.setattr(pooled, "cluster", lambda _: pytest.fail("Ray was started for one text"))
        assert np.abs(PooledEncoder().encode(texts[:1]) - vectors[:1]).max() < 1e-5

    def test_of_nothing(self):
        assert PooledEncoder().encode([]).shape == (0, 384)

    @pytest.mark.usefixtures("head")
    def test_a_corpus_goes_to_the_pool(self, monkeypatch, texts, vectors):
        monkeypatch.setattr(pooled, "local_model", lambda _: pytest.fail("encoded in this process"))
        found = PooledEncoder(workers=1, few=10).encode(texts[:11])
        assert np.abs(found - vectors[:11]).max() < 1e-5

    @pytest.mark.parametrize("wrong", [{"workers": 0}, {"few": -1}])
    def test_refuses_nonsense(self, wrong):
        with pytest.raises(BadArgument, match="give"):
            PooledEncoder(**wrong)
