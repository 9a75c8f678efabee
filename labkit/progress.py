"""Progress bars that show where somebody is watching: at a terminal and in JupyterLab, not in a headless run."""

import os
import sys
from collections.abc import Iterable
from typing import Any

from tqdm.auto import tqdm


def bar(doing: str, items: Iterable[Any] | None = None, *, total: int | None = None, unit: str = "it") -> "tqdm[Any]":
    """A bar over items, or over ``total`` steps that the caller counts with ``update()``.

    Args:
        doing: What is going on, shown before the bar.
        items: What to iterate over, or None.
        total: Steps in all, where there are no items to count.
        unit: What one step is called.
    """
    # A Jupyter server names the notebook in its kernels' environment; nbval and the book build do not.
    watched = sys.stderr.isatty() or "JPY_SESSION_NAME" in os.environ
    return tqdm(items, desc=doing, total=total, unit=unit, disable=not watched)
