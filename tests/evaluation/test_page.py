"""The page of a run loads nothing, escapes everything, and says what the table says."""

import re

from labkit.costs import TokenPrice
from labkit.documents import UNKNOWN, Answer, Principal, Step, Trace
from labkit.evaluation import judge, report_page
from labkit.tasks import Kind, Task

ADA = Principal("ada", "acme")
TASKS = [Task(str(n), Kind.ONE_HOP, f"<b>question</b> {n}?", ("8",), ADA, ("0",)) for n in range(8)]


def page(said):
    answers = [Answer(text, trace=Trace((Step("read", "", text, 0.5, 1000, 100),))) for text in said]
    return report_page(judge(TASKS[: len(said)], answers).at(TokenPrice.per_million(3, 15)), "Stage & all")


def test_success_and_price_open_the_page():
    shown = page(["8", "8", "8", UNKNOWN])
    assert "<h1>Stage &amp; all</h1>" in shown
    assert "0.75 (3 of 4, 95 % interval 0.30-0.95)" in shown
    assert "0.5 s in the middle" in shown
    assert "1000 tokens read and 100 written, $0.004500; nothing leaked." in shown


def test_failures_unfold_by_cause_and_are_escaped():
    shown = page([UNKNOWN] * 7 + ["8"])
    assert ": 7, of which 5 here</summary>" in shown
    assert "&lt;b&gt;question&lt;/b&gt; 0?" in shown
    assert "<b>" not in shown
    assert "<p>None.</p>" in page(["8"])


def test_it_loads_nothing_and_fits_a_phone_by_day_and_night():
    shown = page(["8", UNKNOWN])
    assert not re.findall(r"https?://|<script|<link|<img|url\(|@import", shown)
    assert 'name="viewport" content="width=device-width' in shown
    assert "prefers-color-scheme: dark" in shown
    assert re.search(r'<svg [^>]*role="img" aria-label="Success by kind\. one-hop: 0\.50', shown)
