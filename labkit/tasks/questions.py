"""How tasks are worded: templates with slots, apart for each split."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from labkit.corpus.facts import Relation

Path = tuple[Relation, Relation]
"""Two relations, the first of which leads to the entity that the second is about."""


class Sum(StrEnum):
    """The arithmetic that a task can ask for."""

    CAPACITY = "capacity"  # replicas times requests per second of each
    HOURLY_COST = "hourly_cost"  # replicas times price per replica-hour
    DAILY_COST = "daily_cost"  # the same for 24 hours
    TOTAL = "total"  # replicas of two clusters together
    DIFFERENCE = "difference"  # how many more replicas the larger has


@dataclass(frozen=True)
class Questions:
    """The questions of one split.

    Attributes:
        one_hop: By relation; slot ``{entity}``.
        two_hop: By path; slot ``{entity}``.
        three_hop: By arithmetic; the slot ``{entity}`` is a service, the arithmetic is on its cluster.
        two_skill: By arithmetic; the slot ``{entity}`` is a cluster, and ``{other}`` the smaller or second one.
    """

    one_hop: Mapping[Relation, tuple[str, ...]]
    two_hop: Mapping[Path, tuple[str, ...]]
    three_hop: Mapping[Sum, tuple[str, ...]]
    two_skill: Mapping[Sum, tuple[str, ...]]
