import numpy as np

from labkit.baseline import DOCUMENTS, encode
from labkit.embedding import HashingEncoder, SentenceEncoder


class TestHashingEncoder:
    def test_is_stage_0s(self):
        assert np.allclose(HashingEncoder().encode(DOCUMENTS), [encode(text) for text in DOCUMENTS])

    def test_nothing_in_nothing_out(self):
        assert HashingEncoder().encode([]).shape == (0, 64)


class TestSentenceEncoder:
    def test_rows_have_length_1(self, texts):
        vectors = SentenceEncoder().encode(texts[:4])
        assert vectors.shape == (4, 384)
        assert vectors.dtype == np.float32
        assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
