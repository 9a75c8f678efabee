"""Both graphs on a public data set: the passages that they find, beside a single search for as many, and their answers.

Of two single searches, by vectors alone and by words too, the better one counts. There is no judge, which knows the
handbook's kind of question alone; every search of a graph follows its first passage.

| target | |
|---|---|
| supporting passages, by either graph | more than the better single search finds for as many |

There is none for answers: free text about the whole world is beyond a model of this size.

    python bench/public.py                             # the questions beside the project; two minutes on two cores
    python bench/public.py FILE                        # others, in the layout of HotpotQA or MuSiQue

The exit status says whether all targets were met.
"""

import argparse
import sys
from dataclasses import asdict
from pathlib import Path

from agents import application, targets, verdict, with_agent
from models_public import PUBLIC
from records import write

from labkit.agents import Agent
from labkit.evaluation import ask_all, multihop_scores
from labkit.multihop import MultiHop
from labkit.orchestrator import Orchestrator
from labkit.ranking import Funnel, Narrowed
from labkit.serving import fleet
from labkit.tasks import load_multihop

GRAPHS: dict[str, Agent] = {"multi-hop": MultiHop(), "orchestrator": Orchestrator()}


def beyond(scores: dict) -> float:
    """What a graph finds more than the better single search."""
    return scores["recall"] - max(scores["single_shot"], scores["single_shot_hybrid"])


def main() -> int:
    """Measure, record, and judge."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("file", type=Path, nargs="?", default=PUBLIC, help="a HotpotQA or MuSiQue file")
    parser.add_argument("--count", type=int, default=100, help="questions from the start of the file")
    parser.add_argument("--concurrency", type=int, default=8, help="questions under way at once")
    chosen = parser.parse_args()
    public = load_multihop(chosen.file, chosen.count)
    found: dict[str, dict] = {}
    with fleet():
        shared = application(public)
        hybrid = Funnel().over(shared.retrieve)
        for name, graph in GRAPHS.items():
            following = with_agent(shared, Narrowed(graph, Funnel(follow=True)))
            answers = ask_all(following, public.tasks, chosen.concurrency)
            scores = asdict(multihop_scores(shared, public.tasks, answers))
            better = multihop_scores(shared, public.tasks, answers, hybrid)
            found[name] = {**scores, "single_shot_hybrid": better.single_shot, "gain_hybrid": better.gain}
    met = {
        f"{name}: supporting passages beyond a single search's": (beyond(each), beyond(each) > 0)
        for name, each in found.items()
    }
    write("public", {"file": chosen.file.name, "questions": len(public.tasks), **found, "targets": targets(met)})
    return verdict(met)


if __name__ == "__main__":
    sys.exit(main())
