"""Answers to assignment 3: right ones, each common mistake with what it must be told, and some cheats."""

from judging import Answers

ANSWERS = Answers("03_second_specialist", "specialist")
changed, solved = ANSWERS.changed, ANSWERS.solved


BY_HAND = {
    1: """
def route(step):
    parts = step.split()
    if len(parts) != 3 or parts[1] not in list("+-*/"):
        return "retrieve"
    for part in (parts[0], parts[2]):
        if set(part) - set("#.0123456789"):
            return "retrieve"
    return "calculate"
""",
    2: """
def fill(step, answers):
    for place in range(len(answers), 0, -1):
        step = step.replace(f"#{place}", f"{answers[place - 1]}")
    return step
""",
    3: """
from fractions import Fraction
from labkit.tasks.normalisation import normalise, numbers_in
def number(answer):
    match list(numbers_in(f"{answer}")):
        case [only]:
            return Fraction(only)
    return "unknown"
""",
    4: """
def calculate(step, answers):
    parts = step.split(" ")
    try:
        left, right = float(number(fill(parts[0], answers))), float(number(fill(parts[2], answers)))
        return {"+": left + right, "-": left - right, "*": left * right, "/": left / right if parts[1] == "/" else 0}[
            parts[1]
        ]
    except (ValueError, ZeroDivisionError):
        return "unknown"
""",
    5: """
from labkit.assignments.second_specialist import retrieve
def orchestrate(question, documents, specialists):
    def rest(left, answers, trace):
        if not left or "unknown" in answers:
            return dict(trace=tuple(trace), answer=answers[-1])
        who = "calculate" if route(left[0]) == "calculate" and "calculate" in specialists else "retrieve"
        found = calculate(left[0], answers) if who[0] == "c" else retrieve(fill(left[0], answers), documents)
        return rest(left[1:], [*answers, found], [*trace, who])
    return rest(plan(question), [], ["plan"])
""",
    6: """
from labkit.assignments.second_specialist import same
def compare(before, after, right):
    found = {"broken": [], "gained": []}
    for question, answer in right.items():
        change = same(after[question], answer) - same(before[question], answer)
        if change:
            found["gained" if change > 0 else "broken"].append(question)
    return found
""",
    7: """
from statistics import fmean
def added_seconds(before, after, milliseconds):
    longer = [sum(map(milliseconds.get, after[q])) - sum(map(milliseconds.get, before[q])) for q in after]
    return fmean(longer) / 1e3
""",
}

