"""Assignment 7, *Self-host or API*: what is asked of the student's functions, and what would be right.

Runs in the grader's process only. Cases and mistakes are functions of the same keyword arguments as the student's.
Volumes keep away from the bounds of a verdict: there float noise would decide between two right ways to compute.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from math import sqrt
from random import Random
from statistics import fmean, pstdev, stdev

from labkit.assignments.self_host_or_api import T95, Rivals, rivals_for
from labkit.grading import Case, Check, Plain
from labkit.scaling import replicas_needed

HIDDEN = ("labkit.costs",)
HOUR, MILLION = 3600, 1_000_000
Calls = Sequence[Mapping[str, Plain]]
Trials = Sequence[Mapping[str, float]]


def some_calls(chance: Random) -> Case:
    """The calls of a few tasks, in the order in which they came, which need not be task by task."""
    calls = []
    for task in range(chance.randint(2, 6)):
        for _ in range(chance.randint(1, 7)):
            read, written = chance.randint(300, 4000), chance.randint(20, 900)
            usage = {"prompt_tokens": read, "completion_tokens": written, "total_tokens": read + written}
            calls.append({"task": f"task {task}", "usage": usage})
    chance.shuffle(calls)
    return {"calls": calls}


def a_profile(chance: Random) -> Case:
    """What a task takes, and prices."""
    calls = chance.randint(5, 40) / 4
    tokens = {"input_tokens": calls * chance.randint(300, 4000), "output_tokens": calls * chance.randint(20, 900)}
    return {
        "profile": {"calls": calls, **tokens},
        "input_price": chance.choice([0.5, 1, 2, 3, 4]),
        "output_price": chance.choice([6, 8, 10, 15]),
    }


def some_trials(chance: Random) -> Case:
    """Trials of different lengths, at different rates."""
    counts = [chance.randint(10, 90) for _ in range(chance.randint(2, 6))]
    return {"trials": [{"tasks": count, "seconds": round(count * chance.uniform(0.2, 9), 1)} for count in counts]}


def a_replica(chance: Random) -> Case:
    """Its price, its rate and how busy it is."""
    return {
        "dollars_per_hour": chance.choice([0.5, 1, 1.5, 2, 3]),
        "service_rate": chance.choice([0.05, 0.1, 0.3, 1.5, 4]),
        "utilisation": chance.choice([0.1, 0.25, 0.5, 0.7, 0.9]),
    }


def some_costs(chance: Random) -> Case:
    """A fleet, and what a task cost in each run at the API."""
    about = chance.uniform(0.01, 0.2)
    costs = [round(about * chance.uniform(0.7, 1.4), 5) for _ in range(chance.randint(3, 8))]
    return {"replicas": chance.randint(2, 30), "dollars_per_hour": chance.choice([0.5, 1.5, 2, 3]), "api_costs": costs}


def a_volume(chance: Random) -> Case:
    """A volume below an interval, in it, above it, or beyond what the fleet can carry, with room to every bound."""
    fleet = {
        "replicas": chance.randint(2, 20),
        "service_rate": chance.choice([0.05, 0.1, 0.3, 1.5]),
        "utilisation": chance.choice([0.4, 0.5, 0.6, 0.7, 0.8]),
    }
    most = capacity(**fleet)
    low = most * chance.choice([0.2, 0.5, 1.3])
    high = low * chance.uniform(1.2, 1.6)
    volume = chance.choice(
        [low * 0.8, low * 0.6 + high * 0.4, low * 1.05, high * 0.95, high * 1.1, most * 1.15, most * 4]
    )
    return {"tasks_per_hour": volume, "low": low, "high": high, **fleet}


def capacity(replicas: float, service_rate: float, utilisation: float) -> float:
    """Tasks an hour that a fleet can carry."""
    return replicas * service_rate * utilisation * HOUR


def profile(calls: Calls, share: Callable[[Calls], int] = lambda calls: len({call["task"] for call in calls})) -> Plain:
    """Step 1, with the sums shared by the tasks or by others."""
    read, written = (sum(call["usage"][name] for call in calls) for name in ("prompt_tokens", "completion_tokens"))
    count = share(calls)
    return {"calls": len(calls) / count, "input_tokens": read / count, "output_tokens": written / count}


def api_dollars(profile: Mapping[str, float], input_price: float, output_price: float) -> float:
    """Step 2."""
    return (profile["input_tokens"] * input_price + profile["output_tokens"] * output_price) / MILLION


def service_rate(trials: Trials) -> float:
    """Step 3."""
    return sum(trial["tasks"] for trial in trials) / sum(trial["seconds"] for trial in trials)


def fleet_dollars(dollars_per_hour: float, service_rate: float, utilisation: float) -> float:
    """Step 4."""
    return dollars_per_hour / (service_rate * utilisation * HOUR)


def crossover(
    replicas: int,
    dollars_per_hour: float,
    api_costs: Sequence[float],
    reach: Callable[[Sequence[float]], float] = lambda found: T95[len(found)] * stdev(found) / sqrt(len(found)),
) -> dict[str, float]:
    """Step 5, with this half of the interval or another."""
    found = [replicas * dollars_per_hour / cost for cost in api_costs]
    volume = fmean(found)
    return {"volume": volume, "low": volume - reach(found), "high": volume + reach(found)}


def verdict(
    tasks_per_hour: float,
    low: float,
    high: float,
    most: Callable[..., float] = capacity,
    **fleet: float,
) -> str:
    """Step 6, with this capacity or another."""
    if tasks_per_hour > most(**fleet):
        return "fleet too small"
    if tasks_per_hour < low:
        return "API"
    return "fleet" if tasks_per_hour > high else "too close"


def report(student: str, size: Callable[[Rivals, float], int] | None = None) -> Plain:
    """Step 7: the student's own measurements, with a fleet of the right size or of another."""
    mine = rivals_for(student)
    rate, costs = (
        service_rate(mine.trials),
        [api_dollars(profile(run), mine.input_price, mine.output_price) for run in mine.runs],
    )
    replicas = (size or sized)(mine, rate)
    ends = crossover(replicas, mine.dollars_per_hour, costs)
    fleet = {"replicas": replicas, "service_rate": rate, "utilisation": mine.utilisation}
    return {
        "api_costs": costs,
        "service_rate": rate,
        "replicas": replicas,
        "fleet_dollars": fleet_dollars(mine.dollars_per_hour, rate, mine.utilisation),
        "crossover": ends,
        "verdicts": {
            name: verdict(volume, ends["low"], ends["high"], **fleet) for name, volume in mine.volumes.items()
        },
    }


