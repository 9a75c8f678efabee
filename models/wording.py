"""Wordings put together from the parts in ``wording_grammar``, none of them near one that the models are scored on."""

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from random import Random

from wording_grammar import ASKED, BESIDE, BULLETS, LABELS, OTHERS, SLOTS, STATED, Forms

from labkit.corpus import Relation
from labkit.tasks.questions import Sum
from labkit.tasks.questions_heldout import HELDOUT_QUESTIONS

NEAR = 0.75
"""Share of common words from which two wordings count as one: the rule that keeps the splits apart."""

MADE = 0.5
"""Of the questions: those that are put together from parts."""

PLAIN = 0.3
"""Of the questions that readers learn from: those in the words that plans ask in, as most searches are read with."""

RESTATED = 0.5
"""Of the facts: those that are stated in a made wording."""


@dataclass(frozen=True)
class Words:
    """In what words facts are asked for and stated.

    Attributes:
        asked: Forms of questions by fact.
        stated: Forms of sentences by fact.
        labels: Names of a fact as they stand in tables and lists.
        bullets: Forms of a list's items.
        beside: Sentences that nearly state a fact, by what they are about.
        others: Labels of what is no fact, by what they are about and the slot of their value.
        made: Of the questions: those that are put together from these forms, not taken from the train split.
        plain: Of the questions: those in the words that plans ask in, before any other choice.
        restated: Of the facts: those that are stated in these forms, not as in the handbook.
    """

    asked: Mapping[Relation, Forms]
    stated: Mapping[Relation, Forms]
    labels: Mapping[Relation, Forms]
    bullets: Forms
    beside: Mapping[str, Forms]
    others: Mapping[str, Forms]
    made: float = MADE
    plain: float = 0.0
    restated: float = RESTATED


TRAINED = Words(ASKED, STATED, LABELS, BULLETS, BESIDE, OTHERS)
"""What plans and routes are trained on."""

READ = replace(TRAINED, plain=PLAIN)
"""What reading is trained on."""

_SLOT = re.compile(r"\[(\w+)\]")
_APPOSED = re.compile(r"(?:service|cluster|team|called|named|\[pool\]) \{[eo]\}|\{[eo]\} (?:service|cluster|team)\b")


def made(forms: Sequence[str], scored: Collection[frozenset[str]], random: Random, *, named: bool = True) -> str:
    """A wording of one of the forms, its slots filled; drawn again while it is near one that models are scored on.

    Args:
        forms: Forms of ``wording_grammar``.
        scored: The words of each wording that it must not come near.
        random: Decides everything.
        named: Whether a name will stand in it; a description ("the billing service") does not fit beside "cluster".
    """
    fitting = [form for form in forms if named or not _APPOSED.search(form)]
    while True:
        found = spoken(random.choice(fitting), random)
        if not near(found, scored):
            return found


def spoken(form: str, random: Random) -> str:
    """The form with every slot filled.

    >>> spoken("[minus] {e}", Random(1)) in {f"{words} {{e}}" for words in SLOTS["minus"]}
    True
    """
    while slot := _SLOT.search(form):
        form = form[: slot.start()] + random.choice(SLOTS[slot[1]]) + form[slot.end() :]
    return form


def near(wording: str, scored: Collection[frozenset[str]]) -> bool:
    """Whether a wording shares so many words with one of these that it counts as the same.

    >>> near("Who runs {e}?", [frozenset({"who", "runs"})])
    True
    """
    words = skeleton(wording)
    return any(len(words & other) >= NEAR * len(words | other) for other in scored)


def skeleton(wording: str) -> frozenset[str]:
    """The words of a wording without what stands for names."""
    return frozenset(re.findall(r"[a-z0-9]+", re.sub(r"\{\w+\}", "", wording).lower()))


@cache
def scored_for(*asked: Relation | Sum) -> tuple[frozenset[str], ...]:
    """The words of the held-out wordings for a fact, for two in a chain, or for a calculation."""
    held = HELDOUT_QUESTIONS
    if len(asked) == 2:
        return tuple(map(skeleton, held.two_hop.get(asked, ())))
    [wanted] = asked
    if isinstance(wanted, Relation):
        return tuple(map(skeleton, held.one_hop[wanted]))
    return tuple(skeleton(each) for part in (held.three_hop, held.two_skill) for each in part.get(wanted, ()))
