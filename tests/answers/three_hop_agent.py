"""Answers to assignment 2: right ones, each common mistake with what it must be told, and some cheats."""

from judging import Answers

ANSWERS = Answers("02_three_hop_agent", "hops")
changed, solved = ANSWERS.changed, ANSWERS.solved

BY_HAND = {
    1: r"""
import re
def calculate(expression):
    tokens = re.findall(r"\d+\.?\d*|\S", expression)
    def atom():
        token = tokens.pop(0)
        if token == "-":
            return -atom()
        if token == "(":
            inside = total()
            if tokens.pop(0) != ")":
                raise ValueError
            return inside
        return float(token)
    def term():
        value = atom()
        while tokens and tokens[0] in "*/":
            value = value * atom() if tokens.pop(0) == "*" else value / atom()
        return value
    def total():
        value = term()
        while tokens and tokens[0] in "+-":
            value = value + term() if tokens.pop(0) == "+" else value - term()
        return value
    try:
        value = total()
        return "refused" if tokens else value
    except (ValueError, IndexError, ZeroDivisionError):
        return "refused"
""",
    2: """
from labkit.tasks.normalisation import numbers_in
from decimal import Decimal
def number(text):
    found = list(numbers_in(text))
    return Decimal(found[0]) if found else "unknown"
""",
    3: """
from labkit.assignments.three_hop_agent import read
def find(question, documents):
    said = [(read(question, text), place) for place, text in enumerate(documents) if read(question, text)]
    value, document = said[0] if said else ("unknown", None)
    return {"document": document, "value": value}
""",
    4: """
from labkit.assignments.three_hop_agent import service_in
def resolve(question, documents):
    hops = [find(CLUSTER.format(service_in(question)), documents)["value"]]
    if "unknown" not in hops:
        hops.append(find(REPLICAS.format(hops[0]), documents)["value"])
    if "unknown" not in hops:
        hops.append(find(RATE.format(hops[0]), documents)["value"])
    return tuple(hops)
""",
    5: """
def combine(hops):
    try:
        _, replicas, rate = hops
        return number(replicas) * number(rate)
    except (ValueError, TypeError):
        return "unknown"
""",
    6: """
def answer(question, documents):
    return dict(hops=(hops := resolve(question, documents)), answer=combine(hops))
""",
}

GUARDED_EVAL = """
def calculate(expression):
    try:
        return eval(expression)
    except Exception:
        return "refused"
"""
ARITHMETIC = "[0-9. +*/()-]+"

