"""Chains: the ways through the handbook that a question can ask for.

A chain is a list of links, each a relation of an entity that is either named in the question or is the answer of an
earlier link, and perhaps arithmetic on their values. It holds no wording and no values.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import NamedTuple

from labkit.corpus.facts import Relation
from labkit.corpus.ground_truth import RELATIONS
from labkit.corpus.names import Entity
from labkit.corpus.world import PRIVATE_PER_PAIR, Ref, World
from labkit.tasks.questions import Questions, Sum
from labkit.tasks.task import Kind


class Link(NamedTuple):
    """One fact on the way.

    Attributes:
        ref: The entity.
        relation: What is asked of it.
        after: Number of the link whose answer is the entity, from 1; 0 when the question names it.
    """

    ref: Ref
    relation: Relation
    after: int = 0


@dataclass(frozen=True)
class Chain:
    """A question without words.

    Attributes:
        shape: The kind of question that it makes when everything is stated and may be read.
        links: The facts needed, in order.
        sum: The arithmetic on the numbers among them, or None.
    """

    shape: Kind
    links: tuple[Link, ...]
    sum: Sum | None = None

    @property
    def subject(self) -> Ref:
        """The entity that the question names."""
        return self.links[0].ref

    @property
    def other(self) -> Ref | None:
        """The second entity that the question names, if it names two."""
        last = self.links[-1]
        return last.ref if last.after == 0 and last.ref != self.subject else None

    def wordings(self, questions: Questions) -> tuple[str, ...]:
        """The templates that ask for this chain."""
        if self.sum:
            return (questions.three_hop if self.shape is Kind.THREE_HOP else questions.two_skill)[self.sum]
        if len(self.links) == 2:
            return questions.two_hop[self.links[0].relation, self.links[1].relation]
        return questions.one_hop[self.links[0].relation]


_FACTORS = {
    Sum.CAPACITY: (Relation.REPLICAS, Relation.RATE),
    Sum.HOURLY_COST: (Relation.REPLICAS, Relation.PRICE),
    Sum.DAILY_COST: (Relation.REPLICAS, Relation.PRICE),
}


def shared_chains(world: World, cell: int) -> Iterator[Chain]:
    """All chains that start from the shared entities of a cell, whether stated or withheld."""
    service, cluster = Ref(Entity.SERVICE, cell), Ref(Entity.CLUSTER, cell)
    for ref in (service, cluster, Ref(Entity.TEAM, cell)):
        yield from one_hops(ref)
    yield from _from_service(world, service)
    yield from _sums(cluster)
    if world.cells > 1:
        other = (cell + world.draws.between(1, world.cells - 1, "compared", cell)) % world.cells
        larger, smaller = sorted(
            (cluster, Ref(Entity.CLUSTER, other)), key=lambda ref: -int(world.value(ref, Relation.REPLICAS))
        )
        pair = (Link(larger, Relation.REPLICAS), Link(smaller, Relation.REPLICAS))
        yield Chain(Kind.TWO_SKILL, pair, Sum.TOTAL)
        if world.value(larger, Relation.REPLICAS) != world.value(smaller, Relation.REPLICAS):
            yield Chain(Kind.TWO_SKILL, pair, Sum.DIFFERENCE)


def private_chains(world: World, cell: int) -> Iterator[Chain]:
    """All chains that start from the private entities described in a cell."""
    first = cell // 2 * PRIVATE_PER_PAIR
    for index in (first + 2,) if cell % 2 else (first, first + 1):
        service, cluster = Ref(Entity.PRIVATE_SERVICE, index), Ref(Entity.PRIVATE_CLUSTER, index)
        yield from one_hops(service)
        yield from _from_service(world, service)
        if world.target(service, Relation.CLUSTER) == cluster:
            yield from one_hops(cluster)
            yield from _sums(cluster)


def absent_chain(world: World, cell: int) -> Chain:
    """A chain that starts from a name no page mentions."""
    absent = Ref(Entity.ABSENT, cell)
    if world.draws.integer("absent", cell) % 2:
        shared = (*RELATIONS[Entity.SERVICE], *RELATIONS[Entity.CLUSTER], *RELATIONS[Entity.TEAM])
        return Chain(Kind.ONE_HOP, (Link(absent, world.draws.pick(shared, "absent relation", cell)),))
    second = world.draws.pick(RELATIONS[Entity.CLUSTER], "absent relation", cell)
    return Chain(Kind.TWO_HOP, (Link(absent, Relation.CLUSTER), Link(absent, second, after=1)))


def one_hops(ref: Ref) -> Iterator[Chain]:
    """The chains of one link from an entity."""
    return (Chain(Kind.ONE_HOP, (Link(ref, relation),)) for relation in RELATIONS[ref.entity])


def _from_service(world: World, service: Ref) -> Iterator[Chain]:
    """The chains that go on from a service to what it runs on or who owns it."""
    to_cluster, cluster = Link(service, Relation.CLUSTER), world.target(service, Relation.CLUSTER)
    for relation in RELATIONS[cluster.entity]:
        yield Chain(Kind.TWO_HOP, (to_cluster, Link(cluster, relation, after=1)))
    if service.entity is Entity.SERVICE:
        owner = world.target(service, Relation.OWNER)
        yield Chain(Kind.TWO_HOP, (Link(service, Relation.OWNER), Link(owner, Relation.ON_CALL, after=1)))
    for arithmetic in (Sum.CAPACITY, Sum.HOURLY_COST):
        factors = (Link(cluster, relation, after=1) for relation in _FACTORS[arithmetic])
        yield Chain(Kind.THREE_HOP, (to_cluster, *factors), arithmetic)


def _sums(cluster: Ref) -> Iterator[Chain]:
    for arithmetic, relations in _FACTORS.items():
        yield Chain(Kind.TWO_SKILL, tuple(Link(cluster, relation) for relation in relations), arithmetic)
