"""Merging adds B A to the named weights and leaves the rest of the folder as it is."""

import pytest
import torch
from safetensors.torch import load_file, save_file

from labkit.errors import ModelUnavailable
from labkit.pretrained.merging import merge_adapter


@pytest.fixture
def base(tmp_path):
    folder = tmp_path / "base"
    folder.mkdir()
    weights = {"layer.weight": torch.ones(2, 3, dtype=torch.bfloat16), "norm.weight": torch.ones(3)}
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    (folder / "config.json").write_text("{}")
    (folder / "sha256.json").write_text("{}")
    return folder


def adapter(path, name="layer.weight", rows=2):
    factors = {f"{name}.lora_A": torch.tensor([[1.0, 0.0, 2.0]]), f"{name}.lora_B": torch.tensor([[0.5]] * rows)}
    save_file({key: factor.to(torch.float16) for key, factor in factors.items()}, path)
    return path


def test_by_hand(base, tmp_path):
    merge_adapter(base, adapter(tmp_path / "a.safetensors"), tmp_path / "merged")
    held = load_file(tmp_path / "merged" / "model.safetensors")
    assert held["layer.weight"].tolist() == [[1.5, 1.0, 2.0], [1.5, 1.0, 2.0]]
    assert held["layer.weight"].dtype == torch.bfloat16
    assert held["norm.weight"].tolist() == [1, 1, 1]
    assert sorted(file.name for file in (tmp_path / "merged").iterdir()) == ["config.json", "model.safetensors"]


def test_an_adapter_of_another_model_is_refused(base, tmp_path):
    with pytest.raises(ModelUnavailable, match=r"changes other.weight, which is missing"):
        merge_adapter(base, adapter(tmp_path / "a.safetensors", "other.weight"), tmp_path / "merged")
    with pytest.raises(ModelUnavailable, match=r"which is of shape \(2, 3\)"):
        merge_adapter(base, adapter(tmp_path / "a.safetensors", rows=5), tmp_path / "merged")
    assert not (tmp_path / "merged").exists()
