"""The arithmetic of tasks, and the ways in which a right number may be written."""

from collections.abc import Sequence
from decimal import Decimal
from math import prod

from labkit.corpus.facts import Relation
from labkit.tasks.questions import Sum

_TEMPLATES = {
    Sum.CAPACITY: "{} * {}",
    Sum.HOURLY_COST: "{} * {}",
    Sum.DAILY_COST: "{} * {} * 24",
    Sum.TOTAL: "{} + {}",
    Sum.DIFFERENCE: "{} - {}",
}
_UNITS: dict[Relation | Sum, tuple[str, ...]] = {
    Relation.REPLICAS: ("replicas", "model replicas"),
    Relation.RATE: ("requests per second", "requests per second per replica"),
    Relation.PRICE: ("dollars", "dollars per hour", "dollars per replica-hour"),
    Relation.LATENCY: ("milliseconds",),
    Relation.QUOTA: ("requests per minute",),
    Sum.CAPACITY: ("requests per second",),
    Sum.HOURLY_COST: ("dollars", "dollars per hour"),
    Sum.DAILY_COST: ("dollars", "dollars per day"),
    Sum.TOTAL: ("replicas",),
    Sum.DIFFERENCE: ("replicas", "more replicas"),
}
_SORTS = {
    Relation.CLUSTER: ("{} cluster", "cluster {}"),
    Relation.OWNER: ("{} team", "team {}"),
    Relation.REGION: ("{} region", "region {}"),
}


def expression(arithmetic: Sum, operands: Sequence[str]) -> str:
    """The sum written out.

    >>> expression(Sum.DAILY_COST, ["8", "2.40"])
    '8 * 2.40 * 24'
    """
    return _TEMPLATES[arithmetic].format(*operands)


def result(arithmetic: Sum, operands: Sequence[str]) -> str:
    """Its result, exact; amounts of money with two places.

    >>> result(Sum.CAPACITY, ["8", "24"]), result(Sum.DAILY_COST, ["8", "2.40"])
    ('192', '460.80')
    """
    numbers = [Decimal(operand) for operand in operands]
    match arithmetic:
        case Sum.TOTAL:
            return str(sum(numbers))
        case Sum.DIFFERENCE:
            return str(abs(numbers[0] - numbers[1]))
        case Sum.CAPACITY:
            return str(prod(numbers))
        case Sum.HOURLY_COST:
            return str(prod(numbers))
        case Sum.DAILY_COST:
            return str(prod(numbers) * 24)


def accepted_forms(value: str, asked: Relation | Sum) -> tuple[str, ...]:
    """The answer itself, then with its unit or sort; scoring takes care of spelling.

    >>> accepted_forms("180", Relation.LATENCY)
    ('180', '180 milliseconds')
    """
    units = tuple(f"{value} {unit}" for unit in _UNITS.get(asked, ()))
    sorts = tuple(form.format(value) for form in _SORTS.get(asked, ())) if isinstance(asked, Relation) else ()
    return (value, *units, *sorts)
