"""The measurements of bench/costs.py: prices of the tiers, the threshold, both stages, the cache, and the API."""

import json
import math
import time
import uuid
from collections.abc import Sequence
from dataclasses import asdict, replace

from agents import with_agent
from records import ROOT

from labkit.agents import Agent
from labkit.costs import (
    Batch,
    Bill,
    Call,
    Cascade,
    HostedSettings,
    Meter,
    ModelPrice,
    OperatingPoint,
    Prices,
    Question,
    Recorder,
    SelfHostOrAPI,
    Trial,
    Usage,
    ask_metered,
    choose,
    cost_curve,
    expected_calibration_error,
    hosted_api,
    measure_caching,
    metered_reader,
    price_sheet,
    reliability,
    self_hosted_price,
)
from labkit.documents import Answer
from labkit.extraction import ExtractiveReader, course_span_model
from labkit.pretrained import reader_folder
from labkit.ranking import Narrowed
from labkit.serving import Endpoint, Fleet, LanguageModel
from labkit.skills import read_messages
from labkit.stages import JUDGED, Application
from labkit.tasks import Task

REPLICA = price_sheet().replica("course-replica")
UTILISATION = 0.7
HELD = 0.01
"""Share of right readings that may be given up on the train split: the difference up to which success is held."""
UNDER_WAY, BATCH = 8, 32
"""Calls under way at once, and of a batch: as many would leave the replica half empty while the longest reply ends."""

THRESHOLD_FILE = ROOT / "labkit" / "costs" / "threshold.json"


def with_model(shared: Application, agent: Agent, model: object) -> Application:
    """The application with another model, over the index that is there already."""
    changed = replace(with_agent(shared, agent), model=model)
    changed.__dict__["searchable"] = shared.searchable
    return changed


def salted(endpoint: Endpoint) -> Endpoint:
    """The endpoint with a cache that holds nothing yet."""
    return replace(endpoint, salt=uuid.uuid4().hex)


def recorded(shared: Application, agent: Agent, tasks: Sequence[Task], endpoint: Endpoint) -> tuple[Call, ...]:
    """The calls of some tasks, in the order in which they came."""
    recorder = Recorder(salted(endpoint).chat)
    application = with_model(shared, agent, LanguageModel(chat=recorder))
    for task in tasks:
        application.ask(task.question, task.principal)
    return recorder.calls


def batches(calls: Sequence[Call], endpoint: Endpoint, repeats: int) -> list[Batch]:
    """Timed batches of the same calls: without the cache, then with it, and of plans, whose replies are long."""
    plans = [call for call in calls if call.max_tokens > 100]
    reads = [call for call in calls if 8 < call.max_tokens <= 100]
    found = []
    for turn in range(repeats):
        fresh = replace(salted(endpoint), concurrency=UNDER_WAY)
        for group in (reads, reads, plans):  # the second time the cache holds what the first one read
            chosen = [group[(turn * BATCH + place) % len(group)] for place in range(BATCH)]
            begin = time.perf_counter()
            replies = fresh.chat([call.messages for call in chosen], chosen[0].max_tokens)
            seconds = time.perf_counter() - begin
            used = [Usage(1, reply.input_tokens, reply.cached_tokens, reply.output_tokens) for reply in replies]
            found.append(Batch(sum(used, Usage()), seconds))
    return found


def small_batches(questions: Sequence[Question], repeats: int) -> list[Batch]:
    """Timed readings of the small tier, on one thread as a replica has it."""
    import torch

    torch.set_num_threads(1)
    reader, found = ExtractiveReader.of(reader_folder(), course_span_model()), []  # it remembers nothing
    reader.extract(questions[0].text, questions[0].passages)  # loads it
    for _ in range(max(3, repeats)):
        begin = time.perf_counter()
        used = [Usage(1, reader.extract(one.text, one.passages).input_tokens) for one in questions[:BATCH]]
        found.append(Batch(sum(used, Usage()), time.perf_counter() - begin))
    return found


def tier_prices(large: Sequence[Batch], small: Sequence[Batch]) -> dict[str, ModelPrice]:
    """What a token of either tier costs on a replica of one's own."""
    return {
        "large": self_hosted_price("large", large, REPLICA),
        "small": self_hosted_price("small", small, REPLICA),
    }


