"""What the large tier learns planning from: questions without a corpus, names and wordings alone."""

import re
from collections.abc import Callable, Collection
from random import Random

from canonical import canonical
from comparing import compared
from general import ABOUT, RELATIONS, General, name_of
from naming import QUALIFIED, REPLICAS, SHARE, attributed, described, invented
from phrases import PHRASES
from products import FACTORS, product_of, product_served
from reading_samples import worded, wordings
from wording import MADE, made, near, scored_for
from wording_grammar import ASKED, CHAINS, PHRASES_MADE, SUMS, SUMS_NAMED, SUMS_SERVED

from labkit.corpus import Relation
from labkit.corpus.names import Entity, Names, Split
from labkit.corpus.phrases_train import TRAIN
from labkit.skills import Plan
from labkit.tasks.questions import Sum
from labkit.tasks.questions_train import TRAIN_QUESTIONS

Planned = tuple[str, Plan]

LED_TO = {second: first for first, second in TRAIN_QUESTIONS.two_hop}
"""The facts of a cluster or a team, and the fact of a service that leads to it."""

SPOKEN = re.compile(r"\b(?:cluster|team)\b", re.IGNORECASE)
DESCRIBED = 0.12
"""Of the names: those that are no names but descriptions ("the billing service"), to be copied like any other."""

CALCULATED = 0.4
"""Of the questions that were asked in vain: those whose first search was for a number of a calculation."""


def planned(random: Random) -> Planned:
    """A question and its plan."""
    kinds = (_one, _two, _three, _sum, _pair, _general_one, _general_two, _general_pair, _compared)
    return random.choices(kinds, (8, 9, 10, 8, 5, 1, 2, 1, 3))[0](random)


def replanned(random: Random) -> tuple[str, str, Plan]:
    """A question, what was searched for in vain at first, and another plan: often of a service, whose cluster is meant.

    Whether a name is a service's, a cluster's or a team's does not show, so that "in which region is kelmar?" is first
    one search, and all of kelmar's price a product of its own numbers. What only a service has cannot be split, and
    stays as it is.
    """
    if random.random() < CALCULATED:
        return _resummed(random)
    kinds = (_two, _three, _sum, _pair, _general_two, _of_service, _served_fact, _general_one, _compared)
    question, plan = random.choices(kinds, (5, 3, 2, 1, 1, 8, 8, 2, 2))[0](random)
    return question, question, plan


def drawn_name(random: Random) -> str:
    """A name of the train split, an invented one, or now and then a description."""
    entity = random.choice((Entity.SERVICE, Entity.CLUSTER, Entity.TEAM, Entity.PRIVATE_CLUSTER))
    name = Names(Split.TRAIN, random.randrange(1 << 30)).of(entity, random.randrange(50_000))
    if random.random() < DESCRIBED:
        return f"the {described(random)}"
    return invented(random, name) if random.random() < SHARE else name


def _one(random: Random) -> Planned:
    relation = random.choice(list(Relation))
    question = qualified(worded((drawn_name(random), relation), random), random)
    return question, Plan((question,))


def _of_service(random: Random) -> Planned:
    relation = random.choice([each for each in Relation if each not in LED_TO])
    question = qualified(worded((drawn_name(random), relation), random), random)
    return question, Plan((question,))


def _served_fact(random: Random) -> Planned:
    relation = random.choice(list(LED_TO))
    while SPOKEN.search(question := worded((name := drawn_name(random), relation), random)):
        pass  # it says what its name is
    return qualified(question, random), Plan((canonical(LED_TO[relation], name), canonical(relation, "#1")))


def _two(random: Random) -> Planned:
    first, second = random.choice(list(TRAIN_QUESTIONS.two_hop))
    name = drawn_name(random)
    plan = Plan((canonical(first, name), canonical(second, "#1")))
    drawn = random.random()
    if drawn < 0.3:
        question = random.choice(TRAIN_QUESTIONS.two_hop[first, second]).format(entity=name)
    elif drawn < 0.65:
        wording = made(CHAINS[first, second], scored_for(first, second), random, named=not name.startswith("the "))
        question = capital(wording.format(e=name), name)
    else:
        question = _nested(first, name, lambda: _askable(second, random), scored_for(first, second), random)
    return qualified(question, random), plan


def _three(random: Random) -> Planned:
    arithmetic, name = random.choice(list(FACTORS)), drawn_name(random)
    return _of_its_cluster(arithmetic, name, random), product_served(arithmetic, name)


def _sum(random: Random) -> Planned:
    arithmetic, name = random.choice(list(FACTORS)), drawn_name(random)
    return _of_itself(arithmetic, name, random), product_of(arithmetic, name)


def _resummed(random: Random) -> tuple[str, str, Plan]:
    """A product whose first number the name itself has not: that of its cluster, which the words may say or not.

    A sum of two names has no other plan here: it stays as it is. What only compares two names was none to begin with.
    """
    drawn = random.random()
    if drawn < 0.1:
        question, plan = _pair(random)
        return question, plan.steps[0], plan
    if drawn < 0.2:
        both = compared(random)
        return both.question, canonical(Relation.REPLICAS, both.entity), Plan((both.question,))
    arithmetic, name = random.choice(list(FACTORS)), drawn_name(random)
    asks = random.choice((_of_its_cluster, _of_itself))
    vain = product_of(arithmetic, name).steps[0]
    return asks(arithmetic, name, random), vain, product_served(arithmetic, name)


