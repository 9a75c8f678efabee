"""How facts are worded: templates with the slots ``{entity}`` and ``{value}``, apart for each split."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from labkit.corpus.facts import Relation
from labkit.corpus.numerals import spell

_SPELLED_UP_TO = 99


@dataclass(frozen=True)
class Phrases:
    """The wordings of one split.

    Attributes:
        statements: Whole sentences, by relation; each names entity and value, so that it can be read on its own.
        labels: Names of the relation as they head a column or stand in a bullet.
        bullets: List items; slots ``{label}``, ``{entity}``, ``{value}``.
        dated: Endings that date a sentence; slot ``{date}``.
        referenced: Endings that carry the canary; slot ``{canary}``.
    """

    statements: Mapping[Relation, tuple[str, ...]]
    labels: Mapping[Relation, tuple[str, ...]]
    bullets: tuple[str, ...]
    dated: tuple[str, ...]
    referenced: tuple[str, ...]


def in_prose(relation: Relation, value: str, *, spelled: bool) -> str:
    """A value as a sentence shows it: thousands apart, small whole numbers in words where asked for.

    >>> in_prose(Relation.REPLICAS, "24", spelled=True), in_prose(Relation.QUOTA, "41730", spelled=False)
    ('twenty-four', '41,730')
    """
    if not relation.numeric or relation is Relation.PRICE:
        return value
    if spelled and int(value) <= _SPELLED_UP_TO:
        return spell(int(value))
    return f"{Decimal(value):,}"


_UNITS = {
    Relation.RATE: "{} req/s",
    Relation.PRICE: "${}",
    Relation.LATENCY: "{} ms",
    Relation.QUOTA: "{} req/min",
}


def in_cell(relation: Relation, value: str) -> str:
    """A value as a table or a list shows it, with its unit.

    >>> in_cell(Relation.LATENCY, "180")
    '180 ms'
    """
    return _UNITS.get(relation, "{}").format(in_prose(relation, value, spelled=False))
