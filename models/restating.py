"""Passages in other words: their facts stated anew, and sentences beside them that nearly state one."""

from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from random import Random

from naming import SHARE, invented
from rivals import named_as_values
from statements import Asked, StatedChunk, Statement
from wording import TRAINED, Words, made, skeleton
from wording_grammar import BESIDE

from labkit.corpus import Relation
from labkit.corpus.names import Entity, Names, Split
from labkit.corpus.phrases_heldout import HELDOUT

STRAYED = 0.4
"""Of the facts in prose: those that a sentence follows which comes near to a fact and states none."""

_KINDS = {
    "team": (Relation.ON_CALL,),
    "cluster": (Relation.REPLICAS, Relation.RATE, Relation.PRICE, Relation.REGION),
    "service": (Relation.CLUSTER, Relation.OWNER, Relation.LATENCY, Relation.QUOTA),
}
_NAMES = {"p": Entity.PERSON, "t": Entity.TEAM, "c": Entity.CLUSTER}


def restated(held: StatedChunk, random: Random, words: Words = TRAINED) -> StatedChunk:
    """The chunk with some of its facts in other words, and with near misses; what it states stays the same.

    Args:
        held: The chunk.
        random: Decides everything.
        words: In what words.
    """
    text, at, out = held.chunk.text, 0, ""
    about = [*(statement.asked for statement in held.statements), *named_as_values(held)]
    moved: list[Statement] = []
    for statement in sorted(held.statements, key=lambda one: one.begin):
        if statement.begin < at:
            return held  # two wordings share words
        out, at = out + text[at : statement.begin], statement.end_of_wording
        wording, value = text[statement.begin : at], text[statement.start : statement.end]
        offset = statement.start - statement.begin
        if statement.prose and random.random() < words.restated:
            form = made(words.stated[statement.fact.relation], _scored(statement.fact.relation), random)
            before, after = form.format(e=statement.fact.entity, v="\0").split("\0")
            wording, offset = before + value + after, len(before)
        begin = len(out)
        out += wording
        moved.append(
            replace(
                statement,
                start=begin + offset,
                end=begin + offset + len(value),
                begin=begin,
                end_of_wording=len(out),
            )
        )
        stop = text.find(". ", at)
        if statement.prose and random.random() < STRAYED and stop >= 0 and _free(held.statements, at, stop):
            out, at = out + text[at : stop + 2] + strayed(random.choice(about), random) + " ", stop + 2
    return StatedChunk(replace(held.chunk, text=out + text[at:]), tuple(moved))


def strayed(asked: Asked, random: Random) -> str:
    """A sentence that comes near to a fact about the entity and states none."""
    entity, relation = asked
    kind = next(kind for kind, relations in _KINDS.items() if relation in relations)
    names = {slot: _named(entity_kind, random) for slot, entity_kind in _NAMES.items()}
    sentence = random.choice(BESIDE[kind]).format(e=entity, x=random.randint(2, 400), **names)
    return sentence if sentence.startswith(entity) else sentence[0].upper() + sentence[1:]


def _named(entity: Entity, random: Random) -> str:
    name = Names(Split.TRAIN, random.randrange(1 << 30)).of(entity, random.randrange(50_000))
    return invented(random, name) if random.random() < SHARE else name


def _free(statements: Sequence[Statement], begin: int, end: int) -> bool:
    return not any(one.begin < end and begin < one.end_of_wording for one in statements)


@cache
def _scored(relation: Relation) -> tuple[frozenset[str], ...]:
    """The words of the held-out statements of a fact."""
    return tuple(map(skeleton, HELDOUT.statements[relation]))