MISTAKES = {
    "all-retrieved": (
        {1: 'def route(step):\n    return "retrieve"'},
        {1, 5, 8},
        "Arithmetic goes to retrieval: no document has the sum",
    ),
    "all-calculated": ({1: 'def route(step):\n    return "calculate"'}, {1, 5, 8}, "Everything is calculated"),
    "slot-decides": (
        {1: 'def route(step):\n    return "calculate" if "#" in step else "retrieve"'},
        {1, 5, 8},
        "A slot decides",
    ),
    "digit-decides": (
        {1: 'def route(step):\n    return "calculate" if any(c.isdigit() for c in step) else "retrieve"'},
        {1, 5, 8},
        "Any digit decides",
    ),
    "sign-decides": (
        {1: 'def route(step):\n    return "calculate" if set(step) & set("+-*/") else "retrieve"'},
        {1, 5},
        "A sign such as - or / decides",
    ),
    "wrong-way-round": (
        changed(1, ('"calculate" if arithmetic else "retrieve"', '"retrieve" if arithmetic else "calculate"')),
        {1, 5, 8},
        "the wrong way round",
    ),
    "slots-one-by-one": (
        {
            2: "def fill(step, answers):\n    for place, answer in enumerate(answers, start=1):\n"
            '        step = step.replace(f"#{place}", str(answer))\n    return step'
        },
        {2, 4},
        "#12 was taken for #1",
    ),
    "slots-from-zero": (
        changed(2, ("int(slot[1]) - 1]", "int(slot[1]) % len(answers)]")),
        {2, 4, 5, 8},
        "counted from 0",
    ),
    "slots-beyond": (changed(2, ("int(slot[1]) - 1]", "int(slot[1])]")), {2, 4, 5, 8}, "IndexError"),
    "slots-empty": ({2: "def fill(step, answers):\n    return step"}, {2, 4, 5, 8}, "still empty"),
    "digits-only": (
        {
            3: "import re\ndef number(answer):\n"
            '    found = re.findall(r"\\d+(?:\\.\\d+)?", str(answer).replace(",", ""))\n'
            '    return float(found[0]) if len(found) == 1 else "unknown"'
        },
        {3, 4, 5, 8},
        "Number words are not read",
    ),
    "smallest": (
        changed(3, ("found[0] if len(found) == 1", "min(found) if found")),
        {3, 4, 5},
        "Of several numbers one was chosen: which of them is meant, nobody knows",
    ),
    "largest": (
        changed(3, ("found[0] if len(found) == 1", "max(found) if found")),
        {3, 4, 5},
        "Of several numbers one was chosen: which of them is meant, nobody can know",
    ),
    "number-as-text": (
        changed(3, ("[float(digits) for", "[digits for")),
        {3, 4, 5, 8},
        "The number is still a text",
    ),
    "zero-for-unknown": (changed(3, ('else "unknown"', "else 0")), {3, 4, 5, 8}, "became 0"),
    "none-for-unknown": (changed(3, ('else "unknown"', "else None")), {3, 4, 5, 8}, "became None"),
    "whole-numbers": (changed(3, ("return found[0]", "return int(found[0])")), {3, 4, 5, 8}, "Decimal places are lost"),
    "parts-swapped": (changed(4, ("left, join, right =", "right, join, left =")), {4, 5, 8}, "have changed places"),
    "unknown-part-is-zero": (
        {
            4: "import operator\nfrom labkit.tasks.normalisation import numbers_in\n"
            'JOINS = {"+": operator.add, "-": operator.sub, "*": operator.mul, "/": operator.truediv}\n'
            "def calculate(step, answers):\n    left, join, right = step.split()\n"
            "    a, b = (number(fill(part, answers)) for part in (left, right))\n"
            '    a, b = (0.0 if part == "unknown" else part for part in (a, b))\n'
            '    return JOINS[join](a, b) if b or join != "/" else "unknown"'
        },
        {4, 5, 8},
        "counts as 0: the result is a guess",
    ),
    "unknown-not-expected": (
        changed(4, ('if "unknown" in numbers or (join == "/" and numbers[1] == 0):', "if not numbers:")),
        {4, 5, 8},
        "it raised",
    ),
    "division-by-zero": (
        changed(4, (' or (join == "/" and numbers[1] == 0)', "")),
        {4},
        "ZeroDivisionError",
    ),
    "words-to-the-calculator": (
        {4: solved(4).replace("number(fill(part, answers))", "fill(part, answers)")},
        {4, 5, 8},
        "TypeError",
    ),
    "only-products": (
        changed(4, ("JOINS[join](*numbers)", "numbers[0] * numbers[1]")),
        {4, 5, 8},
        "joined in their order",
    ),
    "arithmetic-retrieved": (
        changed(5, ('route(step) if route(step) in specialists else "retrieve"', '"retrieve"')),
        {5, 8},
        "Arithmetic goes to the retrieval specialist",
    ),
    "specialist-not-there": (
        changed(5, ('route(step) if route(step) in specialists else "retrieve"', "route(step)")),
        {5, 8},
        "who is not there",
    ),
    "never-ends": (changed(5, ("            break", "            pass")), {5, 8}, "goes on after a step"),
    "last-known": (
        changed(5, ('"answer": answers[-1]', '"answer": ([a for a in answers if a != "unknown"] or ["unknown"])[-1]')),
        {5, 8},
        "that is the answer to an earlier step",
    ),
    "planner-not-traced": (changed(5, ('[], ["plan"]', "[], []")), {5, 8}, "The planner is missing in the trace"),
    "first-answer": (
        changed(5, ('"answer": answers[-1]', '"answer": answers[0]')),
        {5, 8},
        "the answer is the last one",
    ),
    "slots-not-filled": (changed(5, ("retrieve(fill(step, answers)", "retrieve(step")), {5, 8}, "not right"),
    "looked-up-first": (
        {
            5: solved(5).replace(
                "    answers, trace =",
                '    if (found := retrieve(question, documents)) != "unknown":\n'
                '        return {"answer": found, "trace": ["retrieve"]}\n    answers, trace =',
            )
        },
        {5, 8},
        "before there was a plan",
    ),
    "gained-for-broken": (
        changed(6, ('"gained"', '"x"'), ('"broken"', '"gained"'), ('"x"', '"broken"')),
        {6, 8},
        "have changed places",
    ),
    "right-already": (
        changed(6, ("now[question] and not was[question]", "now[question]"), ("was[question] and not now", "not now")),
        {6, 8},
        "right before already was not gained",
    ),
    "letter-by-letter": (
        changed(
            6,
            ("same(before[question], right[question])", "before[question] == right[question]"),
            ("same(after[question], right[question])", "after[question] == right[question]"),
        ),
        {6, 8},
        "letter by letter",
    ),
    "unknown-never-right": (
        {
            6: solved(6).replace("same(before", "known(before").replace("same(after", "known(after")
            + "\n\ndef known(said, right):\n    return str(said).lower().strip('.') != 'unknown' and same(said, right)"
        },
        {6},
        "never right here",
    ),
    "milliseconds": (changed(7, (" / 1000", "")), {7, 8}, "These are milliseconds"),
    "after-alone": (
        changed(7, ("(spent(after) - spent(before))", "spent(after)")),
        {7, 8},
        "what a question takes after",
    ),
    "not-shared": (changed(7, (" / len(after)", "")), {7, 8}, "for all questions together"),
    "planner-free": (
        changed(7, ("for who in trace", 'for who in trace if who != "plan"')),
        {7, 8},
        "The planner's call was left out",
    ),
    "calls-counted": (
        changed(7, ("milliseconds[who] for", "1000 for")),
        {7, 8},
        "Every call counts the same",
    ),
    "difference-reversed": (
        changed(7, ("(spent(after) - spent(before))", "(spent(before) - spent(after))")),
        {7, 8},
        "wrong way round",
    ),
    "planner-for-single": (
        changed(
            8,
            ("compare(alone,", 'compare(part("planner", "answer"),'),
            ('part("single", "trace")', 'part("planner", "trace")'),
        ),
        {8},
        "the report begins with the single agent",
    ),
    "planner-for-specialists": (
        {8: solved(8).replace('part("specialists", ', 'part("planner", ')},
        {8},
        "the report ends with the specialists",
    ),
    "report-in-milliseconds": (
        {8: solved(8) + '\nreport["added_seconds"] *= 1000'},
        {8},
        "The added seconds are milliseconds",
    ),
    "neighbours-report": (
        {8: "mine = desk_for('grace')\n" + solved(8)},
        {8},
        "not right",
    ),
}

CHEATS = {
    "hard-coded": (
        {
            5: 'def orchestrate(question, documents, specialists):\n    if "inference fleet" in question:\n'
            '        return {"answer": 96, "trace": ["plan", "retrieve", "retrieve", "retrieve", "calculate"]}\n'
            '    return {"answer": "unknown", "trace": ["plan", "retrieve"]}'
        },
        {5, 8},
        "not right",
    ),
    "eval": (
        {
            4: "def calculate(step, answers):\n    try:\n"
            "        return eval(fill(step, answers))\n    except Exception:\n"
            '        return "unknown"'
        },
        {4, 5, 8},
        "not right",
    ),
    "right-answers-for-own": (
        {
            8: 'report = {"right": {"single": 4, "planner": 5, "specialists": 12}, "added_seconds": 1.0,'
            ' "gained": list(mine.right), "broken": []}'
        },
        {8},
        "not right",
    ),
    "patched-planner": (
        {
            5: "import labkit.assignments.second_specialist as given\n"
            "plan = given.plan = lambda question: [question]\n" + solved(5)
        },
        {5, 8},
        "not right",
    ),
}
