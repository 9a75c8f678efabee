"""Steps go to the right specialist, the answer is composed of theirs, and failures are stated."""

import time
from dataclasses import replace
from decimal import Decimal

import pytest
from scripted import Scripted

from labkit.documents import UNKNOWN, Access, Chunk, Passage, Principal
from labkit.errors import AccessRefused, BadArgument
from labkit.multihop import MultiHop
from labkit.orchestrator import Orchestrator, Toolbox, by_model
from labkit.reading import TemplateReader
from labkit.serving import LanguageModel
from labkit.skills import asked_in_vain

ADA = Principal("ada", "acme")
QUESTION = "How many requests per second can the cluster that serves kelmar sustain?"
PLAN = (
    "Which cluster does kelmar run on?",
    "How many replicas does #1 run?",
    "How many requests per second does one replica of #1 sustain?",
    "#2 * #3",
)
FACTS = {
    "Which cluster does kelmar run on?": ("orion", "kelmar is served by orion."),
    "How many replicas does orion run?": ("eight", "orion runs eight replicas."),
    "How many requests per second does one replica of orion sustain?": ("24", "A replica of orion takes 24 a second."),
}


def shelf(query, k, principal):
    assert principal is ADA
    text = FACTS[query][1] if query in FACTS else "lyra is in Oslo."
    return [Passage(Chunk(f"{text}#0", text, text, 0, len(text), text, Access("acme")), 0.9)][:k]


def model(**changes) -> LanguageModel:
    return LanguageModel(chat=scripted(**changes))


def scripted(**changes) -> Scripted:
    answers = {question: answer for question, (answer, _) in FACTS.items()}
    return Scripted(**{"plans": {QUESTION: PLAN}, "answers": answers, **changes})


def test_both_skills_together():
    answer = Orchestrator().answer(QUESTION, ADA, shelf, model())
    assert (answer.text, answer.failure) == ("192", "")
    assert [citation.document_id for citation in answer.citations] == [text for _, text in FACTS.values()]
    names = [step.name for step in answer.trace.steps]
    hop = ["assign", "retrieve", "read"]
    assert names == ["plan", "route", *hop, *hop, *hop, "assign", "calculate", "compose"]
    assert answer.trace.steps[-2].given == "8 * 24"
    assert answer.trace.calls == 4, "routing by form and calculating cost no call"


def test_a_sum_that_was_left_whole_is_split_and_worked_out():
    chat = scripted(plans={QUESTION: (QUESTION,), asked_in_vain(QUESTION, QUESTION): PLAN})
    answer = Orchestrator().answer(QUESTION, ADA, shelf, LanguageModel(chat=chat))
    assert (answer.text, answer.failure) == ("192", "")
    names = [step.name for step in answer.trace.steps]
    hop = ["assign", "retrieve", "read"]
    assert names == ["plan", "route", *hop, "plan", "route", *hop, *hop, *hop, "assign", "calculate", "compose"]
    chat = scripted(plans={QUESTION: (QUESTION,), asked_in_vain(QUESTION, QUESTION): (QUESTION,)})
    silent = Orchestrator().answer(QUESTION, ADA, shelf, LanguageModel(chat=chat))
    assert (silent.text, silent.failure, silent.trace.steps[-1].name) == (UNKNOWN, "", "compose")


OWN = ("How many replicas does kelmar run?", "How many requests per second does a replica of kelmar take?", "#1 * #2")


def test_a_product_of_numbers_that_the_name_has_not_is_planned_again():
    chat = scripted(plans={QUESTION: OWN, asked_in_vain(QUESTION, OWN[0]): PLAN})
    answer = Orchestrator().answer(QUESTION, ADA, shelf, LanguageModel(chat=chat))
    assert (answer.text, answer.failure) == ("192", "")
    names = [step.name for step in answer.trace.steps]
    hop = ["assign", "retrieve", "read"]
    assert names == ["plan", "route", *hop, "plan", "route", *hop, *hop, *hop, "assign", "calculate", "compose"]


