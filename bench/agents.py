"""What the benchmarks of layers 4 and 5 share: one application on held-out tasks, asked through the fleet."""

import argparse
import statistics
from collections.abc import Iterator, Sequence
from dataclasses import replace

from labkit.agents import Agent
from labkit.chunking import SentenceChunker
from labkit.corpus import handbook
from labkit.documents import Answer
from labkit.embedding import SentenceEncoder
from labkit.evaluation import Comparison, Report, ask_all, cold, judge
from labkit.serving import Chat, LanguageModel, served_chat
from labkit.stages import Application, Corpus, stage
from labkit.tasks import Kind, Task, handbook_tasks

PAGES, TENANTS, SEED = 600, 6, 11


def options(description: str, count: int) -> argparse.ArgumentParser:
    """The options that both benchmarks have."""
    parser = argparse.ArgumentParser(description=description, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=count, help="tasks of each kind")
    parser.add_argument("--seed", type=int, default=41, help="of the tasks; the handbook is always the same")
    parser.add_argument("--concurrency", type=int, default=8, help="tasks under way at once")
    return parser


def application(corpus: Corpus) -> Application:
    """Real chunks, real vectors, exact search, and the language model behind the fleet.

    The index is the exact one of a single process: which shard holds a passage changes no answer.
    """
    return replace(
        stage(0).over(corpus),
        chunker=SentenceChunker(),
        encoder=SentenceEncoder(),
        model=LanguageModel(chat=served_chat),
    )


def heldout(kinds: Sequence[Kind], count: int, seed: int) -> tuple[Application, tuple[Task, ...]]:
    """The held-out handbook under an application, and tasks on it."""
    book = handbook(PAGES, TENANTS, SEED, split="heldout")
    return application(book), handbook_tasks(book, kinds, count, seed)


def with_agent(shared: Application, agent: Agent, at_once: int = 1, chat: Chat = served_chat) -> Application:
    """The application with another agent, over the index that is there already, and so many passages in a prompt."""
    changed = replace(shared, agent=agent, model=LanguageModel(chat=chat, at_once=at_once))
    changed.__dict__["searchable"] = shared.searchable
    return changed


def asked(applications: Sequence[Application], tasks: Sequence[Task], concurrency: int) -> list[Report]:
    """A report for each application.

    They take turns every few tasks of a kind, and another one is first every time, so that a slow spell of the machine
    hits all. Each begins cold: the questions are the same, and the next one would find ready what the one before paid
    for.
    """
    ask_all(cold(applications[0]), tasks[:1])  # loads the models, before the clock
    cooled = [cold(each) for each in applications]
    answers: list[dict[str, Answer]] = [{} for _ in cooled]
    for number, few in enumerate(slices(tasks, 2 * concurrency)):
        for place in range(len(cooled)):
            turn = (number + place) % len(cooled)
            came = ask_all(cooled[turn], few, concurrency)
            answers[turn].update(zip((task.id for task in few), came, strict=True))
    return [judge(tasks, [held[task.id] for task in tasks]) for held in answers]


def slices(tasks: Sequence[Task], most: int) -> Iterator[Sequence[Task]]:
    """The tasks, kind by kind, so many at a time."""
    for kind in dict.fromkeys(task.kind for task in tasks):
        chosen = [task for task in tasks if task.kind is kind]
        yield from (chosen[first : first + most] for first in range(0, len(chosen), most))


def summary(report: Report) -> dict:
    """Success, price and failures by kind."""
    return {kind: _of_kind(report, kind) for kind in report.kinds}


def _of_kind(report: Report, kind: str) -> dict:
    rate, chosen = report.success(kind), report.of_kind(kind)
    return {
        "success": round(rate.value, 4),
        "interval": [round(limit, 4) for limit in rate.interval],
        "of": rate.trials,
        "abstained": round(statistics.fmean(one.verdict.abstained for one in chosen), 4),
        "cited correctly": round(statistics.fmean(one.verdict.cited_correctly for one in chosen), 4),
        "leaks": sum(one.verdict.leaked for one in chosen),
        "median seconds": round(statistics.median(one.seconds for one in chosen), 3),
        "tokens a task": round(statistics.fmean(one.input_tokens + one.output_tokens for one in chosen), 1),
        "failures by cause": {row[0]: int(row[1]) for row in report.causes(kind).rows},
    }


def difference(comparison: Comparison) -> dict:
    """What changed, by kind, with every task that was gained or broken."""
    return {
        kind: {
            "difference": round(comparison.difference(kind), 4),
            "interval": [round(limit, 4) for limit in comparison.interval(kind)],
            "p": comparison.p_value(kind),
            "added seconds": round(comparison.added(kind)[0], 3),
            "added tokens": round(comparison.added(kind)[1], 1),
            "gained": [one.task for one in comparison.gained(kind)],
            "broken": [one.task for one in comparison.broken(kind)],
        }
        for kind in comparison.after.kinds
    }


def verdict(met: dict[str, tuple[float, bool]]) -> int:
    """Say which targets were met; the exit status."""
    for target, (value, reached) in met.items():
        print(f"{'met' if reached else 'NOT MET':<8} {target} ({value:.3f})")
    return 0 if all(reached for _, reached in met.values()) else 1


def targets(met: dict[str, tuple[float, bool]]) -> dict:
    """The targets as a record keeps them."""
    return {
        name: {"value": round(value, 4), "verdict": "met" if fine else "NOT MET"} for name, (value, fine) in met.items()
    }
