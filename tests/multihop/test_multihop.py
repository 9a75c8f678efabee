"""The graph goes from hop to hop, stops where it must, and says what each node did."""

from dataclasses import replace

import pytest
from scripted import Scripted

from labkit import baseline
from labkit.agents import SingleShot
from labkit.documents import UNKNOWN, Access, Chunk, Passage, Principal
from labkit.errors import BadArgument
from labkit.multihop import MultiHop
from labkit.multihop.agent import GRAPH
from labkit.reading import TemplateReader
from labkit.serving import LanguageModel
from labkit.skills import asked_in_vain
from labkit.stages import LEARNER, stage

ADA = Principal("ada", "acme")
QUESTION = "How many replicas does the cluster that serves kelmar run?"
HOP_1, HOP_2 = "Which cluster does kelmar run on?", "How many replicas does orion run?"
PLAN = (HOP_1, "How many replicas does #1 run?")
FACTS = {HOP_1: "kelmar is served by orion.", HOP_2: "orion runs eight replicas.", "other": "lyra is in Oslo."}


def passage(name: str, text: str) -> Passage:
    return Passage(Chunk(f"{name}#0", name, text, 0, len(text), f"page {name}", Access("acme")), 0.9)


class Shelf:
    """A retriever that finds what it was told to, and remembers for whom it searched."""

    def __init__(self, facts=FACTS):
        self.facts, self.calls = facts, []

    def __call__(self, query, k, principal):
        self.calls.append((query, k, principal))
        rest = [text for text in self.facts.values() if text != self.facts.get(query)]
        texts = [self.facts[query], *rest] if query in self.facts else rest
        names = {text: str(number) for number, text in enumerate(self.facts.values())}
        return [passage(names[text], text) for text in texts[:k]]


def run(chat: Scripted, agent: MultiHop | None = None, question: str = QUESTION, shelf: Shelf | None = None):
    shelf = shelf or Shelf()
    return (agent or MultiHop()).answer(question, ADA, shelf, LanguageModel(chat=chat)), shelf


def two_hops(**changes) -> Scripted:
    return Scripted(**{"plans": {QUESTION: PLAN}, "answers": {HOP_1: "orion", HOP_2: "eight"}, **changes})


def test_the_second_hop_asks_with_the_first_answer():
    answer, shelf = run(two_hops())
    assert answer.text == "eight"
    assert [citation.document_id for citation in answer.citations] == ["0", "1"]
    assert not answer.failure
    assert shelf.calls == [(HOP_1, 2, ADA), (HOP_2, 2, ADA)]


def test_every_node_leaves_its_step():
    steps = run(two_hops())[0].trace.steps
    assert [(step.name, step.given, step.result) for step in steps] == [
        ("plan", QUESTION, f'["{PLAN[0]}", "{PLAN[1]}"]'),
        ("substitute", PLAN[0], HOP_1),
        ("retrieve", HOP_1, "page 0, page 1"),
        ("read", HOP_1, "orion"),
        ("substitute", PLAN[1], HOP_2),
        ("retrieve", HOP_2, "page 1, page 0"),
        ("read", HOP_2, "eight"),
    ]
    assert all(step.seconds > 0 for step in steps)
    assert [bool(step.input_tokens and step.output_tokens) for step in steps] == [
        step.name in {"plan", "read"} for step in steps
    ]
    assert [step.documents for step in steps if step.name == "retrieve"] == [("0", "1"), ("1", "0")]


def test_the_trace_is_a_table_and_the_graph_can_be_drawn():
    trace = run(two_hops())[0].trace
    assert str(trace.table()).splitlines()[0].split() == ["step", "given", "result", "tokens", "seconds"]
    assert len(trace.table().rows) == len(trace.steps)
    assert "<td>orion</td>" in trace.table()._repr_html_()
    assert GRAPH.table().rows[1] == ("substitute", "retrieve | end")
    mermaid = MultiHop.draw()
    assert "read -.-> substitute" in mermaid
    assert "read -.-> plan" in mermaid
    assert "https" not in mermaid


