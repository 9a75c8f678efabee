"""What the readers learn from: passages, and questions on them with the words of the passage, or none, as answers."""

import re
from dataclasses import dataclass
from functools import cache
from itertools import cycle, islice
from random import Random

from canonical import canonical
from general import ABOUT, Article, article
from naming import QUALIFIED, REPLICAS, SHARE, attributed, pattern_of, renaming, replaced
from restating import restated
from rivals import all_asked, beside, mentioned, named_as_values, rival
from statements import Asked, StatedChunk, stated_chunks
from wording import READ, TRAINED, Words, made, scored_for

from labkit.corpus import Relation, handbook
from labkit.corpus.phrases_train import TRAIN
from labkit.tasks.questions_train import TRAIN_QUESTIONS

PAGES = 60
"""Of each training handbook: ten cells, so that a passage's rivals are among the chunks at hand."""

HANDBOOKS = 40
SIZES = (32, 64, 128)
"""Tokens of the chunks that passages are; the last is the course's own size."""


@dataclass(frozen=True)
class Asking:
    """A question on passages.

    Attributes:
        question: The question.
        answers: By passage: the characters of its answer, or None where it holds none.
    """

    question: str
    answers: tuple[tuple[int, int] | None, ...]


@dataclass(frozen=True)
class Reading:
    """Passages, youngest first, and questions on them."""

    passages: tuple[str, ...]
    askings: tuple[Asking, ...]

    def answer(self, asking: Asking) -> str | None:
        """The answer in words, of the first passage that holds one."""
        for text, span in zip(self.passages, asking.answers, strict=True):
            if span:
                return text[span[0] : span[1]]
        return None


def reading(random: Random, questions: int = 6, *, fill: bool = False, doubt: float = 0.75) -> Reading:
    """One set of passages with at most so many questions; about one in five has no answer there.

    Args:
        random: Decides everything.
        questions: Most questions.
        fill: Ask for the facts that are there in other words again, until there are as many questions.
        doubt: Most draws, for each question, from what the passages come near; most of those are not answered there.
    """
    if random.random() < 0.2:
        return _general(random, questions)
    seed = random.randrange(HANDBOOKS)
    return _renamed(_handbook(random, seed, questions, fill=fill, doubt=doubt), seed, random)


def single(random: Random, questions: int = 5, *, fill: bool = False, words: Words = READ) -> Reading:
    """One passage and at most so many questions on it, of which about half have no answer there.

    A reader that takes each of four passages by itself must not be wrong about any of the three that do not answer:
    what it has to learn is mostly to tell the right property of the right name from its neighbours.

    Args:
        random: Decides everything.
        questions: Most questions.
        fill: Ask for the facts that are there in other words again, until there are as many questions.
        words: In what words facts are asked for and stated.
    """
    doubted = questions // 2
    if random.random() < 0.15 and words is READ:
        made = _general(random, questions, most=1)
        answered = [asking for asking in made.askings if any(asking.answers)][: questions - doubted]
        return Reading(made.passages, (*answered, *(each for each in made.askings if not any(each.answers))))
    seed = random.randrange(HANDBOOKS)
    everything = _chunks(seed, random.choices(SIZES, (3, 3, 5))[0])
    held = restated(
        random.choice([each for each in everything if each.statements or random.random() < 0.05]), random, words
    )
    stated = list(dict.fromkeys(statement.asked for statement in held.statements))
    named = [*stated, *named_as_values(held)]
    named = named or [asked for asked in all_asked(everything) if asked[0] in held.chunk.text][:4]
    nearby = mentioned(everything, [held])
    draws = questions if fill else doubted  # some are drawn twice, and some are stated after all
    drawn = [beside(everything, named, nearby, random) for _ in range(draws if named else 0)]
    missing = [each for each in (*held.missed, *drawn) if each not in stated]
    random.shuffle(missing)
    present = random.sample(stated, min(questions - doubted, len(stated)))
    asked = [*present, *list(dict.fromkeys(missing))[:doubted]]
    if fill:
        asked += islice(cycle(present), questions - doubted - len(present))
    askings = tuple(Asking(worded(each, random, words), (_place(held, each),)) for each in asked)
    return _renamed(Reading((held.chunk.text,), askings), seed, random)


def wordings(relation: Relation) -> tuple[str, ...]:
    """Questions for a relation: those of the train split, and its statements and labels turned into questions."""
    asked = "how many" if relation.numeric else "who" if relation is Relation.ON_CALL else "which"
    asked = "how much" if relation is Relation.PRICE else asked
    turned = (
        template.removesuffix(".").replace("${value}", asked).replace("{value}", asked) + "?"
        for template in TRAIN.statements[relation]
    )
    labelled = (
        form for label in TRAIN.labels[relation] for form in (f"{{entity}}: {label}?", f"{label} of {{entity}}?")
    )
    return (*TRAIN_QUESTIONS.one_hop[relation], *turned, *labelled)


