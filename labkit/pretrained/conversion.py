"""From a quantised GGUF file to a Hugging Face folder."""

import contextlib
import io
from pathlib import Path

from labkit.progress import bar
from labkit.settings import quiet_engines


def convert(source: Path, folder: Path) -> None:
    """Dequantise a GGUF file into a folder of bfloat16 weights with its tokenizer.

    Args:
        source: The GGUF file.
        folder: The folder to create.
    """
    quiet_engines()
    steps = bar(f"preparing {folder.name.strip('.').removesuffix('.partial')} (once)", total=4)
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer, GgufConfig
    from transformers.utils import logging

    logging.set_verbosity_error()
    logging.disable_progress_bar()
    steps.update()
    with contextlib.redirect_stderr(io.StringIO()):  # its own bar for the tensors, which no setting turns off
        model = AutoModelForCausalLM.from_pretrained(
            source.parent,
            gguf_file=source.name,
            quantization_config=GgufConfig(dequantize=True),
            dtype=torch.bfloat16,
            local_files_only=True,
        )
    steps.update()
    tokenizer = AutoTokenizer.from_pretrained(source.parent, gguf_file=source.name, local_files_only=True)
    steps.update()
    model.save_pretrained(folder)
    tokenizer.save_pretrained(folder)
    steps.update()
    steps.close()
