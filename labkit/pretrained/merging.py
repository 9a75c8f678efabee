"""Merging a low-rank adapter into the weights it was trained on, so that serving costs nothing extra.

An adapter holds, for a weight W of shape (out, in), the factors A (rank, in) and B (out, rank); the merged weight is
W + B A. Its scale is trained into B.

Source: E. Hu et al., "LoRA: Low-rank adaptation of large language models", ICLR 2022, equation 3.
"""

import shutil
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from labkit.errors import ModelUnavailable
from labkit.pretrained.folders import MANIFEST
from labkit.settings import quiet_engines

if TYPE_CHECKING:
    from torch import Tensor

FACTOR_A, FACTOR_B = ".lora_A", ".lora_B"
WEIGHTS = "model.safetensors"


def merge_adapter(base: Path, adapter: Path, folder: Path) -> None:
    """Write the base model's folder again with the adapter merged into its weights, in the base's number type.

    Args:
        base: Hugging Face folder with one ``model.safetensors``.
        adapter: A safetensors file with the two factors of each changed weight.
        folder: The folder to create.

    Raises:
        ModelUnavailable: The adapter changes a weight that the base does not have, or one of another shape.
    """
    quiet_engines()
    from safetensors.torch import load_file, save_file

    weights = load_file(base / WEIGHTS)
    for name, change in changes(load_file(adapter)):
        held = weights.get(name)
        if held is None or held.shape != change.shape:
            found = "missing" if held is None else f"of shape {tuple(held.shape)}"
            raise ModelUnavailable(
                f"{adapter.name} changes {name}, which is {found} in {base.name}",
                remedy="restore the file: git checkout models",
            )
        weights[name] = (held.float() + change).to(held.dtype)
    folder.mkdir()
    save_file(weights, folder / WEIGHTS, metadata={"format": "pt"})
    for file in base.iterdir():
        if file.name not in {WEIGHTS, MANIFEST}:
            shutil.copyfile(file, folder / file.name)


def changes(factors: "Mapping[str, Tensor]") -> "Iterator[tuple[str, Tensor]]":
    """Name of each changed weight, and B A in float32."""
    for name, factor in factors.items():
        if name.endswith(FACTOR_A):
            weight = name.removesuffix(FACTOR_A)
            yield weight, factors[weight + FACTOR_B].float() @ factor.float()
