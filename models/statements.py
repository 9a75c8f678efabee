"""Where the chunks of a handbook state its facts: known for certain, since the generator's own words are sought."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from labkit.chunking import SentenceChunker
from labkit.corpus import Fact, Handbook, Relation
from labkit.corpus.phrasebook import PHRASES
from labkit.corpus.phrases import Phrases, in_cell, in_prose
from labkit.documents import Chunk

Asked = tuple[str, Relation]
"""An entity, and what is asked about it."""


@dataclass(frozen=True)
class Statement:
    """A fact in a chunk: ``chunk.text[start:end]`` is the value as the chunk writes it.

    Attributes:
        fact: The fact, with its entity and relation.
        start: First character of the value in the chunk's text.
        end: One past its last character.
        begin: First character of the whole wording.
        end_of_wording: One past its last character; a full stop may follow.
        prose: Whether it is worded as a sentence, and not as a line of a table or a list.
        stale: Whether the chunk is of a superseded page, so that the value is a past one.
    """

    fact: Fact
    start: int
    end: int
    begin: int
    end_of_wording: int
    prose: bool
    stale: bool = False

    @property
    def asked(self) -> Asked:
        """The entity and the relation."""
        return self.fact.entity, self.fact.relation


@dataclass(frozen=True)
class StatedChunk:
    """A chunk and all that it states.

    Attributes:
        chunk: The chunk.
        statements: The facts in it.
        missed: Facts that a sentence or a line of it comes near to and does not state.
    """

    chunk: Chunk
    statements: tuple[Statement, ...]
    missed: tuple[Asked, ...] = ()

    def value(self, asked: Asked) -> str | None:
        """The value of a fact as the chunk writes it, or None where it does not state the fact."""
        found = next((statement for statement in self.statements if statement.asked == asked), None)
        return self.chunk.text[found.start : found.end] if found else None


def stated_chunks(book: Handbook, size: int) -> list[StatedChunk]:
    """The chunks of a handbook with what each states.

    Args:
        book: The handbook.
        size: Most tokens of a chunk (see ``SentenceChunker``).
    """
    told: dict[str, list[tuple[Fact, str, bool]]] = {}
    for fact in book.facts:
        for page in fact.documents:
            told.setdefault(page, []).append((fact, fact.value, False))
        for page in fact.stale_documents:
            told.setdefault(page, []).append((fact, fact.stale_value or "", True))
    chunker = SentenceChunker(size=size, overlap=min(24, size // 4))
    return [
        StatedChunk(chunk, tuple(_statements(chunk.text, told.get(page.id, ()), PHRASES[book.split])))
        for page in book
        for chunk in chunker.cut(page)
    ]


def _statements(text: str, told: Iterable[tuple[Fact, str, bool]], phrases: Phrases) -> Iterator[Statement]:
    for fact, value, stale in told:
        for before, shown, after, prose in _wordings(fact, value, phrases):
            whole = before + shown + after
            place = text.find(whole)
            if place >= 0:
                start = place + len(before)
                yield Statement(fact, start, start + len(shown), place, place + len(whole), prose, stale)
                break


def _wordings(fact: Fact, value: str, phrases: Phrases) -> Iterator[tuple[str, str, str, bool]]:
    """All the ways in which a page may word a fact: what stands before the value, the value, what stands after it.

    Last comes whether that is a sentence.
    """
    shown = [in_prose(fact.relation, value, spelled=False), in_prose(fact.relation, value, spelled=True)]
    for template in phrases.statements[fact.relation]:
        before, after = template.removesuffix(".").format(entity=fact.entity, value="\0").split("\0")
        for form in dict.fromkeys(shown):
            yield before, form, after, True
    prefix, bare, suffix = in_cell_parts(fact.relation, value)
    for label in phrases.labels[fact.relation]:
        yield f"| {fact.entity} | {label} | {prefix}", bare, f"{suffix} ", False
        for bullet in phrases.bullets:
            before, after = bullet.format(entity=fact.entity, label=label, value="\0").split("\0")
            yield before + prefix, bare, suffix + after, False


def in_cell_parts(relation: Relation, value: str) -> tuple[str, str, str]:
    """A value in a table: what its unit puts before it, the bare value, what its unit puts after it."""
    value = value.replace(",", "") if relation.numeric else value
    bare = in_prose(relation, value, spelled=False)
    prefix, suffix = in_cell(relation, value).split(bare)
    return prefix, bare, suffix
