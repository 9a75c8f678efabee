"""Submissions for the assignment *Cost and replicas*, made by editing its solution: nothing is stored twice.

Each says what it must score, which words its feedback must hold, and whether it must be flagged.
"""

import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
NAME = "05_cost_and_replicas"
STEPS = range(1, 8)
POINTS = {1: 2, 2: 2, 3: 2, 4: 1, 5: 2, 6: 2, 7: 1}
SOLVED = json.loads((ROOT / "solutions" / f"{NAME}.ipynb").read_text())
BLANK = json.loads((ROOT / "exercises" / f"{NAME}.ipynb").read_text())

Edit = Callable[[dict], object]


@dataclass(frozen=True)
class Submission:
    """One submission, and how it must come out.

    Attributes:
        name: File name, and so the student's id.
        text: What the file holds.
        lost: The steps whose points it must lose.
        words: What the feedback must say, by step.
        flag: What one of its flags must say; empty when there must be none.
    """

    name: str
    text: str
    lost: frozenset[int]
    words: dict[int, str]
    flag: str = ""

    @property
    def points(self) -> int:
        return sum(points for step, points in POINTS.items() if step not in self.lost)


Words = str | dict[int, str]
"""Words of the feedback by step, or those of the first lost step alone."""


def answering(name: str, sources: dict[int, str], lost: set[int], words: Words = "", flag: str = "") -> Submission:
    """The solution with some of its answer cells replaced."""

    def edit(notebook: dict) -> None:
        for step, source in sources.items():
            cell(notebook, f"cost-answer-{step}")["source"] = source

    return edited(name, SOLVED, edit, lost, words, flag)


def edited(name: str, base: dict, edit: Edit, lost: set[int], words: Words = "", flag: str = "") -> Submission:
    """A notebook changed by a function."""
    notebook = copy.deepcopy(base)
    edit(notebook)
    return submission(name, json.dumps(notebook), lost, words, flag)


def submission(name: str, text: str, lost: set[int], words: Words = "", flag: str = "") -> Submission:
    """A file."""
    by_step = words if isinstance(words, dict) else {min(lost): words} if lost else {}
    return Submission(name, text, frozenset(lost), by_step, flag)


def cell(notebook: dict, identifier: str) -> dict:
    return next(cell for cell in notebook["cells"] if cell["id"] == identifier)


def check_cells(notebook: dict) -> list[dict]:
    return [cell for cell in notebook["cells"] if "check" in cell["metadata"].get("tags", [])]


ALL = set(STEPS)
TASK = "calls, input_tokens, output_tokens, input_price, output_price"
LOAD = "tasks_per_second, service_rate, utilisation"
FLEET = "replicas, dollars_per_hour, tasks_per_second"
VOLUME = "tasks_per_hour, service_rate, utilisation, dollars_per_hour, api_dollars"
RIVALRY = "replicas, dollars_per_hour, api_dollars, cached_dollars"


SIGNATURES = {
    1: ("api_cost", TASK),
    2: ("cached_cost", TASK),
    3: ("fleet_size", LOAD),
    4: ("fleet_cost", FLEET),
    5: ("crossovers", RIVALRY),
    6: ("choose", VOLUME),
}


def returning(name: str, parameters: str, expression: str) -> str:
    """A function of one line, with what the answers of later steps import."""
    return (
        "import math\nfrom labkit.costs import TokenPrice, cost_per_task, crossover_tasks_per_hour\n"
        "from labkit.scaling import replicas_needed\n"
        f"def {name}({parameters}):\n    return {expression}"
    )


def _three(replicas: str, api: str, cached: str, unit: str = "", one: str = "1") -> str:
    return (
        f"{{'fleet': {replicas} * dollars_per_hour / {api} {unit},"
        f" 'fleet_against_cache': {replicas} * dollars_per_hour / {cached} {unit},"
        f" 'one_replica': {one} * dollars_per_hour / {api} {unit}}}"
    )


def _bills(replicas: str) -> str:
    return (
        "(lambda fleet, api: {'cheaper': 'fleet' if fleet < api else 'API', 'dollars_per_hour': min(fleet, api)})("
        f"{replicas} * dollars_per_hour, tasks_per_hour * api_dollars)"
    )


