"""The reports for people: a page for each student, and one on the class for the instructor.

Each page is one file that loads nothing, follows the reader's choice of light or dark, and says everything in words
as well as in colour. Whatever came from a submission is escaped.
"""

from collections.abc import Iterable
from html import escape

from labkit.grading.marking import Class, Marked
from labkit.pages import marked_up, page


def student_page(one: Marked, graded: Class) -> str:
    """What one student reads: each check, what went wrong in words, and a hint that unfolds."""
    rows = "".join(
        f"<tr><td>{marked_up(verdict.title)}</td><td>{_word(verdict.passed)}{_advice(verdict.words, verdict.hint)}"
        f"{_differs(one.visible.get(verdict.check), verdict.passed)}</td>"
        f'<td class="number">{verdict.points} of {verdict.most}</td></tr>'
        for verdict in one.verdicts
    )
    return page(
        f"{graded.assignment}: {one.student}",
        f"<p><strong>{one.points} of {graded.points} points.</strong> "
        f"Handed in as <code>{marked_up(one.file)}</code>.</p>"
        + (f"<p>{marked_up(one.problem[:1].upper() + one.problem[1:])}.</p>" if one.problem else "")
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
        f'<tr><td>{marked_up(column[0].title)}</td><td class="number">{sum(v.passed for v in column)} of {count}</td>'
        f"<td>{marked_up(_commonest([v.words for v in column if v.words]))}</td></tr>"
        for column in sorted(
            zip(*(one.verdicts for one in graded.marked), strict=True), key=lambda c: sum(v.passed for v in c)
        )
    )
    students = "".join(
        f'<tr><td><a href="{escape(link)}">{marked_up(one.student)}</a></td>'
        f'<td class="number">{one.points} of {graded.points}</td>'
        f"<td>{marked_up('; '.join([one.problem, *one.flags]).strip('; '))}</td></tr>"
        for one, link in zip(graded.marked, pages, strict=True)
    )
    mean = sum(one.points for one in graded.marked) / count
    return page(
        f"{graded.assignment}: the class",
        f"<p>{count} submissions, on average {mean:.1f} of {graded.points} points. Isolation: "
        f"{marked_up(graded.isolation)}. Seed: <code>{marked_up(graded.seed)}</code>.</p>"
        '<h2>Checks, the hardest first</h2><table><thead><tr><th scope="col">Check</th>'
        '<th scope="col" class="number">Passed</th><th scope="col">Most frequent reason</th></tr></thead>'
        f'<tbody>{checks}</tbody></table><h2>Submissions</h2><table><thead><tr><th scope="col">Student</th>'
        '<th scope="col" class="number">Points</th><th scope="col">To look at</th></tr></thead>'
        f"<tbody>{students}</tbody></table>",
    )


def _word(passed: bool) -> str:
    return '<span class="right">&#10003; right</span>' if passed else '<span class="wrong">&#10007; not yet</span>'


def _advice(words: str, hint: str) -> str:
    if not words:
        return ""
    return f"<p>{marked_up(words)}</p><details><summary>Hint</summary><p>{marked_up(hint)}</p></details>"


def _differs(visible: bool | None, passed: bool) -> str:
    """A visible check that passed while the points were lost needs a word."""
    if visible and not passed:
        return "<p>The check in your notebook passed: it tries fewer numbers than the grader does.</p>"
    return ""


def _list(title: str, items: Iterable[str]) -> str:
    entries = "".join(f"<li>{marked_up(item)}</li>" for item in items)
    return f"<h2>{title}</h2><ul>{entries}</ul>" if entries else ""


def _commonest(words: list[str]) -> str:
    return max(sorted(set(words)), key=words.count) if words else ""
