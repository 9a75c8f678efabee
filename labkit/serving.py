"""Layer 6: the language model, served by vLLM.

One engine in this process: the first replica. Importing and starting it takes most of a minute on a CPU, so
it is started once, on first use, and shared by everything in the process.
"""

import gc
import os
import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from labkit.documents import UNKNOWN, Passage
from labkit.errors import EngineFailure
from labkit.pretrained import model_folder
from labkit.progress import bar
from labkit.reading import Reading, grounded
from labkit.settings import quiet_engines, settings

if TYPE_CHECKING:
    from vllm import LLM

Message = Mapping[str, str]
"""One turn of a conversation: a ``role`` (system, user, assistant) and its ``content``."""

CONTEXT_TOKENS = 2048
"""Prompt and reply together; four passages and a question need about a third of it."""

INSTRUCTIONS = (
    "Answer the question from the passages, in a few words. If the passages do not hold the answer, say unknown."
)


@dataclass(frozen=True)
class Completion:
    """A model's reply and what it cost, in tokens of the served model."""

    text: str
    input_tokens: int
    output_tokens: int


def chat(conversations: Sequence[Sequence[Message]], max_tokens: int = 48) -> list[Completion]:
    """Let the model continue each conversation, all in one batch, always choosing the likeliest token.

    Args:
        conversations: Lists of messages.
        max_tokens: Most tokens of a reply.

    Returns:
        One completion a conversation, in order.

    Raises:
        EngineFailure: vLLM refused or failed; its error is the cause.
    """
    engine = _engine()
    from vllm import SamplingParams

    try:
        outputs = engine.chat(
            [list(messages) for messages in conversations],
            SamplingParams(temperature=0.0, max_tokens=max_tokens),
            use_tqdm=False,
        )
    except Exception as failure:
        raise EngineFailure(
            f"vLLM could not answer {len(conversations)} conversations ({failure})",
            remedy=f"keep prompt and reply within {CONTEXT_TOKENS} tokens; if it is not that, restart the process",
        ) from failure
    return [
        Completion(output.outputs[0].text.strip(), len(output.prompt_token_ids), len(output.outputs[0].token_ids))
        for output in outputs
    ]


@dataclass(frozen=True)
class LanguageModel:
    """Reads with the language model that the settings name, by default SmolLM2-135M-Instruct.

    Attributes:
        max_tokens: Most tokens of an answer.
    """

    max_tokens: int = 48

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Answer from the passages; ``UNKNOWN`` if the model says so or if they do not bear its words out."""
        if not passages:
            return Reading(UNKNOWN)
        listed = "\n".join(f"- {passage.chunk.text}" for passage in passages)
        [reply] = chat(
            [
                [
                    {"role": "system", "content": INSTRUCTIONS},
                    {"role": "user", "content": f"Passages:\n{listed}\n\nQuestion: {question}"},
                ]
            ],
            self.max_tokens,
        )
        support = grounded(question, reply.text, passages)
        text = reply.text if support else UNKNOWN
        return Reading(text, support, reply.text, reply.input_tokens, reply.output_tokens)


@cache
def _engine() -> "LLM":
    quiet_engines()
    # vLLM reads these when it is imported; what the caller's environment says already is left alone.
    for name, value in {
        "VLLM_ENABLE_V1_MULTIPROCESSING": "0",  # the engine lives in this process: two process starts fewer
        "VLLM_CPU_KVCACHE_SPACE": "1",
        "VLLM_CPU_OMP_THREADS_BIND": "nobind",  # "auto" binds every engine of a machine to the same core
        "OMP_NUM_THREADS": str(settings().threads),
        "VLLM_CACHE_ROOT": str(settings().home / "vllm"),  # a fresh one doubles the time of the first start
    }.items():
        os.environ.setdefault(name, value)
    with bar("starting vLLM", total=3) as steps, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        folder = model_folder()
        steps.update()
        llm = _import_llm()
        steps.update()
        try:
            engine = llm(
                str(folder),
                dtype=_dtype(),
                max_model_len=CONTEXT_TOKENS,
                enforce_eager=True,
                distributed_executor_backend="uni",
                use_tqdm_on_load=False,
            )
        except Exception as failure:
            raise EngineFailure(
                f"vLLM could not start {folder.name} ({failure})",
                remedy="run: python -m labkit doctor; it checks memory, packages and model files",
            ) from failure
        steps.update()
    return engine


def _dtype() -> str:
    """Numbers that this machine multiplies fast: a CPU without bfloat16 instructions emulates them slowly."""
    import torch

    if torch.cuda.is_available():
        return "bfloat16"
    abilities = torch.cpu.get_capabilities()
    return "bfloat16" if any(abilities.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16")) else "float32"


def _import_llm() -> "type[LLM]":
    # Importing makes millions of objects that live for ever; collecting among them costs seconds.
    gc.disable()
    try:
        import vllm
    finally:
        gc.enable()
    llm: type[LLM] = vllm.LLM
    return llm
