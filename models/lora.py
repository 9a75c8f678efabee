"""Low-rank adapters on linear layers: thin enough here to need no library.

A frozen weight W of shape (out, in) gets factors A (rank, in) and B (out, rank), and its layer computes
W x + SCALE B A x. B begins at zero, so training begins at the base model.

Source: E. Hu et al., "LoRA: Low-rank adaptation of large language models", ICLR 2022.
"""

import math
from collections.abc import Iterator
from pathlib import Path

import torch
from run import MINUTES
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from labkit.pretrained.merging import FACTOR_A, FACTOR_B

RANK = 16
SCALE = 2.0
TARGETS = frozenset({"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"})


class LowRank(nn.Module):
    """A frozen linear layer with a trained low-rank change.

    Args:
        frozen: The layer; it must have no bias.
    """

    def __init__(self, frozen: nn.Linear) -> None:
        super().__init__()
        self.weight = frozen.weight
        self.factor_a = nn.Parameter(torch.empty(RANK, frozen.in_features, dtype=torch.float32))
        self.factor_b = nn.Parameter(torch.zeros(frozen.out_features, RANK, dtype=torch.float32))
        nn.init.kaiming_uniform_(self.factor_a, a=math.sqrt(5))

    def forward(self, state: Tensor) -> Tensor:
        """Shape (..., in) to (..., out), in the precision of the frozen weight; the factors stay in float32."""
        rows = state.flatten(0, -2)
        # One call multiplies, scales and adds: the sum is as large as the layer's output and not read three times.
        summed = torch.addmm(
            functional.linear(rows, self.weight),
            functional.linear(rows, self.factor_a.to(rows.dtype)),
            self.factor_b.T.to(rows.dtype),
            alpha=SCALE,
        )
        return summed.unflatten(0, state.shape[:-1])


def adapt(model: nn.Module) -> dict[str, LowRank]:
    """Freeze a model and put an adapter on each of its target layers; by the name of the layer's weight."""
    model.requires_grad_(requires_grad=False)
    adapted = {}
    for path, module in list(model.named_modules()):
        for name, layer in list(module.named_children()):
            if name in TARGETS:
                adapted[f"{path}.{name}.weight"] = LowRank(layer)
                setattr(module, name, adapted[f"{path}.{name}.weight"])
    return adapted


def parameters(adapted: dict[str, LowRank]) -> Iterator[nn.Parameter]:
    """What is trained, in a fixed order."""
    for layer in adapted.values():
        yield layer.factor_a
        yield layer.factor_b


def save_adapter(adapted: dict[str, LowRank], path: Path, minutes: float) -> None:
    """Write the factors in float16, the scale multiplied into B; the minutes of training as metadata."""
    factors = {}
    for name, layer in adapted.items():
        factors[name + FACTOR_A] = layer.factor_a.detach().to(torch.float16).contiguous()
        factors[name + FACTOR_B] = (SCALE * layer.factor_b.detach()).to(torch.float16).contiguous()
    save_file(factors, path, metadata={MINUTES: f"{minutes:.1f}"})


def load_adapter(adapted: dict[str, LowRank], path: Path) -> float:
    """Set the factors to those of a file that ``save_adapter`` wrote; returns its minutes of training."""
    with safe_open(path, "pt") as file, torch.no_grad():
        for name, layer in adapted.items():
            layer.factor_a.copy_(file.get_tensor(name + FACTOR_A))
            layer.factor_b.copy_(file.get_tensor(name + FACTOR_B).float() / SCALE)
        return float(file.metadata()[MINUTES])
