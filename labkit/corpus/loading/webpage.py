"""HTML: what a visitor reads, without scripts, styles and navigation."""

import re
from collections.abc import Iterator

from selectolax.lexbor import LexborHTMLParser, LexborNode

from labkit.corpus.loading.decoding import decode
from labkit.corpus.loading.parsed import Parsed, one_line, tidy

_DROPPED = frozenset({"head", "iframe", "nav", "noscript", "object", "script", "style", "svg", "template"})
_LINES = frozenset({"br", "dd", "dt", "hr", "li", "option", "tr"})
_BLOCKS = frozenset(
    "address article aside blockquote body caption details div dl fieldset figcaption figure footer form h1 h2 h3 h4 "
    "h5 h6 header main ol p pre section summary table ul".split()
)
_CELLS = frozenset({"td", "th"})
_CHARSET = re.compile(rb"""(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]+)""", re.IGNORECASE)
_CHARSET_REGION = 1024  # HTML requires the declaration within the first 1,024 bytes
_BLANKS = re.compile(r"\s+")
_AROUND_BREAKS = re.compile(r"[ \t]*\n[ \t]*")


def parse_webpage(data: bytes) -> Parsed:
    """The visible text of a page; its title is the ``<title>``, else the first ``<h1>``.

    Raises:
        UnreadableSource: The bytes are no text.
    """
    declared = _CHARSET.search(data[:_CHARSET_REGION])
    html, warnings = decode(data, declared[1].decode("ascii", "replace") if declared else None)
    tree = LexborHTMLParser(html)
    titles = (one_line(node.text()) for node in (tree.css_first("head > title"), tree.css_first("h1")) if node)
    return Parsed(readable(html, tree), next(filter(None, titles), ""), warnings=warnings)


def readable(html: str, tree: LexborHTMLParser | None = None) -> str:
    r"""The words of an HTML text: blocks apart, a line for each list item and table row, cells between bars.

    >>> readable("<p>one<b> two</b></p><script>no()</script><table><tr><td>a<td>b</table>")
    'one two\n\na | b'
    """
    body = (tree or LexborHTMLParser(html)).body
    return tidy(_AROUND_BREAKS.sub("\n", "".join(_pieces(body)))) if body else ""


def _pieces(root: LexborNode) -> Iterator[str]:
    """The words in order. The stack holds nodes still to visit, and strings that close the nodes already opened."""
    stack: list[LexborNode | str] = [root]
    while stack:
        item = stack.pop()
        if isinstance(item, str):
            yield item
        elif item.tag == "-text":
            yield _text(item)
        elif item.tag in _CELLS:
            yield _bar(item) + _BLANKS.sub(" ", "".join(_pieces_of_cell(item))).strip()
        elif item.tag not in _DROPPED:
            yield "\n\n" if item.tag in _BLOCKS else ""
            end = "\n\n" if item.tag in _BLOCKS else "\n" if item.tag in _LINES else ""
            stack += [end, *reversed(list(item.iter(include_text=True)))]


def _pieces_of_cell(cell: LexborNode) -> Iterator[str]:
    for child in cell.iter(include_text=True):
        yield from _pieces(child)


def _text(node: LexborNode) -> str:
    content = node.text_content or ""
    return content if node.parent is not None and node.parent.tag == "pre" else _BLANKS.sub(" ", content)


def _bar(cell: LexborNode) -> str:
    """What divides a cell from the one before it; nothing before the first of its row."""
    before = cell.prev
    while before is not None and before.tag not in _CELLS:
        before = before.prev
    return " | " if before is not None else ""
