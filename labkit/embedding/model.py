"""A model in one process: it tokenises, batches texts of like length, and gives each text one vector."""

import json
from collections.abc import Sequence
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Protocol

import numpy as np

from labkit.embedding.bert import Bert, Shape
from labkit.embedding.dealing import like_length_batches
from labkit.embedding.encoders import Vectors, sentence_transformer
from labkit.errors import ModelUnavailable
from labkit.settings import quiet_engines

if TYPE_CHECKING:
    from tokenizers import Encoding

BATCH_TOKENS = 768
"""Padded tokens of a batch. Smaller ones leave the core waiting for calls, larger ones fall out of its cache."""


class Precision(Enum):
    """The type of number that the model computes in; vectors come out as float32 either way."""

    FLOAT32 = "float32"
    BFLOAT16 = "bfloat16"


class TextModel(Protocol):
    """A loaded model."""

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (texts, dimension), float32, in the order given."""
        ...

    def tokens(self, texts: Sequence[str]) -> int:
        """How many tokens the model reads of these texts in all, its special ones included."""
        ...


class BertModel:
    """A BERT encoder whose text vector is the mean over its tokens, scaled to length 1.

    Args:
        folder: A sentence-transformers folder for which ``is_plain_bert`` holds.
        precision: What to compute in.
        device: Where to compute: ``cpu`` or ``cuda``.
    """

    def __init__(self, folder: Path, precision: Precision = Precision.FLOAT32, device: str = "cpu") -> None:
        quiet_engines()
        import torch
        from safetensors.torch import load_file
        from tokenizers import Tokenizer

        self._device = device
        kind = getattr(torch, precision.value)
        weights = {
            name: held.to(device, kind)
            for name, held in load_file(folder / "model.safetensors").items()
            if held.is_floating_point()
        }
        self.bert = Bert(_shape(folder), weights)
        self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._tokenizer.enable_truncation(_limit(folder))
        self._tokenizer.no_padding()

    def encode(self, texts: Sequence[str]) -> Vectors:
        """Vectors of the texts, shape (texts, width), float32, in the order given."""
        import torch

        tokens = self._tokenizer.encode_batch(list(texts))
        vectors = np.empty((len(texts), self.bert.shape.width), dtype=np.float32)
        with torch.inference_mode():
            for batch in like_length_batches([len(held.ids) for held in tokens], BATCH_TOKENS):
                vectors[batch] = self._means([tokens[place] for place in batch])
        return vectors

    def tokens(self, texts: Sequence[str]) -> int:
        """How many tokens the model reads of these texts in all, its special ones included."""
        return sum(len(held.ids) for held in self._tokenizer.encode_batch(list(texts)))

    def _means(self, batch: "Sequence[Encoding]") -> Vectors:
        import torch

        ids = np.zeros((len(batch), len(batch[0].ids)), dtype=np.int64)
        mask = np.zeros(ids.shape, dtype=bool)
        for row, held in enumerate(batch):  # the first is the longest: the others are padded to it
            ids[row, : len(held.ids)], mask[row, : len(held.ids)] = held.ids, True
        seen = torch.from_numpy(mask).to(self._device)
        state = self.bert(torch.from_numpy(ids).to(self._device), seen).float()
        sums = (state * seen[:, :, None]).sum(1)  # a mean and a sum point the same way, and the length becomes 1
        means: Vectors = torch.nn.functional.normalize(sums, dim=1).cpu().numpy()
        return means


class _AnyModel:
    """Any other encoder, by way of sentence-transformers: the same interface, a slower start."""

    def __init__(self, folder: Path, precision: Precision, device: str) -> None:
        import torch

        self._model = sentence_transformer(str(folder), device).to(getattr(torch, precision.value))

    def encode(self, texts: Sequence[str]) -> Vectors:
        found = self._model.encode(
            list(texts), normalize_embeddings=True, convert_to_tensor=True, show_progress_bar=False
        )
        return np.asarray(found.float().cpu().numpy(), dtype=np.float32).reshape(len(texts), -1)

    def tokens(self, texts: Sequence[str]) -> int:
        read = self._model.tokenizer(list(texts), truncation=True, max_length=self._model.max_seq_length)
        return sum(len(ids) for ids in read["input_ids"])


def load_model(folder: Path, precision: Precision = Precision.FLOAT32, device: str = "cpu") -> TextModel:
    """The model in a sentence-transformers folder: in plain torch where its architecture allows, else as it comes."""
    kind = BertModel if is_plain_bert(folder) else _AnyModel
    return kind(folder, precision, device)


def is_plain_bert(folder: Path) -> bool:
    """Whether the folder holds a BERT encoder that takes the mean over tokens, which ``BertModel`` can run."""
    try:
        config = json.loads((folder / "config.json").read_text())
        modules = [module["type"].rpartition(".")[2] for module in json.loads((folder / "modules.json").read_text())]
        pooling = json.loads((folder / "1_Pooling" / "config.json").read_text())
    except (OSError, ValueError, KeyError):
        return False
    modes = {name for name, chosen in pooling.items() if name.startswith("pooling_mode_") and chosen}
    plain = config.get("model_type") == "bert" and config.get("hidden_act") == "gelu"
    absolute = config.get("position_embedding_type", "absolute") == "absolute"
    whole = (folder / "model.safetensors").exists() and (folder / "tokenizer.json").exists()
    mean = modes == {"pooling_mode_mean_tokens"} and modules in (["Transformer", "Pooling"], [*_USUAL])
    return plain and absolute and whole and mean


_USUAL = ("Transformer", "Pooling", "Normalize")


def fast_bfloat16() -> bool:
    """Whether this CPU multiplies bfloat16 in hardware; elsewhere it is emulated, and slower than float32."""
    quiet_engines()
    import torch

    able = torch.cpu.get_capabilities()
    return bool(able.get("avx512_bf16") or able.get("amx_bf16"))


def _shape(folder: Path) -> Shape:
    config = json.loads((folder / "config.json").read_text())
    try:
        return Shape(
            layers=config["num_hidden_layers"],
            width=config["hidden_size"],
            inner=config["intermediate_size"],
            heads=config["num_attention_heads"],
            epsilon=config["layer_norm_eps"],
        )
    except KeyError as missing:
        raise ModelUnavailable(
            f"{folder / 'config.json'} does not state {missing}", remedy="give a complete sentence-transformers folder"
        ) from missing


def _limit(folder: Path) -> int:
    """Tokens after which the encoder cuts a text off, its special tokens included."""
    try:
        limit: int = json.loads((folder / "sentence_bert_config.json").read_text())["max_seq_length"]
    except (OSError, KeyError):
        limit = json.loads((folder / "config.json").read_text())["max_position_embeddings"]
    return limit
