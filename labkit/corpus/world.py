"""The fictional company behind the handbook: what is true, and what used to be.

Nothing is stored. Every value is a keyed draw, so that any fact of any cell can be had at once. A *cell* is one
service, one cluster and one team; which cluster a service runs on crosses cells, so the second hop of a question leads
to another part of the handbook.
"""

from functools import lru_cache
from itertools import count
from typing import NamedTuple

from labkit.corpus.draws import Draws, Permutation
from labkit.corpus.facts import Relation
from labkit.corpus.names import Entity, Names, Split

GROUPS = ("finance", "legal", "platform")
"""Groups that some of a tenant's pages are restricted to."""

PRIVATE_PER_PAIR = 3
"""Private pages in a pair of cells: a deployment and a contract in the even cell, a deployment in the odd one."""


class Ref(NamedTuple):
    """An entity by sort and number."""

    entity: Entity
    number: int


class _Range(NamedTuple):
    """Multiples of ``step`` from ``low`` to ``high``, moved up by ``shift``."""

    low: int
    high: int
    step: int = 1
    shift: int = 0

    def at(self, number: int) -> int:
        return self.low + self.step * (number % ((self.high - self.low) // self.step + 1)) + self.shift


# Private numbers come from ranges that shared facts never use: one that shows up in an answer was not read elsewhere.
_SHARED = {
    Relation.REPLICAS: _Range(2, 48),
    Relation.RATE: _Range(3, 95),
    Relation.PRICE: _Range(85, 995, 5),  # cents
    Relation.LATENCY: _Range(40, 900, 10),
}
_PRIVATE = {
    Relation.REPLICAS: _Range(51, 99),
    Relation.RATE: _Range(101, 190),
    Relation.PRICE: _Range(1105, 2995, 5),
    Relation.LATENCY: _Range(40, 900, 10, 3),
    Relation.QUOTA: _Range(20_000, 99_000, 10),
}
PRIVATE_ENTITIES = frozenset({Entity.PRIVATE_SERVICE, Entity.PRIVATE_CLUSTER})
_WITHHELD = (
    (Entity.SERVICE, Relation.LATENCY),
    (Entity.CLUSTER, Relation.REGION),
    (Entity.TEAM, Relation.ON_CALL),
    (None, None),
)
"""One of these is missing from each cell."""


class World:
    """Entities and values of one handbook.

    Args:
        cells: Services, clusters and teams that there are of each, at least 1.
        tenants: How many tenants there are.
        seed: Decides everything.
        split: Which half of the names is used.
    """

    def __init__(self, cells: int, tenants: int, seed: int, split: Split) -> None:
        self.cells, self.tenants = cells, tenants
        self.names = Names(split, seed)
        self.draws = Draws(f"world {split} {seed}")
        self._host = Permutation(cells, self.draws, "host")
        self._owner = Permutation(cells, self.draws, "owner")
        self._name = lru_cache(maxsize=1024)(self.names.of)  # a page says the name of its subject a dozen times

    @property
    def private_pages(self) -> int:
        """How many pages belong to a tenant."""
        return PRIVATE_PER_PAIR * (self.cells // 2) + 2 * (self.cells % 2)

    def name(self, ref: Ref) -> str:
        """The entity's name."""
        return self._name(ref.entity, ref.number)

    def tenant_of(self, private: int) -> int:
        """The tenant that owns a private page; any run of pages as long as there are tenants serves each once."""
        run, place = divmod(private, self.tenants)
        return (place + self.draws.integer("tenant", run)) % self.tenants

    def groups_of(self, private: int) -> frozenset[str]:
        """The groups that may read a private page; a third of the contracts are restricted, never the first."""
        pair, place = divmod(private, PRIVATE_PER_PAIR)
        if place != 1 or pair == 0 or self.draws.integer("restricted", private) % 3:
            return frozenset()
        return frozenset({self.draws.pick(GROUPS, "group", private)})

    def canary(self, ref: Ref, relation: Relation) -> str | None:
        """The token beside a private fact: a running number makes it unique, a drawn part makes it unguessable."""
        if ref.entity not in PRIVATE_ENTITIES:
            return None
        tenant = self._name(Entity.TENANT, self.tenant_of(ref.number))
        number = (ref.number * 2 + (ref.entity is Entity.PRIVATE_CLUSTER)) * 16 + list(Relation).index(relation)
        return f"CNRY-{tenant}-{number:06x}{self.draws.integer('canary', number) % 16**6:06x}"

    def withheld(self, ref: Ref) -> Relation | None:
        """The relation of a shared entity that no page states, so that a question about it has no answer."""
        if ref.entity in PRIVATE_ENTITIES:
            return None
        entity, relation = self.draws.pick(_WITHHELD, "withheld", ref.number)
        return relation if entity is ref.entity else None

    def target(self, ref: Ref, relation: Relation) -> Ref:
        """The entity that a relation leads to."""
        if relation is Relation.CLUSTER and ref.entity is Entity.SERVICE:
            return Ref(Entity.CLUSTER, self._host(ref.number))
        if relation is Relation.CLUSTER:
            if ref.number % PRIVATE_PER_PAIR != 1:
                return Ref(Entity.PRIVATE_CLUSTER, ref.number)
            return Ref(Entity.CLUSTER, self.draws.integer("contract", ref.number) % self.cells)
        if relation is Relation.OWNER:
            return Ref(Entity.TEAM, self._owner(ref.number))
        if relation is Relation.REGION:
            return Ref(Entity.REGION, self.draws.integer("region", ref.number) % (1 + self.cells // 10))
        return Ref(Entity.PERSON, ref.number)

    def value(self, ref: Ref, relation: Relation) -> str:
        """What is true now: a name, or a number in digits."""
        if not relation.numeric:
            return self.name(self.target(ref, relation))
        ranges = _PRIVATE if ref.entity in PRIVATE_ENTITIES else _SHARED
        return _digits(relation, ranges[relation].at(self.draws.integer(relation, *ref)))

    def stale_value(self, ref: Ref, relation: Relation) -> str:
        """What superseded pages say; never the present value."""
        if relation.numeric:
            numbers = (self.draws.integer("past", attempt, relation, *ref) for attempt in count())
            pasts = (_digits(relation, _SHARED[relation].at(number)) for number in numbers)
            return next(past for past in pasts if past != self.value(ref, relation))
        present = self.target(ref, relation).number
        if self.cells > 1 and self.draws.integer("moved", relation, *ref) % 2:
            step = self.draws.between(1, self.cells - 1, "past", relation, *ref)
            return self.name(Ref(self.target(ref, relation).entity, (present + step) % self.cells))
        return self.name(Ref(Entity.RETIRED, 2 * ref.number + (relation is Relation.OWNER)))


def _digits(relation: Relation, number: int) -> str:
    return f"{number // 100}.{number % 100:02d}" if relation is Relation.PRICE else str(number)
