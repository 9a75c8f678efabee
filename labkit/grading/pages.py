"""The reports for people: a page for each student, and one on the class for the instructor.

Each page is one file that loads nothing, follows the reader's choice of light or dark, and says everything in words
as well as in colour. Whatever came from a submission is escaped.
"""

import re
from collections.abc import Iterable
from html import escape

from labkit.grading.marking import Class, Marked

STYLE = """
:root { color-scheme: light dark; --right: #1a6b2f; --wrong: #a4262c; --line: #8886; }
@media (prefers-color-scheme: dark) { :root { --right: #7ddc93; --wrong: #ff9d9d; } }
body { font: 1rem/1.5 system-ui, sans-serif; max-width: 52rem; margin: 2rem auto; padding: 0 1rem; }
h1 { line-height: 1.2; } table { border-collapse: collapse; width: 100%; }
th, td { text-align: left; vertical-align: top; padding: .5rem .75rem .5rem 0; border-bottom: 1px solid var(--line); }
td.number, th.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
.right { color: var(--right); font-weight: 600; } .wrong { color: var(--wrong); font-weight: 600; }
code { overflow-wrap: anywhere; } details { margin-top: .25rem; } summary { cursor: pointer; }
"""


def student_page(one: Marked, graded: Class) -> str:
    """What one student reads: each check, what went wrong in words, and a hint that unfolds."""
    rows = "".join(
        f"<tr><td>{_text(verdict.title)}</td><td>{_word(verdict.passed)}{_advice(verdict.words, verdict.hint)}"
        f"{_differs(one.visible.get(verdict.check), verdict.passed)}</td>"
        f'<td class="number">{verdict.points} of {verdict.most}</td></tr>'
        for verdict in one.verdicts
    )
    return _page(
        f"{graded.assignment}: {one.student}",
        f"<p><strong>{one.points} of {graded.points} points.</strong> Handed in as <code>{_text(one.file)}</code>.</p>"
        + (f"<p>{_text(one.problem[:1].upper() + one.problem[1:])}.</p>" if one.problem else "")
        + f'<table><thead><tr><th scope="col">Check</th><th scope="col">Result</th>'
        f'<th scope="col" class="number">Points</th></tr></thead><tbody>{rows}</tbody></table>'
        + _list("For you to know", one.notes)
        + _list("Seen by the grader (costs no points)", one.flags)
        + "<p>Each check called your code with numbers it had not seen before, and compared what came back.</p>",
    )


def class_page(graded: Class, pages: Iterable[str]) -> str:
    """What the instructor reads: how each check went over the class, and a line for each submission.

    Args:
        graded: The class.
        pages: The file name of each submission's page, in order.
    """
    count = len(graded.marked)
    checks = "".join(
        f'<tr><td>{_text(column[0].title)}</td><td class="number">{sum(v.passed for v in column)} of {count}</td>'
        f"<td>{_text(_commonest([v.words for v in column if v.words]))}</td></tr>"
        for column in sorted(
            zip(*(one.verdicts for one in graded.marked), strict=True), key=lambda c: sum(v.passed for v in c)
        )
    )
    students = "".join(
        f'<tr><td><a href="{escape(page)}">{_text(one.student)}</a></td>'
        f'<td class="number">{one.points} of {graded.points}</td>'
        f"<td>{_text('; '.join([one.problem, *one.flags]).strip('; '))}</td></tr>"
        for one, page in zip(graded.marked, pages, strict=True)
    )
    mean = sum(one.points for one in graded.marked) / count
    return _page(
        f"{graded.assignment}: the class",
        f"<p>{count} submissions, on average {mean:.1f} of {graded.points} points. Isolation: "
        f"{_text(graded.isolation)}. Seed: <code>{_text(graded.seed)}</code>.</p>"
        '<h2>Checks, the hardest first</h2><table><thead><tr><th scope="col">Check</th>'
        '<th scope="col" class="number">Passed</th><th scope="col">Most frequent reason</th></tr></thead>'
        f'<tbody>{checks}</tbody></table><h2>Submissions</h2><table><thead><tr><th scope="col">Student</th>'
        '<th scope="col" class="number">Points</th><th scope="col">To look at</th></tr></thead>'
        f"<tbody>{students}</tbody></table>",
    )


def _page(title: str, body: str) -> str:
    return (
        '<!DOCTYPE html>\n<html lang="en"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>{_text(title)}</title><style>{STYLE}</style></head>\n"
        f"<body><main><h1>{_text(title)}</h1>\n{body}</main></body></html>\n"
    )


def _word(passed: bool) -> str:
    return '<span class="right">&#10003; right</span>' if passed else '<span class="wrong">&#10007; not yet</span>'


def _advice(words: str, hint: str) -> str:
    if not words:
        return ""
    return f"<p>{_text(words)}</p><details><summary>Hint</summary><p>{_text(hint)}</p></details>"


def _differs(visible: bool | None, passed: bool) -> str:
    """A visible check that passed while the points were lost needs a word."""
    if visible and not passed:
        return "<p>The check in your notebook passed: it tries fewer numbers than the grader does.</p>"
    return ""


def _list(title: str, items: Iterable[str]) -> str:
    entries = "".join(f"<li>{_text(item)}</li>" for item in items)
    return f"<h2>{title}</h2><ul>{entries}</ul>" if entries else ""


def _commonest(words: list[str]) -> str:
    return max(sorted(set(words)), key=words.count) if words else ""


def _text(text: str) -> str:
    """Text as HTML, with what stands between backticks as code."""
    return re.sub("`([^`]*)`", r"<code>\1</code>", escape(text))
