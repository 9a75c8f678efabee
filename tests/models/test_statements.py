"""Every fact of a handbook is found in its chunks, at the characters of its value."""

import pytest
from statements import stated_chunks

from labkit.corpus import handbook
from labkit.tasks import normalise


@pytest.fixture(scope="module", params=["train", "heldout"])
def stated(request):
    book = handbook(72, 3, 5, request.param)
    return book, stated_chunks(book, 128)


def test_all_facts_are_found_where_they_are_stated(stated):
    book, chunks = stated
    found = {(each.asked, held.chunk.document_id) for held in chunks for each in held.statements}
    assert found == {
        ((fact.entity, fact.relation), page) for fact in book.facts for page in fact.documents + fact.stale_documents
    }


def test_the_characters_are_those_of_the_value(stated):
    _, chunks = stated
    for held in chunks:
        for each in held.statements:
            value = each.fact.stale_value if each.stale else each.fact.value
            assert normalise(held.chunk.text[each.start : each.end]) == normalise(value)
            assert each.fact.entity in held.chunk.text


def test_stale_values_stand_on_superseded_pages(stated):
    _, chunks = stated
    for held in chunks:
        for each in held.statements:
            assert each.stale == (held.chunk.document_id in each.fact.stale_documents)
