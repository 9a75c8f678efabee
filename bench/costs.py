"""Layer 7 against its targets, on held-out tasks, through a fleet of one replica.

Stage 6 and stage 7 take turns, each with a prefix cache of its own. The threshold of the cascade is chosen on readings
of the train split, the cheapest with which success there is held within one point, and kept in
labkit/costs/threshold.json, which stage 7 reads.

| target | |
|---|---|
| dollars a task | down by >= 40 % against stage 6 without a prefix cache |
| success | within 1 point of stage 6, paired |
| cached tokens | predicted within 10 % of what the server counts |

Dollars are those of one's own replica: measured seconds at the sheet's price for a replica-hour. The same tokens at the
sheet's generic prices stand beside them.

    python bench/costs.py                  # needs about twenty minutes on two cores
    python bench/costs.py --count 8        # a look
    python bench/costs.py --block 128      # with the blocks that vLLM takes on a CPU by itself

The instructions of a skill have some 40 tokens: a cache with blocks of 32 holds them, one with blocks of 128 holds
nothing of them. So the fleet is one of its own with the smaller ones; none may be running.

The exit status says whether all targets were met.
"""

import sys
from dataclasses import asdict

import costs_parts as parts
from agents import PAGES, SEED, TENANTS, application, difference, heldout, options, summary, targets, verdict
from records import write

from labkit.corpus import handbook
from labkit.costs import price_sheet, questions_of, run_trials
from labkit.evaluation import Comparison, judge
from labkit.extraction import CourseReader
from labkit.orchestrator import Orchestrator
from labkit.ranking import Narrowed
from labkit.serving import Fleet, LanguageModel, default_settings, fleet
from labkit.stages import JUDGED
from labkit.tasks import Kind, handbook_tasks

KINDS = (Kind.ONE_HOP, Kind.TWO_HOP, Kind.THREE_HOP, Kind.TWO_SKILL, Kind.UNANSWERABLE, Kind.FORBIDDEN)
TRAIN_KINDS = (Kind.ONE_HOP, Kind.TWO_HOP, Kind.UNANSWERABLE)
TRAIN_COUNT = 40
"""Tasks of each kind that the threshold is chosen on, however many are measured: a single reading may move it."""

AGENT = Narrowed(Orchestrator(), JUDGED)
GENERIC = {tier: price_sheet().model(f"generic-{tier}") for tier in ("large", "small")}


def train_questions(seed: int) -> tuple:
    """Readings of the train split, with the passages that its application finds."""
    book = handbook(PAGES, TENANTS, SEED, split="train")
    searched = application(book)
    tasks = handbook_tasks(book, TRAIN_KINDS, TRAIN_COUNT, seed)
    return searched, tasks, questions_of(tasks, JUDGED.over(searched.retrieve))


def measured(running: Fleet, count: int, seed: int, concurrency: int) -> tuple[dict, Comparison]:
    """Everything, and the comparison of the stages."""
    endpoint = running.endpoint()
    searched, train, questions = train_questions(seed)
    calls = parts.recorded(searched, AGENT, train[::3], endpoint)
    large, small = parts.batches(calls, endpoint, repeats=4), parts.small_batches(questions, repeats=4)
    prices = parts.tier_prices(large, small)
    model = LanguageModel(chat=parts.salted(endpoint).chat)
    trials = run_trials(questions, CourseReader(), model, prices, concurrency)
    point, cascade = parts.chosen_threshold(trials, seed)
    shared, tasks = heldout(KINDS, count, seed)
    answers, meters, rates = parts.both_stages(shared, Orchestrator(), tasks, endpoint, point.threshold, concurrency)
    before, after = (judge(tasks, came) for came in answers)
    some = tasks[: 4 * len(KINDS)]
    found = {
        "tasks of each kind": count,
        "seed": seed,
        "concurrency": concurrency,
        "tokens of a block": running.settings.engine.block_tokens,
        "price sheet": str(price_sheet()),
        "prices per million tokens": {
            tier: {name: 1e6 * getattr(price, name) for name in ("input", "cached_input", "output")}
            for tier, price in prices.items()
        },
        "batches": {"large": list(map(asdict, large)), "small": list(map(asdict, small))},
        "cascade": cascade,
        "stage 6": summary(before),
        "stage 7": summary(after),
        "stage 7 against stage 6": difference(Comparison(before, after)),
        "usage": {name: _usage(meter) for name, meter in zip(rates, meters, strict=True)},
        "dollars a task": {
            "measured seconds": parts.dollars(meters, prices),
            "generic prices": parts.dollars(meters, GENERIC),
        },
        "caching": {
            "an agent's own calls": parts.caching(parts.recorded(shared, AGENT, some, endpoint), running),
            "questions on one context": parts.caching(parts.shared_context(questions), running),
        },
        "self-host or API": parts.against_api(shared, AGENT, some, running, rates["stage 6"], concurrency),
    }
    return found, Comparison(before, after)


def _usage(meter: parts.Meter) -> dict:
    return {tier: asdict(used) for tier, used in meter.bill.used.items()}


def judged(found: dict, comparison: Comparison) -> dict[str, tuple[float, bool]]:
    """What each target asks for, its value, and whether it was met."""
    saved = found["dollars a task"]["measured seconds"]["saved"]
    difference = comparison.difference()
    met = {
        "dollars a task down >= 0.40": (saved, saved >= 0.40),
        "success within 0.01 of stage 6": (difference, difference >= -0.01),
        "leaks: 0": (float(comparison.after.leaks), not comparison.after.leaks),
    }
    for name, cached in found["caching"].items():
        met[f"cached tokens predicted within 0.10, {name}"] = (cached["error"], cached["error"] <= 0.10)
    return met


def main() -> int:
    """Measure, record, and judge."""
    parser = options(__doc__ or "", count=40)
    parser.add_argument("--block", type=int, default=32, help="tokens of a block of the cache; no fleet may be running")
    chosen = parser.parse_args()
    with fleet(default_settings(block_tokens=chosen.block)) as running:
        if running.writers() != 1:
            running.scale(1)  # each replica has a cache of its own
        found, comparison = measured(running, chosen.count, chosen.seed, chosen.concurrency)
    met = judged(found, comparison)
    found["p of the difference in success"] = comparison.p_value()
    found["interval of the difference in success"] = comparison.interval()
    write("costs", {**found, "targets": targets(met)})
    return verdict(met)


if __name__ == "__main__":
    sys.exit(main())
