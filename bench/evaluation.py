"""Layer 8 against its target, and the scoreboard of stages 0 to 7.

| part | what is compared | target |
|---|---|---|
| efficiency | the serial harness, and one and two Ray workers, in turn, on tasks that no model answers | E(2) >= 0.8 |
| short | the same on tasks that are over in milliseconds | E(2) >= 0.8 |
| agreement | RAGAS's measures that need no language model, beside ours, on the same answers | equal by ids |
| scoreboard | stages 0 to 7 on the same tasks, through the fleet | none: it records who gains and who loses |

    python bench/evaluation.py                          # all parts; about half an hour on two cores
    python bench/evaluation.py efficiency
    python bench/evaluation.py scoreboard --count 10    # a look; the ledger's milestones are taken with it

In the first two parts the application is stage 0's with whole sentences as chunks, the real encoder and the judged
search of stage 4: what a task takes is encoding its query and judging what was found, which is work of a core. Short
tasks are not judged, so that what Ray's messages take is a large part of them. RAGAS is given what stage 5 answered, so
that exact matches are there to agree on. Every process computes on one thread.
The exit status says whether all targets of the record were met.
"""

import argparse
import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory

os.environ.setdefault("LABKIT_THREADS", "1")
os.environ.setdefault("OMP_NUM_THREADS", "1")
# Ray puts its workers at nice 15; the serial harness runs at 0, and a comparison needs both alike.
os.environ.setdefault("RAY_worker_niceness", "0")

import scoreboard
from records import RECORDS, write

from labkit.agents import Agent, SingleShot
from labkit.chunking import SentenceChunker
from labkit.cluster import cluster
from labkit.corpus import handbook
from labkit.embedding import SentenceEncoder
from labkit.errors import MissingDependency
from labkit.evaluation import EvaluationPool, ask_all, evaluate, ragas_agreement
from labkit.ranking import Narrowed
from labkit.scaling import parallel_efficiency
from labkit.serving import fleet
from labkit.stages import JUDGED, Application, stage
from labkit.tasks import HANDBOOK_KINDS, Kind, Task, handbook_tasks

KINDS = (Kind.ONE_HOP, Kind.TWO_HOP, Kind.UNANSWERABLE, Kind.FORBIDDEN)
JUDGING = Narrowed(SingleShot(5), JUDGED)
ANSWERING = 5
"""The stage whose answers RAGAS judges too."""
IDS = ("context recall, documents", "context precision, documents", "exact match")


def computing(count: int, seed: int, agent: Agent = JUDGING) -> tuple[Application, tuple[Task, ...]]:
    """An application that computes and waits for nobody, and tasks for it."""
    book = handbook(240, 4, seed, split="heldout")
    parts = {"chunker": SentenceChunker(), "encoder": SentenceEncoder(), "agent": agent}
    return replace(stage(0).over(book), **parts), handbook_tasks(book, KINDS, count, seed)


def efficiency(options: argparse.Namespace) -> dict:
    """The harness on tasks that a core computes on."""
    return scaled(*computing(options.tasks, options.seed), options.repeats)


def short(options: argparse.Namespace) -> dict:
    """The harness on five times as many tasks that are over in milliseconds."""
    return scaled(*computing(5 * options.tasks, options.seed, SingleShot(5)), options.repeats)


def scaled(application: Application, tasks: Sequence[Task], repeats: int) -> dict:
    """Seconds of the serial harness and of one and two workers, in turn, and whether all say the same.

    The workers are started and warm before the clock, as the serial harness is; what starting them takes is recorded.
    """
    taken: dict[str, list[float]] = {"serial": [], "one worker": [], "two workers": []}
    same = True
    with cluster(2), TemporaryDirectory() as folder, EvaluationPool(application, workers=2) as pool:
        evaluate(application, tasks[:8])
        pool.evaluate(tasks[:8], Path(folder) / "warm")
        for number in range(repeats):
            begin = time.perf_counter()
            alone = evaluate(application, tasks)
            taken["serial"].append(time.perf_counter() - begin)
            for name, workers in (("one worker", 1), ("two workers", 2)):
                begin = time.perf_counter()
                run = pool.evaluate(tasks, Path(folder) / f"{number}-{workers}", workers=workers)
                taken[name].append(time.perf_counter() - begin)
                same &= [one.verdict for one in run.report.outcomes] == [one.verdict for one in alone.outcomes]
        start = pool.start_seconds
    return {**summary(len(tasks), taken, same), "starting the workers, seconds": round(start, 1)}


