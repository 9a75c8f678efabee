"""What counts as a name: a word that the encoder's dictionary does not hold."""

import pytest

from labkit.corpus.names import Entity, Names, Split
from labkit.names import names_in, words_of


@pytest.mark.parametrize("split", Split)
@pytest.mark.parametrize("entity", [Entity.SERVICE, Entity.CLUSTER, Entity.TEAM, Entity.PERSON])
def test_every_generated_name_is_found(split, entity):
    names = [Names(split, 7).of(entity, number) for number in range(0, 4000, 20)]
    assert all(names_in(f"Who knows {name}?") & words_of(name) for name in names)


def test_common_words_are_no_names():
    assert not names_in("In which region is the cluster of the orders team located, and since when?")
    assert not names_in("How many replicas are provisioned for the callers of the router?")
    assert not names_in("")
