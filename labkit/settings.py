"""Every setting of the course, read from the environment in one place.

| variable | meaning | default |
|---|---|---|
| ``LABKIT_HOME`` | directory of all course state: ledger, models, caches, indexes | ``.labkit`` in the clone |
| ``LABKIT_ENCODER`` | any sentence-transformers name or folder | all-MiniLM-L6-v2 from its Python package |
| ``LABKIT_MODEL`` | any Hugging Face name or folder that vLLM serves | the course's own large tier |
| ``LABKIT_API_BASE`` | an OpenAI-compatible endpoint, where ``LABKIT_MODEL`` is a name it knows | the fleet here |
| ``LABKIT_THREADS`` | threads of the in-process engines | the cores this process may use |
"""

import logging
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import BadArgument

PACKAGED_ENCODER = "all-MiniLM-L6-v2"
PACKAGED_MODEL = "SmolLM2-135M-Instruct"


@dataclass(frozen=True)
class Settings:
    """The settings in force.

    Attributes:
        home: Directory of all course state; created when first written to.
        encoder: Name or folder of the sentence encoder.
        model: Name or folder of the generative model.
        api_base: Address of the endpoint that serves it; empty for an engine of this machine.
        threads: Threads of an engine in this process, at least 1.
    """

    home: Path
    encoder: str
    model: str
    api_base: str
    threads: int


def settings(environment: Mapping[str, str] | None = None) -> Settings:
    """Read the settings, by default from this process's environment.

    >>> settings({"LABKIT_HOME": "/tmp/course", "LABKIT_THREADS": "2"}).threads
    2

    Raises:
        BadArgument: ``LABKIT_THREADS`` is not a positive whole number, or ``LABKIT_API_BASE`` is no http address.
    """
    found = os.environ if environment is None else environment
    return Settings(
        home=Path(found.get("LABKIT_HOME") or _clone() / ".labkit").expanduser().absolute(),
        encoder=found.get("LABKIT_ENCODER") or PACKAGED_ENCODER,
        model=found.get("LABKIT_MODEL") or PACKAGED_MODEL,
        api_base=require_endpoint(base) if (base := found.get("LABKIT_API_BASE")) else "",
        threads=_threads(found.get("LABKIT_THREADS")),
    )


def _clone() -> Path:
    """The clone's root, or the working directory when labkit was installed elsewhere."""
    root = Path(__file__).resolve().parent.parent
    return root if (root / "pyproject.toml").exists() else Path.cwd()


def _threads(value: str | None) -> int:
    if not value:
        return len(os.sched_getaffinity(0))
    if not value.isdecimal() or int(value) < 1:
        raise BadArgument(f"LABKIT_THREADS is {value!r}", remedy="set a whole number of at least 1, or unset it")
    return int(value)


def quiet_engines() -> None:
    """Keep torch and vLLM from logging what is no error, unless this process's environment says otherwise.

    They read these variables when they are imported, so this is called before the first import of either.
    """
    for name, value in {
        "TORCH_CPP_LOG_LEVEL": "ERROR",
        "VLLM_LOGGING_LEVEL": "ERROR",
        "VLLM_NO_USAGE_STATS": "1",
    }.items():
        os.environ.setdefault(name, value)
    # Logged before vLLM has read its own level: that Triton, which only a GPU uses, is left unused.
    logging.getLogger("vllm.triton_utils").setLevel(logging.ERROR)


def require_endpoint(base: str) -> str:
    """The address of an OpenAI-compatible endpoint, without a slash at its end.

    >>> require_endpoint("http://127.0.0.1:8000/v1/")
    'http://127.0.0.1:8000/v1'

    Raises:
        BadArgument: It is no http address.
    """
    if not base.startswith(("http://", "https://")):
        raise BadArgument(f"the endpoint is {base!r}", remedy="give an address such as http://127.0.0.1:8000/v1")
    return base.rstrip("/")