@pytest.mark.parametrize(
    "other", [OWN, PLAN[:1], "no idea"], ids=["the same again", "a step of what it takes", "no plan"]
)
def test_a_product_that_has_no_other_plan_is_unknown(other):
    chat = scripted(plans={QUESTION: OWN, asked_in_vain(QUESTION, OWN[0]): other})
    answer = Orchestrator().answer(QUESTION, ADA, shelf, LanguageModel(chat=chat))
    assert (answer.text, answer.failure) == (UNKNOWN, "")
    assert sum(step.name == "retrieve" for step in answer.trace.steps) == 1


def test_what_turns_out_to_be_no_product_is_searched_for_with_the_passages_that_are_left():
    calls = []

    def narrow(query, k, principal):
        calls.append((query, k))
        return shelf(query, k, principal)

    plans = {QUESTION: OWN, asked_in_vain(QUESTION, OWN[0]): (QUESTION,)}
    answer = Orchestrator(passages=8).answer(QUESTION, ADA, narrow, LanguageModel(chat=scripted(plans=plans)))
    assert (answer.text, answer.failure) == (UNKNOWN, "")
    assert [step.name for step in answer.trace.steps].count("plan") == 2, "it is not planned a third time"
    (first, share), (last, left) = calls
    assert (first, last) == (OWN[0], QUESTION)
    assert left == 8 - len(shelf(first, share, ADA))


def test_a_product_is_planned_once_more_at_most():
    chat = scripted(plans={QUESTION: OWN, asked_in_vain(QUESTION, OWN[0]): PLAN}, answers={})
    answer = Orchestrator().answer(QUESTION, ADA, shelf, LanguageModel(chat=chat))
    assert (answer.text, answer.failure) == (UNKNOWN, "")
    assert [step.given for step in answer.trace.steps if step.name == "retrieve"] == [OWN[0], PLAN[0]]
    silent = Orchestrator(hops=1).answer(QUESTION, ADA, shelf, LanguageModel(chat=scripted(plans={QUESTION: OWN})))
    assert [step.name for step in silent.trace.steps].count("plan") == 1


def test_a_product_of_which_a_number_was_found_is_not_planned_again():
    text = "kelmar runs eight replicas."
    found = [Passage(Chunk("0#0", "0", text, 0, len(text), text, Access("acme")), 0.9)]
    chat = scripted(plans={QUESTION: OWN, asked_in_vain(QUESTION, OWN[0]): PLAN}, answers={OWN[0]: "eight"})
    answer = Orchestrator().answer(QUESTION, ADA, lambda *_: found, LanguageModel(chat=chat))
    assert (answer.text, answer.trace.steps[3].name, answer.trace.steps[4].result) == (UNKNOWN, "retrieve", "eight")
    assert [step.name for step in answer.trace.steps].count("plan") == 1


def test_what_was_calculated_already_is_not_planned_again():
    plans = {QUESTION: ("2 * 3", OWN[0], "#1 * #2"), asked_in_vain(QUESTION, OWN[0]): PLAN}
    answer = Orchestrator().answer(QUESTION, ADA, shelf, model(plans=plans))
    assert (answer.text, [step.name for step in answer.trace.steps].count("plan")) == (UNKNOWN, 1)


def test_what_the_multi_hop_agent_cannot_do():
    assert MultiHop().answer(QUESTION, ADA, shelf, model()).failure.startswith("no calculator")


def test_the_model_may_route_all_steps_in_one_batch():
    chat = scripted()
    answer = Orchestrator(router=by_model).answer(QUESTION, ADA, shelf, LanguageModel(chat=chat))
    assert answer.text == "192"
    assert [asked for skill, asked in chat.asked if skill == "route"] == list(PLAN)
    assert answer.trace.steps[1].result == "retrieve, retrieve, retrieve, calculate"
    assert answer.trace.calls == 5


