"""Assignment 3, *Second specialist*: what is asked of the student's functions, and what would be right.

Runs in the grader's process only. Worlds are drawn with invented names; some of their facts are missing, some are no
number. Cases and mistakes are functions of the same keyword arguments as the student's.
"""

import operator
import re
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from random import Random

from labkit.assignments.second_specialist import (
    ADDS_UP,
    BILL,
    BUSY,
    CAPACITY,
    COSTS,
    MORE,
    RUN,
    desk_for,
    plan,
    retrieve,
    same,
)
from labkit.assignments.three_hop_agent import ANSWERS, CLUSTER, RUNS, SERVED_BY
from labkit.corpus.numerals import spell
from labkit.grading import Case, Check, Plain
from labkit.tasks.normalisation import normalise, numbers_in

UNKNOWN = "unknown"
HIDDEN = ("labkit.orchestrator", "labkit.multihop", "labkit.skills")
BOTH = ("retrieve", "calculate")
JOINS: dict[str, Callable[[float, float], float]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "/": operator.truediv,
}
PART = r"(#\d+|\d+(\.\d+)?)"


def invented(chance: Random) -> str:
    """A name that is in no list."""
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(3))


def named(chance: Random) -> str:
    """A name that holds what arithmetic holds, now and then."""
    return chance.choice([invented(chance), f"{invented(chance)}-{chance.randint(2, 9)}", f"24/7 {invented(chance)}"])


def a_number(chance: Random) -> str:
    """A number as a document writes it."""
    count = chance.choice([chance.randint(2, 20), chance.randint(21, 99), chance.randint(1000, 2000)])
    return chance.choice([str(count), f"{count:,}", spell(count), f"{count}.25"])


def no_number(chance: Random) -> str:
    """An answer that is no one number."""
    return chance.choice(["many", "what the market asks", f"{chance.randint(2, 9)} to {chance.randint(10, 20)}"])


def a_join(chance: Random, known: int) -> str:
    """A step of arithmetic that refers to some of the answers so far; its second part is not zero."""
    slots = [f"#{place}" for place in chance.sample(range(1, known + 1), 2)]
    slots[chance.randint(0, 1)] = chance.choice([*slots, f"{chance.randint(1, 900)}", f"{chance.randint(1, 90)}.5"])
    return chance.choice("+-*/").join(f"{part} " if place == 0 else f" {part}" for place, part in enumerate(slots))


def a_step(chance: Random) -> Case:
    """A step of any kind."""
    about = chance.choice([named(chance), f"#{chance.randint(1, 12)}"])
    asked = chance.choice([CLUSTER, RUN, CAPACITY, BILL]).format(about)
    return {"step": chance.choice([asked, a_join(chance, 12), MORE.format(about, named(chance))])}


def some_answers(chance: Random, count: int) -> list[Plain]:
    """Answers of either specialist, all with one number."""
    return [chance.choice([a_number(chance), f"${a_number(chance)}", chance.randint(4, 999) / 4]) for _ in range(count)]


def a_filling(chance: Random) -> Case:
    """A step with slots, and answers for them."""
    answers = some_answers(chance, chance.randint(2, 14))
    slot = f"#{chance.randint(1, len(answers))}"
    return {"step": chance.choice([a_join(chance, len(answers)), f"How large is {slot}?"]), "answers": answers}


def an_answer(chance: Random) -> Case:
    """An answer with a number, or none or several."""
    text = a_number(chance)
    kinds = [text, f"{text} requests per second", f"${text}", chance.randint(1, 999) / 4, no_number(chance)]
    return {"answer": chance.choice(kinds)}


def a_calculation(chance: Random) -> Case:
    """Arithmetic and the answers that it refers to, now and then one that is no number."""
    answers = some_answers(chance, chance.randint(2, 12))
    if chance.random() < 0.2:
        answers[chance.randrange(len(answers))] = no_number(chance)
    return {"step": a_join(chance, len(answers)), "answers": answers}


