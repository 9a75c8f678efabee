"""One page on an evaluation, for people: success, its interval, latency and price by kind, and what failed."""

from html import escape

from labkit.evaluation.report import ALL, Report
from labkit.pages import page
from labkit.tables import Table

_SHOWN = 5
"""Failures of one cause that unfold; the Parquet file holds all."""


def report_page(report: Report, title: str = "Evaluation") -> str:
    """A whole page that loads nothing, follows light or dark, and fits a phone.

    Args:
        report: What came of the tasks; with a price it shows dollars.
        title: Its heading, plain text.
    """
    return page(
        title,
        f"<p><strong>{escape(str(report.success()))}</strong></p><p>{_price(report)}</p>"
        f"{_bars(report)}<h2>By kind of task</h2>{_wide(report.table())}{_failures(report)}",
    )


def _price(report: Report) -> str:
    """What success cost, in one sentence, beside it."""
    latency, (read, written) = report.latency(), report.tokens()
    dollars = f", ${report.dollars():.6f}" if report.price else ""
    leaks = "nothing leaked" if not report.leaks else f'<span class="wrong">{report.leaks} answers leaked</span>'
    return (
        f"A task took {latency.p50:.3g} s in the middle, {latency.p90:.3g} s at the 90th and {latency.p99:.3g} s at "
        f"the 99th percentile, and {read:.0f} tokens read and {written:.0f} written{dollars}; {leaks}."
    )


def _bars(report: Report) -> str:
    """Success by kind as bars, with the 95 % interval as a line; the same numbers stand in the table."""
    names = (*report.kinds, ALL)
    rows = "".join(_bar(report, kind, 34 * number) for number, kind in enumerate(names))
    said = "; ".join(f"{kind.replace('_', '-')}: {report.success(kind)}" for kind in names)
    return (
        f'<svg viewBox="0 0 400 {34 * len(names)}" role="img" aria-label="Success by kind. {escape(said)}" '
        f'style="width:100%;max-width:36rem" fill="currentColor" font-size="11">{rows}</svg>'
    )


def _bar(report: Report, kind: str, top: int) -> str:
    rate = report.success(kind)
    low, high = rate.interval
    middle, said = top + 22, f"{rate.value:.2f} ({rate.successes} of {rate.trials})"
    return (
        f'<text x="0" y="{top + 12}">{escape(kind.replace("_", "-"))}: {said}</text>'
        f'<rect x="0" y="{middle - 5}" width="400" height="10" opacity=".12"/>'
        f'<rect x="0" y="{middle - 5}" width="{400 * rate.value:.1f}" height="10" opacity=".55"/>'
        f'<path d="M{400 * low:.1f} {middle - 7}v14m0-7H{400 * high:.1f}m0-7v14" fill="none" stroke="currentColor" '
        'stroke-width="1.5"/>'
    )


def _failures(report: Report) -> str:
    """The failures, by what went wrong first."""
    causes = report.causes().rows
    if not causes:
        return "<h2>Failures</h2><p>None.</p>"
    return "<h2>Failures, by what went wrong first</h2>" + "".join(
        _cause(report, name, int(n)) for name, n, *_ in causes
    )


def _cause(report: Report, name: str, count: int) -> str:
    failed = [one for one in report.outcomes if not one.verdict.success and one.cause == name][:_SHOWN]
    rows = tuple((one.kind.replace("_", "-"), one.question, one.said, one.stopped) for one in failed)
    shown = "" if len(failed) == count else f", of which {len(failed)} here"
    table = _wide(Table(("kind", "question", "said", "last step"), rows))
    return f"<details><summary>{escape(name)}: {count}{shown}</summary>{table}</details>"


def _wide(table: Table) -> str:
    """A table that scrolls by itself where the screen is narrow; the keyboard can get into it."""
    return f'<div class="wide" tabindex="0" role="region" aria-label="Table">{table._repr_html_()}</div>'
