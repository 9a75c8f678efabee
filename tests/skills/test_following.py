"""Plans are followed step by step, each to its specialist, and no further than the first that fails."""

from labkit.documents import UNKNOWN
from labkit.skills import Plan, fill, follow

PLAN = Plan(("Which cluster serves kelmar?", "How many replicas does #1 run?", "What rate has #1?", "#2 * #3"))
KNOWN = {"Which cluster serves kelmar?": "orion", "How many replicas does orion run?": "twenty-four"}


def test_slots_are_filled_and_sums_go_to_the_calculator():
    known = {**KNOWN, "What rate has orion?": "5"}
    assert follow(PLAN, known.__getitem__, "= {}".format) == ("orion", "twenty-four", "5", "= twenty-four * 5")


def test_stops_at_the_first_step_without_an_answer():
    asked = []

    def read(question: str) -> str:
        asked.append(question)
        return KNOWN.get(question, UNKNOWN)

    assert follow(PLAN, read, "= {}".format) == ("orion", "twenty-four", UNKNOWN)
    assert asked[-1] == "What rate has orion?"


def test_ten_is_not_one_and_a_zero():
    assert fill("#1 and #10", [str(number) for number in range(1, 11)]) == "1 and 10"
    assert fill("#1", ["#2"]) == "#2"