def summary(count: int, taken: dict[str, list[float]], same: bool) -> dict:
    """Seconds, speedups and efficiencies, each within its round."""
    rounds = list(zip(taken["serial"], taken["two workers"], strict=True))
    return {
        "tasks": count,
        "seconds": {name: [round(one, 2) for one in held] for name, held in taken.items()},
        "S(2)": [round(one / two, 3) for one, two in rounds],
        "E(2)": [round(parallel_efficiency(one, two, 2), 3) for one, two in rounds],
        "E(1)": [round(one / other, 3) for one, other in zip(taken["serial"], taken["one worker"], strict=True)],
        "same verdicts": same,
    }


def agreement(options: argparse.Namespace) -> dict:
    """Each measure from both sides, of a model's answers; by text they may differ, by ids they must not."""
    book = handbook(240, 4, options.seed, split="heldout")
    tasks = handbook_tasks(book, HANDBOOK_KINDS, options.count, options.seed)
    with fleet() as running:
        application = scoreboard.served(ANSWERING, running).over(book)
        answers = ask_all(application, tasks, options.concurrency)
    found = ragas_agreement(tasks, answers, application.chunker(application.corpus))
    return {
        one.name: {
            "ours": round(statistics.fmean(one.ours), 4),
            "RAGAS": round(statistics.fmean(one.theirs), 4),
            "agreeing": one.agreeing,
            "of": len(one.ours),
        }
        for one in found.measures
    }


def judged(found: dict[str, dict]) -> dict[str, tuple[float, bool]]:
    """What each target asks for, its value, and whether it was met."""
    met: dict[str, tuple[float, bool]] = {}
    for part, what in {"efficiency": "", "short": ", short tasks"}.items():
        if part in found:
            value = statistics.median(found[part]["E(2)"])
            met[f"E(2) >= 0.8{what}"] = value, value >= 0.8
            met[f"the same verdicts as the serial harness{what}"] = 1.0, found[part]["same verdicts"]
    for name in IDS if "agreement" in found else ():
        held = found["agreement"][name]
        met[f"RAGAS agrees: {name}"] = held["agreeing"] / held["of"], held["agreeing"] == held["of"]
    return met


PARTS: dict[str, Callable[[argparse.Namespace], dict]] = {
    "efficiency": efficiency,
    "short": short,
    "agreement": agreement,
    "scoreboard": scoreboard.measured,
}


def arguments() -> argparse.Namespace:
    """What the command line says."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--count", type=int, default=25, help="tasks of each kind, of the scoreboard and the agreement")
    parser.add_argument("--tasks", type=int, default=60, help="tasks of each kind, of the efficiency")
    parser.add_argument("--seed", type=int, default=41, help="of the tasks")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--concurrency", type=int, default=8, help="tasks under way at once, of the same two")
    options = parser.parse_args()
    if not set(options.parts) <= set(PARTS):
        parser.error(f"parts are {list(PARTS)}, not {options.parts}")
    return options


def main() -> int:
    """Measure the parts asked for, keep the others as they were recorded, and judge all."""
    options = arguments()
    path = RECORDS / "evaluation.json"
    found: dict[str, dict] = json.loads(path.read_text())["evaluation"] if path.exists() else {}
    missing = ""
    for part in options.parts or PARTS:
        try:
            found[part] = PARTS[part](options)
        except MissingDependency as absent:
            missing = f"{part}: {absent}"
            continue
        met = judged(found)
        verdicts = {name: "met" if fine else "NOT MET" for name, (_, fine) in met.items()}
        write("evaluation", {**found, "targets": verdicts})
    met = judged(found)
    for target, (value, fine) in met.items():
        print(f"{'met' if fine else 'NOT MET':<8} {target} ({value:.3f})")
    print(f"not measured: {missing}" if missing else "everything was measured")
    return 0 if not missing and all(fine for _, fine in met.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
