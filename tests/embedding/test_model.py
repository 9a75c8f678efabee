import json

import numpy as np
import pytest

from labkit.embedding import Precision, SentenceEncoder, fast_bfloat16, flops_per_token
from labkit.embedding.model import BertModel, is_plain_bert, load_model
from labkit.errors import ModelUnavailable
from labkit.pretrained import encoder_folder

ODD = ["", "a", "Grüße, 東京! \N{ROCKET}", "word " * 2_000]


@pytest.fixture
def altered(tmp_path):
    """The encoder's folder with one JSON file changed: ``altered("config.json", hidden_act="relu")``."""

    def alter(name, **changes):
        for source in encoder_folder().rglob("*"):
            place = tmp_path / source.relative_to(encoder_folder())
            place.parent.mkdir(exist_ok=True)
            if source.is_file() and not place.exists():
                place.symlink_to(source)
        content = {**json.loads((tmp_path / name).read_text()), **changes}
        (tmp_path / name).unlink()
        (tmp_path / name).write_text(json.dumps({key: value for key, value in content.items() if value is not None}))
        return tmp_path

    return alter


class TestBertModel:
    def test_equals_sentence_transformers(self, model, texts):
        mixed = texts + ODD
        assert isinstance(model, BertModel)
        assert np.abs(model.encode(mixed) - SentenceEncoder().encode(mixed)).max() < 1e-5

    def test_a_text_has_one_vector_whatever_it_is_batched_with(self, model, texts, vectors):
        alone = np.concatenate([model.encode([text]) for text in texts[:8]])
        assert np.abs(alone - vectors[:8]).max() < 1e-5

    def test_gives_the_vectors_in_the_order_of_the_texts(self, model, texts, vectors):
        assert np.abs(model.encode(texts[::-1])[::-1] - vectors).max() < 1e-5

    def test_of_nothing(self, model):
        assert model.encode([]).shape == (0, 384)

    def test_counts_the_tokens_it_reads(self, model):
        assert model.tokens(["one file", "word " * 2_000]) == 4 + 256

    def test_bfloat16_is_near_on_a_small_sample(self, texts, vectors):
        rough = load_model(encoder_folder(), Precision.BFLOAT16).encode(texts)
        assert rough.dtype == np.float32
        assert (rough * vectors).sum(axis=1).min() > 0.999
        assert np.abs(rough - vectors).max() > 1e-4  # it was not float32 after all

    def test_knows_whether_bfloat16_is_fast_here(self):
        import torch

        flags = torch.cpu.get_capabilities()
        assert fast_bfloat16() == (flags.get("avx512_bf16", False) or flags.get("amx_bf16", False))

    def test_operations_agree_with_torchs_own_count(self, model):
        import torch
        from torch.nn.attention import SDPBackend, sdpa_kernel
        from torch.utils.flop_counter import FlopCounterMode

        ids, seen = torch.ones(2, 40, dtype=torch.int64), torch.ones(2, 40, dtype=torch.bool)
        # The plain kernel is made of products that the counter knows.
        with torch.no_grad(), sdpa_kernel(SDPBackend.MATH), FlopCounterMode(display=False) as counted:
            model.bert(ids, seen)
        assert counted.get_total_flops() == 2 * 40 * flops_per_token(40)


class TestOtherEncoders:
    def test_the_packaged_one_is_plain(self):
        assert is_plain_bert(encoder_folder())

    @pytest.mark.parametrize(
        ("name", "changes"),
        [
            ("config.json", {"model_type": "mpnet"}),
            ("config.json", {"hidden_act": "relu"}),
            ("config.json", {"position_embedding_type": "relative_key"}),
            ("1_Pooling/config.json", {"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}),
        ],
    )
    def test_another_architecture_is_not_taken_for_it(self, altered, name, changes):
        assert not is_plain_bert(altered(name, **changes))

    def test_go_through_sentence_transformers(self, altered, texts, vectors):
        folder = altered("1_Pooling/config.json", pooling_mode_cls_token=True, pooling_mode_mean_tokens=False)
        other = load_model(folder)
        found = other.encode(texts[:3])
        assert other.tokens(["one file", "word " * 2_000]) == 4 + 256
        assert found.shape == (3, 384)
        assert np.allclose(np.linalg.norm(found, axis=1), 1, atol=1e-5)
        assert np.abs(found - vectors[:3]).max() > 0.01

    def test_an_incomplete_folder_is_named(self, altered):
        with pytest.raises(ModelUnavailable, match="does not state 'num_attention_heads'; give a complete"):
            load_model(altered("config.json", num_attention_heads=None))