def _of_its_cluster(arithmetic: Sum, name: str, random: Random) -> str:
    """A question for a product of the cluster that a name runs on."""
    drawn, scored = random.random(), scored_for(arithmetic)
    proper = TRAIN_QUESTIONS.three_hop.get(arithmetic)
    if proper and drawn < 0.1:
        return random.choice(proper).format(entity=name)
    if drawn < 0.75:
        wording = made(SUMS_SERVED[arithmetic], scored, random, named=not name.startswith("the "))
        return capital(wording.format(e=name), name)
    return _nested(Relation.CLUSTER, name, lambda: _summed(arithmetic, random, named=False), scored, random)


def _of_itself(arithmetic: Sum, name: str, random: Random) -> str:
    """A question for a product of a name's own numbers."""
    return capital(_summed(arithmetic, random, named=not name.startswith("the ")).format(e=name), name)


def _pair(random: Random) -> Planned:
    arithmetic = random.choice((Sum.TOTAL, Sum.DIFFERENCE))
    name, other = drawn_name(random), drawn_name(random)
    sign = "+" if arithmetic is Sum.TOTAL else "-"
    plan = Plan((canonical(Relation.REPLICAS, name), canonical(Relation.REPLICAS, other), f"#1 {sign} #2"))
    if random.random() < MADE:
        wording = made(SUMS[arithmetic], scored_for(arithmetic), random)
        return capital(wording.format(e=name, o=other), name), plan
    return random.choice(TRAIN_QUESTIONS.two_skill[arithmetic]).format(entity=name, other=other), plan


def _general_one(random: Random) -> Planned:
    relation = random.choice(RELATIONS)
    question = random.choice(relation.questions()).format(e=name_of(relation.subject, random))
    return question, Plan((question,))


def _general_two(random: Random) -> Planned:
    first = random.choice([relation for relation in RELATIONS if relation.value in ABOUT])
    second, name = random.choice(ABOUT[first.value]), name_of(first.subject, random)
    phrase = random.choice(first.phrases()).format(e=name)
    asked = random.choice(second.questions())
    question = capital(asked.format(e=phrase), name)
    return question, Plan((_asked(first, name), asked.format(e="#1")))


def _general_pair(random: Random) -> Planned:
    relation = random.choice([relation for relation in RELATIONS if relation.value in {"number", "year"}])
    one, two = name_of(relation.subject, random), name_of(relation.subject, random)
    questions = _asked(relation, one), _asked(relation, two)
    if random.random() < 0.5:
        return f"What is the {relation.noun} of {one} and of {two}, added up?", Plan((*questions, "#1 + #2"))
    return f"By how much does the {relation.noun} of {one} exceed that of {two}?", Plan((*questions, "#1 - #2"))


def _compared(random: Random) -> Planned:
    question = compared(random).question
    return question, Plan((question,))


def _asked(relation: General, entity: str) -> str:
    return relation.questions()[0].format(e=entity)


def _nested(
    relation: Relation, name: str, asked: Callable[[], str], scored: Collection[frozenset[str]], random: Random
) -> str:
    """A question about what a fact of the name leads to, near none that models are scored on."""
    while True:
        wording = asked().format(e=_phrase(relation, random, named=not name.startswith("the ")))
        if not near(wording, scored):
            return capital(wording.format(e=name), name)


def _phrase(relation: Relation, random: Random, *, named: bool) -> str:
    if random.random() < MADE:
        return made(PHRASES_MADE[relation], (), random, named=named)
    return random.choice(PHRASES[relation])


def _askable(relation: Relation, random: Random) -> str:
    """A wording that asks for a fact, its slot ``{e}`` open for a phrase."""
    if random.random() < MADE:
        return made([form for form in ASKED[relation] if not form.startswith("{e}:")], (), random, named=False)
    return random.choice(askable(relation)).format(entity="{e}")


def _summed(arithmetic: Sum, random: Random, *, named: bool) -> str:
    """A wording that asks for a product, its slot ``{e}`` open for a name, or only for a phrase."""
    if random.random() < MADE:
        return made((*SUMS[arithmetic], *SUMS_NAMED[arithmetic]), scored_for(arithmetic), random, named=named)
    proper = TRAIN_QUESTIONS.two_skill[arithmetic]
    return random.choice(proper if random.random() < 0.6 else sum_wordings(arithmetic)).format(entity="{e}")


def askable(relation: Relation) -> tuple[str, ...]:
    """Wordings into whose slot a phrase fits as well as a name."""
    return tuple(form for form in wordings(relation) if not form.startswith("{entity}:"))


def sum_wordings(arithmetic: Sum) -> tuple[str, ...]:
    """Questions for a product: those of the train split, and its labels multiplied in so many words."""
    one, two = FACTORS[arithmetic]
    days = " over 24 hours" if arithmetic is Sum.DAILY_COST else ""
    named = (
        f"What is the {first} of {{entity}} times its {second}{days}?"
        for first in TRAIN.labels[one][1:]
        for second in TRAIN.labels[two][:2]
    )
    return (*TRAIN_QUESTIONS.two_skill[arithmetic], *named)


def qualified(question: str, random: Random) -> str:
    """The question with, now and then, an attribute that changes nothing: "How many vLLM replicas ...".

    >>> qualified("How many replicas does kelmar run?", Random(28))
    'How many GPU replicas does kelmar run?'
    """
    if random.random() < QUALIFIED:
        return question.replace(REPLICAS, attributed(random), 1)
    return question


def capital(question: str, name: str) -> str:
    """The question with a capital first letter, unless it begins with the name."""
    return question if question.startswith(name) else question[0].upper() + question[1:]