def a_question(chance: Random) -> Case:
    """A question, documents in which a fact may be missing or no number, and the specialists who are there."""
    services, clusters = ([f"{named(chance)}{letter}" for letter in "xyz"] for _ in range(2))
    fact = {wording: [a_number(chance) for _ in clusters] for wording in (RUNS, ANSWERS, COSTS)}
    fact[COSTS] = [f"${price}" for price in fact[COSTS]]
    if chance.random() < 0.2:
        chance.choice(list(fact.values()))[0] = no_number(chance)
    documents = [SERVED_BY.format(*pair) for pair in zip(services, clusters, strict=True)]
    documents += [
        wording.format(name, said)
        for wording, all_said in fact.items()
        for name, said in zip(clusters, all_said, strict=True)
    ]
    documents += [ADDS_UP.format(service, chance.randint(100, 999)) for service in services]
    kept = [text for text in documents if chance.random() > 0.06]
    question = chance.choice(
        [
            *(asked.format(services[0]) for asked in (CLUSTER, RUN, CAPACITY, CAPACITY, BILL)),
            BUSY.format(services[0], chance.randint(20, 900)),
            MORE.format(*clusters[:2]),
        ]
    )
    specialists = list(chance.choice([BOTH, BOTH, BOTH, ("retrieve",)]))
    return {"question": question, "documents": chance.sample(kept, len(kept)), "specialists": specialists}


def two_runs(chance: Random) -> Case:
    """Right answers, and those of two agents that are sometimes right, written in one way or another."""
    right: dict[str, Plain] = {}
    before: dict[str, Plain] = {}
    after: dict[str, Plain] = {}
    for number in range(chance.randint(3, 9)):
        question = RUN.format(f"{invented(chance)} {number}")
        count = chance.randint(2, 99)
        right[question] = chance.choice([count, str(count), UNKNOWN])
        forms = [UNKNOWN, "Unknown."] if right[question] == UNKNOWN else [str(count), spell(count), float(count)]
        wrong = [str(count + 1)] if right[question] == UNKNOWN else [UNKNOWN, str(count + 1)]
        before[question], after[question] = (chance.choice(chance.choice([forms, wrong])) for _ in range(2))
    return {"before": before, "after": after, "right": right}


def two_traces(chance: Random) -> Case:
    """Who was called by two agents for each question, and what a call takes."""
    questions = [f"question {number}" for number in range(chance.randint(2, 8))]
    return {
        "before": {question: ["retrieve"] * chance.randint(1, 2) for question in questions},
        "after": {
            question: ["plan", *["retrieve"] * chance.randint(1, 4), *["calculate"] * chance.randint(0, 2)]
            for question in questions
        },
        "milliseconds": {
            "plan": chance.randint(600, 900),
            "retrieve": chance.randint(200, 500),
            "calculate": chance.randint(1, 9),
        },
    }


def route(step: str) -> str:
    """Step 1."""
    return "calculate" if re.fullmatch(rf"{PART} [-+*/] {PART}", step) else "retrieve"


def fill(step: str, answers: Sequence[Plain]) -> str:
    """Step 2."""
    return re.sub(r"#(\d+)", lambda slot: str(answers[int(slot[1]) - 1]), step)


def number(answer: Plain) -> Plain:
    """Step 3."""
    found = [float(digits) for digits in numbers_in(str(answer))]
    return found[0] if len(found) == 1 else UNKNOWN


def calculate(step: str, answers: Sequence[Plain], reading: Callable[[Plain], Plain] = number) -> Plain:
    """Step 4, with this way to read numbers or another."""
    left, join, right = step.split()
    numbers = [reading(fill(part, answers)) for part in (left, right)]
    if UNKNOWN in numbers or (join == "/" and not numbers[1]):
        return UNKNOWN
    return JOINS[join](*numbers)


def orchestrate(
    question: str,
    documents: Sequence[str],
    specialists: Sequence[str],
    router: Callable[[str], str] = route,
    calculator: Callable[..., Plain] = calculate,
) -> Plain:
    """Step 5, with this router and this calculation specialist or with others."""
    answers, trace = [], ["plan"]
    for step in plan(question):
        name = router(step) if router(step) in specialists else "retrieve"
        trace.append(name)
        done = calculator(step, answers) if name == "calculate" else retrieve(fill(step, answers), documents)
        answers.append(done)
        if done == UNKNOWN:
            break
    return {"answer": answers[-1], "trace": trace}


def compare(before: Case, after: Case, right: Case, equal: Callable[[Plain, Plain], bool] = same) -> Plain:
    """Step 6, with this way to tell right from wrong or another."""
    was, now = ({question: equal(said[question], right[question]) for question in right} for said in (before, after))
    return {
        "gained": [question for question in right if now[question] and not was[question]],
        "broken": [question for question in right if was[question] and not now[question]],
    }


def added_seconds(
    before: Mapping[str, Sequence[str]], after: Mapping[str, Sequence[str]], milliseconds: Mapping[str, float]
) -> float:
    """Step 7."""
    spent = [sum(milliseconds[name] for trace in run.values() for name in trace) for run in (before, after)]
    return (spent[1] - spent[0]) / len(after) / 1000


