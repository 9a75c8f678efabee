"""Layer 6 against its targets: starting, scaling, batching, the roofline, the load generator, sizing, shared cores.

| part | what is compared, interleaved within one run | target |
|---|---|---|
| startup | fleets of one and of two replicas, from the call to the last replica's answer | <= 30 s and <= 60 s |
| scaling | two one-core replicas and one, both saturated; and bare matrix products | >= 1.75x (aim 1.9x) |
| batching | one replica with 16 callers, and transformers' generate request by request | >= 3x |
| roofline | steps per second at batch 1 on one core, and copy bandwidth over bytes read a step | >= 60 % |
| configurations | the same steps by allocator, threads, niceness and engine options | none: the best is recorded |
| loadgen | our load generator and ``vllm bench serve`` on one server | within 10 % |
| sizing | p99 latency at the target rate with the predicted N replicas, and with one fewer | p99 <= SLO |
| autoscaling | a step of load on a fleet of one that may grow to two | none: the seconds are recorded |
| cores | two replicas on a core each, and one on two cores | none: which wins is recorded |

    python bench/serving.py                           # all parts; about an hour on two cores
    python bench/serving.py scaling --add             # one part; its repeats are added to those of the record
    python bench/serving.py batching --tiny           # does it run? writes no record

The exit status says whether all targets of the record were met.
"""

import argparse
import json
import sys
from collections.abc import Callable
from statistics import median

import serving_configurations
import serving_engine
import serving_fleet
from records import RECORDS, write
from serving_fleet import SLO, Measured

PARTS: dict[str, Callable[[int, bool], Measured]] = {
    "startup": serving_fleet.startup,
    "scaling": serving_fleet.scaling,
    "batching": serving_engine.batching,
    "roofline": serving_engine.roofline,
    "configurations": serving_configurations.configurations,
    "loadgen": serving_fleet.loadgen,
    "sizing": serving_fleet.sizing,
    "cores": serving_fleet.cores,
    "autoscaling": serving_fleet.autoscaling,
}


def ratios(found: dict[str, Measured]) -> dict[str, tuple[float, bool]]:
    """What each target asks for, its value over the repeats, and whether it was met."""
    judged: dict[str, tuple[float, bool]] = {}
    if "startup" in found:
        for count, most in (("one", 30.0), ("two", 60.0)):
            value = median(found["startup"][f"{count}_seconds"])
            judged[f"{count} replica(s) ready in <= {most:.0f} s"] = value, value <= most
    if "scaling" in found:
        value = median(paired(found["scaling"], "two", "one"))
        judged["two replicas >= 1.75 x one"] = value, value >= 1.75
        bare = median(paired(found["scaling"], "products_two", "products_one"))
        judged["two replicas >= 0.95 of what bare products gain"] = value / bare, value >= 0.95 * bare
    if "batching" in found:
        value = median(paired(found["batching"], "fleet_16", "generate"))
        judged["continuous batching >= 3 x generate"] = value, value >= 3.0
    if "roofline" in found:
        value = median(paired(found["roofline"], "steps_per_second", "most_steps_per_second"))
        judged["decode >= 0.6 of the roofline"] = value, value >= 0.6
    if "loadgen" in found:
        for name in ("latency", "first_token", "per_token", "rate"):
            value = median(paired(found["loadgen"], f"ours_{name}", f"theirs_{name}"))
            judged[f"{name} within 10 % of vllm bench serve"] = value, 0.9 <= value <= 1.1
    if "sizing" in found:
        value = median(found["sizing"]["predicted_p99"])
        judged[f"p99 <= {SLO.latency:g} s with the predicted N"] = value, value <= (SLO.latency or 0)
    return judged


def paired(part: Measured, above: str, below: str) -> list[float]:
    """Ratios within each round."""
    return [a / b for a, b in zip(part[above], part[below], strict=True)]


def main() -> int:
    """Measure, record, and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", metavar="PART", help=", ".join(PARTS))
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--add", action="store_true", help="add the repeats to those of the record")
    parser.add_argument("--tiny", action="store_true", help="tiny sizes, no record: only whether it runs")
    options = parser.parse_args()
    if not set(options.parts) <= set(PARTS):
        sys.exit(f"parts are {list(PARTS)}, not {options.parts}")
    path = RECORDS / "serving.json"
    found: dict[str, Measured] = json.loads(path.read_text())["serving"]["parts"] if path.exists() else {}
    for part in options.parts or PARTS:
        taken = PARTS[part](options.repeats, options.tiny)
        print(part, json.dumps(taken))
        before = found.get(part, {}) if options.add else {}
        found[part] = {name: before.get(name, []) + values for name, values in taken.items()}
        if not options.tiny:  # kept after each part: what has been measured is not lost to a later failure
            judged = ratios(found)
            write("serving", {"parts": found, "ratios": {name: round(value, 3) for name, (value, _) in judged.items()}})
    judged = ratios(found)
    for target, (value, reached) in judged.items():
        print(f"{'met' if reached else 'NOT MET':<8} {target}: {value:.3f}")
    return 0 if options.tiny or all(reached for _, reached in judged.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
