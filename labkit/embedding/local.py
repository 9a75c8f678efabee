"""The one model of this process: loaded once, so that a single question pays for neither Ray nor loading."""

from functools import cache

from labkit.embedding.model import Precision, TextModel, load_model
from labkit.pretrained import encoder_folder
from labkit.settings import quiet_engines, settings


def local_model(precision: Precision = Precision.FLOAT32, threads: int | None = None) -> TextModel:
    """The encoder that the settings name, in this process.

    Args:
        precision: What to compute in.
        threads: Threads of torch in this whole process, by default those of the settings.

    Raises:
        MissingDependency: The package that carries the default encoder is not installed.
        ModelUnavailable: Its file is not the pinned one.
    """
    model = _loaded(precision)
    import torch

    torch.set_num_threads(threads or settings().threads)
    return model


@cache
def _loaded(precision: Precision) -> TextModel:
    quiet_engines()
    import torch

    return load_model(encoder_folder(), precision, "cuda" if torch.cuda.is_available() else "cpu")
