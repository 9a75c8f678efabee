"""The small reader on vLLM's pooling runner, the engine that serves the large tier too."""

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from labkit.errors import EngineFailure
from labkit.extraction.pairs import LIMIT
from labkit.extraction.spans import Logits
from labkit.settings import quiet_engines, settings

if TYPE_CHECKING:
    from vllm import LLM


class VllmSpanModel:
    """Start and end logits of token sequences, from a vLLM engine in this process; started on first use.

    Args:
        folder: A ``BertForTokenClassification`` folder with two labels, start and end.
        cores: Threads of the engine; by default those of the settings.
        dtype: Numbers that the engine computes with, by vLLM's name; by default what the machine multiplies fast.
    """

    def __init__(self, folder: Path, cores: int | None = None, dtype: str | None = None) -> None:
        self.folder = folder
        self._cores = cores or settings().threads
        self._dtype = dtype

    def logits(self, sequences: Sequence[Sequence[int]]) -> list[Logits]:
        """Logits of each sequence, shape (its tokens, 2), in the order given.

        Raises:
            EngineFailure: vLLM refused or failed; its error is the cause.
        """
        engine = self._engine
        from vllm import PoolingParams

        try:
            outputs = engine.encode(
                [{"prompt_token_ids": list(ids)} for ids in sequences],
                pooling_params=PoolingParams(use_activation=False),  # with it: a softmax over the two labels
                pooling_task="token_classify",
                use_tqdm=False,
            )
        except Exception as failure:
            raise EngineFailure(
                f"vLLM could not read {len(sequences)} pairs ({failure})",
                remedy=f"keep a pair within {LIMIT} tokens; if it is not that, restart the process",
            ) from failure
        return [np.asarray(output.outputs.data.float().numpy(), dtype=np.float32) for output in outputs]

    @cached_property
    def _engine(self) -> "LLM":
        # Imported here: whoever reads with torch alone needs nothing of the serving layer.
        from labkit.serving.engine import EngineSettings, offline

        quiet_engines()
        engine = EngineSettings(
            str(self.folder), self.folder.name, pooling=True, context_tokens=LIMIT, cores=self._cores, dtype=self._dtype
        )
        return offline(engine)
