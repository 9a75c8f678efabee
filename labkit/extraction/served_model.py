"""The small reader behind an address: a fleet that was started with a reader serves it beside the model that writes."""

from collections.abc import Sequence
from dataclasses import dataclass

import httpx
import numpy as np

from labkit.errors import EngineFailure
from labkit.extraction.pairs import LIMIT
from labkit.extraction.spans import Logits
from labkit.settings import require_endpoint


@dataclass(frozen=True)
class ServedSpanModel:
    """Start and end logits of token sequences, from vLLM's ``/pooling``.

    Attributes:
        address: ``http://HOST:PORT``, without ``/v1``.
        model: The reader's name there.
        patience: Seconds that a request may take.

    Raises:
        BadArgument: The address is no http address.
    """

    address: str
    model: str
    patience: float = 120.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "address", require_endpoint(self.address))

    def logits(self, sequences: Sequence[Sequence[int]]) -> list[Logits]:
        """Logits of each sequence, shape (its tokens, 2), in the order given.

        Raises:
            EngineFailure: The server refused or failed; its error is the cause.
        """
        if not sequences:
            return []
        body = {
            "model": self.model,
            "input": [list(ids) for ids in sequences],
            "task": "token_classify",
            "use_activation": False,  # with it: a softmax over the two labels
            "encoding_format": "float",
        }
        try:
            reply = httpx.post(f"{self.address}/pooling", json=body, timeout=self.patience).raise_for_status()
            ordered = sorted(reply.json()["data"], key=lambda one: one["index"])
            return [np.asarray(one["data"], dtype=np.float32).reshape(-1, 2) for one in ordered]
        except (httpx.HTTPError, KeyError, ValueError, TypeError) as failure:
            raise EngineFailure(
                f"{self.address} could not read {len(sequences)} pairs ({failure!r})",
                remedy=f"start the fleet with a reader, and keep a pair within {LIMIT} tokens",
            ) from failure
