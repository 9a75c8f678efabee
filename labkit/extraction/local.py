"""The small reader in this process, in plain torch: what tests and training compare vLLM's answers with."""

import json
from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from labkit.embedding.bert import Bert, Shape
from labkit.embedding.dealing import like_length_batches
from labkit.embedding.model import BATCH_TOKENS, Precision
from labkit.extraction.spans import Logits

if TYPE_CHECKING:
    from torch import Tensor


class LocalSpanModel:
    """Start and end logits of token sequences.

    Args:
        folder: A ``BertForTokenClassification`` folder with two labels, start and end.
        precision: What the encoder computes in; the head and the logits are float32 either way.
    """

    def __init__(self, folder: Path, precision: Precision = Precision.FLOAT32) -> None:
        self.folder, self.precision = folder, precision

    def logits(self, sequences: Sequence[Sequence[int]]) -> list[Logits]:
        """Logits of each sequence, shape (its tokens, 2), in the order given."""
        import torch

        found: list[Logits] = [np.empty((0, 2), dtype=np.float32)] * len(sequences)
        bert, weight, bias = self._loaded
        with torch.inference_mode():
            for batch in like_length_batches([len(ids) for ids in sequences], BATCH_TOKENS):
                ids, mask = _padded([sequences[place] for place in batch])
                scores = torch.nn.functional.linear(bert(ids, mask).float(), weight, bias).numpy()
                for row, place in enumerate(batch):
                    found[place] = scores[row, : len(sequences[place])]
        return found

    @cached_property
    def _loaded(self) -> "tuple[Bert, Tensor, Tensor]":
        import torch
        from safetensors.torch import load_file

        held = load_file(self.folder / "model.safetensors")
        kind = getattr(torch, self.precision.value)
        encoder = {
            name.removeprefix("bert."): tensor.to(kind) for name, tensor in held.items() if name.startswith("bert.")
        }
        config = json.loads((self.folder / "config.json").read_text())
        shape = Shape(
            layers=config["num_hidden_layers"],
            width=config["hidden_size"],
            inner=config["intermediate_size"],
            heads=config["num_attention_heads"],
            epsilon=config["layer_norm_eps"],
        )
        return Bert(shape, encoder), held["classifier.weight"].float(), held["classifier.bias"].float()


def _padded(batch: Sequence[Sequence[int]]) -> "tuple[Tensor, Tensor]":
    import torch

    ids = torch.zeros((len(batch), max(map(len, batch))), dtype=torch.int64)
    mask = torch.zeros(ids.shape, dtype=torch.bool)
    for row, sequence in enumerate(batch):
        ids[row, : len(sequence)], mask[row, : len(sequence)] = torch.tensor(sequence), True
    return ids, mask
