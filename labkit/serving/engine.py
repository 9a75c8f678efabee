"""What one vLLM engine is told: the model, its numbers, its cores, its memory.

The same settings make the engine in this process, a replica on one core, and a replica on GPUs.
"""

import ctypes.util
import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from labkit.errors import BadArgument
from labkit.scaling import require_number
from labkit.settings import settings

if TYPE_CHECKING:
    from vllm import LLM

CONTEXT_TOKENS = 2048
"""Prompt and reply together; four passages and a question need about a third of it."""

GIB = 1 << 30


@dataclass(frozen=True)
class EngineSettings:
    """One engine.

    Attributes:
        model: Folder of the model.
        name: What clients call it.
        pooling: Whether it classifies or embeds (vLLM's pooling runner) instead of writing.
        context_tokens: Most tokens of prompt and reply together.
        batch: Most requests that one step of the engine works on (vLLM's ``max_num_seqs``).
        cores: Cores, and so threads, of the engine.
        cache_gib: GiB of key-value cache.
        prefix_caching: Whether prompts that begin alike share the cached beginning.
        block_tokens: Tokens of a block of the cache: what is shared is shared in whole blocks. A multiple of 32 on the
            CPU; None leaves it to vLLM, which takes 128 there.
        dtype: Number type; None takes the one that this machine multiplies fast.
        gpus: GPUs of the engine; more than one makes it tensor parallel. 0 runs on the CPU.

    Raises:
        BadArgument: A count is below its least.
    """

    model: str
    name: str
    pooling: bool = False
    context_tokens: int = CONTEXT_TOKENS
    batch: int = 32
    cores: int = 1
    cache_gib: float = 0.5
    prefix_caching: bool = True
    block_tokens: int | None = None
    dtype: str | None = None
    gpus: int = 0

    def __post_init__(self) -> None:
        for name, least in (("context_tokens", 16), ("batch", 1), ("cores", 1), ("gpus", 0)):
            require_number(name, getattr(self, name), least=least)
        require_number("cache_gib", self.cache_gib, above=0)
        if self.block_tokens is not None and (self.block_tokens < 16 or self.block_tokens % 16):
            raise BadArgument(f"block_tokens is {self.block_tokens}", remedy="give a multiple of 16, or of 32 on a CPU")
        if not self.model or not self.name:
            raise BadArgument(f"model is {self.model!r}, name is {self.name!r}", remedy="give both")


def environment(engine: EngineSettings) -> dict[str, str]:
    """Variables that vLLM, torch and Ray read when a process of this engine starts.

    >>> environment(EngineSettings("folder", "name", cores=2))["OMP_NUM_THREADS"]
    '2'
    """
    variables = {
        "OMP_NUM_THREADS": str(engine.cores),
        "MKL_NUM_THREADS": str(engine.cores),
        "TOKENIZERS_PARALLELISM": "false",
        "VLLM_CACHE_ROOT": str(settings().home / "vllm"),  # a fresh one doubles the time of the first start
        "VLLM_LOGGING_LEVEL": "ERROR",
        "VLLM_NO_USAGE_STATS": "1",
        "TORCH_CPP_LOG_LEVEL": "ERROR",
    }
    if engine.gpus:
        return variables
    variables |= {
        "VLLM_ENABLE_V1_MULTIPROCESSING": "0",  # the engine stays in the process that asked for it
        "VLLM_CPU_OMP_THREADS_BIND": "nobind",  # "auto" binds every engine of a machine to the same core
        "TORCH_COMPILE_DISABLE": "1",  # gains nothing in eager mode, and would compile for 18 s at the first logprobs
        "RAY_worker_niceness": "0",  # Ray's own 15 would let any other job on these cores go first
    }
    allocator = ctypes.util.find_library("tcmalloc_minimal")
    if allocator:
        variables["LD_PRELOAD"] = allocator
    return variables


def arguments(engine: EngineSettings) -> dict[str, Any]:
    """The engine's arguments by vLLM's names, the same for ``vllm.LLM`` and for its server.

    >>> gpu = arguments(EngineSettings("folder", "name", gpus=2))
    >>> gpu["tensor_parallel_size"], gpu["distributed_executor_backend"], "kv_cache_memory_bytes" in gpu
    (2, 'mp', False)
    """
    chosen: dict[str, Any] = {
        "model": engine.model,
        "dtype": engine.dtype or ("bfloat16" if engine.gpus else fast_dtype()),
        "max_model_len": engine.context_tokens,
        "max_num_seqs": engine.batch,
        "enable_prefix_caching": engine.prefix_caching and not engine.pooling,
        "use_tqdm_on_load": False,
    }
    if engine.block_tokens:
        chosen["block_size"] = engine.block_tokens
    if engine.pooling:
        chosen["runner"] = "pooling"
    if engine.gpus:
        many = engine.gpus > 1
        return chosen | {
            "tensor_parallel_size": engine.gpus,
            "distributed_executor_backend": "mp" if many else "uni",
        }
    return chosen | {
        "enforce_eager": True,  # torch.compile showed no gain on the CPU and costs more than a minute
        "distributed_executor_backend": "uni",
        "kv_cache_memory_bytes": int(engine.cache_gib * GIB),  # without it vLLM takes most of the memory
    }


def fast_dtype() -> str:
    """Numbers that this machine multiplies fast: a CPU without bfloat16 instructions emulates them slowly."""
    import torch

    if torch.cuda.is_available():
        return "bfloat16"
    abilities = torch.cpu.get_capabilities()
    return "bfloat16" if any(abilities.get(name) for name in ("avx512_bf16", "amx_bf16", "bf16")) else "float32"


@contextmanager
def without_collecting() -> Iterator[None]:
    """No search for garbage while vLLM is imported and started.

    That makes millions of objects that live for ever; searching them again and again costs seconds. vLLM itself asks
    for searches while it starts: after ``gc.freeze()``, once it is imported, they find little to search.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collecting:
            gc.enable()


def offline(engine: EngineSettings) -> "LLM":
    """The engine in this process, without a server."""
    prepare_process(engine)
    with without_collecting():
        from vllm import LLM

        gc.freeze()
        return LLM(**arguments(engine))


def prepare_process(engine: EngineSettings) -> None:
    """Put the engine's variables into this process's environment, where it does not say otherwise already."""
    for name, value in environment(engine).items():
        if name != "LD_PRELOAD":  # read by the loader alone, before Python begins
            os.environ.setdefault(name, value)
