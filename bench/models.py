"""The course's models on held-out names and wordings, and on public questions nobody here wrote.

Run one part at a time (``python bench/models.py small large learnt validation general cost``) or all of them; each part
is kept, and the record is composed of the newest of each. The exit status says whether every target was met.
"""

import json
import statistics
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Sequence
from random import Random

from models_public import PUBLIC, as_passages, ask, in_step, read_all
from models_scores import auroc, plan_fault, rate, reading_scores, verdicts
from records import ROOT, write

sys.path.insert(0, str(ROOT / "models"))

import numpy as np
from heldout import PASSAGES, heldout_plans, heldout_readings
from planning_samples import Planned, planned
from reading_samples import Reading, reading
from truth import executable
from validation import validation_plans, validation_readings

from labkit import tasks
from labkit.documents import UNKNOWN, Answer
from labkit.extraction import ExtractiveReader, VllmSpanModel, course_span_model
from labkit.pretrained import adapter_file, base_folder, reader_folder, sha256
from labkit.settings import settings
from labkit.skills import parse_route, plan_messages, route_messages

READINGS = 200
PLANS = 75
ROUTES = 300


def part_small() -> dict:
    """The extractive reader on four passages."""
    reader = ExtractiveReader.of(reader_folder(), course_span_model())
    readings = heldout_readings(READINGS)
    found = [reader.extract(each.task.question, each.passages) for each in readings]
    right = [tasks.score(each.task, Answer(one.text)).success for each, one in zip(readings, found, strict=True)]
    sure = [one.confidence for one in found]
    present = [number for number, each in enumerate(readings) if each.present]
    return {
        **reading_scores(readings, [one.text for one in found]),
        "AUROC of confidence, all": auroc(sure, right),
        "AUROC of confidence, fact present": auroc([sure[n] for n in present], [right[n] for n in present]),
        "mean confidence": round(float(np.mean(sure)), 4),
        "share right": round(float(np.mean(right)), 4),
    }


def part_large() -> dict:
    """The large tier's four skills, as vLLM serves it."""
    return skills(plans=PLANS)


def skills(plans: int) -> dict:
    """Scores of whatever model the settings name."""
    readings = heldout_readings(READINGS)
    asked = [(each.task.question, each.passages) for each in readings]
    read, together = read_all(asked), read_all(asked, at_once=PASSAGES)
    book, planned = heldout_plans(plans)
    written = ask([plan_messages(task.question) for task in planned], 160)
    done = [executable(plan, task, book) for plan, task in zip(written, planned, strict=True)]
    steps = [(hop.question, hop.skill) for task in planned for hop in task.hops][:ROUTES]
    routes = ask([route_messages(step) for step, _ in steps], 4)
    return {
        **reading_scores(readings, [one.text for one in read]),
        "four in one prompt": reading_scores(readings, [one.text for one in together]),
        "plans executable": rate(done),
        **{
            f"plans executable, {kind}": rate(
                fine for fine, task in zip(done, planned, strict=True) if task.kind is kind
            )
            for kind in dict.fromkeys(task.kind for task in planned)
        },
        "plans that fail": {
            kind: dict(
                Counter(
                    plan_fault(text, task)
                    for text, task, fine in zip(written, planned, done, strict=True)
                    if task.kind is kind and not fine
                ).most_common()
            )
            for kind in dict.fromkeys(task.kind for task in planned)
        },
        "routed": rate(routed(text, str(skill)) for text, (_, skill) in zip(routes, steps, strict=True)),
    }


def routed(text: str, skill: str) -> bool:
    """Whether a reply names the right specialist."""
    try:
        return parse_route(text) == skill
    except ValueError:
        return False


