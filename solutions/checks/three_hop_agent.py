"""Assignment 2, *Three-hop agent*: what is asked of the student's functions, and what would be right.

Runs in the grader's process only. Worlds are drawn with invented names, and every one holds documents about other
clusters; cases and mistakes are functions of the same keyword arguments as the student's.
"""

import ast
import operator
import re
from collections.abc import Callable, Sequence
from random import Random

from labkit.assignments.three_hop_agent import (
    ANSWERS,
    CLUSTER,
    QUESTION,
    RATE,
    REPLICAS,
    RUNS,
    SERVED_BY,
    distractors,
    fleet_for,
    ranked,
    read,
    service_in,
)
from labkit.baseline import COUNTS, DOCUMENTS
from labkit.corpus.numerals import spell
from labkit.grading import Case, Check, Plain
from labkit.tasks.normalisation import normalise

UNKNOWN, REFUSED = "unknown", "refused"
Table = dict[str, Plain]
HIDDEN = ("labkit.orchestrator",)
OPERATIONS: dict[type, Callable[[float, float], float]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
}
BOOLEAN: Table = {"True + 1": 2}
CONSTANTS: Table = {**BOOLEAN, "'8' * 3": "888"}
POWERS: Table = {"2 ** 3": 8, "9 ** 9": 9**9, "9**9**9": None}  # the last takes longer than anybody waits
PYTHON: Table = {
    **CONSTANTS,
    "7 // 2": 3,
    "7 % 4": 3,
    "~8": -9,
    "8, 9": [8, 9],
    "8 < 9": True,
    "f'{8}'": "8",
    "len('seven')": 5,
    "(8).real": 8,
    "[2, 3][0]": 2,
    "2 if 3 > 1 else 4": 2,
    "(eight := 8) + 1": 9,
    **POWERS,
}
"""Expressions that are no arithmetic of this assignment, and what Python would make of them."""


def a_text(chance: Random) -> Case:
    """A number in one of the ways to write it."""
    whole = chance.choice([chance.randint(2, 20), chance.randint(21, 99), chance.randint(100, 9999)])
    return {"text": chance.choice([spell(whole), spell(whole).capitalize(), f"{whole:,}", str(whole), f"{whole}.25"])}


def a_count(chance: Random) -> str:
    """A number of replicas, as a document writes it."""
    count = chance.choice([chance.randint(2, 20), chance.randint(21, 99), chance.randint(1000, 2000)])
    return chance.choice([spell(count), f"{count:,}"])


def a_rate(chance: Random) -> str:
    """A rate, as a document writes it; a quarter of a request cannot be answered, but every four seconds it can."""
    rate = chance.randint(2, 60)
    return chance.choice([spell(rate), str(rate), str(rate + 0.25 * chance.randint(1, 3))])


def an_expression(chance: Random) -> Case:
    """Arithmetic whose value is not so near to zero that rounding would decide."""
    while True:
        text = _drawn(chance, chance.randint(1, 3))
        value = calculate(text)
        if value != REFUSED and abs(value) > 0.01:
            return {"expression": text}


def _drawn(chance: Random, levels: int) -> str:
    if not levels:
        return chance.choice([str(chance.randint(1, 99)), f"{chance.randint(1, 99) / 4}", f"-{chance.randint(1, 9)}"])
    space = chance.choice(["", " "])
    left, right = (_drawn(chance, levels - chance.randint(1, levels)) for _ in range(2))
    inner = f"{left}{space}{chance.choice('+-*/')}{space}{right}"
    return f"({inner})" if chance.random() < 0.5 else inner


def invented(chance: Random) -> str:
    """A name that is in no list."""
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(3))


def a_world(chance: Random, missing: Sequence[str] = (), lures: int = 1) -> tuple[str, str, list[str]]:
    """A service, its cluster, and documents about them and about another.

    Args:
        chance: Random numbers.
        missing: Which of the facts ``cluster``, ``replicas`` and ``rate`` no document gives.
        lures: How many documents only sound as if they answered.
    """
    service, cluster = f"{invented(chance)} service", invented(chance)
    # Invented names end in a vowel, so these are others for certain.
    other = chance.choice(
        [(f"spare {service}", f"{cluster}-2"), (f"{invented(chance)}n service", f"{invented(chance)}x")]
    )
    documents = chance.sample(distractors(service, cluster), lures)
    for about, runs_on in ((service, cluster), other):
        facts = {
            "cluster": SERVED_BY.format(about, runs_on),
            "replicas": RUNS.format(runs_on, a_count(chance)),
            "rate": ANSWERS.format(runs_on, a_rate(chance)),
        }
        documents += [fact for name, fact in facts.items() if about != service or name not in missing]
    chance.shuffle(documents)
    return service, cluster, documents


