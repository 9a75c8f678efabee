"""What could be mistaken for what: the rivals of a passage, and facts beside the ones that it states."""

from collections.abc import Callable, Sequence
from random import Random

from statements import Asked, StatedChunk

from labkit.corpus import Relation

_SUBJECTS = (
    (Relation.CLUSTER, Relation.OWNER, Relation.LATENCY, Relation.QUOTA),
    (Relation.REPLICAS, Relation.RATE, Relation.PRICE, Relation.REGION),
    (Relation.ON_CALL,),
)
"""What can be asked of a service, a cluster, a team."""

_NAMED_BY = {Relation.CLUSTER: Relation.REPLICAS, Relation.OWNER: Relation.ON_CALL}
"""Facts whose value is a name, and something that can be asked of the one who bears it."""


def rival(everything: Sequence[StatedChunk], asked: Asked, random: Random) -> StatedChunk:
    """A chunk that could mislead: the same property of another entity, the same entity, a past value, or any."""
    entity, relation = asked
    tests: tuple[Callable[[StatedChunk], bool], ...] = (
        lambda held: any(other.fact.relation is relation for other in held.statements),
        lambda held: entity in held.chunk.text,
        lambda held: any(other.asked == asked for other in held.statements),
        lambda held: bool(held.chunk.text),
    )
    test = random.choices(tests, (5, 4, 1, 1))[0]
    found = [held for held in everything if test(held)]
    return random.choice(found or everything)


def named_as_values(held: StatedChunk) -> list[Asked]:
    """What could be asked of the clusters and teams that the chunk names as values, a fact each."""
    return [
        (held.chunk.text[statement.start : statement.end], _NAMED_BY[statement.fact.relation])
        for statement in held.statements
        if statement.fact.relation in _NAMED_BY
    ]


def mentioned(everything: Sequence[StatedChunk], chosen: Sequence[StatedChunk]) -> list[Asked]:
    """One fact, stated anywhere, of each entity that the chosen passages name, if only in passing."""
    facts = dict(all_asked(everything)).items()
    return [(entity, relation) for entity, relation in facts if any(entity in held.chunk.text for held in chosen)]


def beside(everything: Sequence[StatedChunk], asked: Sequence[Asked], known: Sequence[Asked], random: Random) -> Asked:
    """A fact that one of these could be mistaken for, and that may not be there.

    It is another property of the same entity, or the same property of another entity: at best of one that is named
    nearby, so that only the sentence says whose property it is. Or it is none that such an entity can have: a plan that
    takes a service for a cluster asks how many replicas it has.
    """
    entity, relation = random.choice(asked)
    group = next(group for group in _SUBJECTS if relation in group)
    drawn = random.random()
    if drawn < 0.3:
        return entity, random.choice(group)
    if drawn < 0.45:
        return entity, random.choice([each for each in Relation if each not in group])
    nearby = [other for other, fact in known if fact in group and other != entity]
    if nearby and drawn < 0.8:
        return random.choice(nearby), relation
    return random.choice([other for other in all_asked(everything) if other[1] is relation])


def all_asked(everything: Sequence[StatedChunk]) -> list[Asked]:
    """Every fact that is stated, once for each time."""
    return [statement.asked for held in everything for statement in held.statements]
