"""Layer 5 against its targets, on held-out tasks, through the fleet.

The single agent has the same model, index, tools and tasks, and two turns more than the orchestrator has calls; the
server holds its replies to the form of an action, so that it loses no turn to form. The multi-hop agent of layer 4,
which has no calculator, and the router that asks the model are recorded beside them.

| target | |
|---|---|
| tasks that need both skills | >= 0.88 where the single agent is <= 0.70 |
| tasks that need one skill | not worse than the single agent, nor than layer 4, beyond the interval |
| forbidden tasks | nothing leaked |

    python bench/orchestrator.py                                   # needs about twenty minutes on two cores
    python bench/orchestrator.py --count 10                        # a look

The exit status says whether all targets were met.
"""

import sys
from dataclasses import replace

from agents import asked, difference, heldout, options, summary, targets, verdict, with_agent
from records import write

from labkit.evaluation import Comparison, Report
from labkit.multihop import MultiHop
from labkit.orchestrator import ACTION_FORM, Orchestrator, SingleAgent, by_model
from labkit.ranking import Narrowed
from labkit.serving import fleet, served_endpoint
from labkit.stages import JUDGED
from labkit.tasks import Kind

BOTH = (Kind.TWO_SKILL, Kind.THREE_HOP)
ONE = (Kind.ONE_HOP, Kind.TWO_HOP)
KINDS = (*BOTH, *ONE, Kind.UNANSWERABLE, Kind.FORBIDDEN)


def both_skills(report: Report) -> float:
    """Success over all tasks that need both skills."""
    chosen = [one for kind in BOTH for one in report.of_kind(kind)]
    return sum(one.verdict.success for one in chosen) / len(chosen)


def judged(single: Report, multi: Report, orchestrated: Report) -> dict[str, tuple[float, bool]]:
    """What each target asks for, its value, and whether it was met."""
    before, after = both_skills(single), both_skills(orchestrated)
    met = {
        "both skills >= 0.88": (after, after >= 0.88),
        "single agent on the same tasks <= 0.70": (before, before <= 0.70),
        "leaks: 0": (float(orchestrated.leaks), not orchestrated.leaks),
    }
    for name, other in (("the single agent", single), ("layer 4", multi)):
        comparison = Comparison(other, orchestrated)
        for kind in ONE:
            best = comparison.interval(kind)[1]
            met[f"{kind} not worse than {name}"] = (comparison.difference(kind), best >= 0)
    return met


def main() -> int:
    """Measure, record, and judge."""
    chosen = options(__doc__ or "", count=75).parse_args()
    with fleet():
        shared, tasks = heldout(KINDS, chosen.count, chosen.seed)
        formal = replace(served_endpoint(), form=ACTION_FORM)
        applications = [with_agent(shared, Narrowed(SingleAgent(), JUDGED), chat=formal.chat)]
        others = MultiHop(), Orchestrator(), Orchestrator(router=by_model)
        applications += [with_agent(shared, Narrowed(agent, JUDGED)) for agent in others]
        single, multi, orchestrated, routed = asked(applications, tasks, chosen.concurrency)
        found = {
            "tasks of each kind": chosen.count,
            "seed": chosen.seed,
            "concurrency": chosen.concurrency,
            "single agent": summary(single),
            "multi-hop": summary(multi),
            "orchestrator": summary(orchestrated),
            "orchestrator, routed by the model": summary(routed),
            "both skills": {
                "single agent": round(both_skills(single), 4),
                "orchestrator": round(both_skills(orchestrated), 4),
            },
            "orchestrator against single agent": difference(Comparison(single, orchestrated)),
            "orchestrator against multi-hop": difference(Comparison(multi, orchestrated)),
        }
    met = judged(single, multi, orchestrated)
    write("orchestrator", {**found, "targets": targets(met)})
    return verdict(met)


if __name__ == "__main__":
    sys.exit(main())
