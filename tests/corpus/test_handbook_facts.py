"""Reads the facts back from the text of all pages, by the templates turned round, and compares with the truth."""

import re
from collections import defaultdict
from collections.abc import Iterator

import pytest

from labkit.corpus import Handbook, Relation, Split, handbook
from labkit.corpus.ground_truth import RELATIONS
from labkit.corpus.names import Entity
from labkit.corpus.numerals import read_words
from labkit.corpus.phrasebook import PHRASES, PROSE
from labkit.corpus.world import Ref

BOOKS = [(6, 1, 0, "train"), (6, 2, 1, "heldout"), (11, 2, 2, "train"), (12, 3, 3, "heldout"), (18, 2, 4, "heldout")]
BOOKS += [(400, 5, 5, "train"), (400, 5, 6, "heldout")]
NAME = r"[A-Za-z]+(?:-\d\d| [A-Z][a-z]+)?"
NUMBER = r"\$?\d[\d,]*(?:\.\d\d)?|[a-z]+(?:-[a-z]+)?"


def _pattern(template: str, numeric: bool, **slots: str) -> re.Pattern[str]:
    text = re.escape(template)
    slots |= {"entity": f"(?P<entity>{NAME})", "value": f"(?P<value>{NUMBER if numeric else NAME})"}
    for slot, pattern in slots.items():
        text = text.replace(rf"\{{{slot}\}}", pattern)
    return re.compile(text)


def _patterns(split: Split) -> list[tuple[Relation, re.Pattern[str]]]:
    phrases, found = PHRASES[split], []
    for relation in Relation:
        found += [(relation, _pattern(template, relation.numeric)) for template in phrases.statements[relation]]
        bullets = [*(f"- {bullet}" for bullet in phrases.bullets), "| {entity} | {label} | {value} |"]
        found += [
            (relation, _pattern(bullet.replace("{label}", label), relation.numeric))
            for bullet in bullets
            for label in phrases.labels[relation]
        ]
    return found


def _endings(split: Split) -> re.Pattern[str]:
    phrases = PHRASES[split]
    filled = [re.escape(ending).replace(r"\{date\}", r"\d{4}-\d\d-\d\d") for ending in phrases.dated]
    filled += [re.escape(ending).replace(r"\{canary\}", r"CNRY-[\w-]+") for ending in phrases.referenced]
    return re.compile(" (?:" + "|".join(filled) + ")")


def _digits(value: str) -> str:
    bare = re.sub(r"[$,]| (ms|req/s|req/min)$", "", value)
    return bare if bare[0].isdigit() else str(read_words(bare.split("-")))


def _stated(book: Handbook) -> Iterator[tuple[tuple[str, Relation], str, str]]:
    """Every (entity, relation), value and page id that a reader who knows the templates finds."""
    patterns, endings = _patterns(book.split), _endings(book.split)
    for page in book:
        for line in endings.sub("", page.text).splitlines():
            for piece in re.split(r"(?<=\.) ", line):
                bare = re.sub(r" (ms|req/s|req/min)(?=\*?( \||$))", "", piece)
                for relation, pattern in patterns:
                    if found := pattern.fullmatch(bare):
                        value = _digits(found["value"]) if relation.numeric else found["value"]
                        yield (found["entity"], relation), value, page.id


@pytest.mark.parametrize("arguments", BOOKS)
def test_the_pages_state_the_ground_truth_and_nothing_else(arguments):
    book = handbook(*arguments)
    updated = {page.id: page.updated for page in book}
    found: dict[tuple[str, Relation], list[tuple[str, str]]] = defaultdict(list)
    for key, value, page in _stated(book):
        found[key].append((page, value))
    facts = {(fact.entity, fact.relation): fact for fact in book.facts}
    assert found.keys() == facts.keys()
    for key, fact in facts.items():
        current = [(page, fact.value) for page in fact.documents]
        stale = [(page, fact.stale_value) for page in fact.stale_documents]
        assert sorted(found[key]) == sorted(current + stale), key
        if stale:
            assert fact.stale_value != fact.value
            assert max(updated[page] for page in fact.stale_documents) < min(updated[page] for page in fact.documents)


@pytest.mark.parametrize("split", Split)
def test_every_form_of_statement_occurs_and_some_facts_stand_only_in_a_table(split):
    book = handbook(400, 3, 5, split)
    rows = defaultdict(set)
    for page in book:
        for line in page.text.splitlines():
            if match := re.match(rf"\| ({NAME}) \|", line):
                rows[match[1]].add(page.id)
    assert any(set(fact.documents) <= rows[fact.entity] for fact in book.facts if len(fact.documents) > 1)
    assert any(fact.stale_documents for fact in book.facts)


@pytest.mark.parametrize("split", Split)
def test_lookups_need_no_pages(split, monkeypatch):
    book = handbook(100_000, 20, 8, split)
    monkeypatch.setattr(type(book), "page", lambda *_: pytest.fail("a page was written"))
    service = book.facts.about(Ref(Entity.SERVICE, 12_345))[0]
    cluster = book.facts.lookup(service.entity, Relation.CLUSTER)
    assert cluster == service
    assert book.facts.lookup(cluster.value, Relation.REPLICAS).entity == cluster.value
    assert service in book.facts.of(service.entity)
    assert book.facts.of("nobody") == ()
    assert book.facts.lookup(service.entity, Relation.ON_CALL) is None


def test_facts_grow_with_the_pages():
    counts = [sum(1 for _ in handbook(pages, 2, 1).facts) for pages in (6, 60, 600)]
    assert counts[0] >= 12
    assert counts[1] > 9 * counts[0]
    assert counts[2] > 9 * counts[1]


def test_private_values_are_never_shared_values():
    facts = list(handbook(1200, 5, 4).facts)
    for relation in Relation:
        shared = {fact.value for fact in facts if fact.relation is relation and not fact.canary}
        shared |= {fact.stale_value for fact in facts if fact.relation is relation}
        secret = {fact.value for fact in facts if fact.relation is relation and fact.canary}
        if relation is not Relation.CLUSTER:  # the service of a contract runs on a shared cluster
            assert shared.isdisjoint(secret)


def test_a_relation_is_withheld_in_most_cells():
    book = handbook(600, 2, 4)
    asked = [(sort, relation) for sort in (Entity.SERVICE, Entity.CLUSTER, Entity.TEAM) for relation in RELATIONS[sort]]
    missing = sum(book.facts.get(Ref(sort, cell), relation) is None for sort, relation in asked for cell in range(100))
    assert 55 <= missing <= 95


_TELLTALE = re.compile(
    r"replica|region|on call|pager|price|cost|dollar|\$|per second|millisecond|p99|latency|quota|per minute"
    r"|\bowns\b|owner|requests",
    re.IGNORECASE,
)


@pytest.mark.parametrize("split", Split)
def test_fillers_and_lists_state_nothing_that_is_asked(split):
    prose = PROSE[split]
    for filler in [filler for topic in prose.fillers.values() for filler in topic]:
        assert not _TELLTALE.search(filler), filler
    for section in prose.sections.values():
        for item in section.listed:
            assert not re.search(r"\b\d+\b(?!:)", re.sub(r"^\d\d:\d\d", "", item)), item
