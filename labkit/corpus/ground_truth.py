"""The facts of a handbook, looked up without making a page."""

from collections.abc import Callable, Iterator

from labkit.corpus.facts import Fact, Relation
from labkit.corpus.layout import Layout
from labkit.corpus.names import Entity
from labkit.corpus.world import PRIVATE_PER_PAIR, Ref, World

RELATIONS = {
    Entity.SERVICE: (Relation.CLUSTER, Relation.OWNER, Relation.LATENCY),
    Entity.CLUSTER: (Relation.REPLICAS, Relation.RATE, Relation.PRICE, Relation.REGION),
    Entity.TEAM: (Relation.ON_CALL,),
    Entity.PRIVATE_SERVICE: (Relation.CLUSTER, Relation.QUOTA, Relation.LATENCY),
    Entity.PRIVATE_CLUSTER: (Relation.REPLICAS, Relation.RATE, Relation.PRICE),
}
"""What can be asked about each sort of entity."""


class Facts:
    """Every fact that at least one page states, in a fixed order; iterate it as often as needed.

    Args:
        layout: The plans of the pages.
        document_id: Gives the id of a page by its number.
    """

    def __init__(self, layout: Layout, document_id: Callable[[int], str]) -> None:
        self._layout, self._document_id = layout, document_id
        self._refs: dict[str, Ref] | None = None

    def __iter__(self) -> Iterator[Fact]:
        for ref in entities(self._layout.world):
            yield from self.about(ref)

    def of(self, entity: str) -> tuple[Fact, ...]:
        """All facts of the entity with this name; empty when the handbook knows no such entity."""
        ref = self._ref(entity)
        return self.about(ref) if ref else ()

    def lookup(self, entity: str, relation: Relation) -> Fact | None:
        """The one fact of this entity and relation, or None when no page states it."""
        ref = self._ref(entity)
        return self.get(ref, relation) if ref else None

    def about(self, ref: Ref) -> tuple[Fact, ...]:
        """All facts of an entity known by sort and number."""
        found = (self.get(ref, relation) for relation in RELATIONS[ref.entity])
        return tuple(fact for fact in found if fact)

    def get(self, ref: Ref, relation: Relation) -> Fact | None:
        """The fact of an entity known by sort and number, or None when no page states it."""
        world = self._layout.world
        current, stale = self._layout.stating(ref, relation)
        if not current:
            return None
        return Fact(
            entity=world.name(ref),
            relation=relation,
            value=world.value(ref, relation),
            documents=tuple(map(self._document_id, current)),
            stale_value=world.stale_value(ref, relation) if stale else None,
            stale_documents=tuple(map(self._document_id, stale)),
            access=self._layout.access(ref),
            canary=world.canary(ref, relation),
        )

    def _ref(self, name: str) -> Ref | None:
        if self._refs is None:
            self._refs = {self._layout.world.name(ref): ref for ref in entities(self._layout.world)}
        return self._refs.get(name)


def entities(world: World) -> Iterator[Ref]:
    """Every entity that facts are about."""
    for sort in (Entity.SERVICE, Entity.CLUSTER, Entity.TEAM):
        yield from (Ref(sort, index) for index in range(world.cells))
    for index in range(world.private_pages):
        yield Ref(Entity.PRIVATE_SERVICE, index)
        if index % PRIVATE_PER_PAIR != 1:  # a contract's service runs on a shared cluster
            yield Ref(Entity.PRIVATE_CLUSTER, index)
