"""A second small world beside the handbook: people, books, cities, told in short articles.

Everything here is invented. It is there for breadth: a model that has only ever read about clusters would take every
question for one about clusters. Relations form chains, as in public multi-hop questions ("Who wrote ...?" "Where was
#1 born?").
"""

from dataclasses import dataclass
from random import Random

from labkit.corpus.names import Entity, Names, Split


@dataclass(frozen=True)
class General:
    """A relation of the second world; slots ``{e}`` for the entity and ``{v}`` for the value.

    Attributes:
        subject: Sort of the entity.
        value: Sort of the value.
        noun: What the value is of the entity.
        wh: The question word that goes with the noun.
        statement: One wording of the fact.
        question: One wording of the question.
        described: The value as a phrase that can stand in for its name.
    """

    subject: str
    value: str
    noun: str
    wh: str
    statement: str
    question: str
    described: str

    def statements(self) -> tuple[str, ...]:
        """All wordings of the fact."""
        return (
            f"{self.statement}.",
            f"The {self.noun} of {{e}} is {{v}}.",
            f"{{e}}'s {self.noun} is {{v}}.",
            f"{{v}} is known as the {self.noun} of {{e}}.",
        )

    def questions(self) -> tuple[str, ...]:
        """All wordings of the question."""
        return (
            f"{self.question}?",
            f"{self.wh} is the {self.noun} of {{e}}?",
            f"{self.wh} is {{e}}'s {self.noun}?",
            f"Name the {self.noun} of {{e}}.",
        )

    def phrases(self) -> tuple[str, ...]:
        """All phrases that stand for the value."""
        return self.described, f"the {self.noun} of {{e}}", f"{{e}}'s {self.noun}"


_TABLE = """
book|person|author|Who|{v} wrote {e}|Who wrote {e}|the person who wrote {e}
book|company|publisher|What|{e} was brought out by {v}|Which house brought out {e}|the house that brought out {e}
book|number|page count|What|{e} has {v} pages|How many pages does {e} have|the number of pages in {e}
book|year|year of publication|What|{e} first appeared in {v}|When did {e} first appear|the year {e} appeared
film|person|director|Who|{e} was directed by {v}|Who directed {e}|the person who directed {e}
film|person|leading actor|Who|{v} plays the lead in {e}|Who plays the lead in {e}|the actor who leads {e}
film|number|running time in minutes|What|{e} lasts {v} minutes|How many minutes does {e} last|the length of {e}
person|city|birthplace|What|{e} was born in {v}|Where was {e} born|the city where {e} was born
person|person|spouse|Who|{e} is married to {v}|To whom is {e} married|the person married to {e}
person|company|employer|What|{e} works for {v}|For whom does {e} work|the firm that employs {e}
person|craft|profession|What|{e} earns a living as a {v}|What does {e} do for a living|the trade of {e}
person|year|year of birth|What|{e} came into the world in {v}|In what year was {e} born|the year {e} was born
person|person|teacher|Who|{e} studied under {v}|Under whom did {e} study|the one who taught {e}
city|person|mayor|Who|{v} governs the city of {e}|Who governs the city of {e}|the head of the town hall of {e}
city|country|country|What|{e} is a city in {v}|In which country is {e}|the country in which {e} lies
city|number|population|What|{e} has {v} inhabitants|How many people live in {e}|the number of people in {e}
city|river|river|What|{e} lies on the river {v}|On which river does {e} lie|the water that runs through {e}
country|city|capital|What|{e} is governed from {v}|From which city is {e} governed|the seat of government of {e}
country|person|president|Who|{e} elected {v}|Whom did {e} elect|the head of state of {e}
country|colour|national colour|What|the flag of {e} is {v}|What colour is the flag of {e}|the colour of the flag of {e}
company|person|founder|Who|{v} founded {e}|Who founded {e}|the person who started {e}
company|city|headquarters|What|{e} has its head office in {v}|Where does {e} have its head office|where {e} has its seat
company|number|number of employees|What|{e} employs {v} people|How many work for {e}|the staff of {e}
company|product|main product|What|{e} mostly sells {v}|What does {e} mostly sell|the goods that {e} sells
river|number|length in kilometres|What|{e} flows for {v} kilometres|How long is {e}|the distance {e} covers
river|city|mouth|What|{e} meets the sea at {v}|Where does {e} meet the sea|the port at the end of {e}
bridge|person|architect|Who|{v} designed {e}|Who designed {e}|the person who drew the plans of {e}
bridge|number|height in metres|What|{e} is {v} metres high|How high is {e}, in metres|the height of {e}
bridge|year|opening year|What|{e} was opened in {v}|When was {e} opened|the year {e} was opened
band|person|singer|Who|{v} sings in {e}|Who sings in {e}|the voice of {e}
band|city|home town|What|{e} was formed in {v}|Where was {e} formed|the place where {e} came together
band|company|label|What|{e} records for {v}|For which label does {e} record|the firm that releases {e}
museum|city|location|What|{e} stands in {v}|In which city does {e} stand|the city that houses {e}
museum|person|curator|Who|{e} is run by {v}|Who runs {e}|the person who runs {e}
ship|person|captain|Who|{v} commands {e}|Who commands {e}|the one in command of {e}
ship|city|home port|What|{e} sails from {v}|From where does {e} sail|the harbour that {e} sails from
"""
RELATIONS = tuple(General(*line.split("|")) for line in _TABLE.strip().splitlines())
ABOUT = {sort: [known for known in RELATIONS if known.subject == sort] for sort in {r.subject for r in RELATIONS}}

