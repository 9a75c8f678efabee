"""Which page states what: the table of contents of the handbook, computed page by page.

Twelve pages describe a pair of cells (the last pair may be half a pair), the rest of fewer than six are general:

| role | even cell | odd cell |
|---|---|---|
| 0 | service page | service page |
| 1 | cluster runbook | cluster runbook |
| 2 | price sheet of the pair's clusters | on-call roster of the pair's teams |
| 3 | migration notice, superseded | old runbook, superseded |
| 4 | private deployment | private deployment |
| 5 | private contract | incident report, meeting notes or capacity review |

All pages that state facts of a pair lie within it, so their dates can be set against each other: current pages are
younger than the pair's base date, superseded ones are older. Base dates differ widely between pairs, so that no age by
itself marks a page as superseded.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from labkit.corpus.facts import Relation
from labkit.corpus.names import Entity
from labkit.corpus.world import PRIVATE_ENTITIES, PRIVATE_PER_PAIR, Ref, World
from labkit.documents import SHARED, Access

PAGES_PER_CELL = 6


class PageKind(StrEnum):
    """The sorts of pages."""

    SERVICE = "service"
    RUNBOOK = "runbook"
    PRICES = "prices"
    ROSTER = "roster"
    MIGRATION = "migration"
    OLD_RUNBOOK = "old-runbook"
    DEPLOYMENT = "deployment"
    CONTRACT = "contract"
    INCIDENT = "incident"
    MEETING = "meeting"
    CAPACITY = "capacity"
    GENERAL = "general"


SUPERSEDED = frozenset({PageKind.MIGRATION, PageKind.OLD_RUNBOOK})


_SIZES = (Relation.REPLICAS, Relation.RATE)
_STATED: dict[PageKind, tuple[tuple[str, tuple[Relation, ...]], ...]] = {
    PageKind.SERVICE: (("service", (Relation.CLUSTER, Relation.OWNER, Relation.LATENCY)),),
    PageKind.RUNBOOK: (("cluster", (*_SIZES, Relation.REGION)), ("remarked cluster", (Relation.REPLICAS,))),
    PageKind.PRICES: (("cluster", (Relation.PRICE,)), ("other cluster", (Relation.PRICE,))),
    PageKind.ROSTER: (("other team", (Relation.ON_CALL,)), ("team", (Relation.ON_CALL,))),
    PageKind.MIGRATION: (("service", (Relation.CLUSTER,)), ("cluster", (Relation.REPLICAS,))),
    PageKind.OLD_RUNBOOK: (("cluster", _SIZES), ("service", (Relation.OWNER,))),
    PageKind.DEPLOYMENT: (("subject", (Relation.CLUSTER,)), ("private cluster", (*_SIZES, Relation.PRICE))),
    PageKind.CONTRACT: (("subject", (Relation.QUOTA, Relation.LATENCY, Relation.CLUSTER)),),
    PageKind.INCIDENT: (("subject", (Relation.CLUSTER,)), ("other cluster", (Relation.REGION,))),
    PageKind.MEETING: (("cluster", (Relation.REPLICAS,)), ("service", (Relation.OWNER,))),
    PageKind.CAPACITY: (("cluster", _SIZES), ("other cluster", _SIZES)),
}
"""What each sort of page states; "other" is of the pair's other cell."""


@dataclass(frozen=True, slots=True)
class Claim:
    """That a page states a relation of an entity: the present value, or on a superseded page the past one."""

    ref: Ref
    relation: Relation


@dataclass(frozen=True, slots=True)
class PagePlan:
    """A page before it is written.

    Attributes:
        number: Its place in the handbook, from 0.
        kind: The sort of page.
        subject: The entity it is about; None for a general page.
        claims: What it states.
        updated: The date it bears.
        access: Who may read it.
    """

    number: int
    kind: PageKind
    subject: Ref | None
    claims: tuple[Claim, ...]
    updated: date
    access: Access = SHARED

    @property
    def superseded(self) -> bool:
        """Whether its claims are past values."""
        return self.kind in SUPERSEDED


