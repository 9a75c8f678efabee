"""The ceilings of layers 1 to 7 under one scenario: how much of each is used by a single process."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

from labkit.ceilings.rates import Rates
from labkit.ceilings.scenario import Scenario
from labkit.errors import BadArgument
from labkit.scaling import amdahl_limit, replicas_needed
from labkit.tables import Table

SECONDS_PER_HOUR = 3600
NONE = "none: one process carries it"


@dataclass(frozen=True)
class Layer:
    """One ceiling.

    Attributes:
        name: The layer, with its number.
        ceiling: What is limited.
        used: How much of the ceiling a single process uses; above 1 it does not suffice.
        remedy: What would, as far as it can be computed.
        core_seconds: Seconds of a core that an hour of this load takes in this layer; 0 where no core of ours works.
    """

    name: str
    ceiling: str
    used: float
    remedy: str
    core_seconds: float = 0.0


def layers(scenario: Scenario, rates: Rates) -> tuple[Layer, ...]:
    """The ceilings, in the order of the course; layer 3 has two."""
    return (
        _chunking(scenario, rates),
        _encoding(scenario, rates),
        _memory(scenario),
        _searching(scenario, rates),
        _chained(scenario, rates),
        _skilled(scenario, rates),
        _serving(scenario, rates),
        _cost(scenario),
    )


def binding(scenario: Scenario, rates: Rates) -> Layer | None:
    """The ceiling that is exceeded most, or None where a single process carries everything."""
    worst = max(layers(scenario, rates), key=lambda layer: layer.used)
    return worst if worst.used > 1 else None


def table(scenario: Scenario, rates: Rates) -> Table:
    """A row a ceiling; time and cost of its cores for an hour of this load; the binding one is marked."""
    found, first = layers(scenario, rates), binding(scenario, rates)
    rows = tuple(
        (
            layer.name,
            layer.ceiling,
            f"{layer.used:.2g}" + (" (binds)" if layer == first else ""),
            layer.remedy if layer.used > 1 else "-",
            f"{layer.core_seconds:.3g}",
            f"{layer.core_seconds / SECONDS_PER_HOUR * scenario.dollars_per_core_hour:.3g}",
        )
        for layer in found
    )
    columns = ("layer", "ceiling", "used by one process", "what it takes", "core s an hour", "$ an hour")
    return Table(columns, rows, "Computed from measured rates")


def compare(scenarios: Mapping[str, Scenario], rates: Rates) -> Table:
    """What binds in each of several scenarios, a row a scenario."""
    rows = []
    for name, scenario in scenarios.items():
        first = binding(scenario, rates)
        load = f"{scenario.pages:,.0f} pages, {scenario.tenants} tenants, {scenario.tasks_per_second:g} tasks/s"
        told = (first.name, f"{first.used:.2g}", first.remedy) if first else (NONE, "-", "-")
        rows.append((name, load, *told))
    return Table(("scenario", "corpus and load", "binds", "used", "what it takes"), tuple(rows), "Computed")


def _chunking(scenario: Scenario, rates: Rates) -> Layer:
    seconds = scenario.pages / rates.pages_per_second
    return _job("1 chunking", "hours to chunk the corpus", seconds, rates.chunking_serial, scenario)


def _encoding(scenario: Scenario, rates: Rates) -> Layer:
    seconds = scenario.tokens / rates.tokens_per_second
    return _job("2 embedding", "hours to encode the corpus", seconds, rates.encoding_serial, scenario)


def _job(name: str, ceiling: str, seconds: float, serial: float, scenario: Scenario) -> Layer:
    """A job over the whole corpus that must be done once in every refresh."""
    hours = seconds / SECONDS_PER_HOUR
    used = hours / scenario.refresh_hours
    words = f"{ceiling}: {hours:.3g} of {scenario.refresh_hours:g}"
    return Layer(name, words, used, _workers(used, serial), seconds / scenario.refresh_hours)


def _workers(speedup: float, serial: float) -> str:
    """The fewest workers whose speedup by Amdahl's law suffices; solved for p, with room for rounding.

    >>> _workers(4.0, 0.0), _workers(2.0, 0.25), _workers(12.0, 0.1)
    ('4 workers', '3 workers', 'no number of workers: at f = 0.1 they gain at most 10x')
    """
    if speedup >= amdahl_limit(serial):
        return f"no number of workers: at f = {serial:.2g} they gain at most {amdahl_limit(serial):.3g}x"
    needed = (1 - serial) / (1 / speedup - serial)
    return f"{max(1, math.ceil(needed - 1e-9))} workers"


def _memory(scenario: Scenario) -> Layer:
    used = scenario.vector_gib / scenario.node_gib
    words = f"GiB of vectors: {scenario.vector_gib:.3g} of {scenario.node_gib:g}"
    return Layer("3 index, memory", words, used, f"{math.ceil(used)} shards")


def _searching(scenario: Scenario, rates: Rates) -> Layer:
    """Exact search of what one tenant may read, on one core that keeps some time free."""
    each = rates.search_seconds + rates.search_seconds_per_vector * scenario.vectors_of_one_tenant
    busy = scenario.tasks_per_second * scenario.searches * each
    used = busy / scenario.utilisation
    words = f"share of a core that searches: {busy:.2g} of {scenario.utilisation:g}"
    remedy = f"{math.ceil(used)} cores, or lists that are not all read"
    return Layer("3 index, time", words, used, remedy, busy * SECONDS_PER_HOUR)


def _chained(scenario: Scenario, rates: Rates) -> Layer:
    """Chained tasks that a single retrieval fails, over the failures allowed. More machines change nothing here."""
    fails = scenario.chained * (1 - _known(rates.single_shot, "two_hop"))
    return _quality("4 multi-hop", fails, scenario, "retrieve again with what was read")


def _skilled(scenario: Scenario, rates: Rates) -> Layer:
    fails = scenario.both_skills * (1 - _known(rates.without_tools, "two_skill"))
    return _quality("5 orchestrator", fails, scenario, "a specialist that calculates")


def _known(success: Mapping[str, float], kind: str) -> float:
    if kind not in success:
        raise BadArgument(f"no success was measured on {kind!r}, only on {sorted(success)}", remedy="measure it")
    return success[kind]


def _quality(name: str, fails: float, scenario: Scenario, remedy: str) -> Layer:
    allowed = 1 - scenario.success
    return Layer(name, f"share of tasks that fail: {fails:.2g} of {allowed:.2g} allowed", fails / allowed, remedy)


def _serving(scenario: Scenario, rates: Rates) -> Layer:
    arriving = scenario.tasks_per_second * scenario.calls
    capacity = scenario.utilisation * rates.requests_per_second
    words = f"requests per second: {arriving:.3g} of {capacity:.3g}"
    needed = replicas_needed(arriving, rates.requests_per_second, scenario.utilisation) if arriving else 0
    busy = arriving / rates.requests_per_second * SECONDS_PER_HOUR
    return Layer("6 serving", words, arriving / capacity, f"{needed} replicas", busy)


def _cost(scenario: Scenario) -> Layer:
    dollars = scenario.tasks_per_second * SECONDS_PER_HOUR * scenario.dollars_per_task
    used = dollars / scenario.dollars_per_hour
    words = f"dollars an hour for tokens: {dollars:.3g} of {scenario.dollars_per_hour:g}"
    return Layer("7 cost", words, used, f"tokens down by {100 * (1 - 1 / used):.0f} %" if used > 1 else "")