def worded(asked: Asked, random: Random, words: Words = TRAINED) -> str:
    """A question for a fact, in one of its wordings or in one put together from parts; a true question most often."""
    name, relation = asked
    if random.random() < words.plain:
        question = canonical(relation, name)
    elif random.random() < words.made:
        question = made(words.asked[relation], scored_for(relation), random, named=not name.startswith("the ")).format(
            e=name
        )
    else:
        forms = wordings(relation)
        proper = len(TRAIN_QUESTIONS.one_hop[relation])
        template = random.choice(forms[:proper] if random.random() < 0.6 else forms[proper:])
        question = template.format(entity=name)
    return question if question.startswith(name) else question[0].upper() + question[1:]


@cache
def _chunks(seed: int, size: int) -> list[StatedChunk]:
    return stated_chunks(handbook(PAGES, 3, seed, "train"), size)


@cache
def _names(seed: int) -> re.Pattern[str]:
    """All names of a handbook, of its entities and those that its facts have as values; and the word "replicas"."""
    found = {REPLICAS}
    for fact in handbook(PAGES, 3, seed, "train").facts:
        values = () if fact.relation.numeric else (fact.value, fact.stale_value)
        found.update(name for name in (fact.entity, *values) if name)
    return pattern_of(found)


def _renamed(sample: Reading, seed: int, random: Random) -> Reading:
    """The sample with new names for everything that bears one, and now and then for its replicas, or as it is."""
    pattern, new = _names(seed), dict[str, str]()
    if random.random() < SHARE:
        texts = [*sample.passages, *(asking.question for asking in sample.askings)]
        names = dict.fromkeys(name for text in texts for name in pattern.findall(text))
        new = renaming(random, [name for name in names if name != REPLICAS])
    asked = dict(new)
    for words in (new, asked):
        if random.random() < QUALIFIED:
            words[REPLICAS] = attributed(random)
    made = [
        replaced(text, [asking.answers[place] for asking in sample.askings], pattern, new)
        for place, text in enumerate(sample.passages)
    ]
    return Reading(
        tuple(text for text, _ in made),
        tuple(
            Asking(replaced(asking.question, [], pattern, asked)[0], tuple(spans[number] for _, spans in made))
            for number, asking in enumerate(sample.askings)
        ),
    )


def _handbook(random: Random, seed: int, questions: int, *, fill: bool, doubt: float) -> Reading:
    everything = _chunks(seed, random.choices(SIZES, (3, 3, 4))[0])
    stating = [held for held in everything if held.statements]
    anchor = random.choice(stating)
    wanted = random.choice(anchor.statements)
    chosen = [anchor]
    for _ in range(random.choices((0, 1, 2, 3), (1, 1, 2, 6))[0]):
        other = rival(everything, wanted.asked, random)
        if other not in chosen:
            chosen.append(other)
    chosen = [restated(held, random) for held in chosen]
    random.shuffle(chosen)
    chosen.sort(key=lambda held: -(held.chunk.updated.toordinal() if held.chunk.updated else 0))

    stated = list(dict.fromkeys(statement.asked for held in chosen for statement in held.statements))
    random.shuffle(stated)
    asked = [wanted.asked, *(each for each in stated if each != wanted.asked)]
    named = [*stated, *(each for held in chosen for each in named_as_values(held))]
    nearby = mentioned(everything, chosen)
    most = random.randint(0, max(1, int(doubt * questions)))
    drawn = dict.fromkeys(beside(everything, named, nearby, random) for _ in range(most))
    missing = [each for each in drawn if each not in stated][: questions - 1]
    asked = asked[: questions - len(missing)] + missing
    if fill:
        asked += list(islice(cycle(stated), questions - len(asked)))
    return Reading(
        tuple(held.chunk.text for held in chosen),
        tuple(Asking(worded(each, random, READ), tuple(_place(held, each) for held in chosen)) for each in asked),
    )


def _place(held: StatedChunk, asked: Asked) -> tuple[int, int] | None:
    found = next((statement for statement in held.statements if statement.asked == asked), None)
    return (found.start, found.end) if found else None


def _general(random: Random, questions: int, most: int = 4) -> Reading:
    first = article(random)
    others = min(most - 1, random.choices((0, 1, 2, 3), (2, 1, 1, 3))[0])
    articles = [first, *(article(random, first.sort if random.random() < 0.5 else None) for _ in range(others))]
    random.shuffle(articles)
    told = [(number, each) for number, text in enumerate(articles) for each in text.told]
    askings = []
    for number, each in random.sample(told, min(len(told), questions - 1)):
        spans = [(each.start, each.end) if place == number else None for place in range(len(articles))]
        askings.append(Asking(random.choice(each.relation.questions()).format(e=each.entity), tuple(spans)))
    missing = _untold(random.choice(articles), random)
    if missing:
        askings.append(Asking(missing, (None,) * len(articles)))
    return Reading(tuple(text.text for text in articles), tuple(askings))


def _untold(text: Article, random: Random) -> str | None:
    told = {each.relation for each in text.told}
    silent = [relation for relation in ABOUT[text.sort] if relation not in told]
    return random.choice(random.choice(silent).questions()).format(e=text.entity) if silent else None
