"""Every question of the assignment on ceilings can be answered, is asked once, and explains each of its choices."""

import re
from pathlib import Path

import nbformat
import pytest

from labkit.assignments.binding_ceilings import CONCEPTS, ask
from labkit.errors import BadArgument

NOTEBOOK = Path(__file__).resolve().parents[2] / "exercises" / "01_binding_ceilings.ipynb"


@pytest.mark.parametrize("name", CONCEPTS)
def test_a_question_is_tried_until_it_is_answered(name):
    question, concept = ask(name), CONCEPTS[name]
    for choice in concept.choices:
        question.answer(choice)
        assert question.answered == (concept.right in list(concept.choices)[: len(question.tried)])


def test_explanations_are_the_choices_own():
    for concept in CONCEPTS.values():
        assert len(concept.choices) == 4
        assert len(set(concept.choices.values())) == 4


def test_the_right_choice_has_no_place_of_its_own():
    places = [list(concept.choices).index(concept.right) for concept in CONCEPTS.values()]
    assert set(places) == {0, 1, 2, 3}
    assert max(map(places.count, places)) < len(places) / 2


def test_the_notebook_asks_every_question_once():
    cells = [cell.source for cell in nbformat.read(NOTEBOOK, as_version=4).cells if cell.cell_type == "code"]
    assert re.findall(r'ask\("(.+)"\)', "\n".join(cells)) == list(CONCEPTS)


def test_there_is_no_other_question():
    with pytest.raises(BadArgument, match="chunking"):
        ask("colours")