HONEST = [
    submission("blank", json.dumps(BLANK), ALL, "is still blank"),
    submission("right", json.dumps(SOLVED), set()),
    answering(
        "right-by-hand",
        {
            1: returning(
                "api_cost", TASK, "calls * (input_tokens * input_price + output_tokens * output_price) / 10**6"
            ),
            2: returning(
                "cached_cost", TASK, "(input_tokens * input_price + calls * output_tokens * output_price) / 1e6"
            ),
            3: "import numpy as np\ndef fleet_size(tasks_per_second, service_rate, utilisation):\n"
            "    return np.ceil(np.float64(tasks_per_second) / service_rate / utilisation)",
            4: "from fractions import Fraction\ndef fleet_cost(replicas, dollars_per_hour, tasks_per_second):\n"
            "    return Fraction(replicas) * Fraction(dollars_per_hour) / 3600 / Fraction(tasks_per_second)",
            6: "def choose(tasks_per_hour, service_rate, utilisation, dollars_per_hour, api_dollars):\n"
            "    n = 1\n"
            "    while tasks_per_hour / 3600 > n * service_rate * utilisation * (1 + 1e-12):\n"
            "        n += 1\n"
            "    bills = {'fleet': n * dollars_per_hour, 'API': tasks_per_hour * api_dollars}\n"
            "    cheaper = min(bills, key=bills.get)\n"
            "    return {'dollars_per_hour': bills[cheaper], 'cheaper': cheaper}",
        },
        set(),
    ),
    answering(
        "right-but-noisy",
        {
            1: "import sys, logging, warnings\nprint('noise', file=sys.stderr)\nlogging.error('noise')\n"
            "warnings.warn('noise')\n" + "".join(cell(SOLVED, "cost-answer-1")["source"])
        },
        set(),
    ),
    answering(
        "slips",
        {
            1: returning("api_cost", TASK, "'$0.1'"),
            2: returning("cached_cost", TASK, "open"),
            3: "def fleet_size(:",
            4: f"def fleet_cost({FLEET}):\n    pass",
            5: returning("crossover", RIVALRY, "0"),
            6: returning("choose", VOLUME, "{'cheaper': 'fleet'}"),
        },
        ALL,
        {
            1: 'gave "$0.1"',
            2: "it gave a function, which is no number, text",
            3: "fleet_size is not defined",
            4: "is a return missing?",
            5: "crossovers is not defined",
            6: 'gave {"cheaper": "fleet"}',
            7: "report is not defined",
        },
    ),
    answering(
        "neighbours-report",
        {
            7: "report = {'api_dollars': 0.1, 'cached_dollars': 0.05, 'replicas': 8, 'fleet_dollars': 0.0002,"
            " 'crossover': 320.0}"
        },
        {7},
        "the workload that belongs to your id",
    ),
]

MISTAKES = {
    1: [
        ("calls * (input_tokens * output_price + output_tokens * input_price) / 1e6", "have changed places"),
        ("calls * (input_tokens * input_price + output_tokens * output_price)", "a million times too high"),
        ("(input_tokens * input_price + output_tokens * output_price) / 1e6", "Only one call is paid for"),
    ],
    2: [
        (
            "cost_per_task(calls, input_tokens, output_tokens, "
            "TokenPrice.per_million(input_price, output_price), calls)",
            "The first call was forgotten",
        ),
        ("calls * (input_tokens * input_price + output_tokens * output_price) / 1e6", "The cache saves nothing"),
        ("(input_tokens * input_price + output_tokens * output_price) / 1e6", "each call writes anew"),
    ],
    3: [
        ("math.floor(tasks_per_second / (utilisation * service_rate))", "It was rounded down"),
        ("math.ceil(tasks_per_second * utilisation / service_rate)", "The utilisation is upside down"),
        ("math.ceil(tasks_per_second / service_rate)", "The utilisation was left out"),
        ("round(tasks_per_second / (utilisation * service_rate))", "It was rounded to the nearest"),
        ("int(tasks_per_second / (utilisation * service_rate)) + 1", "One is always added"),
        ("tasks_per_second / (utilisation * service_rate)", "It was not rounded"),
    ],
    4: [
        ("replicas * dollars_per_hour / tasks_per_second", "Hours and seconds are mixed"),
        ("dollars_per_hour / tasks_per_second / 3600", "One replica was paid for"),
        ("replicas * dollars_per_hour", "This is the fleet's bill for an hour"),
    ],
    5: [
        (_three("replicas", "api_dollars", "cached_dollars", "* 3600"), "the fleet's price is per hour already"),
        (_three("replicas", "api_dollars", "cached_dollars", "/ 3600"), "These are tasks per second"),
        (_three("replicas", "api_dollars", "api_dollars"), "The cached price was not used"),
        (_three("replicas", "api_dollars", "cached_dollars", one="replicas"), "given the bill of the whole fleet"),
    ],
    6: [
        (_bills("replicas_needed(tasks_per_hour, service_rate, utilisation)"), "Hours and seconds are mixed"),
        (_bills("1"), "The fleet has one replica at any volume"),
        (
            _bills("replicas_needed(tasks_per_hour / 3600, service_rate, utilisation)").replace("<", ">"),
            "The choice is the wrong way round",
        ),
    ],
}