class Layout:
    """The plans of all pages.

    Args:
        world: What is true.
        pages: How many pages there are.
    """

    def __init__(self, world: World, pages: int) -> None:
        self.world, self.pages = world, pages
        self._recent: tuple[range, list[tuple[int, PageKind, tuple[Claim, ...]]]] = (range(0), [])

    def plan(self, number: int) -> PagePlan:
        """The plan of one page."""
        cell, role = divmod(number, PAGES_PER_CELL)
        if cell >= self.world.cells:
            return PagePlan(number, PageKind.GENERAL, None, (), self._updated(number, PageKind.GENERAL))
        kind = self._kind(cell, role)
        subject = self._subject(cell, kind)
        claims = self._claims(cell, kind, subject)
        return PagePlan(number, kind, subject, claims, self._updated(number, kind), self.access(subject))

    def stating(self, ref: Ref, relation: Relation) -> tuple[tuple[int, ...], tuple[int, ...]]:
        """Numbers of the pages that state a fact: those with the present value, and the superseded ones."""
        pages = [
            (number, kind)
            for number, kind, claims in self._neighbourhood(ref)
            if any(claim.ref == ref and claim.relation is relation for claim in claims)
        ]
        current = tuple(number for number, kind in pages if kind not in SUPERSEDED)
        return current, tuple(number for number, kind in pages if kind in SUPERSEDED)

    def _neighbourhood(self, ref: Ref) -> list[tuple[int, PageKind, tuple[Claim, ...]]]:
        """The only pages that can state a fact of this entity, with all that they state."""
        numbers = self._numbers_about(ref)
        if self._recent[0] != numbers:  # neighbours are asked for one after the other
            found = []
            for number in numbers:
                cell, role = divmod(number, PAGES_PER_CELL)
                kind = self._kind(cell, role)
                found.append((number, kind, self._claims(cell, kind, self._subject(cell, kind))))
            self._recent = (numbers, found)
        return self._recent[1]

    def _numbers_about(self, ref: Ref) -> range:
        if ref.entity in PRIVATE_ENTITIES:
            pair, place = divmod(ref.number, PRIVATE_PER_PAIR)
            number = 2 * PAGES_PER_CELL * pair + (4, 5, 10)[place]
            return range(number, number + 1)
        first = (ref.number - ref.number % 2) * PAGES_PER_CELL
        return range(first, min(first + 2 * PAGES_PER_CELL, self.world.cells * PAGES_PER_CELL))

    def access(self, ref: Ref) -> Access:
        """Who may read the pages about this entity."""
        if ref.entity not in PRIVATE_ENTITIES:
            return SHARED
        tenant = self.world.names.of(Entity.TENANT, self.world.tenant_of(ref.number))
        return Access(tenant, self.world.groups_of(ref.number))

    def _kind(self, cell: int, role: int) -> PageKind:
        if cell % 2 and role == 5:
            return self.world.draws.pick((PageKind.INCIDENT, PageKind.MEETING, PageKind.CAPACITY), "kind", cell)
        roles = (
            (PageKind.SERVICE, PageKind.RUNBOOK, PageKind.PRICES, PageKind.MIGRATION)
            if cell % 2 == 0
            else (PageKind.SERVICE, PageKind.RUNBOOK, PageKind.ROSTER, PageKind.OLD_RUNBOOK)
        )
        return (*roles, PageKind.DEPLOYMENT, PageKind.CONTRACT)[role]

    def _subject(self, cell: int, kind: PageKind) -> Ref:
        even = cell - cell % 2
        match kind:
            case PageKind.SERVICE:
                return Ref(Entity.SERVICE, cell)
            case PageKind.MIGRATION | PageKind.INCIDENT:
                return Ref(Entity.SERVICE, even)
            case PageKind.ROSTER:
                return Ref(Entity.TEAM, cell)
            case PageKind.DEPLOYMENT:
                return Ref(Entity.PRIVATE_SERVICE, cell // 2 * PRIVATE_PER_PAIR + 2 * (cell % 2))
            case PageKind.CONTRACT:
                return Ref(Entity.PRIVATE_SERVICE, cell // 2 * PRIVATE_PER_PAIR + 1)
            case _:
                return Ref(Entity.CLUSTER, cell)

    def _claims(self, cell: int, kind: PageKind, subject: Ref) -> tuple[Claim, ...]:
        """What the page states: what its sort does, less what is withheld or would be of a cell that is not there."""
        claims = []
        for role, relations in _STATED[kind]:
            ref = self._ref(role, cell, subject)
            if ref is not None:
                withheld = self.world.withheld(ref)
                claims += [Claim(ref, relation) for relation in relations if relation is not withheld]
        return tuple(claims)

    def _ref(self, role: str, cell: int, subject: Ref) -> Ref | None:
        """The entity that plays a role on a page of this cell; None when there is none."""
        if role == "subject":
            return subject
        if role == "private cluster":
            return Ref(Entity.PRIVATE_CLUSTER, subject.number)
        where, _, sort = role.rpartition(" ")
        number = cell if not where else cell + 1 - 2 * (cell % 2)
        # Half of the runbooks mention the size of the pair's other cluster: a lure for a careless reader.
        silent = where == "remarked" and self.world.draws.integer("remark", cell) % 2
        return None if number >= self.world.cells or silent else Ref(Entity[sort.upper()], number)

    def _updated(self, number: int, kind: PageKind) -> date:
        draws = self.world.draws
        base = date(2022, 1, 1) + timedelta(draws.between(0, 1300, "base", number // (2 * PAGES_PER_CELL)))
        if kind in SUPERSEDED:
            return base - timedelta(draws.between(30, 700, "age", number))
        return base + timedelta(draws.between(0, 40, "age", number))
