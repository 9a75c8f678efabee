"""A Sphinx extension that keeps the built book whole without a network, and small.

- MathJax comes from the package ``sphinx-mathjax-offline``, as the one file that draws SVG and needs no web fonts.
  (The package's own extension copies 24 MB and points at a build that does need them.)
- The state that a kernel's widgets leave behind is dropped: a page has no kernel, and the widgets' HTML carries all
  it needs.
- Executed notebooks are cached under the course's state directory, wherever ``LABKIT_HOME`` puts it.
"""

from importlib.util import find_spec
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util.fileutil import copy_asset

from labkit.errors import MissingDependency
from labkit.settings import settings

MATHJAX_PACKAGE = "sphinx-mathjax-offline"
MATHJAX_FILE = "tex-svg-full.js"
WIDGET_STATE = "ipywidgets_state"  # myst-nb's name for it


def mathjax_source() -> Path:
    """Where the package keeps MathJax.

    Raises:
        MissingDependency: The package is not installed.
    """
    found = find_spec(MATHJAX_PACKAGE)
    if found is None or found.origin is None:
        raise MissingDependency(f"{MATHJAX_PACKAGE} is not installed", remedy=f"run: pip install {MATHJAX_PACKAGE}")
    return Path(found.origin).parent / "static" / "mathjax" / MATHJAX_FILE


def place_cache(app: Sphinx, config: Config) -> None:  # noqa: ARG001 - Sphinx passes both
    """Keep executed notebooks where the rest of the course's state is."""
    config.nb_execution_cache_path = str(settings().home / "book-cache")  # type: ignore[attr-defined]


def copy_mathjax(app: Sphinx) -> None:
    """Put MathJax among the book's static files."""
    if app.builder.format == "html":
        copy_asset(mathjax_source(), app.outdir / "_static")


def drop_widget_state(app: Sphinx, doctree: nodes.document) -> None:  # noqa: ARG001 - Sphinx passes both
    """Forget the widgets' state of the page just read, before it is written anywhere."""
    scripts: dict[str, dict[str, Any]] = app.env.nb_metadata.get(app.env.docname, {})  # type: ignore[attr-defined]
    scripts.get("js_files", {}).pop(WIDGET_STATE, None)


def setup(app: Sphinx) -> dict[str, Any]:
    """Called by Sphinx."""
    app.add_config_value("comments_config", {}, "html")  # Jupyter Book always sets it; nothing here reads it
    app.connect("config-inited", place_cache, priority=1)  # before myst-nb reads its configuration
    app.connect("builder-inited", copy_mathjax)
    app.connect("doctree-read", drop_widget_state)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
