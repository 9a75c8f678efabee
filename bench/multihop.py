"""Layer 4 against its targets, on held-out tasks, through the fleet.

Single-shot retrieval and the multi-hop graph retrieve as many passages in all and share model, index, tasks and search.
A single shot as it is mostly built (no judge, all passages in one prompt), and the step before, when only the model had
been replaced, are recorded too.

| target | |
|---|---|
| two-hop success | >= 0.86 where single-shot is <= 0.50 |
| one-hop success | not worse beyond the interval of the difference |
| unanswerable tasks | abstains on >= 95 % |
| forbidden tasks | none answered, nothing leaked |

    python bench/multihop.py                                       # needs about ten minutes on two cores
    python bench/multihop.py --count 10                            # a look

The exit status says whether all targets were met.
"""

import sys

from agents import asked, difference, heldout, options, summary, targets, verdict, with_agent
from records import write

from labkit.agents import SingleShot, TwoHops
from labkit.evaluation import Comparison, Report
from labkit.multihop import MultiHop
from labkit.ranking import Narrowed
from labkit.serving import fleet
from labkit.stages import JUDGED
from labkit.tasks import Kind

PASSAGES = 4
KINDS = (Kind.ONE_HOP, Kind.TWO_HOP, Kind.UNANSWERABLE, Kind.FORBIDDEN)


def judged(plain: Report, single: Report, multi: Report) -> dict[str, tuple[float, bool]]:
    """What each target asks for, its value, and whether it was met; of the two single shots the better one counts."""
    comparison = Comparison(max(plain, single, key=lambda report: report.success(Kind.ONE_HOP).value), multi)
    before = max(report.success(Kind.TWO_HOP).value for report in (plain, single))
    after = multi.success(Kind.TWO_HOP).value
    silent = multi.success(Kind.UNANSWERABLE).value
    forbidden = [one for one in multi.of_kind(Kind.FORBIDDEN) if not one.verdict.abstained]
    _, best = comparison.interval(Kind.ONE_HOP)
    return {
        "two-hop success >= 0.86": (after, after >= 0.86),
        "single-shot on the same tasks <= 0.50": (before, before <= 0.50),
        "one-hop not worse beyond the interval": (comparison.difference(Kind.ONE_HOP), best >= 0),
        "abstains on >= 0.95 of unanswerable tasks": (silent, silent >= 0.95),
        "forbidden tasks answered: 0": (len(forbidden), not forbidden),
        "leaks: 0": (multi.leaks, not multi.leaks),
    }


def main() -> int:
    """Measure, record, and judge."""
    chosen = options(__doc__ or "", count=100).parse_args()
    with fleet():
        shared, tasks = heldout(KINDS, chosen.count, chosen.seed)
        shot, hops = SingleShot(PASSAGES), MultiHop(passages=PASSAGES)
        applications = (
            with_agent(shared, TwoHops()),
            with_agent(shared, Narrowed(shot), at_once=PASSAGES),
            with_agent(shared, Narrowed(shot, JUDGED)),
            with_agent(shared, Narrowed(hops, JUDGED)),
        )
        template, plain, single, multi = asked(applications, tasks, chosen.concurrency)
        found = {
            "tasks of each kind": chosen.count,
            "seed": chosen.seed,
            "passages": PASSAGES,
            "concurrency": chosen.concurrency,
            "two fixed hops": summary(template),
            "single-shot, all in one prompt": summary(plain),
            "single-shot": summary(single),
            "multi-hop": summary(multi),
            "multi-hop against single-shot": difference(Comparison(single, multi)),
        }
    met = judged(plain, single, multi)
    write("multihop", {**found, "targets": targets(met)})
    return verdict(met)


if __name__ == "__main__":
    sys.exit(main())
