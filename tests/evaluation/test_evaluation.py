"""The harness counts what was right, and keeps it."""

import pytest

from labkit import baseline
from labkit.corpus import handbook
from labkit.costs import TokenPrice
from labkit.documents import Answer, Step, Trace
from labkit.errors import BadArgument, StateCorrupt
from labkit.evaluation import Rate, Report, evaluate, evidence_recall, judge
from labkit.stages import LEARNER, stage
from labkit.tasks import HANDBOOK_KINDS, Hop, Kind, Task, handbook_tasks

RIGHT = Task(
    "right", Kind.TWO_HOP, baseline.QUESTION, ("8",), LEARNER, ("0", "1"),
    (Hop("", "", "orion", ("0",)), Hop("", "", "8", ("1",))),
)  # fmt: skip
WRONG = Task("wrong", Kind.TWO_HOP, baseline.QUESTION, ("9",), LEARNER, ("3",), (Hop("", "", "9", ("3",)),))
SILENT = Task("silent", Kind.UNANSWERABLE, "What is the capital of France?", (), LEARNER)


@pytest.fixture(scope="module")
def report() -> Report:
    return evaluate(stage(0), [RIGHT, WRONG, SILENT])


def test_counts_by_kind(report):
    assert report.success(Kind.TWO_HOP) == Rate(1, 2)
    assert report.success(Kind.UNANSWERABLE) == Rate(1, 1)
    assert report.success() == Rate(2, 3)
    assert report.leaks == 0
    assert [outcome.verdict.cited_correctly for outcome in report.outcomes] == [True, False, True]


def test_each_outcome_says_what_was_said_and_where_it_stopped(report):
    assert [(outcome.task, outcome.said, outcome.stopped) for outcome in report.outcomes] == [
        ("right", "8", "read: 8"),
        ("wrong", "8", "read: 8"),
        ("silent", "unknown", "plan: no template fits"),
    ]
    assert all(outcome.seconds > 0 for outcome in report.outcomes if outcome.kind == Kind.TWO_HOP)


def test_the_table_has_a_row_a_kind_and_one_for_all(report):
    rows = {name: (n, rate, interval, cited) for name, n, rate, interval, cited, *_ in report.rows()}
    assert rows == {
        "two-hop": ("2", "0.50", "0.09-0.91", "0.50"),
        "unanswerable": ("1", "1.00", "0.21-1.00", "1.00"),
        "all": ("3", "0.67", "0.21-0.94", "0.67"),
    }
    assert str(report).splitlines()[0].startswith("tasks")
    assert '<th scope="row">two-hop</th><td>2</td><td>0.50</td>' in report._repr_html_()


def test_latency_tokens_and_dollars_stand_beside_success(report):
    steps = [(Step("read", "", "", n / 100, 1000, 100),) for n in range(1, 101)]
    answers = [Answer("8", trace=Trace(trace)) for trace in steps]
    priced = judge([RIGHT] * 100, answers).at(TokenPrice.per_million(3, 15))
    latency = priced.latency()
    assert (latency.p50, latency.p90, latency.p99) == pytest.approx((0.505, 0.901, 0.9901))
    assert priced.tokens(Kind.TWO_HOP) == (1000.0, 100.0)
    assert priced.dollars() == pytest.approx(0.0045)  # 1,000 * $3 + 100 * $15, each for a million
    assert priced.table().columns[-1] == "$ a task"
    assert [row[-1] for row in priced.rows()] == ["0.004500", "0.004500"]
    with pytest.raises(BadArgument, match="price is None; give it one"):
        report.dollars()


def test_a_price_is_saved_with_the_report(report, tmp_path):
    priced = report.at(TokenPrice.per_million(3, 15))
    assert Report.load(priced.save(tmp_path / "priced.json")) == priced


def test_a_report_comes_back_as_it_was_saved(report, tmp_path):
    assert Report.load(report.save(tmp_path / "runs" / "stage-0.json")) == report
    assert [path.name for path in (tmp_path / "runs").iterdir()] == ["stage-0.json"]
    (tmp_path / "broken.json").write_text('{"outcomes": [{}]}')
    with pytest.raises(StateCorrupt, match=r"broken\.json is no saved report .*; run the evaluation again"):
        Report.load(tmp_path / "broken.json")


def test_questions_that_cannot_be_put_are_refused(report):
    with pytest.raises(BadArgument, match="0 tasks"):
        evaluate(stage(0), [])
    with pytest.raises(BadArgument, match="no task of kind 'forbidden'; ask for one of"):
        report.success(Kind.FORBIDDEN)


def test_stage_0_on_the_handbook_leaks_nothing():
    book = handbook(pages=24, tenants=2, seed=1)
    report = evaluate(stage(0).over(book), handbook_tasks(book, HANDBOOK_KINDS, count=4, seed=1))
    assert report.leaks == 0
    assert report.success(Kind.FORBIDDEN).value == 1.0
    assert report.success(Kind.UNANSWERABLE).value == 1.0


def test_evidence_recall_counts_hops_and_not_tasks():
    hops = tuple(Hop("", hop.question, hop.value or "", (str(hop.document),)) for hop in baseline.answer())
    astray = (Hop("", "prefix caching", "", ("0",)), Hop("", "8 * 2", "16"))
    tasks = [Task("t", Kind.TWO_HOP, "", ("8",), LEARNER, hops=hops + astray)]
    assert evidence_recall(stage(0), tasks, k=1) == Rate(2, 3)
    assert evidence_recall(stage(0), tasks, k=6) == Rate(3, 3)
    with pytest.raises(BadArgument, match="none of 1 tasks has a hop with evidence"):
        evidence_recall(stage(0), [SILENT], k=1)