def a_hop(chance: Random) -> Case:
    """The question of one hop, now and then one that no document answers."""
    fact = chance.choice(["cluster", "replicas", "rate"])
    service, cluster, documents = a_world(chance, missing=[fact] if chance.random() < 0.2 else [])
    question = {"cluster": CLUSTER.format(service), "replicas": REPLICAS.format(cluster), "rate": RATE.format(cluster)}
    return {"question": question[fact], "documents": documents}


def a_question(chance: Random, lures: int = 1) -> Case:
    """The question of three hops, now and then with one that finds nothing."""
    missing = [chance.choice(["cluster", "replicas", "rate"])] if chance.random() < 0.3 else []
    service, _, documents = a_world(chance, missing, lures)
    return {"question": QUESTION.format(service), "documents": documents}


def an_easy_question(chance: Random) -> Case:
    """One in which the most similar document answers each hop: what step 3 has to be careful about does not matter."""
    while True:
        case = a_question(chance, lures=0)
        if resolve(**case) == resolve(**case, hop=best_only):
            return case


def some_hops(chance: Random) -> Case:
    """Three hops with whole numbers in digits, or fewer of which the last is unknown."""
    hops = [invented(chance), str(chance.randint(2, 99)), str(chance.randint(2, 99))]
    known = chance.choice([0, 1, 2, 3, 3, 3, 3, 3])
    return {"hops": [*hops[:known], UNKNOWN][:3]}


def documents_saying(replicas: str, rate: str) -> Case:
    """The course's own documents with the third fact, and with the numbers written as given."""
    documents = [DOCUMENTS[0], *DOCUMENTS[2:], RUNS.format("orion", replicas), ANSWERS.format("orion", rate)]
    return {"question": QUESTION.format("inference fleet"), "documents": list(documents)}


EDGES = (
    documents_saying("eight", "12"),
    documents_saying("twenty-four", "two"),
    documents_saying("8", "2.5"),
    documents_saying("many", "12"),
    {**documents_saying("8", "12"), "question": QUESTION.format("payroll service")},
    {"question": QUESTION.format("inference fleet"), "documents": list(DOCUMENTS)},
)


def calculate(expression: str) -> Plain:
    """Step 1."""
    try:
        return _value(ast.parse(expression, mode="eval").body)
    except (SyntaxError, ValueError, ZeroDivisionError):
        return REFUSED


def _value(node: ast.expr) -> float:
    match node:
        case ast.Constant() if type(node.value) in (int, float):
            return node.value
        case ast.UnaryOp(op=ast.USub()):
            return -_value(node.operand)
        case ast.BinOp() if type(node.op) in OPERATIONS:
            return OPERATIONS[type(node.op)](_value(node.left), _value(node.right))
    raise ValueError


def number(text: str) -> Plain:
    """Step 2."""
    digits = normalise(text)
    return float(digits) if re.fullmatch(r"\d+(\.\d+)?", digits) else UNKNOWN


def find(question: str, documents: list[str]) -> Plain:
    """Step 3: no more than one document answers, so their order does not matter here."""
    for place, document in enumerate(documents):
        if value := read(question, document):
            return {"value": value, "document": place}
    return {"value": UNKNOWN, "document": None}


def resolve(question: str, documents: list[str], hop: Callable[..., Plain] = find) -> Plain:
    """Step 4, with hops of step 3 or others."""
    cluster = hop(CLUSTER.format(service_in(question)), documents)["value"]
    hops = [cluster]
    for asked in (REPLICAS, RATE):
        if hops[-1] != UNKNOWN:
            hops.append(hop(asked.format(cluster), documents)["value"])
    return hops


def combine(
    hops: list[str], tool: Callable[[float, float], float] = operator.mul, reading: Callable[[str], Plain] = number
) -> Plain:
    """Step 5, with this tool and way to read numbers or others."""
    numbers = [reading(hop) for hop in hops[1:]]
    return UNKNOWN if hops[-1] == UNKNOWN or UNKNOWN in numbers else tool(*numbers)


def answer(question: str, documents: list[str], reading: Callable[[str], Plain] = number) -> Plain:
    """Step 6."""
    hops = resolve(question, documents)
    return {"answer": combine(hops, reading=reading), "hops": hops}


def report(student: str) -> Plain:
    """Step 7: the student's own documents, with the third one written."""
    mine = fleet_for(student)
    cluster = find(CLUSTER.format(mine.service), list(mine.documents))["value"]
    return answer(mine.question, [*mine.documents, ANSWERS.format(cluster, mine.rate)])


