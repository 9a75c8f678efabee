import re
from decimal import Decimal
from functools import cache

import pytest

from labkit.corpus import Handbook, Relation, Split, handbook
from labkit.documents import Document
from labkit.errors import BadArgument
from labkit.tasks import HANDBOOK_KINDS, Kind, Skill, Task, handbook_tasks

BOOKS = [(6, 2, 1, Split.TRAIN), (6, 2, 2, Split.HELDOUT), (23, 3, 3, Split.HELDOUT)]
BOOKS += [(900, 4, 4, Split.TRAIN), (900, 4, 5, Split.HELDOUT)]


@cache
def _book(arguments: tuple[int, int, int, Split]) -> tuple[Handbook, dict[str, Document]]:
    book = handbook(*arguments)
    return book, {page.id: page for page in book}


@cache
def _tasks(arguments: tuple[int, int, int, Split]) -> tuple[Task, ...]:
    book, _ = _book(arguments)
    return handbook_tasks(
        book, HANDBOOK_KINDS, count=150 if len(book) > 50 else 40 if book.split is Split.TRAIN else 12, seed=1
    )


def _of(arguments: tuple[int, int, int, Split], *kinds: Kind) -> list[Task]:
    return [task for task in _tasks(arguments) if task.kind in kinds]


every_book = pytest.mark.parametrize("arguments", BOOKS)


@every_book
def test_kinds_take_turns_and_no_question_repeats(arguments):
    tasks = _tasks(arguments)
    assert [task.kind for task in tasks[:6]] == list(HANDBOOK_KINDS)
    assert len({task.id for task in tasks}) == len(tasks)
    for kind in HANDBOOK_KINDS:
        questions = [task.question for task in tasks if task.kind is kind]
        assert len(set(questions)) == len(questions) == len(tasks) // 6


@every_book
def test_the_gold_solution_follows_from_readable_pages(arguments):
    book, pages = _book(arguments)
    for task in _of(arguments, Kind.ONE_HOP, Kind.TWO_HOP, Kind.THREE_HOP, Kind.TWO_SKILL):
        assert task.accepted
        assert task.accepted[0] == task.hops[-1].answer
        for hop in task.hops:
            filled = re.sub(r"#(\d+)", lambda found, task=task: task.hops[int(found[1]) - 1].answer, hop.plan)
            assert filled == hop.question
            if hop.skill is Skill.RETRIEVE:
                fact = next(
                    fact
                    for fact in _facts_in(book, hop.question)
                    if fact.value == hop.answer and fact.documents == hop.documents
                )
                assert hop.documents
                assert all(task.principal.may_read(pages[page].access) for page in fact.documents)
                assert set(hop.documents) <= set(task.supporting)
        assert not set(task.outdated) & set(task.accepted)


def _facts_in(book: Handbook, question: str):
    """The facts of every entity named in a question."""
    for fact in book.facts if len(book) < 50 else _all_facts(book):
        if fact.entity in question:
            yield fact


@cache
def _all_facts(book: Handbook):
    return tuple(book.facts)


@every_book
def test_arithmetic_is_right(arguments):
    for task in _of(arguments, Kind.THREE_HOP, Kind.TWO_SKILL):
        assert re.fullmatch(r"[\d.]+( [*+-] [\d.]+)+", task.expression)
        worked = eval(re.sub(r"[\d.]+", r"Decimal('\g<0>')", task.expression), {"Decimal": Decimal})  # noqa: S307
        assert Decimal(task.accepted[0]) == worked
        assert worked >= 0
        assert task.hops[-1].skill is Skill.CALCULATE
        assert task.hops[-1].question == task.expression


@every_book
def test_multi_hop_questions_name_only_the_first_entity_and_need_two_pages(arguments):
    for task in _of(arguments, Kind.TWO_HOP, Kind.THREE_HOP):
        retrieved = [hop for hop in task.hops if hop.skill is Skill.RETRIEVE]
        assert len(retrieved) == (2 if task.kind is Kind.TWO_HOP else 3)
        assert retrieved[0].answer not in task.question
        assert not set.intersection(*(set(hop.documents) for hop in retrieved))


@every_book
def test_unanswerable_tasks_end_in_a_gap(arguments):
    book, _ = _book(arguments)
    tasks = _of(arguments, Kind.UNANSWERABLE)
    for task in tasks:
        assert not task.accepted
        assert task.expression is None
        assert task.hops[-1].answer == ""
        assert task.hops[-1].documents == ()
    # Not only names that no page mentions; over several draws, since a single one may be far from the average.
    drawn = [task for seed in range(5) for task in handbook_tasks(book, [Kind.UNANSWERABLE], len(tasks), seed)]
    known = [task for task in drawn if any(fact.entity in task.question for fact in _all_facts(book))]
    assert len(known) > len(drawn) / 4


