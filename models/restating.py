"""Passages in other words: their facts stated anew, and beside them what nearly states one, or one of another name."""

from collections.abc import Sequence
from dataclasses import replace
from enum import Enum
from functools import cache
from random import Random

from naming import SHARE, invented
from rivals import named_as_values
from statements import Asked, StatedChunk, Statement, in_cell_parts
from wording import TRAINED, Words, made, skeleton

from labkit.corpus import Relation
from labkit.corpus.names import Entity, Names, Split
from labkit.corpus.phrases_heldout import HELDOUT

STRAYED = 0.4
"""Of the facts: those that are followed by something which comes near to a fact and states none."""

ANOTHERS = 0.45
"""Of these: those that state a fact indeed, only of another entity."""

_KINDS = {
    "team": (Relation.ON_CALL,),
    "cluster": (Relation.REPLICAS, Relation.RATE, Relation.PRICE, Relation.REGION),
    "service": (Relation.CLUSTER, Relation.OWNER, Relation.LATENCY, Relation.QUOTA),
}
_ENTITIES = {"team": Entity.TEAM, "cluster": Entity.CLUSTER, "service": Entity.SERVICE}
_NAMES = {"p": Entity.PERSON, "t": Entity.TEAM, "c": Entity.CLUSTER, "r": Entity.REGION}
_SLOTS = {Relation.ON_CALL: "p", Relation.OWNER: "t", Relation.CLUSTER: "c", Relation.REGION: "r"}
"""Where the value of a fact might stand; numbers are "x"."""


class Shape(Enum):
    """How a fact stands in a text."""

    SENTENCE = "sentence"
    ROW = "row"
    ITEM = "item"


def shape_of(statement: Statement, wording: str) -> Shape:
    """The shape of a statement, whose wording is given."""
    if statement.prose:
        return Shape.SENTENCE
    return Shape.ROW if wording.startswith("|") else Shape.ITEM


def restated(held: StatedChunk, random: Random, words: Words = TRAINED) -> StatedChunk:
    """The chunk with some of its facts in other words, and with near misses; what it states stays the same.

    Args:
        held: The chunk.
        random: Decides everything.
        words: In what words.
    """
    text, at, out = held.chunk.text, 0, ""
    about = [*(statement.asked for statement in held.statements), *named_as_values(held)]
    moved, missed = list[Statement](), list[Asked]()
    for statement in sorted(held.statements, key=lambda one: one.begin):
        if statement.begin < at:
            return held  # two wordings share words
        out, at = out + text[at : statement.begin], statement.end_of_wording
        wording, value = text[statement.begin : at], text[statement.start : statement.end]
        offset = statement.start - statement.begin
        if random.random() < words.restated:
            before, after = _around(statement.asked, value, shape_of(statement, wording), random, words)
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
        stop = text.find(". " if statement.prose else "\n", at)
        if random.random() < STRAYED and stop >= 0 and _free(held.statements, at, stop):
            asked, shape = random.choice(about), shape_of(statement, wording)
            if random.random() < ANOTHERS:
                near, lures = told_of_another(asked, shape, random, words), [asked]
            elif statement.prose:
                near, lures = strayed(asked, random, words)
            else:
                near, lures = strayed_line(asked, shape is Shape.ROW, random, words)
            begun = stop + (2 if statement.prose else 1)
            out, at = out + text[at:begun] + near + (" " if statement.prose else "\n"), begun
            missed += lures
    return StatedChunk(replace(held.chunk, text=out + text[at:]), tuple(moved), tuple(missed))


def strayed(asked: Asked, random: Random, words: Words = TRAINED) -> tuple[str, list[Asked]]:
    """A sentence that comes near to facts about the entity and states none, and these facts."""
    entity, kind = asked[0], _kind(asked)
    form = random.choice(words.beside[kind])
    sentence = form.format(e=entity, **{slot: _drawn(slot, random) for slot in ("x", *_NAMES)})
    return sentence if sentence.startswith(entity) else sentence[0].upper() + sentence[1:], _lures(asked, form)


def strayed_line(asked: Asked, row: bool, random: Random, words: Words = TRAINED) -> tuple[str, list[Asked]]:
    """A table's row or a list's item with another property of the entity, and the facts that it comes near to."""
    slot, labels = random.choice([(key[-1], each) for key, each in words.others.items() if _kind(asked) in key])
    label, value = random.choice(labels), _drawn(slot, random)
    if row:
        line = f"| {asked[0]} | {label} | {value} |"
    else:
        line = "- " + random.choice(words.bullets).format(e=asked[0], label=label, v=value)
    return line, _lures(asked, f"{{{slot}}}")


def told_of_another(asked: Asked, shape: Shape, random: Random, words: Words = TRAINED) -> str:
    """A sentence, a row or an item that states what is asked of another entity of the same sort."""
    entity, relation = _ENTITIES[_kind(asked)], asked[1]
    value = _drawn(_SLOTS.get(relation, "x"), random)
    if relation is Relation.PRICE:
        value = f"{int(value) / 100:.2f}"
    before, after = _around((_named(entity, random), relation), value, shape, random, words)
    told = before + value + after
    if shape is Shape.SENTENCE:
        return f"{told}."
    return f"{told}|" if shape is Shape.ROW else f"- {told}"


def _around(asked: Asked, value: str, shape: Shape, random: Random, words: Words) -> tuple[str, str]:
    """What stands before and after the value in a wording of that shape."""
    entity, relation = asked
    if shape is Shape.SENTENCE:
        form = made(words.stated[relation], _scored(relation), random).format(e=entity, v="\0")
    else:
        label, (prefix, _, suffix) = random.choice(words.labels[relation]), in_cell_parts(relation, value)
        shown = f"{prefix}\0{suffix}"
        if shape is Shape.ROW:
            form = f"| {entity} | {label} | {shown} "
        else:
            form = random.choice(words.bullets).format(e=entity, label=label, v=shown)
    before, after = form.split("\0")
    return before, after


def _kind(asked: Asked) -> str:
    return next(kind for kind, relations in _KINDS.items() if asked[1] in relations)


def _lures(asked: Asked, form: str) -> list[Asked]:
    """The facts about the entity whose value might be what stands in the form; all of them where none is."""
    relations = _KINDS[_kind(asked)]
    fitting = [each for each in relations if f"{{{_SLOTS.get(each, 'x')}}}" in form]
    return [(asked[0], relation) for relation in fitting or relations]


def _drawn(slot: str, random: Random) -> str:
    if slot == "x":
        return str(random.randint(2, 400))
    return _named(_NAMES[slot], random)


def _named(entity: Entity, random: Random) -> str:
    name = Names(Split.TRAIN, random.randrange(1 << 30)).of(entity, random.randrange(50_000))
    return invented(random, name) if random.random() < SHARE else name


def _free(statements: Sequence[Statement], begin: int, end: int) -> bool:
    return not any(one.begin < end and begin < one.end_of_wording for one in statements)


@cache
def _scored(relation: Relation) -> tuple[frozenset[str], ...]:
    """The words of the held-out statements of a fact."""
    return tuple(map(skeleton, HELDOUT.statements[relation]))
