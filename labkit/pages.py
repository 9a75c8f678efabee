"""Pages for people: one file that loads nothing, follows the reader's choice of light or dark, and fits a phone.

Whatever comes from elsewhere is escaped before it is put in, and nothing is told by colour alone.
"""

import re
from html import escape

STYLE = """
:root { color-scheme: light dark; --right: #1a6b2f; --wrong: #a4262c; --line: #8886; }
@media (prefers-color-scheme: dark) { :root { --right: #7ddc93; --wrong: #ff9d9d; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { line-height: 1.2; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.right { color: var(--right); font-weight: 600; } .wrong { color: var(--wrong); font-weight: 600; }
code { overflow-wrap: anywhere; } details { margin-top: .25rem; } summary { cursor: pointer; }
.wide { overflow-x: auto; } caption { text-align: left; padding-bottom: .25rem; }
"""


def page(title: str, body: str) -> str:
    """A whole page.

    Args:
        title: Plain text.
        body: HTML, with everything in it escaped.
    """
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{marked_up(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main><h1>{marked_up(title)}</h1>\n{body}</main></body></html>\n"
    )


def marked_up(text: str) -> str:
    """Text as HTML, with what stands between backticks as code.

    >>> marked_up("`a < b` & c")
    '<code>a &lt; b</code> &amp; c'
    """
    return re.sub("`([^`]*)`", r"<code>\1</code>", escape(text))
