"""What every stage must keep: the two-hop answer, its citations, access control; and one change a stage."""

from dataclasses import dataclass, fields, replace
from itertools import pairwise

import pytest

from labkit import baseline
from labkit.documents import Access, Citation, Document, Principal
from labkit.errors import AccessRefused, BadArgument, EmptyCorpus, UnknownTenant
from labkit.stages import _STAGES, LEARNER, LONGEST_QUESTION, Application, SixFacts, stage, stage_4_model
from labkit.tasks.normalisation import numbers_in

pytestmark = pytest.mark.usefixtures("ray_cluster")

SERVED = 4
"""From this stage on vLLM answers."""

NUMBERS = sorted(_STAGES)
STAGES = [pytest.param(n, marks=pytest.mark.vllm) if n >= SERVED else n for n in NUMBERS]
PARTS = [field.name for field in fields(Application) if field.name != "corpus"]


@dataclass(frozen=True)
class Documents:
    """A corpus of given documents."""

    documents: tuple[Document, ...]
    tenants: tuple[str, ...]

    def __iter__(self):
        return iter(self.documents)


@pytest.mark.parametrize("number", STAGES)
def test_two_hop_invariant(number):
    answer = stage(number).ask(baseline.QUESTION, LEARNER)
    assert numbers_in(answer.text) == {"8"}


@pytest.mark.parametrize("number", STAGES)
def test_both_facts_are_cited(number):
    answer = stage(number).ask(baseline.QUESTION, LEARNER)
    assert answer.citations == (
        Citation("0", "document 0", 0, len(baseline.DOCUMENTS[0])),
        Citation("1", "document 1", 0, len(baseline.DOCUMENTS[1])),
    )


@pytest.mark.parametrize("number", STAGES)
def test_a_fact_of_another_tenant_is_not_used(number):
    private = tuple(
        replace(document, access=Access("bolt")) if document.id == "1" else document for document in SixFacts()
    )
    application = stage(number).over(Documents(private, ("acme", "bolt")))
    assert numbers_in(application.ask(baseline.QUESTION, Principal("owner", "bolt")).text) == {"8"}
    refused = application.ask(baseline.QUESTION, Principal("other", "acme"))
    assert refused.abstained
    assert "eight" not in str(refused)
    assert "8" not in refused.text


def test_a_stage_replaces_exactly_one_part():
    # Stage 4 is the documented exception: two steps of one part each.
    steps = [*map(stage, range(4)), stage_4_model(), *map(stage, range(4, len(NUMBERS)))]
    for before, after in pairwise(steps):
        assert sum(getattr(before, part) != getattr(after, part) for part in PARTS) == 1


def test_stage_0_is_the_one_file():
    application = stage(0)
    for hop in baseline.answer():
        [passage] = application.retrieve(hop.question, 1, LEARNER)
        assert passage.chunk.document_id == str(hop.document)
    assert application.ask(baseline.QUESTION, LEARNER).text == baseline.answer()[-1].value


def test_the_trace_tells_every_step():
    steps = stage(0).ask(baseline.QUESTION, LEARNER).trace.steps
    assert [(step.name, step.result) for step in steps] == [
        ("retrieve", "document 0"),
        ("read", "orion"),
        ("retrieve", "document 1"),
        ("read", "8"),
    ]
    assert all(step.seconds > 0 for step in steps)


def test_questions_without_a_principal_or_from_strangers_are_refused():
    with pytest.raises(AccessRefused, match="principal is None"):
        stage(0).ask(baseline.QUESTION, None)
    with pytest.raises(UnknownTenant, match="tenant 'bolt'"):
        stage(0).ask(baseline.QUESTION, Principal("stranger", "bolt"))


@pytest.mark.parametrize("question", ["", " \n", "x" * (LONGEST_QUESTION + 1), "x" * 100_000])
def test_questions_that_are_none_are_refused(question):
    with pytest.raises(BadArgument, match="question"):
        stage(0).ask(question, LEARNER)


def test_an_empty_corpus_is_named():
    with pytest.raises(EmptyCorpus, match="0 chunks"):
        stage(0).over(Documents((Document("a", " "),), ("course",))).ask(baseline.QUESTION, LEARNER)


@pytest.mark.parametrize("number", [-1, 9])
def test_an_unknown_stage_is_named(number):
    with pytest.raises(BadArgument, match=f"no stage {number}"):
        stage(number)
