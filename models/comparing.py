"""Questions that compare two things of the general world: no arithmetic answers them, so each is planned as it stands.

Whoever has learnt to plan from sums and products alone takes "are both of the same country?" for one of them.
"""

from dataclasses import dataclass
from random import Random

from general import ABOUT, General, name_of

_MEASURED = {
    "number": (("greater", "smaller"), ("higher", "lower"), ("larger", "lesser")),
    "year": (("earlier", "later"), ("more recent", "less recent")),
}

_BY_FACT = (
    "Do {a} and {b} have the same {noun}?",
    "Are {a} and {b} alike in their {noun}?",
    "Is the {noun} of {a} also the {noun} of {b}?",
    "Is {a}'s {noun} that of {b} as well?",
    "Which {noun} do {a} and {b} share?",
    "Both {a} and {b} have what {noun}?",
    "{a} and {b} have one {noun} between them, which?",
    "{stated}. Is that so of {b} too?",
    "{stated}. Does the same go for {b}?",
)
_BY_SIZE = (
    "Which {sort} has the {more} {noun}, {a} or {b}?",
    "Which has the {more} {noun}: {a} or {b}?",
    "Of {a} and {b}, which has the {more} {noun}?",
    "Is the {noun} of {a} {more} than that of {b}?",
    "{a} or {b}: whose {noun} is {more}?",
    "Between {a} and {b}, which {sort} has the {less} {noun}?",
)
_BY_SORT = (
    "Are {a} and {b} both {kind}?",
    "Are both {a} and {b} {kind}?",
    "Is {a} a {sort}, and is {b} one?",
    "If {a} is a {sort}, what is {b}?",
    "What do {a} and {b} have in common?",
    "How are {a} and {b} connected?",
    "What connects {a} with {b}?",
    "Which is the better known {sort}, {a} or {b}?",
    "Which came first, {a} or {b}?",
    "Who or what is older, {a} or {b}?",
    "Which is the larger of the two, {a} or {b}?",
    "Which of the two {kind} has changed more, {a} or {b}?",
    "Who had a part in both {a} and {b}?",
    "Where do {a} and {b} both occur?",
)
_KINDS = {"person": "people", "city": "cities", "country": "countries", "company": "companies"}


@dataclass(frozen=True)
class Compared:
    """A question about two entities.

    Attributes:
        question: What is asked.
        entity: The one named first.
    """

    question: str
    entity: str


def compared(random: Random) -> Compared:
    """A question that compares two entities of one sort, by a fact, by a size, or as such.

    >>> compared(Random(4)).question
    'Which came first, drimisk-16 or paveth-16?'
    """
    sort = random.choice(sorted(ABOUT))
    one, two = name_of(sort, random), name_of(sort, random)
    relation = random.choice(ABOUT[sort])
    more, less = random.sample(random.choice(_MEASURED.get(relation.value, _MEASURED["number"])), 2)
    form = random.choice(random.choice((_forms(relation), _BY_SORT)))
    question = form.format(
        a=one,
        b=two,
        sort=sort,
        kind=_KINDS.get(sort, f"{sort}s"),
        noun=relation.noun,
        more=more,
        less=less,
        stated=_stated(relation, one, random),
    )
    return Compared(question[0].upper() + question[1:], one)


def _forms(relation: General) -> tuple[str, ...]:
    return (*_BY_FACT, *_BY_SIZE) if relation.value in _MEASURED else _BY_FACT


def _stated(relation: General, entity: str, random: Random) -> str:
    value = name_of(relation.value, random)
    return random.choice(relation.statements()).removesuffix(".").format(e=entity, v=value)
