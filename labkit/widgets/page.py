"""The ground of all widgets: an anywidget that goes on working in a page without a kernel.

A widget's front end is one ES module, joined from files of ``labkit/static``. JupyterLab gets it through anywidget.
A static page gets the same module inlined, followed by ``page_model.js``, which stands in for the kernel: inlined,
because browsers refuse to import a module from a ``file://`` address.
"""

import json
from pathlib import Path
from typing import Any
from uuid import uuid4

import anywidget
import traitlets

STATIC = Path(__file__).resolve().parent.parent / "static"
HTML = "text/html"
TEXT = "text/plain"

_PAGE = """\
<div class="labkit-mount" id="{mount}" data-labkit-widget="{name}"><p>{summary}</p></div>
<script type="application/json" id="{mount}-state">{state}</script>
<style>{style}</style>
<script type="module">
{module}
mountOnPage("{mount}", render);
</script>
"""


def module(*names: str) -> str:
    """One ES module out of several files of ``labkit/static``, joined in the order given.

    The last file carries the ``export default { render }`` that anywidget asks for; the ones before it hold the
    functions it uses.

    >>> module("dom.js", "prediction.js").rstrip().endswith("export default { render };")
    True

    Args:
        names: File names, the ones that others build on first.
    """
    return "\n".join((STATIC / name).read_text(encoding="utf-8") for name in names)


class PageWidget(anywidget.AnyWidget):  # type: ignore[misc]  # anywidget is untyped
    """Base of the course's widgets: one front end for JupyterLab and for pages without a kernel.

    A subclass sets ``_esm`` to a ``module(...)``, declares its synced traits, and says in ``summary`` what a reader
    without JavaScript should know.

    Attributes:
        kernel: Whether a kernel listens. True here; the state written into a page says False.
    """

    _css = (STATIC / "widgets.css").read_text(encoding="utf-8")
    kernel = traitlets.Bool(default_value=True, read_only=True).tag(sync=True)

    def summary(self) -> str:
        """The widget in one sentence, for text-only output and for pages whose scripts are off."""
        raise NotImplementedError

    def page_state(self) -> dict[str, Any]:
        """The synced traits that the front end reads, as they stand now, for a page without a kernel."""
        own = {name: getattr(self, name) for name in self.keys if not name.startswith("_")}
        skipped = {"layout", "tabbable", "tooltip", "comm"}
        return {name: value for name, value in own.items() if name not in skipped} | {"kernel": False}

    def page_html(self) -> str:
        """A fragment of HTML that shows the widget with no kernel, no network and no other file.

        Each call makes a fragment with an id of its own, so one widget may stand on a page twice.
        """
        return _PAGE.format(
            mount=f"labkit-{uuid4().hex}",
            name=type(self).__name__,
            summary=_escaped(self.summary()),
            state=_inline_json(self.page_state()),
            style=self._css,
            module=_inline_script(f"{self._esm}\n{module('page_model.js')}"),
        )

    def __repr__(self) -> str:
        return self.summary()

    def _repr_mimebundle_(self, **kwargs: object) -> tuple[dict[str, Any], dict[str, Any]]:
        """The live view, which JupyterLab prefers, beside the static page's HTML, which the book prefers."""
        data, metadata = super()._repr_mimebundle_(**kwargs)
        return {**data, TEXT: self.summary(), HTML: self.page_html()}, metadata


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _inline_json(value: object) -> str:
    """JSON that cannot end the script element it stands in, whatever text it carries."""
    return json.dumps(value, allow_nan=False, separators=(",", ":")).replace("<", "\\u003c")


def _inline_script(source: str) -> str:
    return source.replace("</script", "<\\/script")
