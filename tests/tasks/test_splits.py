"""The train and the held-out split share neither entity names nor wordings."""

import re
from collections.abc import Iterator
from itertools import product

from labkit.corpus import Split, handbook
from labkit.tasks import HANDBOOK_KINDS, handbook_tasks
from labkit.tasks.drafting import QUESTIONS
from labkit.tasks.questions import Questions


def _groups(questions: Questions) -> Iterator[tuple[object, tuple[str, ...]]]:
    for part in ("one_hop", "two_hop", "three_hop", "two_skill"):
        for key, templates in getattr(questions, part).items():
            yield (part, key), templates


def _skeleton(template: str) -> frozenset[str]:
    return frozenset(re.findall(r"[a-z0-9]+", re.sub(r"\{\w+\}", "", template).lower()))


def test_every_question_has_enough_wordings_and_none_in_both_splits():
    train, heldout = (dict(_groups(QUESTIONS[split])) for split in (Split.TRAIN, Split.HELDOUT))
    assert train.keys() == heldout.keys()
    for key, templates in train.items():
        assert len(set(templates)) >= 6
        assert len(set(heldout[key])) >= 5
        for one, other in product(templates, heldout[key]):
            shared, all_words = _skeleton(one) & _skeleton(other), _skeleton(one) | _skeleton(other)
            assert len(shared) < 0.75 * len(all_words), (one, other)
    skeletons = [{_skeleton(text) for templates in half.values() for text in templates} for half in (train, heldout)]
    assert skeletons[0].isdisjoint(skeletons[1])


def test_no_wording_within_a_split_asks_two_things():
    for questions in QUESTIONS.values():
        templates = [template for _, group in _groups(questions) for template in group]
        assert len(set(templates)) == len(templates)


def test_handbooks_and_tasks_of_the_two_splits_share_no_name():
    names, questions, entities = {}, {}, {}
    for split in Split:
        book = handbook(600, 4, 11, split)
        tasks = handbook_tasks(book, HANDBOOK_KINDS, 100, seed=3)
        entities[split] = {fact.entity for fact in book.facts}
        values = {fact.value for fact in book.facts if not fact.relation.numeric}
        names[split] = {
            word.lower()
            for name in entities[split] | values | set(book.tenants)
            for word in re.findall(r"[A-Za-z]+", name)
        }
        questions[split] = {task.question for task in tasks}
        for task in tasks:
            asked = set(re.findall(r"[a-z]+", task.question.lower()))
            assert asked & names[split] or task.kind == "unanswerable", task.question
    assert names[Split.TRAIN].isdisjoint(names[Split.HELDOUT])
    for split, other in ((Split.TRAIN, Split.HELDOUT), (Split.HELDOUT, Split.TRAIN)):
        words = {word for question in questions[split] for word in re.findall(r"[a-z]+", question.lower())}
        assert words.isdisjoint(names[other])
