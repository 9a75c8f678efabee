"""How the course's models are scored, and what they have to reach."""

import sys
from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from records import ROOT

sys.path.insert(0, str(ROOT / "models"))

from heldout import HeldoutReading, asked_in

from labkit import tasks
from labkit.documents import UNKNOWN, Answer
from labkit.skills import InvalidPlan, is_calculation, parse_plan
from labkit.tasks import Skill, Task


def rate(outcomes: Iterable[bool]) -> dict:
    """Share of successes with its 95 % Wilson interval."""
    counted = list(outcomes)
    low, high = tasks.wilson_interval(sum(counted), len(counted))
    return {
        "rate": round(sum(counted) / len(counted), 4),
        "interval": [round(low, 4), round(high, 4)],
        "of": len(counted),
    }


def reading_scores(readings: Sequence[HeldoutReading], said: Sequence[str]) -> dict:
    """How often what is there is read, what is there is missed, and what is not there is called unknown.

    With the failures of the first and the last sort by the fact that was asked for.
    """
    right = [tasks.score(each.task, Answer(text)).success for each, text in zip(readings, said, strict=True)]
    present = [number for number, each in enumerate(readings) if each.present]
    absent = [number for number, each in enumerate(readings) if not each.present]
    return {
        "read, fact present": rate(right[number] for number in present),
        "present, answered unknown": rate(said[number] == UNKNOWN for number in present),
        "unknown, fact absent": rate(said[number] == UNKNOWN for number in absent),
        "not read, by fact": by_fact(readings[number] for number in present if not right[number]),
        "not unknown, by fact": by_fact(readings[number] for number in absent if said[number] != UNKNOWN),
    }


def by_fact(readings: Iterable[HeldoutReading]) -> dict[str, int]:
    """How many readings ask for each fact, the most frequent first."""
    return dict(Counter(str(asked_in(each.task.question)[0][1]) for each in readings).most_common())


def plan_fault(plan: str, task: Task) -> str:
    """What is wrong with a plan that does not lead to the task's answer, by the searches that the answer needs."""
    try:
        steps = parse_plan(plan, task.question).steps
    except InvalidPlan:
        return "no valid plan"
    made = sum(not is_calculation(step) for step in steps)
    needed = sum(hop.skill is Skill.RETRIEVE for hop in task.hops)
    if made == needed:
        return "as many searches, but others"
    if made > needed:
        return "searches too many"
    return "left whole" if len(steps) == 1 else "searches too few"


def auroc(scores: Sequence[float], right: Sequence[bool]) -> float:
    """Chance that a right answer is surer than a wrong one; ties count half (Mann-Whitney U)."""
    good = np.array([score for score, fine in zip(scores, right, strict=True) if fine])
    bad = np.array([score for score, fine in zip(scores, right, strict=True) if not fine])
    above = (good[:, None] > bad[None, :]).mean() + 0.5 * (good[:, None] == bad[None, :]).mean()
    return round(float(above), 4)


TARGETS = {
    "large reads >= 0.95": ("large", "read, fact present", 0.95),
    "large says unknown >= 0.95": ("large", "unknown, fact absent", 0.95),
    "large plans executable >= 0.95": ("large", "plans executable", 0.95),
    "small reads >= 0.90": ("small", "read, fact present", 0.90),
    "small says unknown >= 0.95": ("small", "unknown, fact absent", 0.95),
}


def verdicts(found: dict) -> dict[str, bool]:
    """Which targets are met, of the parts that were measured."""
    met = {name: found[part][key]["rate"] >= least for name, (part, key, least) in TARGETS.items() if part in found}
    for tier in ("large", "small"):
        if tier in found:
            met[f"{tier} misses <= 0.05"] = found[tier]["present, answered unknown"]["rate"] <= 0.05
    if "small" in found:
        met["AUROC of small >= 0.85"] = found["small"]["AUROC of confidence, all"] >= 0.85
    if "cost" in found:
        met["small >= 10x cheaper per read"] = found["cost"]["large / small"]["median"] >= 10
    if "general" in found:
        before, after = (found["general"][name]["exact match"]["rate"] for name in ("as shipped", "large"))
        met["general reading does not collapse"] = after >= before
    return met