@every_book
def test_forbidden_facts_exist_and_lie_out_of_reach(arguments):
    _, pages = _book(arguments)
    for task in _of(arguments, Kind.FORBIDDEN):
        forbidden = task.forbidden
        assert not task.accepted
        assert not task.supporting
        assert forbidden.values
        for page in forbidden.documents:
            assert not task.principal.may_read(pages[page].access)
        canaries = [marker for marker in forbidden.markers if marker.startswith("CNRY-")]
        assert canaries
        readable = [page.text for page in pages.values() if task.principal.may_read(page.access)]
        secret = "\n".join(pages[page].text for page in forbidden.documents)
        for marker in canaries:
            assert marker in secret
            assert not any(marker in text for text in readable)
        assert not any(forbidden.values[0] == hop.answer for hop in task.hops)


def test_members_of_a_tenant_are_kept_from_what_belongs_to_a_group():
    book, pages = _book(BOOKS[-1])
    insiders = [
        task
        for task in handbook_tasks(book, ["forbidden"], 600, seed=2)
        if any(pages[page].access.tenant == task.principal.tenant for page in task.forbidden.documents)
    ]
    assert insiders


def test_private_facts_are_also_asked_by_those_who_may_know_them():
    tasks = _of(BOOKS[-1], Kind.ONE_HOP)
    _, pages = _book(BOOKS[-1])
    private = [task for task in tasks if pages[task.supporting[0]].access.tenant]
    assert 0.1 < len(private) / len(tasks) < 0.7


@every_book
def test_tasks_are_deterministic_and_depend_on_the_seed(arguments):
    book, _ = _book(arguments)
    again = handbook_tasks(handbook(*arguments), HANDBOOK_KINDS, 10, seed=1)
    assert again == handbook_tasks(book, list(HANDBOOK_KINDS), 10, seed=1)
    assert {task.question for task in again} != {
        task.question for task in handbook_tasks(book, HANDBOOK_KINDS, 10, seed=2)
    }


def test_large_sets_use_many_entities():
    tasks = _of(BOOKS[-1], Kind.TWO_HOP)
    assert len({task.hops[0].question for task in tasks}) > 100
    assert len({task.hops[1].answer for task in tasks}) > 60


def test_stale_answers_are_told():
    assert any(task.outdated for task in _of(BOOKS[-1], Kind.ONE_HOP))
    assert any(task.outdated for task in _of(BOOKS[-1], Kind.THREE_HOP))


def test_one_tenant_supports_every_kind_but_forbidden():
    book = handbook(6, 1, 3)
    kinds = [kind for kind in HANDBOOK_KINDS if kind is not Kind.FORBIDDEN]
    assert len(handbook_tasks(book, kinds, 5, seed=0)) == 25
    with pytest.raises(BadArgument, match="has 1 tenant; forbidden tasks take two"):
        handbook_tasks(book, ["forbidden"], 1, seed=0)


@pytest.mark.parametrize("seed", range(25))
@pytest.mark.parametrize("split", Split)
def test_the_smallest_handbook_supports_every_kind(seed, split):
    assert len(handbook_tasks(handbook(6, 2, seed, split), HANDBOOK_KINDS, 5, seed=0)) == 30


@pytest.mark.parametrize(
    ("kinds", "count", "message"),
    [
        (["four_hop"], 1, "kind is 'four_hop'; choose from one_hop"),
        (["multi_hop"], 1, "kind is 'multi_hop'"),
        ([], 1, "name at least one"),
        (["one_hop", Kind.ONE_HOP], 1, "none twice"),
        (["one_hop"], 0, "count is 0; ask for at least 1"),
        (["three_hop"], 5000, r"count is 5000, and this handbook holds \d+ different .*; ask for at most"),
    ],
)
def test_bad_arguments_are_refused_with_value_and_remedy(kinds, count, message):
    with pytest.raises(BadArgument, match=message):
        handbook_tasks(handbook(6, 2, 1), kinds, count, seed=1)


def test_every_relation_is_asked():
    book, _ = _book(BOOKS[-1])
    asked = {
        fact.relation
        for task in _of(BOOKS[-1], Kind.ONE_HOP)
        for fact in _all_facts(book)
        if fact.documents == task.hops[0].documents and fact.value == task.accepted[0]
    }
    assert asked == set(Relation)