_FIRST = "Ada Bruno Clara David Elena Felix Greta Hugo Irene Jonas Karin Louis Maria Paul Rosa Simon Walter Zoe".split()
_LAST = "Adler Baker Castell Dumas Ericson Fischer Garner Holm Keller Lindt Moreau Parker Quinn Rossi Weber".split()
_ADJECTIVES = "Silent Golden Broken Northern Paper Hidden Crimson Last Winter Hollow Distant Iron".split()
_NOUNS = "Harbour Garden River Letter Mountain Orchard Mirror Station Lantern Island Window Kingdom".split()
_LISTS = {
    "craft": "painter botanist carpenter lawyer pianist geologist journalist tailor pilot chemist".split(),
    "colour": "green|crimson|pale blue|amber|violet|silver|dark red".split("|"),
    "product": "bicycles|paper|glass bottles|clocks|tea|tractors|wool|maps|violins|paint".split("|"),
}
_FILLERS = (
    "Visitors are often surprised by this.",
    "Little else has been written down about it.",
    "Several accounts from that time have been lost.",
    "A short notice in the local paper confirmed as much.",
    "For many years nobody paid attention.",
    "The weather there is said to be mild in spring.",
    "Opinions on the matter still differ.",
)


def name_of(sort: str, random: Random) -> str:
    """An invented name or value of a sort."""
    if sort == "number":
        return f"{random.choice((random.randint(2, 99), random.randint(100, 999), random.randint(1000, 99999))):,}"
    if sort == "year":
        return str(random.randint(1702, 2024))
    if sort in _LISTS:
        return random.choice(_LISTS[sort])
    if sort in {"book", "film", "band", "ship", "museum"} and random.random() < 0.6:
        return f"The {random.choice(_ADJECTIVES)} {random.choice(_NOUNS)}"
    if sort == "person" and random.random() < 0.5:
        return f"{random.choice(_FIRST)} {random.choice(_LAST)}"
    entity = Entity.PERSON if sort == "person" else Entity.REGION
    return Names(Split.TRAIN, random.randrange(1 << 30)).of(entity, random.randrange(50_000))


@dataclass(frozen=True)
class Told:
    """A fact of an article: ``text[start:end]`` is its value."""

    relation: General
    entity: str
    start: int
    end: int


@dataclass(frozen=True)
class Article:
    """A short text about one entity."""

    text: str
    told: tuple[Told, ...]
    entity: str
    sort: str


def article(random: Random, sort: str | None = None) -> Article:
    """An article of two to five facts about one entity, at times with "it" in place of its name."""
    sort = sort or random.choice(sorted(ABOUT))
    entity = name_of(sort, random)
    relations = random.sample(ABOUT[sort], min(len(ABOUT[sort]), random.randint(2, 5)))
    text, told = "", []
    for place, relation in enumerate(relations):
        template = random.choice(relation.statements())
        pronoun = place > 0 and template.startswith("{e} ") and random.random() < 0.4
        spoken = {"person": "This person"}.get(sort, "It") if pronoun else entity
        before, after = template.format(e=spoken, v="\0").split("\0")
        start = len(text) + len(before)
        value = name_of(relation.value, random)
        text += _opening(before) + value + after + " "
        told.append(Told(relation, entity, start, start + len(value)))
        if random.random() < 0.3:
            text += random.choice(_FILLERS) + " "
    return Article(text.strip(), tuple(told), entity, sort)


def _opening(before: str) -> str:
    """How a sentence begins: articles are written in small letters inside phrases."""
    return before[:1].upper() + before[1:] if before.startswith("the ") else before