def sized(mine: Rivals, rate: float) -> int:
    """Replicas for the peak."""
    return replicas_needed(mine.peak / HOUR, rate, mine.utilisation)


def total_for_input(calls: Calls) -> Plain:
    """A mistake of step 1."""
    tasks = len({call["task"] for call in calls})
    return profile(calls) | {"input_tokens": sum(call["usage"]["total_tokens"] for call in calls) / tasks}


def swapped_tokens(calls: Calls) -> Plain:
    """A mistake of step 1."""
    right = profile(calls)
    return right | {"input_tokens": right["output_tokens"], "output_tokens": right["input_tokens"]}


def tokens_of_a_call(calls: Calls) -> Plain:
    """A mistake of step 1: the tokens are those of one call, and the calls those of a task."""
    return profile(calls, share=len) | {"calls": profile(calls)["calls"]}


def of_the_mean_cost(replicas: int, dollars_per_hour: float, api_costs: Sequence[float]) -> dict[str, float]:
    """A mistake of step 5: one crossover, at the mean cost, with an interval turned around from that of the cost."""
    middle, reach = fmean(api_costs), T95[len(api_costs)] * stdev(api_costs) / sqrt(len(api_costs))
    ends = {"volume": middle, "low": middle + reach, "high": middle - reach}
    return {name: replicas * dollars_per_hour / cost for name, cost in ends.items()}


def upside_down(replicas: int, dollars_per_hour: float, api_costs: Sequence[float]) -> dict[str, float]:
    """A mistake of step 5: the API's cost is divided by the fleet's bill."""
    return crossover(1, 1, [replicas * dollars_per_hour / cost for cost in api_costs])


def scaled(factor: float, **case: Plain) -> dict[str, float]:
    """Mistakes of step 5: another unit of time."""
    return {name: value * factor for name, value in crossover(**case).items()}


def smallest_and_largest(**case: Plain) -> dict[str, float]:
    """A mistake of step 5."""
    found = [case["replicas"] * case["dollars_per_hour"] / cost for cost in case["api_costs"]]
    return {"volume": fmean(found), "low": min(found), "high": max(found)}


def other_way_round(**case: float) -> str:
    """A mistake of step 6."""
    right = verdict(**case)
    return {"API": "fleet", "fleet": "API"}.get(right, right)


def by_the_middle(low: float, high: float, **case: float) -> str:
    """A mistake of step 6: the interval has no say."""
    return verdict(low=(low + high) / 2, high=(low + high) / 2, **case)


