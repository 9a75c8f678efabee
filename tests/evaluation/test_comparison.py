"""Two reports on the same tasks: what was gained, what broke, and how sure that is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.documents import Answer, Principal, Step, Trace
from labkit.errors import BadArgument
from labkit.evaluation import Comparison, judge, mcnemar, paired_interval
from labkit.tasks import Kind, Task

ADA = Principal("ada", "acme")
COUNTS = st.integers(0, 60)


def tasks(count: int) -> list[Task]:
    kinds = (Kind.ONE_HOP, Kind.TWO_HOP)
    return [Task(str(n), kinds[n % 2], f"question {n}?", ("8",), ADA, ("0",)) for n in range(count)]


def report(said: str, seconds: float = 0.0, tokens: int = 0):
    steps = (Step("read", "", "", seconds, tokens, 0),)
    return judge(tasks(len(said)), [Answer(text, trace=Trace(steps)) for text in said])


BEFORE, AFTER = report("8989", 1.0, 100), report("8889", 3.0, 150)


def test_gained_broken_and_the_price():
    both_ways = Comparison(BEFORE, report("9888"))
    assert [one.task for one in both_ways.gained()] == ["1", "3"]
    assert [one.task for one in both_ways.broken()] == ["0"]
    assert (both_ways.difference(), both_ways.difference(Kind.TWO_HOP)) == (0.25, 1.0)
    assert Comparison(BEFORE, AFTER).added() == (2.0, 50.0)


def test_the_tables():
    comparison = Comparison(BEFORE, AFTER)
    assert [row[0] for row in comparison.table().rows] == ["one-hop", "two-hop", "all"]
    assert comparison.table().rows[1][1:4] == ("0.00 (0/2)", "0.50 (1/2)", "+0.50")
    assert comparison.changed().rows == (("gained", "two_hop", "question 1?", "8", ""),)
    assert "<caption>" not in comparison._repr_html_()


def test_a_difference_that_chance_would_make_is_called_none():
    same, more, fewer = report("98" * 10), report("88" * 5 + "98" * 5), report("88" * 8 + "98" * 2)
    assert Comparison(same, same).verdict() == "no detectable difference"
    assert mcnemar(5, 0) > 0.05 > mcnemar(8, 0)
    assert Comparison(same, more).verdict() == "no detectable difference"
    assert Comparison(same, fewer).verdict() == "better"
    assert Comparison(fewer, same).verdict() == "worse"
    assert [row[8] for row in Comparison(same, fewer).table().rows] == ["better", "no detectable difference", "better"]


def test_the_sentence_says_what_was_tested():
    said = Comparison(report("98" * 10), report("88" * 5 + "98" * 5)).sentence()
    assert said.startswith("no detectable difference: success 0.50 before and 0.75 after on the same 20 tasks")
    assert "difference +0.25, 95 % interval +" in said
    assert "5 gained, 0 broken, p = 0.062, McNemar's exact test" in said


def test_reports_about_other_tasks_are_refused():
    with pytest.raises(BadArgument, match="4 and 3 tasks, not the same"):
        Comparison(BEFORE, report("888"))


@given(COUNTS, COUNTS)
def test_p_is_that_of_scipy(gained, broken):
    from scipy.stats import binomtest

    expected = binomtest(gained, gained + broken).pvalue if gained + broken else 1.0
    assert mcnemar(gained, broken) == pytest.approx(expected)
    with pytest.raises(BadArgument, match="give counts"):
        mcnemar(-1, broken)


@given(COUNTS, COUNTS, COUNTS, COUNTS.map(lambda count: count + 1))
def test_the_interval_holds_the_difference_and_turns_with_it(both, gained, broken, neither):
    count = both + gained + broken + neither
    low, high = paired_interval(both, gained, broken, neither)
    assert -1 - 1e-9 <= low <= (gained - broken) / count + 1e-9
    assert (gained - broken) / count - 1e-9 <= high <= 1 + 1e-9
    turned = paired_interval(both, broken, gained, neither)
    assert turned == (pytest.approx(-high), pytest.approx(-low))


def test_a_published_example():
    # 36, 12, 2 and 0 of 50 pairs, as in Newcombe's paper.
    assert paired_interval(36, 12, 2, 0) == (pytest.approx(0.0569, abs=5e-4), pytest.approx(0.3404, abs=5e-4))


def test_another_published_example():
    # 14, 5, 0 and 22 of 41 pairs: Altman et al., "Statistics with Confidence", 2000, table 6.2.
    assert paired_interval(14, 5, 0, 22) == (pytest.approx(0.0115, abs=5e-5), pytest.approx(0.2265, abs=5e-5))


def test_no_tasks_and_negative_counts_are_refused():
    with pytest.raises(BadArgument):
        paired_interval(0, 0, 0, 0)
    with pytest.raises(BadArgument, match="at least 0"):
        paired_interval(5, -1, 0, 0)