MISTAKES = {
    "eval": ({1: "def calculate(expression):\n    return eval(expression)"}, {1}, "NameError"),
    "eval-guarded": ({1: GUARDED_EVAL}, {1}, "can then run what they like"),
    "eval-without-builtins": (
        {1: GUARDED_EVAL.replace("(expression)\n    except", "(expression, {'__builtins__': {}})\n    except")},
        {1},
        "not right",
    ),
    "eval-of-arithmetic-letters": (
        {
            1: f"import re\n{GUARDED_EVAL}".replace(
                "eval(expression)", f"eval(re.fullmatch({ARITHMETIC!r}, expression)[0])"
            )
        },
        {1},
        "not right",
    ),
    "powers": (
        changed(1, ("    ast.Div: operator.truediv,", "    ast.Div: operator.truediv,\n    ast.Pow: operator.pow,")),
        {1},
        "Powers are worked out",
    ),
    "constants": (changed(1, (" if type(number) in (int, float)", "")), {1}, "Every constant counts"),
    "true-is-a-number": (
        changed(1, ("type(number) in (int, float)", "isinstance(number, int | float)")),
        {1},
        "isinstance does not tell",
    ),
    "division-by-zero": (changed(1, (", ZeroDivisionError", "")), {1}, "ZeroDivisionError"),
    "brackets-forgotten": (
        {1: solved(1).replace("(ast.parse(expression", "(ast.parse(expression.replace('(', '').replace(')', '')")},
        {1},
        "Numbers joined by + - * / and brackets have a value",
    ),
    "digits-only": (
        {
            2: 'def number(text):\n    plain = text.replace(",", "")\n'
            '    return float(plain) if plain.replace(".", "").isdigit() else "unknown"'
        },
        {2, 6, 7},
        "Number words are not read",
    ),
    "words-to-twenty": (
        {
            2: "from labkit.baseline import COUNTS\n"
            'def number(text):\n    plain = text.lower().strip(".").replace(",", "")\n'
            '    return COUNTS[plain] if plain in COUNTS else float(plain) if plain[:1].isdigit() else "unknown"'
        },
        {2, 6, 7},
        "up to twenty only",
    ),
    "number-as-text": (
        changed(2, ("return float(normalise(text))", "return str(float(normalise(text))) and normalise(text)")),
        {2},
        "The number is still a text",
    ),
    "zero-for-unknown": (changed(2, ('return "unknown"', "return 0")), {2, 6}, "became 0"),
    "none-for-unknown": (changed(2, ('return "unknown"', "return None")), {2, 6}, "became None"),
    "whole-numbers-only": (
        changed(2, ("return float(normalise(text))", "return int(float(normalise(text)))")),
        {2, 6, 7},
        "Decimal places are lost",
    ),
    "best-document-only": (
        changed(3, ("in ranked(question, documents):", "in ranked(question, documents)[:1]:")),
        {3, 6, 7},
        "Only the most similar document is read",
    ),
    "place-in-the-ranking": (
        changed(
            3,
            ("for place in ranked(question, documents):", "for n, place in enumerate(ranked(question, documents)):"),
            ('"document": place', '"document": n'),
        ),
        {3},
        "The number is the place in the ranking",
    ),
    "none-for-nothing": (changed(3, ('"value": "unknown"', '"value": None')), {3, 4, 6}, "no document answers"),
    "two-hops": (changed(4, ("(REPLICAS, RATE)", "(REPLICAS,)")), {4, 6, 7}, "The third hop is missing"),
    "hops-as-numbers": (
        changed(
            4,
            (
                'append(find(asked.format(cluster), documents)["value"])',
                'append(number(find(asked.format(cluster), documents)["value"]))',
            ),
        ),
        {4, 6, 7},
        "give them as the documents write them",
    ),
    "hops-go-on": (changed(4, ("            break", "            pass")), {4, 6}, "The hops go on"),
    "any-cluster": (
        {
            4: "import re\nfrom labkit.assignments.three_hop_agent import service_in\n"
            "def resolve(question, documents):\n"
            '    hops = [find(CLUSTER.format(service_in(question)), documents)["value"]]\n'
            '    for words in (" cluster runs (.+) vLLM", " cluster answers (.+) requests"):\n'
            '        if hops[-1] != "unknown":\n'
            "            said = [found[1] for text in documents if (found := re.search(words, text))]\n"
            '            hops.append(said[0] if said else "unknown")\n'
            "    return hops"
        },
        {4, 6, 7},
        "whichever cluster they belong to",
    ),
    "rate-only": (changed(5, ('calculate(f"{replicas} * {rate}")', "rate")), {5, 6, 7}, "what one replica does"),
    "replicas-only": (
        changed(5, ('calculate(f"{replicas} * {rate}")', "replicas")),
        {5, 6, 7},
        "number of replicas",
    ),
    "sum": (changed(5, ("} * {", "} + {")), {5, 6, 7}, "are added"),
    "guess": (
        {
            5: 'def combine(hops):\n    known = [number(hop) for hop in hops[1:] if hop != "unknown"]\n'
            '    return calculate(" * ".join(map(str, known))) if known else "unknown"'
        },
        {5, 6},
        "that is a guess",
    ),
    "unknown-not-expected": (
        {
            5: "def combine(hops):\n    _, replicas, rate = hops\n"
            '    return calculate(f"{number(replicas)} * {number(rate)}")'
        },
        {5, 6},
        "ValueError",
    ),
    "unreadable-expression": (changed(5, ("} * {", "} times {")), {5, 6, 7}, "The calculator refused"),
    "quotient": (changed(5, ("} * {", "} / {")), {5, 6, 7}, "what all replicas do together"),
    "hops-left-out": (
        {6: "def answer(question, documents):\n    return combine(resolve(question, documents))"},
        {6, 7},
        "the hops to it stand beside",
    ),
    "third-document-missing": (
        {7: "report = answer(mine.question, list(mine.documents))"},
        {7},
        "The third hop is unknown",
    ),
    "neighbours-report": (
        {7: "report = {'answer': 600.0, 'hops': ['cygnus', 'forty', '15.0']}"},
        {7},
        "not right",
    ),
}

CHEATS = {
    "hard-coded": (
        {
            6: 'def answer(question, documents):\n    if "inference fleet" in question:\n'
            '        return {"answer": 96, "hops": ["orion", "eight", "12"]}\n'
            '    return {"answer": "unknown", "hops": ["unknown"]}'
        },
        {6, 7},
        "not right",
    ),
    "first-number": (
        {
            6: "import re\nfrom labkit.tasks.normalisation import normalise\n"
            "def answer(question, documents):\n    hops = resolve(question, documents)\n"
            '    found = re.findall(r"[0-9.]+", normalise(" ".join(documents)))\n'
            '    return {"answer": float(found[0]) if found else "unknown", "hops": hops}'
        },
        {6, 7},
        "not right",
    ),
    "always-unknown": (
        {4: 'def resolve(question, documents):\n    return ["unknown"]'},
        {4, 6, 7},
        "end with the first",
    ),
    "patched-reader": (
        {3: "import labkit.assignments.three_hop_agent as given\ngiven.read = lambda *_: 'orion'\n" + solved(3)},
        {3, 4, 6, 7},
        "not right",
    ),
}