def part_learnt() -> dict:
    """Both tiers on fresh samples of the train split: how well they have learnt what they were taught."""
    readings = [reading(Random(f"fresh {number}"), 10) for number in range(READINGS // 10)]
    return sampled(readings, [planned(Random(f"fresh {number}")) for number in range(READINGS)])


def part_validation() -> dict:
    """Both tiers in words that nothing is trained on and no score is taken from: what choices go by."""
    return sampled(validation_readings(READINGS // 5), validation_plans())


def sampled(readings: Sequence[Reading], planning: Sequence[Planned]) -> dict:
    """Scores on samples, answers and plans the same to the letter."""
    asked = [
        (asking.question, sample.passages, sample.answer(asking)) for sample in readings for asking in sample.askings
    ]
    small = ExtractiveReader.of(reader_folder(), course_span_model())
    said = {
        "small": [small.extract(question, as_passages(shown)).text for question, shown, _ in asked],
        "large": [one.text for one in read_all([(question, as_passages(shown)) for question, shown, _ in asked])],
    }
    written = ask([plan_messages(question) for question, _ in planning], 160)
    return {
        **{f"{tier} reads": rate(t == a for t, (_, _, a) in zip(said[tier], asked, strict=True) if a) for tier in said},
        **{
            f"{tier} says unknown": rate(t == UNKNOWN for t, (_, _, a) in zip(said[tier], asked, strict=True) if not a)
            for tier in said
        },
        "large plans": rate(
            text == plan.to_json(question) for text, (question, plan) in zip(written, planning, strict=True)
        ),
    }


def part_general() -> dict:
    """Public reading questions with their supporting passages given: before and after the adapter, and small."""
    if not PUBLIC.exists():
        sys.exit(f"{PUBLIC} is not there; any HotpotQA file will do")
    scores = [sys.executable, str(ROOT / "bench" / "models_public.py")]
    found = {
        name: json.loads(subprocess.run([*scores, *named], capture_output=True, text=True, check=True).stdout)
        for name, named in {"as shipped": [str(base_folder())], "large": [], "small": ["small"]}.items()
    }
    return {"questions": found["large"]["exact match"]["of"], **found}


def part_cost(batch: int = 32, repeats: int = 5) -> dict:
    """Seconds for a batch of held-out reads of four passages, both tiers on vLLM in this process, taking turns."""
    everything = heldout_readings(READINGS)
    small = in_step(ExtractiveReader.of(reader_folder(), VllmSpanModel(reader_folder())))
    jobs, taken = {"large": read_all, "small": small}, {"large": [], "small": []}
    for place in range(repeats + 1):
        # Others in every round: what was read before stands in the large tier's prefix cache.
        chosen = everything[place * batch : (place + 1) * batch]
        readings = [(each.task.question, each.passages) for each in chosen]
        for name, job in jobs.items():
            begin = time.perf_counter()
            job(readings)
            if place:  # the first round warms up
                taken[name].append((time.perf_counter() - begin) / batch)
    ratios = [large / one for large, one in zip(taken["large"], taken["small"], strict=True)]
    return {
        "threads": settings().threads,
        "reads in a batch": batch,
        **{f"ms per read, {name}": [round(each * 1000, 2) for each in times] for name, times in taken.items()},
        "large / small": {"median": round(statistics.median(ratios), 1), "least": round(min(ratios), 1)},
    }


PARTS = {name.removeprefix("part_"): part for name, part in list(globals().items()) if name.startswith("part_")}


def main() -> int:
    """Measure the parts asked for, compose the record of those that the stored weights have, and judge."""
    weights = {tier: sha256(adapter_file(tier)) for tier in ("small", "large")}
    folder = settings().home / "bench" / "models-parts"
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or PARTS:
        begin = time.perf_counter()
        measured = PARTS[name]()
        (folder / f"{name}.json").write_text(
            json.dumps({"weights": weights, "seconds": round(time.perf_counter() - begin), **measured})
        )
    files = {name: folder / f"{name}.json" for name in PARTS}
    kept = {name: json.loads(file.read_text()) for name, file in files.items() if file.exists()}
    found = {name: part for name, part in kept.items() if part.pop("weights", None) == weights}
    met = verdicts(found)
    if missing := [name for name in PARTS if name not in found]:
        print(f"not measured with the stored weights, and left out: {', '.join(missing)}")
    write(
        "models",
        {
            "weights": weights,
            **found,
            "targets": {name: "met" if reached else "NOT MET" for name, reached in met.items()},
        },
    )
    for target, reached in met.items():
        print(f"{'met' if reached else 'NOT MET':<8} {target}")
    return 0 if all(met.values()) and len(found) == len(PARTS) else 1


if __name__ == "__main__":
    sys.exit(main())
