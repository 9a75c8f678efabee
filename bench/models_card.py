"""Writes the scores of ``bench/records/models.json`` into the model card, so that no number there is typed by hand."""

import json
import sys

from records import RECORDS, ROOT
from safetensors import safe_open

sys.path.insert(0, str(ROOT / "models"))

from run import MINUTES

CARD = ROOT / "models" / "README.md"
BEGIN, END = "<!-- scores: written by bench/models_card.py -->", "<!-- end of scores -->"
ROWS = {
    "fact among the four passages: read": "read, fact present",
    "fact among the four passages: answered unknown": "present, answered unknown",
    "fact not among them: answered unknown": "unknown, fact absent",
    "plans executable": "plans executable",
    "steps routed to the right specialist": "routed",
}


def score(part: dict, name: str) -> str:
    """A rate with its interval, or a dash where a tier does not have the skill."""
    held = part.get(name)
    if held is None:
        return "-"
    low, high = held["interval"]
    return f"{held['rate']:.3f} ({low:.3f} to {high:.3f}, n = {held['of']})"


def rendered(record: dict) -> str:
    """The scores as Markdown, for those parts of the record that were measured."""
    measured, missing = record["models"], {}
    large, small = measured.get("large", missing), measured.get("small", missing)
    tiers = large, large.get("four in one prompt", missing), small
    lines = ["| rate (95 % interval) | large | large, four in one prompt | small |", "|---|---|---|---|"]
    lines += [" | ".join((f"| {label}", *(score(tier, name) for tier in tiers))) + " |" for label, name in ROWS.items()]
    if small:
        lines += ["", f"The small tier's confidence tells right answers from wrong ones with an AUROC of "
                  f"{small['AUROC of confidence, all']:.3f}."]  # fmt: skip
    lines += failures(large, small)
    if learnt := measured.get("learnt"):
        parts = learnt, measured.get("validation", missing)
        lines += [
            "",
            "On fresh samples, answers and plans the same to the letter, in words of the train split and in others, "
            "by which choices are made:",
            "",
        ]
        lines += ["| rate (95 % interval) | large | large, other words | small | small, other words |"]
        lines += ["|---|---|---|---|---|"]
        for what in ("reads", "says unknown", "plans"):
            scores = [score(part, f"{tier} {what}") for tier in ("large", "small") for part in parts]
            lines += [" | ".join((f"| {what}", *scores)) + " |"]
    if cost := measured.get("cost"):
        lines += ["", f"On {cost['threads']} threads of vLLM one read by the large tier costs as much time as "
                  f"{cost['large / small']['median']:.1f} by the small one (median of the rounds)."]  # fmt: skip
    if general := measured.get("general"):
        lines += ["", f"Public questions ({general['questions']} of HotpotQA, their supporting passages given):", ""]
        lines += ["| | exact match | F1 |", "|---|---|---|"]
        lines += [
            f"| {name} | {score(general[part], 'exact match')} | {general[part]['F1']:.3f} |"
            for name, part in {"as shipped": "as shipped", "large": "large", "small": "small"}.items()
        ]
    trained = " and ".join(f"{minutes(tier):.0f} for {tier}" for tier in ("large", "small"))
    lines += ["", f"Minutes of training on two cores: {trained}."]
    return "\n".join([*lines, "", f"Measured on {record['taken'][:10]}, {record['hardware']['cpu']}."])


def failures(large: dict, small: dict) -> list[str]:
    """What went wrong, as a list; nothing where no part of it was measured."""
    asked = {
        f"{tier}: {what}": counts(part[key])
        for tier, part in {"large": large, "small": small}.items()
        for what, key in {"not read": "not read, by fact", "answered, though absent": "not unknown, by fact"}.items()
        if key in part
    }
    planned = {f"large: plans, {kind}": counts(faults) for kind, faults in large.get("plans that fail", {}).items()}
    found = [f"- {what}: {which}" for what, which in {**asked, **planned}.items()]
    return ["", "What went wrong:", "", *found] if found else []


def counts(found: dict[str, int]) -> str:
    """Counts in words.

    >>> counts({"region": 3, "owner": 1}), counts({})
    ('4 (region 3, owner 1)', '0')
    """
    parts = ", ".join(f"{name} {count}" for name, count in found.items())
    return f"{sum(found.values())} ({parts})" if found else "0"


def minutes(tier: str) -> float:
    """How long a tier was trained: its file says so."""
    with safe_open(CARD.parent / f"{tier}.safetensors", framework="pt") as file:
        return float(file.metadata()[MINUTES])


def main() -> None:
    """Put the scores where the card marks their place."""
    before, _, rest = CARD.read_text().partition(BEGIN)
    _, _, after = rest.partition(END)
    scores = rendered(json.loads((RECORDS / "models.json").read_text()))
    CARD.write_text(f"{before}{BEGIN}\n{scores}\n{END}{after}")


if __name__ == "__main__":
    main()