def _mistaken(number: int) -> Submission:
    """The mistakes of one number in all steps at once: each step is judged by itself, the report by all of them."""
    made = {step: options[number] for step, options in MISTAKES.items() if number < len(options)}
    sources = {step: returning(*SIGNATURES[step], expression) for step, (expression, _) in made.items()}
    lost = {*made, 7} if {*made} & {1, 2, 4} or number == 5 else {*made}
    return answering(f"mistakes-{number}", sources, lost, {step: words for step, (_, words) in made.items()})


MISTAKEN = [_mistaken(number) for number in range(6)]
UNCACHED = "".join(cell(SOLVED, "cost-answer-7")["source"]).replace("fleet_against_cache", "fleet")
MISTAKEN.append(answering("mistake-7", {7: UNCACHED}, {7}, "against the API without its cache"))


def _tag(*tags: str) -> Edit:
    return lambda notebook: [c["metadata"]["tags"].extend(tags) for c in check_cells(notebook)]


def _begin(line: str) -> Edit:
    return lambda notebook: [c.update(source=[line + "\n", *c["source"]]) for c in check_cells(notebook)]


def _store_passes(notebook: dict) -> None:
    for number, check in enumerate(check_cells(notebook), start=1):
        said = {"name": "stdout", "output_type": "stream", "text": f"step {number} holds, honestly\n"}
        check.update(outputs=[said], execution_count=number)


def _delete_checks(notebook: dict) -> None:
    gone = check_cells(notebook)
    notebook["cells"] = [cell for cell in notebook["cells"] if cell not in gone]


def _reverse(notebook: dict) -> None:
    notebook["cells"].reverse()


def _hard_code(notebook: dict) -> None:
    """Right for all that the visible checks try, and for nothing else."""
    cell(notebook, "cost-answer-3")["source"] = (
        "def fleet_size(tasks_per_second, service_rate, utilisation):\n"
        "    known = {(40, 6, 0.7): 10, (10, 4, 0.5): 5, (25, 5, 0.7): 8}\n"
        "    return known.get((tasks_per_second, service_rate, utilisation), 8)"
    )


def _first(source: str, base: dict = BLANK) -> Edit:
    """Put code before the answer of step 1."""

    def edit(notebook: dict) -> None:
        found = cell(notebook, "cost-answer-1")
        found["source"] = source + "\n" + "".join(cell(base, "cost-answer-1")["source"])

    return edit


def _second_cell_of_the_same_id(notebook: dict) -> None:
    fake = copy.deepcopy(cell(SOLVED, "cost-answer-1"))
    notebook["cells"].append(fake)


ALWAYS_EQUAL = f"""
import builtins, json, math
class Yes(float):
    def __eq__(self, other): return True
    def __repr__(self): return "Infinity"
    __hash__ = float.__hash__
math.isclose = builtins.isclose = isclose = lambda *a, **k: True
builtins.abs = builtins.round = lambda *a, **k: 0
json.dumps = lambda *a, **k: '{{"value": true}}'
def api_cost({TASK}): return Yes(1)
cached_cost = fleet_size = fleet_cost = crossovers = choose = lambda *a, **k: Yes(1)
report = Yes(1)
"""

PATCHED_LABKIT = """
import labkit.costs, labkit.scaling, labkit.assignments, labkit.grading, labkit.grading.check as check
import labkit.grading.answering as answering, labkit.grading.comparing as comparing
labkit.costs.cost_per_task = labkit.costs.self_hosted_cost_per_task = lambda *a, **k: 1.0
labkit.costs.crossover_tasks_per_hour = labkit.scaling.replicas_needed = lambda *a, **k: 1
comparing.agree = lambda *a: True
comparing._wrong = lambda *a: ""
answering.answer_of = lambda *a: '{"value": true, "points": 12, "passed": true}'
"""