def evaluated(table: Table) -> Callable[[str], Plain]:
    """Mistakes of step 1: a calculator that works some things out that it should refuse."""
    return lambda expression: table.get(expression, calculate(expression))


def digits_only(text: str) -> Plain:
    """A mistake of step 2."""
    plain = text.replace(",", "")
    return float(plain) if re.fullmatch(r"\d+(\.\d+)?", plain) else UNKNOWN


def up_to_twenty(text: str) -> Plain:
    """A mistake of step 2: the baseline's table of words goes no further."""
    return COUNTS.get(text.lower().strip("."), digits_only(text))


def instead_of_unknown(value: Plain) -> Callable[[str], Plain]:
    """A mistake of step 2: a text that is no number becomes another value."""
    return lambda text: value if number(text) == UNKNOWN else number(text)


def best_only(question: str, documents: list[str]) -> Plain:
    """A mistake of step 3."""
    place = ranked(question, documents)[0] if documents else None
    value = None if place is None else read(question, documents[place])
    return {"value": value, "document": place} if value else {"value": UNKNOWN, "document": None}


def place_in_the_ranking(question: str, documents: list[str]) -> Plain:
    """A mistake of step 3."""
    return find(question, [documents[place] for place in ranked(question, documents)])


def nothing_found(question: str, documents: list[str]) -> Plain:
    """A mistake of step 3."""
    found = find(question, documents)
    return {"value": None, "document": None} if found["value"] == UNKNOWN else found


def going_on(question: str, documents: list[str]) -> Plain:
    """A mistake of step 4: hops are taken after one that found nothing."""
    cluster = find(CLUSTER.format(service_in(question)), documents)["value"]
    return [cluster, *(find(asked.format(cluster), documents)["value"] for asked in (REPLICAS, RATE))]


def any_cluster(question: str, documents: list[str]) -> Plain:
    """A mistake of step 4: the first numbers in the documents, whosever they are."""
    hops = [find(CLUSTER.format(service_in(question)), documents)["value"]]
    for pattern in (RUNS, ANSWERS):
        if hops[-1] != UNKNOWN:
            said = [found[1] for text in documents if (found := re.fullmatch(pattern.format("[\\w-]+", "(.+)"), text))]
            hops.append(said[0] if said else UNKNOWN)
    return hops


def in_numbers(question: str, documents: list[str]) -> Plain:
    """A mistake of step 4: what is written was read as a number too soon."""
    found = find(question, documents)
    return found if question.startswith("Which") else {**found, "value": number(found["value"])}


def guessed(hops: list[str]) -> Plain:
    """A mistake of step 5: what was not found is left out of the product."""
    known = [number(hop) for hop in hops[1:] if hop != UNKNOWN]
    return known[0] if len(known) == 1 else combine(hops)