def report(student: str, before: str = "single", after: str = "specialists") -> Plain:
    """Step 8: the student's own documents and questions, with these agents compared or with others."""
    mine = desk_for(student)
    alone = {question: {"answer": retrieve(question, mine.documents), "trace": ["retrieve"]} for question in mine.right}
    agents = {"single": alone}
    for name, specialists in (("planner", BOTH[:1]), ("specialists", BOTH)):
        agents[name] = {question: orchestrate(question, mine.documents, specialists) for question in mine.right}
    said, traces = (
        {name: {question: found[part] for question, found in runs.items()} for name, runs in agents.items()}
        for part in ("answer", "trace")
    )
    return {
        "right": {name: sum(map(same, answers.values(), mine.right.values())) for name, answers in said.items()},
        **compare(said[before], said[after], mine.right),
        "added_seconds": added_seconds(traces[before], traces[after], mine.milliseconds),
    }


def routed_by(pattern: str) -> Callable[..., str]:
    """Mistakes of step 1: something that occurs anywhere in the step decides."""
    return lambda step: "calculate" if re.search(pattern, step) else "retrieve"


def one_by_one(step: str, answers: Sequence[Plain]) -> str:
    """A mistake of step 2: each slot is replaced as a piece of text, beginning with the first."""
    for place, answer in enumerate(answers, start=1):
        step = step.replace(f"#{place}", str(answer))
    return step


def from_zero(step: str, answers: Sequence[Plain]) -> str:
    """A mistake of step 2."""
    return re.sub(r"#(\d+)", lambda slot: str(answers[int(slot[1]) % len(answers)]), step)


def digits_only(answer: Plain) -> Plain:
    """A mistake of step 3."""
    found = re.findall(r"\d+(?:\.\d+)?", str(answer).replace(",", ""))
    return float(found[0]) if len(found) == 1 else UNKNOWN


def instead_of_unknown(value: Plain) -> Callable[..., Plain]:
    """A mistake of step 3: an answer without one number becomes another value."""
    return lambda answer: value if number(answer) == UNKNOWN else number(answer)


def any_of_several(choose: Callable[..., float]) -> Callable[..., Plain]:
    """A mistake of step 3: of several numbers one is taken."""
    return lambda answer: choose(map(float, numbers_in(str(answer))), default=UNKNOWN)


def swapped(step: str, answers: Sequence[Plain]) -> Plain:
    """A mistake of step 4: the parts have changed places."""
    return calculate(" ".join(reversed(step.split())), answers)


def guessed(step: str, answers: Sequence[Plain]) -> Plain:
    """A mistake of step 4: a part that is no number counts as nothing."""
    return calculate(step, answers, reading=instead_of_unknown(0.0))


def going_on(question: str, documents: Sequence[str], specialists: Sequence[str]) -> Plain:
    """A mistake of step 5: steps are taken after one whose answer is unknown."""
    answers, trace = [], ["plan"]
    for step in plan(question):
        name = route(step) if route(step) in specialists else "retrieve"
        trace.append(name)
        done = calculate(step, answers) if name == "calculate" else retrieve(fill(step, answers), documents)
        answers.append(done)
    return {"answer": answers[-1], "trace": trace}


def the_last_known(question: str, documents: Sequence[str], specialists: Sequence[str]) -> Plain:
    """A mistake of step 5: where a step finds nothing, what the step before it found is the answer."""
    right, answers = orchestrate(question, documents, specialists), []
    for step, name in zip(plan(question), right["trace"][1:], strict=False):
        done = calculate(step, answers) if name == "calculate" else retrieve(fill(step, answers), documents)
        if done != UNKNOWN:
            answers.append(done)
    return {**right, "answer": answers[-1] if answers else UNKNOWN}


def before_calculating(answers: Callable[..., Plain], **case: Plain) -> Plain:
    """A mistake of step 5: a sum that a document has is looked up although there is a plan."""
    found = retrieve(case["question"], case["documents"])
    return answers(**case) if found == UNKNOWN else {"answer": found, "trace": ["retrieve"]}


def steps(*texts: str) -> list[Case]:
    """Cases of step 1."""
    return [{"step": text} for text in texts]