def test_as_many_passages_in_all_as_a_single_shot():
    for plan, shares in (((QUESTION,), [4]), (PLAN, [2, 2])):
        chat = two_hops(plans={QUESTION: plan}, answers={HOP_1: "orion"})
        assert [k for _, k, _ in run(chat)[1].calls] == shares[: len(run(chat)[1].calls)]
    shelf = Shelf()
    SingleShot(4).answer(QUESTION, ADA, shelf, LanguageModel(chat=two_hops()))
    assert [k for _, k, _ in shelf.calls] == [4]


@pytest.mark.parametrize("unread", [UNKNOWN, "cygnus"])
def test_a_hop_without_evidence_ends_the_run(unread):
    answer, shelf = run(two_hops(answers={HOP_1: "orion", HOP_2: unread}), MultiHop(passages=8))
    assert (answer.text, answer.citations, answer.failure) == (UNKNOWN, (), "")
    assert [query for query, _, _ in shelf.calls] == [HOP_1, HOP_2]
    said = "" if unread == UNKNOWN else " (said 'cygnus', which the passages do not bear out)"
    assert answer.trace.steps[-1].result == UNKNOWN + said


def test_a_plan_that_leads_nowhere_gives_way_to_the_question_itself():
    facts = {QUESTION: "The cluster that serves kelmar runs eight replicas.", **FACTS}
    answer, shelf = run(two_hops(answers={QUESTION: "eight"}), shelf=Shelf(facts))
    assert answer.text == "eight"
    assert [citation.document_id for citation in answer.citations] == ["0"]
    assert shelf.calls == [(HOP_1, 2, ADA), (QUESTION, 2, ADA)], "with the passages that are left"
    silent, shelf = run(two_hops(answers={}), shelf=Shelf(facts))
    assert (silent.text, silent.failure, len(shelf.calls)) == (UNKNOWN, "", 2), "and once only"


@pytest.mark.parametrize(
    ("agent", "plan"),
    [
        (MultiHop(hops=1), PLAN),
        (MultiHop(k=3, passages=3), PLAN),
        (MultiHop(), (*PLAN, "#2 * 24")),
        (MultiHop(), (QUESTION.upper(), "What of #1?")),
    ],
    ids=["no search left", "no passage left", "something to calculate", "searched for already"],
)
def test_where_the_question_itself_cannot_be_searched_for_the_run_ends(agent, plan):
    answer, shelf = run(two_hops(plans={QUESTION: plan}, answers={QUESTION: "eight"}), agent)
    assert (answer.text, len(shelf.calls)) == (UNKNOWN, 1)


def left_whole(then=PLAN) -> Scripted:
    return two_hops(plans={QUESTION: (QUESTION,), asked_in_vain(QUESTION, QUESTION): then})


def test_a_question_left_whole_that_finds_nothing_is_split_within_its_passages():
    chat = left_whole()
    answer, shelf = run(chat, MultiHop(passages=8))
    assert answer.text == "eight"
    assert [citation.document_id for citation in answer.citations] == ["0", "1"]
    assert shelf.calls == [(QUESTION, 8, ADA), (HOP_1, 2, ADA), (HOP_2, 3, ADA)], "three were found at first"
    assert sum(len(step.found) for step in answer.trace.steps) <= 8
    hop = ["substitute", "retrieve", "read"]
    assert [step.name for step in answer.trace.steps] == ["plan", *hop, "plan", *hop, *hop]
    assert [asked for skill, asked in chat.asked if skill == "plan"] == [QUESTION, asked_in_vain(QUESTION, QUESTION)]


