"""The forward pass of a BERT encoder in plain torch: what the eighteen seconds of importing its library are not for.

A worker of a fleet starts often and needs one architecture. Importing sentence-transformers brings four thousand
modules, of which encoding uses a handful of torch's operators; those are written out here. A test holds the result
against sentence-transformers within 1e-5.

Source: J. Devlin et al., "BERT: Pre-training of deep bidirectional transformers for language understanding", NAACL
2019; the weights' names are those of Hugging Face's ``BertModel``.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from torch import Tensor


@dataclass(frozen=True)
class Shape:
    """The sizes of a BERT encoder.

    Attributes:
        layers: Transformer blocks.
        width: Numbers a token is held in.
        inner: Width of the feed-forward part.
        heads: Attention heads.
        epsilon: Added to variances in layer norms.
    """

    layers: int
    width: int
    inner: int
    heads: int
    epsilon: float


class Bert:
    """A BERT encoder: token ids to one vector a token.

    Args:
        shape: Its sizes.
        weights: Its tensors by name; all on one device and of one type.
    """

    def __init__(self, shape: Shape, weights: Mapping[str, "Tensor"]) -> None:
        import torch

        self.shape, self._weights = shape, dict(weights)
        for layer in range(shape.layers):
            # Query, key and value read the same input: one wide product instead of three.
            own = f"encoder.layer.{layer}.attention.self."
            for kind in ("weight", "bias"):
                parts = [self._weights.pop(f"{own}{name}.{kind}") for name in ("query", "key", "value")]
                self._weights[f"{own}all.{kind}"] = torch.cat(parts)

    def __call__(self, ids: "Tensor", mask: "Tensor") -> "Tensor":
        """Vectors of the tokens.

        Args:
            ids: Token ids, shape (texts, tokens).
            mask: True where there is a token and not padding, same shape.

        Returns:
            Shape (texts, tokens, width).
        """
        look_up = self._weights
        positions = look_up["embeddings.position_embeddings.weight"][: ids.shape[1]]
        state = look_up["embeddings.word_embeddings.weight"][ids] + positions
        state = self._norm("embeddings.LayerNorm", state + look_up["embeddings.token_type_embeddings.weight"][0])
        visible = None if bool(mask.all()) else mask[:, None, None, :]
        for layer in range(self.shape.layers):
            state = self._block(f"encoder.layer.{layer}.", state, visible)
        return state

    def _block(self, own: str, state: "Tensor", visible: "Tensor | None") -> "Tensor":
        from torch.nn import functional

        texts, tokens, width = state.shape
        split = self._linear(f"{own}attention.self.all", state).view(texts, tokens, 3, self.shape.heads, -1)
        query, key, value = split.permute(2, 0, 3, 1, 4)
        seen = functional.scaled_dot_product_attention(query, key, value, attn_mask=visible)
        mixed = self._linear(f"{own}attention.output.dense", seen.transpose(1, 2).reshape(texts, tokens, width))
        state = self._norm(f"{own}attention.output.LayerNorm", mixed + state)
        inner = functional.gelu(self._linear(f"{own}intermediate.dense", state))
        return self._norm(f"{own}output.LayerNorm", self._linear(f"{own}output.dense", inner) + state)

    def _linear(self, name: str, state: "Tensor") -> "Tensor":
        from torch.nn import functional

        return functional.linear(state, self._weights[f"{name}.weight"], self._weights[f"{name}.bias"])

    def _norm(self, name: str, state: "Tensor") -> "Tensor":
        from torch.nn import functional

        weight, bias = self._weights[f"{name}.weight"], self._weights[f"{name}.bias"]
        return functional.layer_norm(state, (self.shape.width,), weight, bias, self.shape.epsilon)
