"""The meter: every call counted once, by tier and by task, also from many threads; prices on top."""

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest
from scripted import Scripted

from labkit import baseline
from labkit.costs import Bill, Meter, ModelPrice, Usage, metered_reader
from labkit.errors import BadArgument
from labkit.extraction import ExtractiveReader, LocalSpanModel
from labkit.orchestrator import Orchestrator
from labkit.pretrained import reader_folder
from labkit.ranking import Funnel, Narrowed
from labkit.serving import Completion, LanguageModel
from labkit.stages import LEARNER, stage

ASK = [{"role": "user", "content": "Which?"}]
PRICES = {"large": ModelPrice("large", 1.0, 10.0, 0.5), "small": ModelPrice("small", 0.1, 0.1)}


def talk(conversations, max_tokens=48):
    return [Completion("orion", 100, max_tokens, 64) for _ in conversations]


def test_calls_are_counted_from_what_the_server_reports():
    meter = Meter()
    replies = meter.over(talk, "large")([ASK, ASK], 5)
    assert [reply.text for reply in replies] == ["orion", "orion"]
    assert meter.bill.used == {"large": Usage(2, 200, 128, 10)}
    assert meter.bill.dollars(PRICES) == 72 + 64 + 100


def test_a_bill_without_the_cache_prices_every_token():
    bill = Bill({"large": Usage(1, 100, 64, 1), "small": Usage(2, 50)})
    assert bill.uncached().dollars(PRICES) == 100 + 10 + 5
    assert bill.total == Usage(3, 150, 64, 1)


def test_tasks_under_way_at_once_are_told_apart():
    meter = Meter()
    chat = meter.over(talk, "large")

    def task(number: int) -> None:
        with meter.task(f"task {number}"):
            for _ in range(number):
                chat([ASK], 1)

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(task, range(20)))
    assert [meter.bill_of(f"task {number}").total.calls for number in range(20)] == list(range(20))
    assert meter.bill.total.calls == sum(range(20))
    per_task = (36 + 32 + 10) * sum(range(20)) / 20  # a task without a call counts too
    assert meter.dollars_per_task(PRICES) == pytest.approx(per_task)
    assert meter.dollars_per_task(PRICES, Bill.uncached) == pytest.approx(110 * sum(range(20)) / 20)


def test_a_graph_of_langgraph_keeps_the_task():
    meter = Meter()
    model = LanguageModel(chat=meter.over(Scripted(), "large"), at_once=6)
    with meter.task("one"):
        replace(stage(0), model=model, agent=Orchestrator()).ask(baseline.QUESTION, LEARNER)
    assert meter.bill_of("one").total == meter.bill.total
    assert meter.bill.total.calls == 2  # a plan and one reading that found nothing


def test_a_judge_is_paid_for_by_the_task_that_searches_with_it_and_once():
    meter, folder, counting = Meter(), reader_folder(), Counting(LocalSpanModel(reader_folder()))
    funnel = Funnel(judge=metered_reader(meter).holding)
    searching = replace(
        stage(0),
        model=LanguageModel(chat=meter.over(Scripted(), "large")),
        agent=Narrowed(Orchestrator(), funnel),
    )
    for task in ("one", "two"):
        with meter.task(task):
            searching.ask(baseline.QUESTION, LEARNER)
    replace(funnel, judge=ExtractiveReader.of(folder, counting).holding).over(searching.retrieve)(
        baseline.QUESTION, 4, LEARNER
    )
    assert meter.bill_of("one").used["small"] == Usage(len(counting.read), sum(counting.read))
    assert "small" not in meter.bill_of("two").used  # it is remembered


class Counting:
    def __init__(self, model):
        self.model, self.read = model, []

    def logits(self, sequences):
        self.read.append(sum(map(len, sequences)))
        return self.model.logits(sequences)


def test_what_was_not_metered_is_named():
    meter = Meter()
    with pytest.raises(BadArgument, match="no task 'one' was metered"):
        meter.bill_of("one")
    with pytest.raises(BadArgument, match="0 tasks"):
        meter.dollars_per_task(PRICES)
    with pytest.raises(BadArgument, match=r"no price for \['medium'\]"):
        Bill({"medium": Usage(1)}).dollars(PRICES)
    with pytest.raises(BadArgument, match="cached_tokens is 9 of 5"):
        Usage(1, 5, 9)