CHECKS = (
    Check(
        id="hops-check-1",
        title="The calculator",
        points=3,
        target="calculate",
        draw=an_expression,
        fixed=[
            *({"expression": text} for text in ("12", "-2 * -3.5", "10 - 4 - 3", "64 / 4 / 2", "2 + 3*4", "(2 + 3)*4")),
            *({"expression": text} for text in ("replicas * 12", "eight", "", "8 *", "(8", "8 12", "8 / (4 - 4)")),
            *({"expression": text} for text in PYTHON),
        ],
        expected=calculate,
        asks='Numbers joined by + - * / and brackets have a value; the answer to every other text is "refused".',
        hint="Parse the text, and know a few kinds of node. What is no such node is refused, whatever else it may be.",
        mistakes={
            "Python itself works the text out: whoever writes the text can then run what they like.": evaluated(PYTHON),
            "Powers are worked out: four characters of them can keep the process busy for hours.": evaluated(POWERS),
            "Every constant counts as a number: True and texts are constants too.": evaluated(CONSTANTS),
            "True counts as a number: to Python it is an int, so isinstance does not tell.": evaluated(BOOLEAN),
        },
    ),
    Check(
        id="hops-check-2",
        title="Numbers in words and in digits",
        points=2,
        target="number",
        draw=a_text,
        fixed=[{"text": text} for text in ("eight", "Eight.", "twenty-four", "12.5", "1,200", "many", "unknown", "")],
        expected=number,
        asks='A number may be written in words or in digits; a text that is none gives "unknown".',
        hint="labkit.tasks.normalisation writes every number in one way. What is left to do with a text in that form?",
        mistakes={
            "Number words are not read: a document may say eight or 8.": digits_only,
            "Number words are read up to twenty only: a fleet may have more replicas.": up_to_twenty,
            "The number is still a text: nothing can be multiplied by it.": (
                lambda text: UNKNOWN if number(text) == UNKNOWN else normalise(text)
            ),
            "A text that is no number became 0, which is a claim: nobody has counted.": instead_of_unknown(0),
            "A text that is no number became None: say unknown, so that the next step can tell.": (
                instead_of_unknown(None)
            ),
            "Decimal places are lost: a rate need not be a whole number.": (
                lambda text: UNKNOWN if number(text) == UNKNOWN else int(number(text))
            ),
        },
    ),
    Check(
        id="hops-check-3",
        title="One hop",
        points=2,
        target="find",
        draw=a_hop,
        fixed=[
            {"question": CLUSTER.format("inference fleet"), "documents": []},
            {"question": CLUSTER.format("payroll service"), "documents": list(DOCUMENTS)},
            {"question": CLUSTER.format("inference fleet"), "documents": list(DOCUMENTS)},
        ],
        expected=find,
        asks="The value is the one that some document gives, as it is written there, with that document's number.",
        hint="The most similar document need not be the one that answers. Which comes next?",
        mistakes={
            "Only the most similar document is read: a document can sound right and say nothing.": best_only,
            "The number is the place in the ranking: the document's own number is asked for.": place_in_the_ranking,
            "A question that no document answers has the value unknown, so that the next step can tell.": nothing_found,
        },
    ),
    Check(
        id="hops-check-4",
        title="Three hops",
        points=2,
        target="resolve",
        draw=an_easy_question,
        fixed=EDGES,
        count=20,
        expected=resolve,
        asks="The hops are the cluster, its replicas and one replica's rate, and end with the first that is unknown.",
        hint="The cluster found by the first hop belongs into the questions of the second and the third.",
        mistakes={
            "The third hop is missing: how much does one replica do?": lambda **case: resolve(**case)[:2],
            "The hops go on after one that found nothing: they ask about a cluster called unknown.": going_on,
            "These are the first numbers that the documents give, whichever cluster they belong to.": any_cluster,
            "The second and the third hop are numbers: give them as the documents write them.": (
                lambda **case: resolve(**case, hop=in_numbers)
            ),
        },
    ),
    Check(
        id="hops-check-5",
        title="The tool",
        points=1,
        target="combine",
        draw=some_hops,
        fixed=[{"hops": hops} for hops in (["orion", "8", "12"], ["unknown"], ["orion", "8", "unknown"])],
        expected=combine,
        asks="The result is what all replicas do together in a second, or unknown if a hop is.",
        hint="Write two of the hops into an expression, and give it to your calculator.",
        mistakes={
            "That is what one replica does: all three hops are there, and the multiplication is missing.": (
                lambda hops: combine(hops, lambda replicas, rate: rate)  # noqa: ARG005
            ),
            "That is the number of replicas: how much does each of them do?": (
                lambda hops: combine(hops, lambda replicas, rate: replicas)  # noqa: ARG005
            ),
            "Replicas and rate are added: each replica brings its rate, so how often does the rate count?": (
                lambda hops: combine(hops, operator.add)
            ),
            "A hop found nothing and there is a result all the same: that is a guess.": guessed,
            "The calculator refused: it cannot read what it was given.": lambda hops: combine(hops, lambda *_: REFUSED),
        },
    ),
    Check(
        id="hops-check-6",
        title="The agent",
        points=1,
        target="answer",
        draw=a_question,
        fixed=EDGES,
        count=20,
        expected=answer,
        asks="The answer is what the cluster does in a second, or unknown; the hops to it stand beside.",
        hint="Two of your functions, one after the other. If a check before this one is not right yet, begin there.",
        mistakes={
            "Number words are not read, so that hops that did find something lead nowhere.": (
                lambda **case: answer(**case, reading=digits_only)
            ),
            "Only the most similar document is read, so that a hop misses what another document says.": (
                lambda question, documents: {
                    "answer": combine(resolve(question, documents, best_only)),
                    "hops": resolve(question, documents, best_only),
                }
            ),
        },
    ),
    Check(
        id="hops-check-7",
        title="Your own documents",
        points=1,
        target="report",
        expected=report,
        asks="The report is the answer to your question from your documents and the third one, written by you.",
        hint="The third document needs the wording that the reader knows, your cluster's name and the rate of `mine`.",
        mistakes={
            "The third hop is unknown: your third document is not among those searched, or has another wording.": (
                lambda student: answer(fleet_for(student).question, list(fleet_for(student).documents))
            ),
        },
    ),
)
