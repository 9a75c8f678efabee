import hashlib
import pickle
import subprocess
import sys

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from labkit.corpus import CANARY, Split, handbook
from labkit.documents import Document
from labkit.errors import BadArgument, UnknownTenant

_DIGEST = """
import hashlib, sys
from labkit.corpus import handbook
print(hashlib.sha256("".join(map(repr, handbook(150, 3, 5))).encode()).hexdigest())
"""
_STREAM = """
import resource, sys
from labkit.corpus import handbook
resource.setrlimit(resource.RLIMIT_AS, (2**30, 2**30))
book = handbook(100_000, 40, 3)
words = sum(len(book.page(number).text) for number in range({pages}))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss)
"""


def _run(script: str, **environment: str) -> str:
    return subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, check=True, env=environment
    ).stdout.strip()


def test_the_same_arguments_give_the_same_bytes_in_any_process():
    here = hashlib.sha256("".join(map(repr, handbook(150, 3, 5))).encode()).hexdigest()
    assert {_run(_DIGEST, PYTHONHASHSEED=seed) for seed in ("1", "2")} == {here}


def test_another_seed_gives_another_company():
    assert {page.text for page in handbook(60, 2, 1)}.isdisjoint(page.text for page in handbook(60, 2, 2) if page)
    assert set(handbook(60, 2, 1).tenants).isdisjoint(handbook(60, 2, 2).tenants)


def test_streams_within_a_gibibyte_and_in_flat_memory():
    short, long = (int(_run(_STREAM.format(pages=pages))) for pages in (500, 15_000))
    assert long - short < 20_000  # KiB


@given(pages=st.integers(6, 400), tenants=st.integers(1, 9), seed=st.integers(0, 99), split=st.sampled_from(Split))
@settings(max_examples=15, deadline=None)
def test_a_page_does_not_depend_on_the_order_in_which_pages_are_made(pages, tenants, seed, split):
    book = handbook(pages, tenants, seed, split)
    backwards = [book[number] for number in reversed(range(pages))]
    assert list(book) == list(book) == backwards[::-1]
    assert len({page.id for page in book}) == len(book) == pages


def test_slices_negative_indices_and_pickling_behave_as_for_any_sequence():
    book = handbook(30, 2, 1)
    assert book[2:5] == (book[2], book[3], book[4])
    assert book[-1] == book.page(29)
    copy = pickle.loads(pickle.dumps(book))  # noqa: S301
    assert list(copy) == list(book)
    assert len(pickle.dumps(handbook(100_000, 50, 1))) < 500
    with pytest.raises(IndexError):
        book[30]


@pytest.mark.parametrize("split", Split)
def test_pages_are_realistic_markdown(split):
    pages = list(handbook(600, 4, 2, split))
    words = [len(page.text.split()) for page in pages]
    assert min(words) >= 120
    assert max(words) <= 420
    assert all(page.text.startswith(f"# {page.title}\n") and page.text.count("\n## ") == 3 for page in pages)
    assert all(page.updated and page.updated.isoformat() in page.text for page in pages)
    assert sum("| --- |" in page.text for page in pages) > 100
    assert sum("\n- " in page.text for page in pages) > 500
    assert len({page.source.split("/")[1] for page in pages}) >= 11


def test_some_pages_are_private_and_some_of_those_to_a_group():
    book = handbook(600, 4, 2)
    owners = {page.access.tenant for page in book}
    assert owners == {None, *book.tenants}
    restricted = [page for page in book if page.access.groups]
    assert restricted
    page = restricted[0]
    assert not book.principal(page.access.tenant).may_read(page.access)
    assert book.principal(page.access.tenant, page.access.groups).may_read(page.access)


def test_canaries_stand_only_on_pages_of_the_tenant_they_name():
    book = handbook(600, 4, 2)
    seen: dict[str, str] = {}
    for page in book:
        for canary in CANARY.finditer(page.text):
            assert canary["tenant"] == page.access.tenant
            assert seen.setdefault(canary[0], page.id) == page.id
    private = {fact.canary: fact.documents for fact in book.facts if fact.access.tenant}
    assert {canary: (page,) for canary, page in seen.items()} == private


def test_from_six_pages_on_two_tenants_both_own_something():
    book = handbook(6, 2, 9)
    assert {page.access.tenant for page in book} == {None, *book.tenants}


def test_more_tenants_than_private_pages():
    book = handbook(6, 50, 9)
    assert len(set(book.tenants)) == 50
    assert book.owning_tenants == 2


@pytest.mark.parametrize(
    ("arguments", "found"),
    [
        ((5, 1, 0), "pages is 5"),
        ((100_001, 1, 0), "pages is 100001"),
        ((6, 0, 0), "tenants is 0"),
        ((6, -1, 0), "tenants is -1"),
        ((6, 1, 0, "test"), "split is 'test'"),
    ],
)
def test_bad_arguments_are_refused_with_value_and_remedy(arguments, found):
    with pytest.raises(BadArgument, match=f"^{found}; (give|choose) "):
        handbook(*arguments)


def test_unknown_tenants_and_pages_are_refused():
    book = handbook(6, 1, 0)
    with pytest.raises(UnknownTenant, match="tenant is 'nobody'"):
        book.principal("nobody")
    with pytest.raises(BadArgument, match="page number is 6; give one from 0 to 5"):
        book.page(6)
    assert isinstance(book.page(5), Document)
