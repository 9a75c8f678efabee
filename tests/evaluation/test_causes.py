"""A failed task is put down to the first thing that went wrong in its trace."""

import pytest

from labkit.documents import UNKNOWN, Answer, Chunk, Passage, Principal, Step, Trace
from labkit.evaluation import Cause, cause, judge
from labkit.tasks import Hop, Kind, Skill, Task, score

ADA = Principal("ada", "acme")
HOPS = (
    Hop("Which cluster runs kelmar?", "Which cluster runs kelmar?", "orion", ("a",)),
    Hop("How many replicas has #1?", "How many replicas has orion?", "8", ("b",)),
)
TASK = Task("t", Kind.TWO_HOP, "How many replicas has kelmar's cluster?", ("8",), ADA, ("a", "b"), HOPS)
SUM = Task(
    "s", Kind.TWO_SKILL, "?", ("192",), ADA, ("b",), (HOPS[1], Hop("#1 * 24", "8 * 24", "192", (), Skill.CALCULATE))
)
LOAD = Task(
    "l", Kind.THREE_HOP, "?", ("192",), ADA, (), (*HOPS, Hop("How much load has one?", "How much load?", "24", ("d",)))
)
TEXTS = {"a": "Kelmar runs on orion.", "b": "Orion has eight replicas."}
ABSENT = Task("u", Kind.UNANSWERABLE, "?", (), ADA)


def ran(text, *lookups, failure="", planned=True):
    """An answer whose trace holds these searches: query, documents, what was read."""
    steps = [Step("plan", "", "")] if planned else []
    for query, documents, read in lookups:
        found = tuple(Passage(Chunk(name, name, TEXTS.get(name, "nothing"), 0, 1), 1.0) for name in documents)
        steps += [Step("retrieve", query, "", found=found), Step("read", query, read)]
    return Answer(text, trace=Trace(tuple(steps)), failure=failure)


ONE = ("Which cluster runs kelmar?", "ax", "the orion cluster")
TWO = "How many replicas has orion?"

CASES = [
    (TASK, ran("8", ONE, (TWO, "bx", "8")), Cause.NONE),
    (TASK, ran(UNKNOWN, (ONE[0], "xy", UNKNOWN)), Cause.WRONG_HOP_1),
    (TASK, ran("5", (ONE[0], "xy", "lyra"), ("How many replicas has lyra?", "c", "5")), Cause.WRONG_HOP_1),
    (TASK, ran("5", (ONE[0], "ax", "lyra"), ("How many replicas has lyra?", "c", "5")), Cause.READING),
    (TASK, ran(UNKNOWN, (ONE[0], "xy", "unknown (said 'orion', which ...)")), Cause.WRONG_HOP_1),
    (TASK, ran(UNKNOWN, ONE, (TWO, "bx", UNKNOWN)), Cause.READING),
    (TASK, ran(UNKNOWN, ONE, (TWO, "c", UNKNOWN)), Cause.SEARCH),
    (TASK, ran(UNKNOWN, ONE, (TWO, "xy", UNKNOWN)), Cause.SEARCH),
    (TASK, ran("5", ONE, ("How many replicas has the cluster?", "xy", "5")), Cause.LOST_ENTITY),
    (TASK, ran("orion", ONE), Cause.PLAN),
    (TASK, ran("5", (TASK.question, "xy", "5")), Cause.PLAN),
    (LOAD, ran("24", ONE, ("How much load has one of orion's?", "c", "24")), Cause.PLAN),
    (LOAD, ran(UNKNOWN, ONE, (TWO, "c", UNKNOWN)), Cause.SEARCH),
    (TASK, ran(UNKNOWN, (TASK.question, "ab", UNKNOWN), planned=False), Cause.PLAN),
    (TASK, ran(UNKNOWN, ONE, failure="hop limit: 1"), Cause.FAILURE),
    (SUM, ran("99", (TWO, "b", "eight")), Cause.CALCULATION),
    (SUM, ran(UNKNOWN, (TWO, "b", "eight"), failure="tool failed: calculate"), Cause.FAILURE),
    (ABSENT, ran("8", ONE), Cause.INVENTED),
    (ABSENT, ran(UNKNOWN, ONE), Cause.NONE),
    (ABSENT, ran("LEDGER-bolt", ONE), Cause.INVENTED),
]


@pytest.mark.parametrize(("task", "answer", "expected"), CASES)
def test_the_first_thing_that_went_wrong(task, answer, expected):
    assert cause(task, answer, score(task, answer)) is expected


def test_a_report_sorts_failures_by_cause():
    answers = [ran(UNKNOWN, ONE, (TWO, "bx", UNKNOWN)), ran("8", ONE, (TWO, "b", "8")), ran("orion", ONE)]
    report = judge([TASK] * 3, answers)
    assert [outcome.cause for outcome in report.outcomes] == ["reading", "", "plan"]
    assert report.causes(Kind.TWO_HOP).rows == (
        ("reading", "1", TASK.question, UNKNOWN),
        ("plan", "1", TASK.question, "orion"),
    )
