"""From a chain to a task: wording, gold hops, accepted answers, and what a leak would show."""

from dataclasses import dataclass
from itertools import product

from labkit.corpus.draws import Draws
from labkit.corpus.facts import Fact
from labkit.corpus.generator import Handbook
from labkit.corpus.names import Entity, Split
from labkit.corpus.world import PRIVATE_ENTITIES
from labkit.documents import Principal
from labkit.tasks.arithmetic import accepted_forms, expression, result
from labkit.tasks.chains import Chain, Link
from labkit.tasks.questions import Questions
from labkit.tasks.questions_heldout import HELDOUT_QUESTIONS
from labkit.tasks.questions_train import TRAIN_QUESTIONS
from labkit.tasks.task import NOTHING_FORBIDDEN, Forbidden, Hop, Kind, Skill, Task

QUESTIONS: dict[Split, Questions] = {Split.TRAIN: TRAIN_QUESTIONS, Split.HELDOUT: HELDOUT_QUESTIONS}
_LONG_NUMBER = 1000


@dataclass(frozen=True)
class Draft:
    """A chain with one of its wordings: everything that makes a task but its id."""

    kind: Kind
    chain: Chain
    wording: str


class Drafter:
    """Writes the tasks of one handbook.

    Args:
        handbook: Where the facts are.
        draws: Decides who asks and how sub-questions are worded.
    """

    def __init__(self, handbook: Handbook, draws: Draws) -> None:
        self._handbook, self._draws = handbook, draws
        self._questions = QUESTIONS[handbook.split]
        self._facts: dict[Link, Fact | None] = {}

    def stated(self, link: Link) -> bool:
        """Whether a page states the fact of this link."""
        return self._fact(link) is not None

    def on_one_page(self, chain: Chain) -> bool:
        """Whether a single page states all the facts of this chain."""
        pages = [set(fact.documents) for link in chain.links if (fact := self._fact(link))]
        return bool(set.intersection(*pages))

    def task(self, draft: Draft, task_id: str) -> Task:
        """The task of a draft."""
        chain, world = draft.chain, self._handbook.world
        other = world.name(chain.other) if chain.other else ""
        facts = [self._fact(link) for link in chain.links]
        known = [fact for fact in facts if fact]
        answers = self._answers(chain, known) if len(known) == len(facts) else ()
        readable = known if draft.kind is not Kind.FORBIDDEN else []
        return Task(
            id=task_id,
            kind=draft.kind,
            question=draft.wording.format(entity=world.name(chain.subject), other=other),
            accepted=answers if draft.kind.answerable else (),
            principal=self._principal(draft, task_id),
            supporting=tuple(dict.fromkeys(page for fact in readable for page in fact.documents)),
            hops=self._hops(draft, task_id),
            expression=self._expression(chain, known) if draft.kind.answerable else None,
            forbidden=self._forbidden(chain, known, answers) if draft.kind is Kind.FORBIDDEN else NOTHING_FORBIDDEN,
            outdated=self._outdated(chain, known, answers) if draft.kind.answerable else (),
        )

    def _fact(self, link: Link) -> Fact | None:
        if link not in self._facts:
            known = link.ref.entity is not Entity.ABSENT
            self._facts[link] = self._handbook.facts.get(link.ref, link.relation) if known else None
        return self._facts[link]

    def _answers(self, chain: Chain, facts: list[Fact]) -> tuple[str, ...]:
        if not chain.sum:
            return accepted_forms(facts[-1].value, facts[-1].relation)
        return accepted_forms(result(chain.sum, _numbers(facts)), chain.sum)

    def _expression(self, chain: Chain, facts: list[Fact]) -> str | None:
        return expression(chain.sum, _numbers(facts)) if chain.sum else None

    def _outdated(self, chain: Chain, facts: list[Fact], answers: tuple[str, ...]) -> tuple[str, ...]:
        """What one gets from the superseded pages of the entities on the way."""
        if not chain.sum:
            return (facts[-1].stale_value,) if facts[-1].stale_value else ()
        operands = [fact for fact in facts if fact.relation.numeric]
        choices = product(*((fact.value, fact.stale_value or fact.value) for fact in operands))
        results = dict.fromkeys(result(chain.sum, choice) for choice in choices)
        return tuple(found for found in results if found not in answers)

    def _hops(self, draft: Draft, task_id: str) -> tuple[Hop, ...]:
        """The gold solution as this principal can follow it; what cannot be read has no answer and no documents."""
        chain, hops = draft.chain, list[Hop]()
        for place, link in enumerate(chain.links):
            template = self._draws.pick(self._questions.one_hop[link.relation], "hop", task_id, place)
            given = f"#{link.after}" if link.after else self._handbook.world.name(link.ref)
            reached = hops[link.after - 1].answer if link.after else given
            fact = self._fact(link) if reached and draft.kind is not Kind.FORBIDDEN else None
            plan, question = template.format(entity=given), template.format(entity=reached or given)
            hops.append(Hop(plan, question, fact.value if fact else "", fact.documents if fact else ()))
        if chain.sum:
            places = [place for place, link in enumerate(chain.links) if link.relation.numeric]
            plan = expression(chain.sum, [f"#{place + 1}" for place in places])
            numbers = [hops[place].answer for place in places]
            known = all(numbers)
            answer = result(chain.sum, numbers) if known else ""
            hops.append(Hop(plan, expression(chain.sum, numbers) if known else plan, answer, (), Skill.CALCULATE))
        return tuple(hops)

    def _principal(self, draft: Draft, task_id: str) -> Principal:
        """Who asks: the owner of a private chain, or for a forbidden task anyone but those who may read it."""
        book, ref = self._handbook, draft.chain.subject
        if ref.entity not in PRIVATE_ENTITIES:
            return book.principal(self._owner(self._draws.integer("asker", task_id) % book.owning_tenants))
        owner, groups = self._owner(ref.number), book.world.groups_of(ref.number)
        if draft.kind is not Kind.FORBIDDEN:
            return book.principal(owner, groups)
        if groups and self._draws.integer("insider", task_id) % 2:
            return book.principal(owner)
        others = self._draws.between(1, book.owning_tenants - 1, "outsider", task_id)
        asker = self._owner(others)
        # The first pages serve each owning tenant once, so page 0 stands in when the draw hit the owner itself.
        return book.principal(asker if asker != owner else self._owner(0))

    def _owner(self, private: int) -> str:
        return self._handbook.tenants[self._handbook.world.tenant_of(private)]

    def _forbidden(self, chain: Chain, facts: list[Fact], answers: tuple[str, ...]) -> Forbidden:
        """What only the private pages say: canaries, private names, and numbers too long to turn up by chance."""
        markers, documents = list[str](), dict[str, None]()
        for link, fact in zip(chain.links, facts, strict=True):
            if fact.canary is None:
                continue
            markers.append(fact.canary)
            documents.update(dict.fromkeys(fact.documents))
            if fact.relation.numeric and float(fact.value) >= _LONG_NUMBER:
                markers += [fact.value, f"{int(fact.value):,}"]
            elif not fact.relation.numeric and self._handbook.world.target(*link[:2]).entity in PRIVATE_ENTITIES:
                markers.append(fact.value)
        return Forbidden(answers, tuple(markers), tuple(documents))


def _numbers(facts: list[Fact]) -> list[str]:
    return [fact.value for fact in facts if fact.relation.numeric]
