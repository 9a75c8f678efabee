"""A reader and a calculator that never err: with them, a wrong answer is the plan's own fault."""

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation

from canonical import canonical

from labkit.corpus import Handbook, Relation
from labkit.documents import UNKNOWN, Answer, Principal
from labkit.errors import LabkitError
from labkit.skills import follow, parse_plan
from labkit.tasks import Task, score
from labkit.tasks.questions_heldout import HELDOUT_QUESTIONS
from labkit.tasks.questions_train import TRAIN_QUESTIONS

_FACTOR = re.compile(r"\s*([-+*/])\s*")


def executable(plan: str, task: Task, book: Handbook) -> bool:
    """Whether following a plan, as the model wrote it, leads to the task's answer."""
    try:
        steps = parse_plan(plan, task.question)
        answers = follow(steps, lambda question: look_up(question, book, task.principal), calculate)
    except LabkitError:
        return False
    return score(task, Answer(answers[-1])).success


def look_up(question: str, book: Handbook, principal: Principal) -> str:
    """The value that a one-hop question asks for, in any wording of the generator or that of plans; else unknown."""
    for relation in Relation:
        proper = (*TRAIN_QUESTIONS.one_hop[relation], *HELDOUT_QUESTIONS.one_hop[relation])
        for wording in (canonical(relation, "{entity}"), *proper):
            before, after = wording.split("{entity}")
            if question.startswith(before) and question.endswith(after):
                fact = book.facts.lookup(question[len(before) : len(question) - len(after)], relation)
                if fact and principal.may_read(fact.access):
                    return fact.value
    return UNKNOWN


def calculate(expression: str) -> str:
    """The value of numbers joined by + - * /, products before sums; unknown where there is none.

    >>> calculate("8 * 2.40 * 24"), calculate("8 - 3 - 1"), calculate("orion * 2")
    ('460.80', '4', 'unknown')
    """
    parts = _FACTOR.split(expression.strip())
    try:
        return str(_sum([Decimal(part) for part in parts[::2]], parts[1::2]))
    except (InvalidOperation, ZeroDivisionError):
        return UNKNOWN


def _sum(numbers: Sequence[Decimal], signs: Sequence[str]) -> Decimal:
    total, product = Decimal(0), numbers[0]
    for sign, number in zip(signs, numbers[1:], strict=True):
        if sign in "+-":
            total, product = total + product, number if sign == "+" else -number
        else:
            product = product * number if sign == "*" else product / number
    return total + product
