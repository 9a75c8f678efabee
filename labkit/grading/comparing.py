"""Judge what a student's code answered: compare plain values, and name the mistake that explains wrong ones."""

import json
import math
from collections.abc import Sequence
from dataclasses import dataclass

from labkit.grading.check import Case, Check, Plain, Rule
from labkit.grading.stripping import MISSING

SHOWN = 160  # characters of a student's value in a sentence


@dataclass(frozen=True)
class Verdict:
    """How one check went.

    Attributes:
        check: Its id.
        title: Its title.
        points: What was earned.
        most: What can be earned.
        words: What went wrong, in the student's terms; empty when nothing did.
        hint: Where to look; empty when nothing went wrong.
    """

    check: str
    title: str
    points: int
    most: int
    words: str = ""
    hint: str = ""

    @property
    def passed(self) -> bool:
        """Whether the check earned its points."""
        return self.points == self.most


@dataclass(frozen=True)
class Answer:
    """One answer read back: a value, or what kept it from being one."""

    value: Plain = None
    problem: str = ""


def judge(check: Check, cases: Sequence[Case], lines: Sequence[bytes] | None, ended: str) -> Verdict:
    """Compare the answers to a check's cases with what is right.

    Args:
        check: The check.
        cases: What was asked.
        lines: The lines that came back, perhaps fewer and perhaps no answers; None when nobody asked for the cases.
        ended: Why the run was stopped, if it was.
    """
    words = _wrong(check, cases, lines, ended)
    if words:
        return Verdict(check.id, check.title, 0, check.points, f"{words} {check.asks}", check.hint)
    return Verdict(check.id, check.title, check.points, check.points)


def agree(value: Plain, right: Plain, tolerance: float) -> bool:
    """Whether two plain values are the same, numbers up to a relative difference.

    >>> agree({"cost": 0.1 + 0.2}, {"cost": 0.3}, 1e-6), agree(True, 1.0, 1e-6)
    (True, False)
    """
    if isinstance(right, dict):
        return (
            isinstance(value, dict)
            and value.keys() == right.keys()
            and all(agree(value[key], right[key], tolerance) for key in right)
        )
    if isinstance(right, list):
        return (
            isinstance(value, list)
            and len(value) == len(right)
            and all(agree(mine, yours, tolerance) for mine, yours in zip(value, right, strict=True))
        )
    if _is_number(right) and _is_number(value):
        return math.isclose(float(value), float(right), rel_tol=tolerance)  # type: ignore[arg-type]
    return type(value) is type(right) and value == right


def _wrong(check: Check, cases: Sequence[Case], lines: Sequence[bytes] | None, ended: str) -> str:
    """The first thing that is wrong, as a sentence; empty when all answers are right."""
    stopped = f" ({ended})" if ended else ""
    if lines is None:
        return f"This check was not reached{stopped}."
    given = [_read(line) for line in lines[: len(cases)]]
    if problem := next((answer.problem for answer in given if answer.problem), ""):
        if MISSING in problem:
            return f"`{check.target}` is still blank: {problem}."
        return f"`{check.target}` gave no answer: {problem}."
    asked = list(zip(cases, given, strict=False))  # the run may have ended before the last answer
    for case, answer in asked:
        if not agree(answer.value, check.expected(**case), check.tolerance):
            return _explained(check, asked) or _example(check, case, answer)
    if len(given) < len(cases):
        return f"`{check.target}` did not return{stopped}."
    return ""


def _explained(check: Check, asked: Sequence[tuple[Case, Answer]]) -> str:
    """The known mistake that gives every one of the answers."""
    return next((words for words, rule in check.mistakes.items() if _explains(rule, check, asked)), "")


def _explains(rule: Rule, check: Check, asked: Sequence[tuple[Case, Answer]]) -> bool:
    try:
        return all(agree(answer.value, rule(**case), check.tolerance) for case, answer in asked)
    except ArithmeticError:  # it is not possible in one of the cases, so it was not made
        return False


def _example(check: Check, case: Case, answer: Answer) -> str:
    shown = json.dumps(answer.value, ensure_ascii=False)
    shown = shown if len(shown) <= SHOWN else f"{shown[:SHOWN]}..."
    if answer.value is None:
        shown = "None (is a return missing?)"
    if check.draw is None:
        return f"`{check.target}` is {shown}, which is not right."
    inputs = ", ".join(f"{name}={json.dumps(value)}" for name, value in case.items())
    return f"`{check.target}({inputs})` gave {shown}, which is not right."


def _read(line: bytes) -> Answer:
    """One line from the student's process, which may hold anything."""
    try:
        found = json.loads(line, parse_int=_whole_number, parse_constant=_no_number)
    except (ValueError, RecursionError):
        return Answer(problem="it sent something that is no value")
    if isinstance(found, dict) and isinstance(found.get("problem"), str) and found["problem"]:
        return Answer(problem=found["problem"][: SHOWN * 2])
    if isinstance(found, dict) and "value" in found:
        return Answer(value=found["value"])
    return Answer(problem="it sent something that is no value")


def _whole_number(digits: str) -> float:
    """An integer, or a float where it is so long that comparing it would take time."""
    return int(digits) if len(digits) <= 15 else float(digits)


def _no_number(name: str) -> float:
    raise ValueError(f"{name} is no number")


def _is_number(value: Plain) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
