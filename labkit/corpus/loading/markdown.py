r"""Markdown: the words without the marks.

>>> parse_markdown(b"# Orion\n\nRuns **eight** [replicas](x.md).\n\n| a | b |\n|---|---|\n| 1 | 2 |\n").text
'Orion\n\nRuns eight replicas.\n\na | b\n1 | 2\n\n'
"""

from collections.abc import Iterator
from itertools import pairwise

from markdown_it import MarkdownIt
from markdown_it.token import Token

from labkit.corpus.loading.decoding import decode
from labkit.corpus.loading.front_matter import FrontMatter
from labkit.corpus.loading.parsed import Parsed, one_line
from labkit.corpus.loading.webpage import readable

_MARKDOWN = MarkdownIt("commonmark", {"maxNesting": 100}).enable(["table", "strikethrough"])
_CELL_BREAK = " | "
_PORTION = 200_000


def parse_markdown(data: bytes) -> Parsed:
    """Headings, paragraphs, list items (one a line), table rows (one a line, cells between bars) and code.

    The title is that of the front matter, else the first heading.

    Raises:
        UnreadableSource: The bytes are no text.
    """
    text, warnings = decode(data)
    matter, body = FrontMatter.split(text)
    title = matter.title
    pieces: list[str] = []
    for portion in _portions(body):
        tokens = _MARKDOWN.parse(portion)
        title = title or _first_heading(tokens)
        pieces += _pieces(tokens)
    return Parsed("".join(pieces), title, matter.updated, (*warnings, *matter.warnings))


def _portions(body: str) -> Iterator[str]:
    """A long text cut before headings: the parser's tokens take some 250 times the memory of the text.

    Only a link whose address is defined in another portion notices; its brackets stay.
    """
    lines: list[str] = []
    size, fenced = 0, False
    for line in body.splitlines(keepends=True):
        if size > _PORTION and line.startswith("#") and not fenced:
            yield "".join(lines)
            lines, size = [], 0
        fenced ^= line.lstrip().startswith(("```", "~~~"))
        lines.append(line)
        size += len(line)
    yield "".join(lines)


def _pieces(tokens: list[Token]) -> Iterator[str]:
    first_cell = True
    for token in tokens:
        match token.type:
            case "inline":
                yield _inline(token)
            case "fence" | "code_block":
                yield f"{token.content}\n"
            case "html_block":
                yield f"{readable(token.content)}\n\n"
            case "tr_open":
                first_cell = True
            case "th_open" | "td_open":
                yield "" if first_cell else _CELL_BREAK
                first_cell = False
            case "paragraph_close":
                yield "\n" if token.hidden else "\n\n"  # hidden: an item of a tight list
            case "heading_close":
                yield "\n\n"
            case "tr_close" | "bullet_list_close" | "ordered_list_close" | "table_close":
                yield "\n"


def _inline(token: Token) -> str:
    return "".join(_words(child) for child in token.children or ())


def _words(token: Token) -> str:
    match token.type:
        case "softbreak":
            return " "
        case "hardbreak":
            return "\n"
        case "image":
            return _inline(token)  # its children are the alternative text
        case "text" | "code_inline" | "text_special":
            return token.content
        case "html_inline":
            return " " if token.content.lower().startswith("<br") else ""
    return ""  # emphasis and links are marks around words, not words


def _first_heading(tokens: list[Token]) -> str:
    return next((one_line(_inline(inline)) for token, inline in pairwise(tokens) if token.type == "heading_open"), "")