@pytest.mark.parametrize(
    ("agent", "then", "plans"),
    [
        (MultiHop(passages=8), (QUESTION,), 2),
        (MultiHop(passages=8), "no idea", 2),
        (MultiHop(passages=8, hops=1), PLAN, 1),
        (MultiHop(passages=4), PLAN, 1),
    ],
    ids=["no other way", "no valid plan", "no search left", "one passage left"],
)
def test_where_it_cannot_be_split_the_run_ends(agent, then, plans):
    chat = left_whole(then)
    answer, shelf = run(chat, agent)
    assert (answer.text, answer.failure) == (UNKNOWN, "")
    assert [query for query, _, _ in shelf.calls] == [QUESTION]
    assert sum(skill == "plan" for skill, _ in chat.asked) == plans


def test_what_was_split_in_vain_is_not_split_again():
    chat = replace(left_whole(), answers={})
    answer, shelf = run(chat, MultiHop(passages=12))
    assert (answer.text, answer.failure) == (UNKNOWN, "")
    assert [query for query, _, _ in shelf.calls] == [QUESTION, HOP_1]


@pytest.mark.parametrize("junk", ["no idea", "[]", '["#2"]', "[1]", "[" * 999])
def test_an_invalid_plan_makes_the_question_its_only_step(junk):
    answer, shelf = run(two_hops(plans={QUESTION: junk}))
    assert [query for query, _, _ in shelf.calls] == [QUESTION]
    assert answer.trace.steps[0].result.startswith("no plan: ")
    assert answer.abstained


def test_a_repeated_query_is_noticed():
    answer, shelf = run(two_hops(plans={QUESTION: (HOP_1, HOP_1.upper(), "What of #2?")}))
    assert len(shelf.calls) == 1
    assert (answer.text, answer.failure) == (UNKNOWN, f"repeated query: {HOP_1.upper()!r} was searched for before")


def test_a_loop_through_the_answers_is_noticed():
    plan = ("Who follows kelmar?", "Who follows #1?", "Who follows #2?", "Who follows #3?")
    facts = {"Who follows kelmar?": "kelmar then orion", "Who follows orion?": "orion then kelmar"}
    chat = Scripted({QUESTION: plan}, {"Who follows kelmar?": "orion", "Who follows orion?": "kelmar"})
    answer, shelf = run(chat, shelf=Shelf(facts))
    assert len(shelf.calls) == 2
    assert answer.failure.startswith("repeated query")


def test_the_hop_limit_holds():
    plan = tuple(f"What is fact {number}?" for number in range(5))
    facts = {step: f"fact {number} is v{number}" for number, step in enumerate(plan)}
    chat = Scripted({QUESTION: plan}, {step: f"v{number}" for number, step in enumerate(plan)})
    answer, shelf = run(chat, MultiHop(hops=3), shelf=Shelf(facts))
    assert len(shelf.calls) == 3
    assert answer.failure == "hop limit: the plan wants more than 3 searches"


def test_arithmetic_is_beyond_it_and_it_says_so():
    answer, _ = run(two_hops(plans={QUESTION: (*PLAN, "#2 * 24")}))
    assert (answer.text, answer.citations) == (UNKNOWN, ())
    assert answer.failure.startswith("no calculator: step '#2 * 24'")


def test_a_model_that_cannot_plan_and_bad_numbers_are_named():
    with pytest.raises(BadArgument, match="TemplateReader, which cannot plan; give the application a"):
        MultiHop().answer(QUESTION, ADA, Shelf(), TemplateReader())
    for name in ("hops", "k", "passages"):
        with pytest.raises(BadArgument, match=f"{name} is 0"):
            MultiHop(**{name: 0})


def test_the_baselines_question_through_the_graph():
    chat = Scripted(
        {baseline.QUESTION: ("Which cluster serves the fleet?", "How many replicas does #1 run?")},
        {"Which cluster serves the fleet?": "orion", "How many replicas does orion run?": "eight"},
    )
    application = replace(stage(0), agent=MultiHop(passages=12), model=LanguageModel(chat=chat))
    answer = application.ask(baseline.QUESTION, LEARNER)
    assert answer.text == "eight"
    assert {citation.document_id for citation in answer.citations} == {"0", "1"}