def price_first(tasks_per_hour: float, low: float, high: float, **fleet: float) -> str:
    """A mistake of step 6: only where the fleet would be the cheaper one is it asked what it can carry."""
    cheaper = verdict(tasks_per_hour, low, high, lambda **_: tasks_per_hour, **fleet)
    return verdict(tasks_per_hour, low, high, **fleet) if cheaper == "fleet" else cheaper


def always_busy(replicas: float, service_rate: float, utilisation: float) -> float:  # noqa: ARG001 - the mistake
    """A mistake of step 6."""
    return capacity(replicas, service_rate, utilisation=1)


def of_one(replicas: float, service_rate: float, utilisation: float) -> float:  # noqa: ARG001 - the mistake
    """A mistake of step 6."""
    return capacity(1, service_rate, utilisation)


FLEET = {"low": 90, "high": 110, "replicas": 2, "service_rate": 0.1, "utilisation": 0.5}

CHECKS = (
    Check(
        id="rivals-check-1",
        title="What a task uses",
        points=2,
        target="profile",
        draw=some_calls,
        expected=profile,
        asks="Calls, tokens read and tokens written are those of one task, on average over the tasks.",
        hint="Add up over all calls, and share by the number of different tasks.",
        mistakes={
            "The tokens are those of one call: a task makes several, and pays for all of them.": tokens_of_a_call,
            "All three are shared by the calls: they are asked for a task.": partial(profile, share=len),
            "These are sums over all tasks: the mean of one is asked for.": partial(profile, share=lambda _: 1),
            "The total tokens are taken for those that are read: it holds what is written, too.": total_for_input,
            "What is read and what is written have changed places.": swapped_tokens,
        },
    ),
    Check(
        id="rivals-check-2",
        title="A task at the API",
        points=1,
        target="api_dollars",
        draw=a_profile,
        expected=api_dollars,
        asks="A task pays for the tokens it reads and for those it writes, each at its price for a million.",
        hint="Two products, added up, in the unit of the prices.",
        mistakes={
            "The calls are counted twice: the profile's tokens are those of all calls of a task.": (
                lambda profile, **prices: profile["calls"] * api_dollars(profile, **prices)
            ),
            "The result is a million times too high: the prices are for a million tokens.": (
                lambda **case: MILLION * api_dollars(**case)
            ),
            "The result is a thousand times too high: the prices are for a million tokens.": (
                lambda **case: 1000 * api_dollars(**case)
            ),
            "The price of reading and the price of writing have changed places.": (
                lambda profile, input_price, output_price: api_dollars(profile, output_price, input_price)
            ),
        },
    ),
    Check(
        id="rivals-check-3",
        title="What a replica does",
        points=1,
        target="service_rate",
        draw=some_trials,
        expected=service_rate,
        asks="The rate is all tasks of all trials in all of their time, in tasks per second.",
        hint="Two sums, and then one division.",
        mistakes={
            "This is the mean of the trials' rates: a short trial counts as much as a long one in it.": (
                lambda trials: fmean(trial["tasks"] / trial["seconds"] for trial in trials)
            ),
            "It is upside down: these are seconds for a task.": lambda trials: 1 / service_rate(trials),
            "These are tasks per hour: tasks per second are asked for.": lambda trials: HOUR * service_rate(trials),
            "Only the fastest trial was taken.": (
                lambda trials: max(trial["tasks"] / trial["seconds"] for trial in trials)
            ),
            "Only the first trial was taken.": lambda trials: service_rate(trials[:1]),
        },
    ),
    Check(
        id="rivals-check-4",
        title="A task on the fleet",
        points=2,
        target="fleet_dollars",
        draw=a_replica,
        expected=fleet_dollars,
        asks="The bill of an hour is shared by the tasks that a replica does in it while it is busy.",
        hint="How many seconds of an hour is the replica busy, and how many tasks does it do in them?",
        mistakes={
            "The utilisation was left out: a replica that idles is paid for all the same.": (
                lambda utilisation, **case: fleet_dollars(utilisation=1, **case)  # noqa: ARG005
            ),
            "The utilisation is upside down: a replica that is busy less makes a task dearer, not cheaper.": (
                lambda utilisation, **case: fleet_dollars(utilisation=1 / utilisation, **case)
            ),
            "Hours and seconds are mixed: the bill of an hour was shared by the tasks of one second.": (
                lambda **case: HOUR * fleet_dollars(**case)
            ),
            "The service rate is upside down: a replica that does more makes a task cheaper.": (
                lambda service_rate, **case: fleet_dollars(service_rate=1 / service_rate, **case)
            ),
            "It is upside down: these are tasks for a dollar.": lambda **case: 1 / fleet_dollars(**case),
        },
    ),
    Check(
        id="rivals-check-5",
        title="Where they cross, and how surely",
        points=3,
        target="crossover",
        draw=some_costs,
        expected=crossover,
        asks="Every measured cost gives a crossover; asked for are their mean and the 95 % interval of that mean.",
        hint="A list of crossovers first. Then mean, sample standard deviation, and T95 of how many there are.",
        mistakes={
            "It is upside down: the fleet's bill is divided by the cost of a task, not the other way.": upside_down,
            "One replica was paid for: every replica of the fleet is on the bill.": (
                lambda replicas, **case: crossover(replicas=1, **case)  # noqa: ARG005
            ),
            "These are tasks per second; tasks per hour are asked for.": partial(scaled, 1 / HOUR),
            "Hours and seconds are mixed: the fleet's price is per hour already.": partial(scaled, HOUR),
            "The interval is that of single runs: the mean of n of them is surer, by the root of n.": partial(
                crossover, reach=lambda found: T95[len(found)] * stdev(found)
            ),
            "The standard deviation was divided by n, not by its root.": partial(
                crossover, reach=lambda found: T95[len(found)] * stdev(found) / len(found)
            ),
            "The standard deviation is that of a whole population: a few runs are a sample.": partial(
                crossover, reach=lambda found: T95[len(found)] * pstdev(found) / sqrt(len(found))
            ),
            "1.96 is for many measurements: with a few of them t is larger.": partial(
                crossover, reach=lambda found: 1.96 * stdev(found) / sqrt(len(found))
            ),
            "t is missing: one standard error holds about two thirds, not 95 %.": partial(
                crossover, reach=lambda found: stdev(found) / sqrt(len(found))
            ),
            "These are the smallest and the largest: they grow apart with every run, and the interval shrinks.": (
                smallest_and_largest
            ),
            "The costs were averaged first: that is one crossover, and its interval is another.": of_the_mean_cost,
        },
    ),
    Check(
        id="rivals-check-6",
        title="The verdict",
        points=2,
        target="verdict",
        draw=a_volume,
        fixed=[{"tasks_per_hour": volume, **FLEET} for volume in (50, 95, 200, 400)],
        count=60,
        expected=verdict,
        asks="First comes what the fleet can carry, then on which side of the interval the volume is.",
        hint="Work out the tasks an hour of all replicas at the utilisation that they may have.",
        mistakes={
            "What the fleet can carry was not asked: it would be cheaper, if it could.": (
                lambda tasks_per_hour, **case: verdict(tasks_per_hour, most=lambda **_: tasks_per_hour, **case)
            ),
            "The utilisation was left out: replicas that are always busy have no time to work off a burst.": partial(
                verdict, most=always_busy
            ),
            "Only one replica was asked what it can carry: there are several.": partial(verdict, most=of_one),
            "Hours and seconds are mixed: the volume is per hour, the service rate per second.": partial(
                verdict, most=lambda **fleet: capacity(**fleet) / HOUR
            ),
            "The API and the fleet have changed places: above the crossover the fleet is cheaper.": other_way_round,
            "The interval has no say: within it nobody can tell which is cheaper.": by_the_middle,
            "Where the API is cheaper, a fleet that cannot carry the volume is to be called too small all the same.": (
                price_first
            ),
        },
    ),
    Check(
        id="rivals-check-7",
        title="Your own rivals",
        points=1,
        target="report",
        expected=report,
        asks="The report holds six entries for the measurements that belong to your id.",
        hint="Call your functions with what is in `mine`. If an earlier check is not right yet, begin there.",
        mistakes={
            "The replicas are rounded down: one too few is too busy at the peak.": partial(
                report, size=lambda mine, rate: sized(mine, rate) - 1
            ),
            "The utilisation was left out of the replicas: they may not be busy all of the time.": partial(
                report, size=lambda mine, rate: replicas_needed(mine.peak / HOUR, rate, 0.999_999_999)
            ),
            "Hours and seconds are mixed: the fleet was sized as if an hour's tasks came in one second.": partial(
                report, size=lambda mine, rate: replicas_needed(mine.peak, rate, mine.utilisation)
            ),
            "The verdicts are all for one volume.": (
                lambda student: (
                    (right := report(student))
                    | {"verdicts": dict.fromkeys(right["verdicts"], right["verdicts"]["day"])}
                )
            ),
        },
    ),
)