def test_an_unreadable_route_falls_back_to_the_form_and_a_wrong_one_is_stated():
    assert Orchestrator(router=by_model).answer(QUESTION, ADA, shelf, model(routes={PLAN[3]: "me"})).text == "192"
    astray = Orchestrator(router=by_model).answer(QUESTION, ADA, shelf, model(routes={PLAN[0]: "calculate"}))
    assert astray.text == UNKNOWN
    assert astray.failure == f"tool failed: calculate refused: {PLAN[0]!r} is no arithmetic"


def test_missing_evidence_is_no_failure():
    answer = Orchestrator().answer(QUESTION, ADA, shelf, model(answers={}))
    assert (answer.text, answer.citations, answer.failure) == (UNKNOWN, (), "")
    assert answer.trace.steps[-1].name == "compose"


def test_a_plan_that_leads_nowhere_gives_way_to_the_question_itself():
    chat = model(plans={QUESTION: PLAN[:2]}, answers={QUESTION: "eight"})
    found = []

    def search(query, k, principal):
        found.append((query, k))
        return shelf(PLAN[0], k, principal)

    Orchestrator().answer(QUESTION, ADA, search, chat)
    assert found == [(PLAN[0], 2), (QUESTION, 3)], "with what the first left of the four passages"


def test_arithmetic_on_a_name_is_stated():
    answer = Orchestrator().answer(QUESTION, ADA, shelf, model(plans={QUESTION: (PLAN[0], "#1 * 2")}))
    assert answer.failure == "no number: the answer 'orion' holds 0 numbers"


@pytest.mark.parametrize(
    ("broken", "said"),
    [
        (lambda *_: 1 / 0, "search raised ZeroDivisionError, 2 times"),
        (lambda *_: time.sleep(60), "search did not return within 0.05 s, 2 times"),
        (lambda *_: ["junk"], "search returned junk (passages.0: is_instance_of), 2 times"),
        (lambda *_: None, "search raised TypeError, 2 times"),
    ],
)
def test_a_broken_search_is_stated_in_the_answer(broken, said):
    answer = Orchestrator(seconds=0.05).answer(QUESTION, ADA, broken, model())
    assert (answer.text, answer.citations) == (UNKNOWN, ())
    assert answer.failure == f"tool failed: {said}"


@pytest.mark.parametrize("broken", [lambda _: 1 / 0, lambda _: time.sleep(60), lambda _: 192, lambda _: Decimal("NaN")])
def test_a_broken_calculator_invents_no_number(broken):
    box = Toolbox.of(shelf, ADA)
    box = replace(box, calculate=replace(box.calculate, run=broken, seconds=0.05))
    answer = Orchestrator().answer_with(box, QUESTION, model())
    assert answer.text == UNKNOWN
    assert answer.failure.startswith("tool failed: calculate ")


def test_a_tool_that_recovers_is_used():
    calls = []

    def shaky(query, k, principal):
        calls.append(query)
        if len(calls) == 1:
            raise OSError
        return shelf(query, k, principal)

    assert Orchestrator().answer(QUESTION, ADA, shaky, model()).text == "192"


def test_a_search_that_is_refused_ends_the_run():
    def refused(*_):
        raise AccessRefused("the principal is gone", remedy="ask again")

    with pytest.raises(AccessRefused):
        Orchestrator().answer(QUESTION, ADA, refused, model())


def test_limits_hold_and_bad_ones_are_named():
    answer = Orchestrator(hops=2).answer(QUESTION, ADA, shelf, model())
    assert answer.failure == "hop limit: the plan wants more than 2 searches"
    with pytest.raises(BadArgument, match="hops is 0"):
        Orchestrator(hops=0)
    with pytest.raises(BadArgument, match="cannot plan"):
        Orchestrator().answer(QUESTION, ADA, shelf, TemplateReader())


def test_the_graph_can_be_drawn():
    drawn = Orchestrator.draw()
    assert "assign -.-> calculate" in drawn
    assert "read -.-> plan" in drawn
