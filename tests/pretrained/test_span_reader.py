"""The small tier's folder holds the encoder plus its change, within what eight bits can tell."""

import json

import pytest
import torch
from safetensors.torch import load_file, save_file

from labkit.errors import ModelUnavailable
from labkit.pretrained.span_reader import STEP, TEMPERATURE, compress, restore_reader

NAME = "encoder.layer.0.output.dense.weight"


@pytest.fixture
def encoder(tmp_path):
    folder = tmp_path / "encoder"
    folder.mkdir()
    torch.manual_seed(0)
    weights = {NAME: torch.randn(4, 8), "embeddings.word_embeddings.weight": torch.randn(5, 8)}
    weights |= {"pooler.dense.weight": torch.randn(2, 2), "embeddings.position_ids": torch.arange(3)}
    save_file(weights, folder / "model.safetensors")
    (folder / "config.json").write_text('{"hidden_size": 8, "architectures": ["BertModel"]}')
    (folder / "tokenizer.json").write_text("{}")
    return folder


def delta(path, change, name=f"bert.{NAME}"):
    held, step = compress(change)
    head = {"classifier.weight": torch.ones(2, 8), "classifier.bias": torch.zeros(2)}
    save_file({name: held, name + STEP: step, **head}, path, metadata={TEMPERATURE: "1.30"})
    return path


def test_restored_within_half_a_step(encoder, tmp_path):
    change = torch.randn(4, 8) * torch.tensor([[1.0], [0.01], [0.0], [100.0]])
    restore_reader(encoder, delta(tmp_path / "d.safetensors", change), tmp_path / "reader")
    base, held = load_file(encoder / "model.safetensors"), load_file(tmp_path / "reader" / "model.safetensors")
    half_a_step = change.abs().amax(dim=1, keepdim=True) / 254
    assert ((held[f"bert.{NAME}"] - base[NAME] - change).abs() <= half_a_step * 1.01 + 1e-6).all()
    assert set(held) == {
        f"bert.{NAME}",
        "bert.embeddings.word_embeddings.weight",
        "classifier.weight",
        "classifier.bias",
    }


def test_the_folder_says_what_it_is(encoder, tmp_path):
    restore_reader(encoder, delta(tmp_path / "d.safetensors", torch.ones(4, 8)), tmp_path / "reader")
    config = json.loads((tmp_path / "reader" / "config.json").read_text())
    assert config["architectures"] == ["BertForTokenClassification"]
    assert config["id2label"] == {"0": "start", "1": "end"}
    assert config[TEMPERATURE] == 1.3
    assert config["hidden_size"] == 8
    assert (tmp_path / "reader" / "tokenizer.json").exists()


def test_a_delta_of_another_encoder_is_refused(encoder, tmp_path):
    other = delta(tmp_path / "d.safetensors", torch.ones(4, 8), "bert.encoder.layer.9.weight")
    with pytest.raises(ModelUnavailable, match=r"changes bert.encoder.layer.9.weight, which encoder does not have"):
        restore_reader(encoder, other, tmp_path / "reader")
