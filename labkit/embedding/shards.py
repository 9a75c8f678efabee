"""Vectors on disk: blocks written whole or not at all, and a manifest that says what they are.

    folder/manifest.json     encoder, its sum, precision, dimension, texts, hash of the texts, sums of the blocks
    folder/block-00000.npy   (or .parquet) the vectors of the first texts, in their order

A block appears under its name by a rename, so a block that is there is whole, and a run that was killed is simply
run again: it makes the blocks that are missing. Blocks are cut by position alone; who makes one, and when, changes
nothing in it.
"""

import hashlib
import json
import math
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Self

import numpy as np

from labkit.embedding.block_files import FORMATS, read_block, write_whole
from labkit.embedding.encoders import Vectors
from labkit.embedding.model import Precision, TextModel
from labkit.errors import BadArgument, StateCorrupt
from labkit.pretrained import encoder_folder, sha256
from labkit.settings import settings

MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Shards:
    """The plan of a folder of vectors; all of it is known before the first text is encoded, but for the blocks' sums.

    Make it with ``Shards.plan`` or ``Shards.open``.

    Attributes:
        folder: Where the blocks are.
        encoder: Name of the encoder.
        model_sha256: Sum of its weights.
        precision: What it computes in.
        dimension: Length of a vector.
        texts: Number of texts.
        inputs_sha256: Hash of the texts and their order.
        block: Texts in a block.
        form: ``npy`` or ``parquet``.
    """

    folder: Path
    encoder: str
    model_sha256: str
    precision: str
    dimension: int
    texts: int
    inputs_sha256: str
    block: int
    form: str

    @classmethod
    def plan(
        cls,
        texts: Sequence[str],
        folder: Path,
        *,
        block: int = 256,
        form: str = "npy",
        precision: Precision = Precision.FLOAT32,
    ) -> Self:
        """Plan the vectors of some texts, or take up a plan that an earlier run left in the folder.

        Args:
            texts: The texts, at least one.
            folder: Where the blocks go; made if it is not there.
            block: Texts in a block, at least 1: what is lost at most, for each worker, when a run is killed.
            form: ``npy`` or ``parquet``.
            precision: What to compute in.

        Raises:
            BadArgument: No texts, a block below 1, an unknown form, or a folder that holds vectors of something else.
            StateCorrupt: The folder's manifest cannot be read.
        """
        if not texts or block < 1 or form not in FORMATS:
            raise BadArgument(
                f"{len(texts)} texts, blocks of {block}, form {form!r}",
                remedy=f"give at least 1 text, blocks of at least 1, and a form of {sorted(FORMATS)}",
            )
        source = encoder_folder()
        dimension = json.loads((source / "config.json").read_text())["hidden_size"]
        sums = sha256(source / "model.safetensors")
        about = (settings().encoder, sums, precision.value, dimension, len(texts), hash_texts(texts), block, form)
        made = cls(folder, *about)
        if not (folder / MANIFEST).exists():
            folder.mkdir(parents=True, exist_ok=True)
            made._state({})
        elif cls.open(folder) != made:
            raise BadArgument(
                f"{folder} holds vectors of other texts, or made another way", remedy="give another folder"
            )
        return made

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The plan in a folder.

        Raises:
            StateCorrupt: There is no manifest, or it cannot be read.
        """
        try:
            found = json.loads((folder / MANIFEST).read_text())
            return cls(folder=folder, **{name: value for name, value in found.items() if name != "blocks"})
        except (OSError, ValueError, TypeError) as failure:
            raise StateCorrupt(
                f"{folder / MANIFEST} cannot be read ({failure})", remedy="delete the folder and encode again"
            ) from failure

    def __len__(self) -> int:
        """Number of blocks."""
        return math.ceil(self.texts / self.block)

    def span(self, number: int) -> slice:
        """Positions of the texts of a block."""
        return slice(number * self.block, min((number + 1) * self.block, self.texts))

    def path(self, number: int) -> Path:
        """The file of a block."""
        return self.folder / f"block-{number:05d}.{self.form}"

    def unfinished(self) -> list[int]:
        """Numbers of the blocks that are not on disk yet."""
        return [number for number in range(len(self)) if not self.path(number).exists()]

    def write(self, number: int, vectors: Vectors) -> None:
        """Put the vectors of a block on disk; it appears whole or not at all."""
        span = self.span(number)
        if vectors.shape != (span.stop - span.start, self.dimension):
            raise BadArgument(
                f"block {number} came with vectors of shape {vectors.shape}",
                remedy=f"give {span.stop - span.start} rows of {self.dimension}",
            )
        write_whole(self.path(number), vectors, span.start)

    def encode(self, texts: Sequence[str], model: TextModel) -> None:
        """Make the unfinished blocks in this process, one after the other.

        Raises:
            BadArgument: These are not the texts of the plan.
        """
        self.require_inputs(texts)
        for number in self.unfinished():
            self.write(number, model.encode(texts[self.span(number)]))
        self.finish()

    def finish(self) -> None:
        """State the sums of the blocks in the manifest, once all are there.

        Raises:
            StateCorrupt: Blocks are missing.
        """
        missing = self.unfinished()
        if missing:
            raise StateCorrupt(f"{len(missing)} of {len(self)} blocks are missing", remedy="run the encoding again")
        self._state({path.name: sha256(path) for path in map(self.path, range(len(self)))})

    def load(self) -> Vectors:
        """All vectors, shape (texts, dimension), in the order of the texts.

        Raises:
            StateCorrupt: The run was not finished, or a block is not the one that was written.
        """
        sums: dict[str, str] = json.loads((self.folder / MANIFEST).read_text())["blocks"]
        if len(sums) != len(self):
            raise StateCorrupt(f"{self.folder} is not finished", remedy="run the encoding again")
        for name, expected in sums.items():
            if not (self.folder / name).exists() or sha256(self.folder / name) != expected:
                raise StateCorrupt(
                    f"{self.folder / name} is missing or changed", remedy="delete that block and encode again"
                )
        return np.concatenate([read_block(self.path(number)) for number in range(len(self))])

    def require_inputs(self, texts: Sequence[str]) -> None:
        """Refuse texts other than those of the plan."""
        if hash_texts(texts) != self.inputs_sha256:
            raise BadArgument(f"these {len(texts)} texts are not those of {self.folder}", remedy="plan a new folder")

    def _state(self, sums: dict[str, str]) -> None:
        about: dict[str, Any] = {name: value for name, value in asdict(self).items() if name != "folder"}
        partial = self.folder / f".{MANIFEST}.{os.getpid()}"
        partial.write_text(json.dumps({**about, "blocks": sums}, indent=1) + "\n")
        partial.replace(self.folder / MANIFEST)


def hash_texts(texts: Sequence[str]) -> str:
    """SHA-256 over the texts and where each ends, so that moving a word from one to the next is another hash.

    >>> hash_texts(["ab", "c"]) == hash_texts(["a", "bc"])
    False
    """
    total = hashlib.sha256()
    for text in texts:
        encoded = text.encode()
        total.update(len(encoded).to_bytes(8))
        total.update(encoded)
    return total.hexdigest()