ANSWERS_SO_FAR = ["orion", "eight", "12 requests per second", 96.0, "zero", "many", "7 to 9"]
COURSE = [
    SERVED_BY.format("inference fleet", "orion"),
    RUNS.format("orion", "eight"),
    ANSWERS.format("orion", "12"),
    COSTS.format("orion", "$2.40"),
    RUNS.format("lyra", "5"),
    SERVED_BY.format("archive", "lyra"),
    ADDS_UP.format("archive", "70"),
]
ASKED = (
    *(asked.format("inference fleet") for asked in (CLUSTER, RUN, CAPACITY, BILL)),
    BUSY.format("inference fleet", "48"),
    MORE.format("lyra", "orion"),
    CAPACITY.format("archive"),
    RUN.format("payroll service"),
)

CHECKS = (
    Check(
        id="specialist-check-1",
        title="The router",
        points=2,
        target="route",
        draw=a_step,
        fixed=steps(
            "#2 * #3", "#1 - #2", "900 / #4", "0.5 + #10", "How many vLLM replicas does the gpu-2 cluster run?"
        ),
        expected=route,
        asks="Arithmetic goes to calculate and every question to retrieve, whatever stands in a name.",
        hint="What does the whole step consist of? A digit, a slot or a hyphen may stand in a question, too.",
        mistakes={
            "Arithmetic goes to retrieval: no document has the sum.": lambda step: "retrieve",  # noqa: ARG005
            "Everything is calculated, questions too.": lambda step: "calculate",  # noqa: ARG005
            "A slot decides: a question may have one as well, and arithmetic need not.": routed_by("#"),
            "Any digit decides: names may hold digits.": routed_by(r"\d"),
            "A sign such as - or / decides: names may hold those, too.": routed_by(r"[-+*/]"),
            "The two are the wrong way round.": lambda step: {"calculate": "retrieve"}.get(route(step), "calculate"),
        },
    ),
    Check(
        id="specialist-check-2",
        title="Answers in their slots",
        points=1,
        target="fill",
        draw=a_filling,
        fixed=[
            {"step": "How large is #1?", "answers": ["orion"]},
            {"step": "#12 - #1", "answers": list("abcdefghijkl")},
            {"step": "no slot", "answers": ["orion"]},
        ],
        expected=fill,
        asks="Each slot holds the answer of the step that has its number, counted from 1.",
        hint="A slot is # and all the digits after it; look at #1 and #12 in one step.",
        mistakes={
            "#12 was taken for #1 with a 2 behind it: a slot is all of its digits.": one_by_one,
            "The slots are counted from 0: #1 is the answer of the first step.": from_zero,
            "The slots are still empty.": lambda step, answers: step,  # noqa: ARG005
        },
    ),
    Check(
        id="specialist-check-3",
        title="Numbers only",
        points=1,
        target="number",
        draw=an_answer,
        fixed=[{"answer": answer} for answer in ("eight", "$2.40", "12 requests per second", 98.5, "10 to 12", "many")],
        expected=number,
        asks='The number of an answer that holds exactly one, as a number; else "unknown".',
        hint="numbers_in gives a set of texts. How many must be in it?",
        mistakes={
            "Number words are not read: a document may say eight or 8.": digits_only,
            "Of several numbers one was chosen: which of them is meant, nobody knows.": any_of_several(min),
            "Of several numbers one was chosen: which of them is meant, nobody can know.": any_of_several(max),
            "The number is still a text: nothing can be multiplied by it.": (
                lambda answer: UNKNOWN if number(answer) == UNKNOWN else next(iter(numbers_in(str(answer))))
            ),
            "An answer without a number became 0, which is a claim: nobody has counted.": instead_of_unknown(0),
            "An answer without a number became None: say unknown, so that the next step can tell.": (
                instead_of_unknown(None)
            ),
            "Decimal places are lost: a price need not be whole.": (
                lambda answer: UNKNOWN if number(answer) == UNKNOWN else int(number(answer))
            ),
        },
    ),
    Check(
        id="specialist-check-4",
        title="The calculation specialist",
        points=2,
        target="calculate",
        draw=a_calculation,
        fixed=[
            {"step": step, "answers": ANSWERS_SO_FAR}
            for step in ("#2 * #3", "#3 - #2", "48 / #4", "#4 / #5", "#5 / #4", "#6 * #2", "#7 * #2", "0.5 + #2")
        ],
        expected=calculate,
        asks="The two parts are read as numbers and joined in their order; without two numbers the result is unknown.",
        hint="Take the step apart first, fill and read each part, and look for unknown before you join them.",
        mistakes={
            "The parts have changed places: 8 - 5 is not 5 - 8.": swapped,
            "A part that is no number counts as 0: the result is a guess.": guessed,
            "Number words are not read, so that parts that are known lead nowhere.": partial(
                calculate, reading=digits_only
            ),
        },
    ),
    Check(
        id="specialist-check-5",
        title="Plan, route, compose",
        points=3,
        target="orchestrate",
        draw=a_question,
        fixed=[
            {"question": asked, "documents": COURSE, "specialists": list(there)}
            for asked in ASKED
            for there in (BOTH, BOTH[:1])
        ],
        expected=orchestrate,
        asks="The steps of the plan are taken in order by whom the router names if they are there, up to the first"
        " unknown; the answer is the last one, and the trace says who was called, the planner first.",
        hint="One pass over plan(question) with two lists. If a check before this one is not right yet, begin there.",
        mistakes={
            "Arithmetic goes to the retrieval specialist, although there is one who can calculate.": partial(
                orchestrate, router=lambda _: "retrieve"
            ),
            "A specialist was called who is not there: without one, arithmetic goes to retrieval.": (
                lambda question, documents, specialists: orchestrate(question, documents, BOTH)  # noqa: ARG005
            ),
            "The run goes on after a step that found nothing: the next one asks about unknown.": going_on,
            "A step found nothing and there is an answer all the same: that is the answer to an earlier step.": (
                the_last_known
            ),
            "The planner is missing in the trace: it was called, and it takes time.": (
                lambda **case: (found := orchestrate(**case)) | {"trace": found["trace"][1:]}
            ),
            "The question was put to the documents before there was a plan: then it is another agent.": partial(
                before_calculating, orchestrate
            ),
            "Number words are not read, so that steps that did find something lead nowhere.": partial(
                orchestrate, calculator=partial(calculate, reading=digits_only)
            ),
        },
    ),
    Check(
        id="specialist-check-6",
        title="Gained and broken",
        points=1,
        target="compare",
        draw=two_runs,
        expected=compare,
        asks="Gained is what was wrong before and is right after, broken the reverse, in the order of the questions.",
        hint="Work out for each question whether it was right before, and whether it is right after.",
        mistakes={
            "Gained and broken have changed places.": lambda before, after, right: compare(after, before, right),
            "What was right before already was not gained.": (
                lambda after, right, **_: {
                    "gained": [question for question in right if same(after[question], right[question])],
                    "broken": [question for question in right if not same(after[question], right[question])],
                }
            ),
            "Answers are compared letter by letter: eight and 8 are the same, Unknown. and unknown too.": partial(
                compare, equal=operator.eq
            ),
            "To say unknown is never right here, but where the documents leave it open it is.": partial(
                compare, equal=lambda said, right: normalise(str(said)) != UNKNOWN and same(said, right)
            ),
        },
    ),
    Check(
        id="specialist-check-7",
        title="Added seconds",
        points=1,
        target="added_seconds",
        draw=two_traces,
        expected=added_seconds,
        asks="All calls of a question add up; what is asked for is the difference, in seconds, for a question.",
        hint="Milliseconds of all calls after less those before, shared by the questions, in another unit.",
        mistakes={
            "These are milliseconds: seconds are asked for.": lambda **case: 1000 * added_seconds(**case),
            "This is what a question takes after, not what it takes longer.": (
                lambda before, **case: added_seconds(before=dict.fromkeys(before, ()), **case)
            ),
            "This is for all questions together, not for one.": (
                lambda after, **case: added_seconds(after=after, **case) * len(after)
            ),
            "The planner's call was left out: it takes time, too.": (
                lambda after, **case: added_seconds(
                    after={question: [name for name in trace if name != "plan"] for question, trace in after.items()},
                    **case,
                )
            ),
            "The difference is the wrong way round.": lambda **case: -added_seconds(**case),
            "Every call counts the same here: each takes what is given for the one who is called.": (
                lambda before, after, **_: (sum(map(len, after.values())) - sum(map(len, before.values()))) / len(after)
            ),
        },
    ),
    Check(
        id="specialist-check-8",
        title="Your report",
        points=1,
        target="report",
        expected=report,
        asks="The report counts the right answers of three agents and compares the first with the last.",
        hint="Call your functions with what is in `mine`. If an earlier check is not right yet, begin there.",
        mistakes={
            "The planner was compared with the specialists: the report begins with the single agent.": partial(
                report, before="planner"
            ),
            "The single agent was compared with the planner: the report ends with the specialists.": partial(
                report, after="planner"
            ),
            "The added seconds are milliseconds.": (
                lambda student: (right := report(student)) | {"added_seconds": 1000 * right["added_seconds"]}
            ),
        },
    ),
)