def chosen_threshold(trials: Sequence[Trial], seed: int) -> tuple[OperatingPoint, dict]:
    """The threshold of the train split, kept for stage 7, and what is recorded of it."""
    curve = cost_curve(trials)
    point = choose(curve, HELD)
    threshold = point.threshold if math.isfinite(point.threshold) else 1.1  # more than any probability
    kept = {"threshold": threshold, "chosen": f"by bench/costs.py on {len(trials)} readings of the train split"}
    THRESHOLD_FILE.write_text(json.dumps(kept, indent=1) + "\n")
    bins = reliability([one.confidence for one in trials], [one.small_right for one in trials])
    thinned = [curve[0], *curve[1 : -1 : max(1, len(curve) // 40)], curve[-1]]
    return replace(point, threshold=threshold), {
        "readings": len(trials),
        "seed": seed,
        "success that may be given up": HELD,
        "chosen": {**asdict(point), "threshold": threshold},
        "large alone": {
            "success": sum(one.large_right for one in trials) / len(trials),
            "cost": math.fsum(one.large_cost for one in trials) / len(trials),
        },
        "small alone": asdict(curve[-1]),
        "curve": [{**asdict(one), "threshold": min(one.threshold, 1.1)} for one in thinned],
        "expected calibration error": expected_calibration_error(bins),
        "reliability": [asdict(one) for one in bins],
    }


def both_stages(
    shared: Application, agent: Agent, tasks: Sequence[Task], endpoint: Endpoint, threshold: float, concurrency: int
) -> tuple[list[list[Answer]], list[Meter], dict[str, list[float]]]:
    """Stage 6 and stage 7 by turns, kind by kind; each has a cache and a judge of its own, and pays for both.

    Returns:
        Answers of both in the order of the tasks, their meters, and tasks per second by kind.
    """
    meters = [Meter(), Meter()]
    readers = [metered_reader(meter) for meter in meters]
    agents = [Narrowed(agent, replace(JUDGED, judge=reader.holding)) for reader in readers]
    large = [LanguageModel(chat=meter.over(salted(endpoint).chat, "large")) for meter in meters]
    models = large[0], Cascade(large[1], readers[1], threshold)
    answers: list[dict[str, Answer]] = [{}, {}]
    rates: dict[str, list[float]] = {"stage 6": [], "stage 7": []}
    for number, kind in enumerate(dict.fromkeys(task.kind for task in tasks)):
        chosen = [task for task in tasks if task.kind is kind]
        for place in (0, 1) if number % 2 == 0 else (1, 0):
            application = with_model(shared, agents[place], models[place])
            begin = time.perf_counter()
            came = ask_metered(application, chosen, meters[place], concurrency)
            rates[f"stage {6 + place}"].append(len(chosen) / (time.perf_counter() - begin))
            answers[place].update(zip((task.id for task in chosen), came, strict=True))
    return [[held[task.id] for task in tasks] for held in answers], meters, rates


def dollars(meters: Sequence[Meter], prices: Prices) -> dict[str, float]:
    """What a task costs, and which part of the saving is whose.

    The cascade's is what it saves where neither stage has a cache; the cache's is what the cache saves then.
    """
    before = meters[0].dollars_per_task(prices, Bill.uncached)
    cascade_alone = meters[1].dollars_per_task(prices, Bill.uncached)
    after = meters[1].dollars_per_task(prices)
    return {
        "stage 6 without a cache": before,
        "stage 6": meters[0].dollars_per_task(prices),
        "stage 7 without a cache": cascade_alone,
        "stage 7": after,
        "saved by the cascade": (before - cascade_alone) / before,
        "saved by the cache": (cascade_alone - after) / before,
        "saved": (before - after) / before,
    }


def caching(calls: Sequence[Call], running: Fleet) -> dict:
    """The same calls with and without the cache."""
    report = measure_caching(calls, running.endpoint(), running.metrics)
    return {
        "calls": report.calls,
        "block": report.block,
        "prompt tokens": report.fresh[0].usage.input_tokens,
        "cached, predicted": report.predicted,
        "cached, by usage": report.measured,
        "cached, by metrics": report.counted,
        "error": report.error,
        "seconds to first token": {
            "without": report.first_token(report.fresh),
            "with": report.first_token(report.cached),
        },
    }


def shared_context(questions: Sequence[Question]) -> list[Call]:
    """Eight questions about one set of passages, as an agent asks that keeps its context."""
    passages = [passage.chunk.text for question in questions[:3] for passage in question.passages]
    return [Call(tuple(read_messages(question.text, passages)), 16) for question in questions[:8]]


def against_api(
    shared: Application, agent: Agent, tasks: Sequence[Task], running: Fleet, rates: Sequence[float], concurrency: int
) -> dict:
    """Stage 6's tasks through a metered API, and the volume from which one's own replica is cheaper."""
    price, meter = price_sheet().model("generic-large"), Meter()
    with hosted_api(HostedSettings(running.api_base, price, requests_per_minute=6000, burst=200)) as api:
        api.fail_next(2, 429)
        model = LanguageModel(chat=meter.over(api.endpoint(running.settings.engine.name).chat, "api"))
        ask_metered(with_model(shared, agent, model), tasks, meter, concurrency)
        bill = api.bill()
    each = tuple(meter.bill_of(task.id).dollars({"api": price}) for task in tasks)
    compared = SelfHostOrAPI(each, tuple(rates), UTILISATION, REPLICA)
    total = meter.bill.total
    return {
        "tasks": len(tasks),
        "price": price.name,
        "bill": bill,
        "the caller's meter": math.fsum(each),
        "calls a task": total.calls / len(tasks),
        "tokens read a call": total.input_tokens / total.calls,
        "tokens written a call": total.output_tokens / total.calls,
        "tasks per second, one busy replica": list(rates),
        "utilisation": UTILISATION,
        "dollars per replica-hour": REPLICA.dollars_per_hour,
        "crossover, tasks per hour": asdict(compared.crossover()),
        "capacity, tasks per hour": asdict(compared.capacity()),
        "autoscaled floor, dollars a task": asdict(compared.floor()),
        "reachable": compared.reachable,
    }
