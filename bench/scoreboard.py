"""The part of ``bench/evaluation.py`` that evaluates every stage on the same tasks.

The models of stages 4 and later answer through the fleet: where a model runs changes no answer. Stages 4 and 5 have
the one server that they are about, from stage 6 on there are as many replicas as cores. Stages that share chunker,
encoder and index share the index too. Each is asked cold: a stage must not be faster for coming after another.
"""

import argparse
import time
from dataclasses import fields, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from labkit.cluster import cluster
from labkit.corpus import handbook
from labkit.costs import TokenPrice
from labkit.errors import BadArgument
from labkit.evaluation import Run, Scoreboard, StageResult, cold, evaluate_on_ray, reached
from labkit.milestones import Hardware, Ledger
from labkit.serving import Fleet, LanguageModel, fleet, served_chat
from labkit.stages import Application, stage
from labkit.tasks import HANDBOOK_KINDS, handbook_tasks

PAGES, TENANTS, SEED = 240, 4, 11
SERVED, SCALED, LAST = 4, 6, 7
PRICE = TokenPrice.per_million(3, 15)
INDEXED = ("chunker", "encoder", "index")


def measured(options: argparse.Namespace) -> dict:
    """Stages 0 to the last there is, and the milestones of the ledger."""
    book = handbook(PAGES, TENANTS, SEED, split="heldout")
    tasks = handbook_tasks(book, HANDBOOK_KINDS, options.count, options.seed)
    results: list[StageResult] = []
    before: tuple[Application, Run] | None = None
    with TemporaryDirectory() as folder, cluster(Hardware.here().cores), fleet() as running:
        for number in stages():
            application = served(number, running).over(book)
            built = index_of(application, before[0] if before else None)
            run = evaluate_on_ray(
                cold(application),
                tasks,
                Path(folder) / str(number),
                workers=1,
                concurrency=options.concurrency,
                price=PRICE,
            )
            earlier = (before[1].report, before[1].answers) if before else None
            results.append(
                StageResult.of(
                    number, replaced(number, application, before), run.report, run.answers, earlier, built=built
                )
            )
            before = application, run
            print(results[-1].stage, results[-1].success, flush=True)
    caption = (
        f"Measured: {len(tasks)} held-out tasks on {PAGES} pages, {options.concurrency} under way at once, seed "
        f"{options.seed}; $3 and $15 for a million tokens read and written; {Hardware.here()}"
    )
    return Scoreboard(tuple(results), reached(Ledger.open()), caption).to_json()


def stages() -> list[int]:
    """The stages that there are."""
    found = []
    for number in range(LAST + 1):
        try:
            stage(number)
        except BadArgument:
            break
        found.append(number)
    return found


def served(number: int, running: Fleet) -> Application:
    """A stage whose model answers through the fleet, with as many replicas as the stage is about."""
    application = stage(number)
    if SERVED <= number < SCALED:
        running.scale(1)
        return replace(application, model=LanguageModel(chat=served_chat))
    if number == SCALED:
        running.scale(Hardware.here().cores)
    return application


def index_of(application: Application, before: Application | None) -> float | None:
    """Seconds of building the application's index; None where the one before has the same parts, and so the index."""
    if before is not None and all(getattr(application, part) == getattr(before, part) for part in INDEXED):
        application.__dict__["searchable"] = before.searchable
        return None
    begin = time.perf_counter()
    application.searchable  # noqa: B018 - built on first use
    return time.perf_counter() - begin


def replaced(number: int, application: Application, before: tuple[Application, Run] | None) -> str:
    """The parts that differ from the stage before, and what they are now."""
    if before is None:
        return "the baseline"
    if number == SCALED:
        return f"model: {Hardware.here().cores} replicas"
    parts = [one.name for one in fields(Application) if getattr(application, one.name) != getattr(before[0], one.name)]
    return "; ".join(f"{part}: {named(getattr(application, part))}" for part in parts)


def named(part: object) -> str:
    """What a part is called; an agent within a funnel by its own name."""
    return type(getattr(part, "agent", part)).__name__
