"""Writing a planned page as Markdown."""

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random

from labkit.corpus.layout import Claim, PageKind, PagePlan
from labkit.corpus.phrases import Phrases, in_cell, in_prose
from labkit.corpus.prose import TOPIC_OF, Prose, Topic
from labkit.corpus.world import World

FEWEST_WORDS, MOST_WORDS = 130, 300
"""Range from which the length of a page is drawn; its last paragraph may overshoot by a sentence."""

_TABULAR = frozenset({PageKind.PRICES, PageKind.ROSTER, PageKind.CAPACITY})


@dataclass
class _Parts:
    """The facts of a page, sorted by the form in which they are stated."""

    sentences: list[str]
    bullets: list[str]
    rows: list[str]


class Renderer:
    """Writes pages of one handbook.

    Args:
        world: What is true.
        phrases: How facts are worded.
        prose: What stands around them.
    """

    def __init__(self, world: World, phrases: Phrases, prose: Prose) -> None:
        self._world, self._phrases, self._prose = world, phrases, prose

    def render(self, plan: PagePlan) -> tuple[str, str]:
        """Title and text of a page."""
        random = self._world.draws.generator("text", plan.number)
        section = self._prose.sections[plan.kind]
        name = self._world.name(plan.subject) if plan.subject else ""
        parts = self._parts(plan, random)
        fillers = self._fillers(plan.kind, name, random)
        title = random.choice(section.titles).format(name=name)
        opening = random.choice(section.openings).format(name=name)
        listed = [item.format(name=name) for item in _some(section.listed, random)]
        target = random.randint(FEWEST_WORDS, MOST_WORDS) - _words(opening, *parts.sentences, *parts.bullets, *listed)

        body = _mixed(parts.sentences, _until(fillers, target // 2), random)
        details = [_bulleted(parts.bullets), self._table(parts.rows)]
        if not any(details):
            details = [" ".join(_until(fillers, target // 4))]
        closing = " ".join(_until(fillers, target // 2))
        dated = random.choice(self._prose.updated).format(date=plan.updated.isoformat())
        first, second, third = (f"## {heading}" for heading in section.headings)
        blocks = [f"# {title}", dated, opening, first, *body, second, *details, third, _bulleted(listed), closing]
        return title, "\n\n".join(block for block in blocks if block) + "\n"

    def _parts(self, plan: PagePlan, random: Random) -> _Parts:
        parts = _Parts([], [], [])
        weights = (2, 1, 5) if plan.kind in _TABULAR else (6, 2, 2)
        for claim in plan.claims:
            form = random.choices(("sentence", "bullet", "row"), weights)[0]
            if form == "sentence":
                parts.sentences.append(self._sentence(plan, claim, random))
            elif form == "bullet":
                parts.bullets.append(self._bullet(plan, claim, random))
            else:
                parts.rows.append(self._row(plan, claim, random))
        return parts

    def _sentence(self, plan: PagePlan, claim: Claim, random: Random) -> str:
        template = random.choice(self._phrases.statements[claim.relation])
        spelled = random.random() < 0.4 and not template.startswith("{value}")
        value = in_prose(claim.relation, self._value(plan, claim), spelled=spelled)
        text = template.format(entity=self._world.name(claim.ref), value=value)
        # A superseded sentence always bears its date, a current one often enough that a date alone tells nothing.
        if plan.superseded or random.random() < 0.4:
            text = _before_stop(text, random.choice(self._phrases.dated).format(date=plan.updated.isoformat()))
        return _before_stop(text, self._reference(claim, random))

    def _bullet(self, plan: PagePlan, claim: Claim, random: Random) -> str:
        label, value = self._labelled(plan, claim, random)
        text = random.choice(self._phrases.bullets).format(label=label, entity=self._world.name(claim.ref), value=value)
        return f"{text} {self._reference(claim, random)}".rstrip()

    def _row(self, plan: PagePlan, claim: Claim, random: Random) -> str:
        label, value = self._labelled(plan, claim, random)
        value = f"{value} {self._reference(claim, random)}".rstrip()
        return f"| {self._world.name(claim.ref)} | {label} | {value} |"

    def _labelled(self, plan: PagePlan, claim: Claim, random: Random) -> tuple[str, str]:
        label = random.choice(self._phrases.labels[claim.relation])
        return label, in_cell(claim.relation, self._value(plan, claim))

    def _reference(self, claim: Claim, random: Random) -> str:
        canary = self._world.canary(claim.ref, claim.relation)
        return random.choice(self._phrases.referenced).format(canary=canary) if canary else ""

    def _value(self, plan: PagePlan, claim: Claim) -> str:
        at = self._world.stale_value if plan.superseded else self._world.value
        return at(claim.ref, claim.relation)

    def _fillers(self, kind: PageKind, name: str, random: Random) -> Iterator[str]:
        """Fillers in random order, the page's own topic first, each at most once."""
        for topic in dict.fromkeys((TOPIC_OF[kind], Topic.GENERAL)):
            fillers = self._prose.fillers[topic]
            for filler in random.sample(fillers, len(fillers)):
                yield filler.format(name=name, n=random.randint(2, 90))

    def _table(self, rows: list[str]) -> str:
        if not rows:
            return ""
        return "\n".join(["| " + " | ".join(self._prose.columns) + " |", "| --- | --- | --- |", *rows])


def _before_stop(sentence: str, ending: str) -> str:
    return f"{sentence.removesuffix('.')} {ending}." if ending else sentence


def _words(*texts: str) -> int:
    return sum(len(text.split()) for text in texts)


def _some(items: tuple[str, ...], random: Random) -> list[str]:
    """Most of the items, in their order: a timeline or a procedure must not be shuffled."""
    kept = random.randint(max(2, len(items) - 2), len(items))
    return [items[place] for place in sorted(random.sample(range(len(items)), kept))]


def _until(fillers: Iterator[str], words: int) -> list[str]:
    """Take sentences until they amount to so many words."""
    taken: list[str] = []
    while words > 0 and (filler := next(fillers, None)):
        taken.append(filler)
        words -= _words(filler)
    return taken


def _mixed(statements: list[str], fillers: list[str], random: Random) -> list[str]:
    """Statements and fillers in paragraphs of up to four sentences."""
    sentences = statements + fillers
    random.shuffle(sentences)
    return [" ".join(sentences[start : start + 4]) for start in range(0, len(sentences), 4)]


def _bulleted(items: list[str]) -> str:
    return "\n".join(f"- {item}" for item in items)