READ_THE_STACK = """
import gc, sys
def hunt(*a, **k):
    frame = sys._getframe()
    while frame:
        for holder in (frame.f_locals, frame.f_globals):
            for name in ("expected", "right", "check", "answer"):
                value = holder.get(name)
                if isinstance(value, (int, float, dict)):
                    return value
        frame = frame.f_back
    for thing in gc.get_objects():
        if isinstance(thing, dict) and "expected" in thing:
            return thing["expected"](**k)
api_cost = cached_cost = fleet_size = fleet_cost = crossovers = choose = hunt
report = hunt()
raise SystemExit  # keep the blank below from replacing it
"""

WRITE_THE_GRADEBOOK = """
import os
for folder, folders, files in os.walk("/"):
    folders[:] = [name for name in folders if name not in ("proc", "sys", "usr", ".venv", ".pyenv")]
    for name in files:
        if name in ("gradebook.csv", "gradebook.json", "junit.xml", "class.html") or name.endswith("-untouched.txt"):
            try:
                open(os.path.join(folder, name), "w").write("student,points\\nwriter,12\\n")
            except OSError:
                pass
for name in ("gradebook.csv", "gradebook.json", "junit.xml", "../gradebook.csv"):
    try:
        open(name, "w").write("student,points\\nwriter,12\\n")
    except OSError:
        pass
"""

FAKE_PASSES = """
import os, sys
lines = "".join(f"PASSED notebook.ipynb::Cell {n}\\n" for n in range(40))
print(lines); print("12 points, all checks passed"); print(lines, file=sys.stderr)
for number in range(8):
    for process in ("self", str(os.getppid()), "1"):
        try:
            os.write(os.open(f"/proc/{process}/fd/{number}", os.O_WRONLY), lines.encode())
        except OSError:
            pass
"""

READ_THE_SOLUTIONS = """
import itertools, os, runpy
import labkit
beside_labkit = os.path.join(os.path.dirname(os.path.realpath(labkit.__path__[0])), "solutions")
for folder, folders, files in itertools.chain(os.walk(beside_labkit), os.walk("/")):
    folders[:] = [name for name in folders if name not in ("proc", "sys", "usr", ".venv", ".pyenv")]
    if "cost_and_replicas.py" in files and folder.endswith("checks"):
        stolen = runpy.run_path(os.path.join(folder, "cost_and_replicas.py"))
        rules = {check.target: check.expected for check in stolen["CHECKS"]}
        report = rules.pop("report")(STUDENT)
        globals().update(rules)
        raise SystemExit
"""

ANSWER_DIRECTLY = """
import json, os, socket
held = []
for address in ("/run/grader", os.path.expanduser("~/../probes")):
    if os.path.exists(address):
        for step in range(1, 8):
            line = socket.socket(socket.AF_UNIX)
            held.append(line)
            line.connect(address)
            line.sendall(f"cost-check-{step}\\n".encode())
            line.recv(1)
            line.sendall(b'{"value": true}\\n{"value": 1e999}\\n{"value": NaN}\\n' + b"[" * 60000 + b"\\n")
            line.sendall(b'{"value": ' + b"9" * 60000 + b"}\\n\\xff\\xfe\\n" + b'{"points": 2}\\n' * 40)
"""

FLOOD = """
import os, socket
held = []
for _ in range(200):
    try:
        line = socket.socket(socket.AF_UNIX)
        line.connect("/run/grader")
        line.setblocking(False)
        line.send(b"x" * 100_000)
        held.append(line)
    except OSError:
        break
"""

FLOOD_THE_OUTPUT = """
while True:
    try:
        print("x" * 10**6)
    except BaseException:
        pass
"""

TAKE_ALL_MEMORY = """
hoard = []
while True:
    try:
        hoard.append(bytearray(10**8))
    except BaseException:
        pass
"""

IN_THE_END = {3, 4, 5, 6, 7}  # what is lost when the kernel ends in step 3

