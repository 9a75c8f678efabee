"""What the large tier learns routing from: steps of plans, and the specialist that takes each."""

from random import Random

from general import RELATIONS, name_of
from planning_samples import drawn_name
from reading_samples import worded

from labkit.corpus import Relation
from labkit.tasks import Skill

Routed = tuple[str, Skill]


def routed(random: Random) -> Routed:
    """A step and the specialist that takes it."""
    if random.random() < 0.5:
        return random.choice(_written_sums(random)), Skill.CALCULATE
    if random.random() < 0.3:
        relation = random.choice(RELATIONS)
        return random.choice(relation.questions()).format(e=name_of(relation.subject, random)), Skill.RETRIEVE
    relation = random.choice(list(Relation))
    return worded((drawn_name(random), relation), random), Skill.RETRIEVE


def _written_sums(random: Random) -> tuple[str, ...]:
    """A calculation as plans write it, with and without its numbers, and as people say it."""
    one, two = (
        random.choice((str(random.randint(2, 999)), f"{random.randint(1, 29)}.{random.randint(0, 99):02d}"))
        for _ in "ab"
    )
    sign = random.choice("*+-/")
    said = {"*": "times", "+": "plus", "-": "minus", "/": "divided by"}[sign]
    return (
        f"{one} {sign} {two}",
        f"{one} {sign} {two} * 24",
        f"#{random.randint(1, 2)} {sign} #3",
        f"What is {one} {said} {two}?",
        random.choice(
            (
                f"Multiply {one} by {two}.",
                f"Add {one} to {two}.",
                f"Subtract {one} from {two}.",
                f"Divide {one} by {two}.",
            )
        ),
    )
