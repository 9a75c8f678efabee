"""Samples in wordings that nothing is trained on and no score is taken from: what a choice between models goes by.

How well a model does in the words that it was taught says little of how it does in others. The wordings
(``wordings/validation.json``) are by four authors who had seen neither those of the train split nor the held-out ones,
and a hundred and sixty by two of the train split; what comes near to either split is left out.
"""

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import cache, partial
from itertools import count
from pathlib import Path
from random import Random

from canonical import canonical
from planning_samples import Planned, capital, drawn_name
from products import FACTORS, product_of, product_served
from reading_samples import Reading, single, wordings
from wording import TRAINED, near, scored_for, skeleton
from wording_grammar import CHAINS, SUMS, SUMS_SERVED, Forms

from labkit.corpus import Relation
from labkit.corpus.phrases_heldout import HELDOUT
from labkit.corpus.phrases_train import TRAIN
from labkit.skills import Plan
from labkit.tasks.questions import Sum
from labkit.tasks.questions_train import TRAIN_QUESTIONS


def validation_readings(passages: int, questions: int = 10) -> list[Reading]:
    """Single passages of train handbooks, facts stated and asked for in unfamiliar words; half has no answer there."""
    words = replace(
        TRAINED,
        asked=_asked(),
        stated=_stated(),
        bullets=_kept("bullets")["item"],
        beside=_kept("near_misses"),
        others=_kept("other_labels"),
        made=1.0,
        restated=1.0,
    )
    return [single(Random(f"validation {number}"), questions, fill=True, words=words) for number in range(passages)]


def validation_plans() -> list[Planned]:
    """A question in every unfamiliar wording, and its plan."""
    return [made(Random(f"validation {number}")) for number, made in enumerate(_makers())]


def _makers() -> Iterator[Callable[[Random], Planned]]:
    questions = TRAIN_QUESTIONS
    for forms in _asked().values():
        yield from (partial(_one, form) for form in forms)
    for key, forms in _tables()["chains"].items():
        path = Relation(key.split()[0]), Relation(key.split()[1])
        yield from (
            partial(_two, form, path)
            for form in _unfamiliar(forms, (*questions.two_hop[path], *CHAINS[path]), scored_for(*path))
        )
    calculations = (
        ("sums", _sum, questions.two_skill, SUMS),
        ("sums_served", _served, questions.three_hop, SUMS_SERVED),
    )
    for table, made, taught, parts in calculations:
        for key, forms in _tables()[table].items():
            asked = Sum(key)
            yield from (
                partial(made, form, asked)
                for form in _unfamiliar(forms, (*taught.get(asked, ()), *parts[asked]), scored_for(asked))
            )


def _one(form: str, random: Random) -> Planned:
    name = _named(random)
    question = capital(form.format(e=name), name)
    return question, Plan((question,))


def _two(form: str, path: tuple[Relation, Relation], random: Random) -> Planned:
    name = _named(random)
    return capital(form.format(e=name), name), Plan((canonical(path[0], name), canonical(path[1], "#1")))


def _sum(form: str, arithmetic: Sum, random: Random) -> Planned:
    name, other = _named(random), _named(random)
    question = capital(form.format(e=name, o=other), name)
    if arithmetic in FACTORS:
        return question, product_of(arithmetic, name)
    steps = [canonical(Relation.REPLICAS, each) for each in (name, other)]
    return question, Plan((*steps, "#1 + #2" if arithmetic is Sum.TOTAL else "#1 - #2"))


def _served(form: str, arithmetic: Sum, random: Random) -> Planned:
    name = _named(random)
    return capital(form.format(e=name), name), product_served(arithmetic, name)


def _named(random: Random) -> str:
    """A name that is none of the descriptions ("the billing service"), which do not fit behind "cluster"."""
    return next(name for _ in count() if not (name := drawn_name(random)).startswith("the "))


@cache
def _asked() -> dict[Relation, Forms]:
    table = _tables()["facts"]
    taught = {each: (*wordings(each), *TRAINED.asked[each]) for each in Relation}
    return {each: _unfamiliar(table[each], taught[each], scored_for(each)) for each in Relation}


@cache
def _stated() -> dict[Relation, Forms]:
    table = _tables()["statements"]
    taught = {each: (*TRAIN.statements[each], *TRAINED.stated[each]) for each in Relation}
    scored = {each: map(skeleton, HELDOUT.statements[each]) for each in Relation}
    return {each: _unfamiliar(table[each], taught[each], scored[each]) for each in Relation}


def _unfamiliar(forms: Iterable[str], taught: Iterable[str], scored: Iterable[frozenset[str]]) -> Forms:
    known = (*map(skeleton, taught), *scored)
    return tuple(form for form in forms if not near(form, known))


def _kept(table: str) -> dict[str, Forms]:
    return {key: tuple(forms) for key, forms in _tables()[table].items()}


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    found: dict[str, dict[str, list[str]]] = json.loads(
        (Path(__file__).parent / "wordings" / "validation.json").read_text()
    )
    return found