CHEATS = [
    edited("tagged-to-skip", BLANK, _tag("nbval-skip", "skip-execution"), ALL, "is still blank", "tagged nbval-skip"),
    edited("tagged-to-raise", BLANK, _tag("raises-exception"), ALL, "is still blank", "tagged raises-exception"),
    edited("skip-lines", BLANK, _begin("# NBVAL_SKIP"), ALL, "is still blank", "was edited"),
    edited("stored-passes", BLANK, _store_passes, ALL, "is still blank", "stored output"),
    edited("checks-deleted", BLANK, _delete_checks, ALL, "is still blank", "was deleted"),
    edited(
        "checks-edited",
        BLANK,
        lambda n: [c.update(source="print('holds')") for c in check_cells(n)],
        ALL,
        "is still blank",
        "was edited",
    ),
    edited("reordered-blank", BLANK, _reverse, ALL, "is still blank", "another order"),
    edited("reordered-right", SOLVED, _reverse, set(), "", "another order"),
    edited("same-id-twice", BLANK, _second_cell_of_the_same_id, ALL, "is still blank", "the same id"),
    edited(
        "answers-skipped",
        SOLVED,
        lambda n: [
            c.update(source=["# NBVAL_SKIP\n", *c["source"]])
            for c in n["cells"]
            if "answer" in c["metadata"].get("tags", [])
        ],
        ALL,
        "api_cost is not defined",
    ),
    edited("hard-coded", SOLVED, _hard_code, {3, 7}, "just large enough"),
    edited("always-equal", BLANK, _first(ALWAYS_EQUAL + "raise SystemExit"), ALL, "not right"),
    edited("patched-labkit", SOLVED, _first(PATCHED_LABKIT, SOLVED), ALL, "not right"),
    edited("reads-the-stack", BLANK, _first(READ_THE_STACK), ALL, "api_cost"),
    edited("writes-the-gradebook", BLANK, _first(WRITE_THE_GRADEBOOK), ALL, "is still blank"),
    edited("fake-passes", BLANK, _first(FAKE_PASSES), ALL, "is still blank"),
    edited("reads-the-solutions", BLANK, _first(READ_THE_SOLUTIONS), ALL, "is still blank"),
    edited("answers-directly", BLANK, _first(ANSWER_DIRECTLY), ALL, "no value"),
    edited("floods-the-line", BLANK, _first(FLOOD), ALL, "not reached"),
    answering("leaves-at-once", {3: "import os\nos._exit(0)"}, IN_THE_END, "not reached"),
    answering(
        "kills-its-parent",
        {3: "import os, signal\nos.kill(os.getppid(), signal.SIGKILL)\nos._exit(0)"},
        IN_THE_END,
        "not reached",
    ),
    answering("crashes-the-kernel", {3: "import ctypes\nctypes.string_at(0)"}, IN_THE_END, "not reached"),
    answering("loops-for-ever", {3: "while True:\n    pass"}, {3, 7}, "fleet_size is not defined"),
    answering(
        "never-returns", {3: f"def fleet_size({LOAD}):\n    while True:\n        pass"}, {3, 7}, "did not return"
    ),
    answering(
        "cannot-be-interrupted",
        {3: "while True:\n    try:\n        while True:\n            pass\n    except BaseException:\n        pass"},
        IN_THE_END,
        "not reached",
    ),
    answering(
        "fork-storm",
        {3: "import os\nwhile True:\n    try:\n        os.fork()\n    except OSError:\n        pass"},
        IN_THE_END,
        "not reached (it ",
    ),
    answering("floods-the-output", {3: FLOOD_THE_OUTPUT}, IN_THE_END, "not reached"),
    answering(
        "fills-the-disk",
        {3: "for n in range(10**6):\n    open(f'f{n}', 'wb').write(bytes(10**7))"},
        {3, 7},
        "fleet_size is not defined",
    ),
    answering("asks-for-all-memory", {3: "hoard = bytearray(10**11)"}, {3, 7}, "fleet_size is not defined"),
    answering("takes-all-memory", {3: TAKE_ALL_MEMORY}, IN_THE_END, "it used more than 1 GiB of memory"),
    answering(
        "leaves-a-daemon",
        {
            3: "import subprocess\nsubprocess.Popen(['sleep', '98765'], start_new_session=True)\n"
            + "".join(cell(SOLVED, "cost-answer-3")["source"])
        },
        set(),
    ),
]

UNREADABLE = [
    submission("not-json", "this is no notebook", ALL, "not a notebook"),
    submission("empty", "", ALL, "not a notebook"),
    submission("a-list", "[]", ALL, "not a notebook"),
    submission("deep", "[" * 100_000, ALL, "not a notebook"),
    submission(
        "odd-cells",
        json.dumps({"cells": [1, None, {"cell_type": "code", "id": 3, "source": 4, "metadata": []}]}),
        ALL,
        "is still blank",
        "was deleted",
    ),
]

EVERY = [*HONEST, *MISTAKEN, *CHEATS, *UNREADABLE]
