"""The small tier's folder: the encoder, what training changed in it in 8 bits, and a start/end head.

Training moves a weight by little, so the change is stored and not the weight: one signed byte a number, and for each
row the step that the bytes count (half the largest change of the row is 64 steps). The token table is left as it is.
"""

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.errors import ModelUnavailable
from labkit.settings import quiet_engines

if TYPE_CHECKING:
    from torch import Tensor

STEP = ".step"
HEAD = "classifier."
TEMPERATURE = "span_temperature"
"""Key of the reader's ``config.json``: divides the logits where probabilities are computed."""

_STEPS = 127


def compress(change: "Tensor") -> "tuple[Tensor, Tensor]":
    """A change as signed bytes and the step of each row.

    >>> import torch
    >>> held, step = compress(torch.tensor([[0.0, 1.27, -0.5]]))
    >>> held.tolist(), round(float(step[0, 0]), 3)
    ([[0, 127, -50]], 0.01)

    Args:
        change: Shape (rows, columns), or (columns,), which counts as one row.

    Returns:
        int8 of the same shape; float32 steps of shape (rows, 1) or (1,).
    """
    import torch

    step = change.float().abs().amax(dim=-1, keepdim=True).clamp_min(1e-12) / _STEPS
    return torch.round(change.float() / step).to(torch.int8), step


def restore_reader(encoder: Path, delta: Path, folder: Path) -> None:
    """Write a ``BertForTokenClassification`` folder with the labels start and end.

    Args:
        encoder: Folder of the encoder that training began from.
        delta: A safetensors file: bytes and steps of changed weights, the head in full, the temperature as metadata.
        folder: The folder to create.

    Raises:
        ModelUnavailable: The delta changes a weight that the encoder does not have.
    """
    quiet_engines()
    from safetensors import safe_open
    from safetensors.torch import load_file, save_file

    held = load_file(delta)
    base = load_file(encoder / "model.safetensors")
    weights = {f"bert.{name}": tensor.float() for name, tensor in base.items() if _kept(name)}
    for name in (name for name in held if name + STEP in held):
        if name not in weights:
            raise ModelUnavailable(
                f"{delta.name} changes {name}, which {encoder.name} does not have",
                remedy="restore the file: git checkout models",
            )
        weights[name] = weights[name] + held[name].float() * held[name + STEP]
    weights |= {name: tensor.float() for name, tensor in held.items() if name.startswith(HEAD)}
    folder.mkdir()
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with safe_open(delta, "pt") as file:
        (folder / "config.json").write_text(json.dumps(_config(encoder, file.metadata()), indent=1))
    for name in ("tokenizer.json", "tokenizer_config.json", "special_tokens_map.json", "vocab.txt"):
        if (encoder / name).exists():
            shutil.copyfile(encoder / name, folder / name)


def _kept(name: str) -> bool:
    return not name.startswith("pooler.") and not name.endswith("position_ids")


def _config(encoder: Path, metadata: Mapping[str, str]) -> dict[str, object]:
    config: dict[str, object] = json.loads((encoder / "config.json").read_text())
    labels = ("start", "end")
    return config | {
        "architectures": ["BertForTokenClassification"],
        "id2label": {str(number): label for number, label in enumerate(labels)},
        "label2id": {label: number for number, label in enumerate(labels)},
        "dtype": "float32",
        TEMPERATURE: float(metadata[TEMPERATURE]),
    }
