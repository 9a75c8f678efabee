"""Assignment 5, *Cost and replicas*: what is asked of the student's functions, and what would be right.

Runs in the grader's process only. The right answers are worked out with ``labkit``; cases and mistakes are functions
of the same keyword arguments as the student's.
"""

import math
from random import Random

from labkit.assignments import REFERENCE, workload_for
from labkit.costs import TokenPrice, cost_per_task, crossover_tasks_per_hour, self_hosted_cost_per_task
from labkit.grading import Case, Check, Plain
from labkit.scaling import replicas_needed

HOUR = 3600  # seconds


def a_task(chance: Random) -> Case:
    """Calls, tokens and prices."""
    return {
        "calls": chance.randint(2, 15),
        "input_tokens": chance.randrange(500, 6000, 50),
        "output_tokens": chance.randrange(100, 1500, 50),
        "input_price": chance.choice([0.5, 1, 2, 3, 4]),
        "output_price": chance.choice([6, 8, 10, 15, 20]),
    }


def a_load(chance: Random) -> Case:
    """A load that is no whole number of replicas: there float noise would decide between two right ways to count."""
    service_rate, utilisation = chance.choice([2, 3, 4.5, 5, 6, 8]), chance.choice([0.5, 0.6, 0.7, 0.75, 0.8, 0.9])
    wanted = chance.randint(1, 40) + chance.uniform(0.05, 0.95)
    return {
        "tasks_per_second": round(wanted * service_rate * utilisation, 3),
        "service_rate": service_rate,
        "utilisation": utilisation,
    }


def a_fleet(chance: Random) -> Case:
    """Replicas, their price, and a load."""
    return {
        "replicas": chance.randint(2, 40),
        "dollars_per_hour": chance.choice([0.5, 1, 1.5, 2, 3, 4.5]),
        "tasks_per_second": chance.randint(2, 200) / 2,
    }


def a_rivalry(chance: Random) -> Case:
    """A fleet, and an API without and with a prefix cache."""
    api_dollars = chance.randint(20, 200) / 1000
    return {
        "replicas": chance.randint(2, 40),
        "dollars_per_hour": chance.choice([0.5, 1, 1.5, 2, 3, 4.5]),
        "api_dollars": api_dollars,
        "cached_dollars": round(api_dollars * chance.uniform(0.3, 0.9), 4),
    }


def a_volume(chance: Random) -> Case:
    """A volume that takes many replicas, or one near which the first replica begins to pay."""
    load, api_dollars, hourly = a_load(chance), chance.randint(2, 200) / 1000, chance.choice([0.5, 1, 2, 3, 4.5])
    few = hourly / api_dollars * chance.choice([0.3, 0.6, 1.5, 2.5])
    return {
        "tasks_per_hour": round(chance.choice([few, HOUR * load["tasks_per_second"]]), 1),
        "service_rate": load["service_rate"],
        "utilisation": load["utilisation"],
        "dollars_per_hour": hourly,
        "api_dollars": api_dollars,
    }


def api_cost(calls: int, input_tokens: int, output_tokens: int, input_price: float, output_price: float) -> float:
    """Step 1."""
    return cost_per_task(calls, input_tokens, output_tokens, TokenPrice.per_million(input_price, output_price))


def cached_cost(calls: int, input_tokens: int, output_tokens: int, input_price: float, output_price: float) -> float:
    """Step 2: all calls but the first find their input in the cache."""
    price = TokenPrice.per_million(input_price, output_price)
    return cost_per_task(calls, input_tokens, output_tokens, price, cached_calls=calls - 1)


def fleet_size(tasks_per_second: float, service_rate: float, utilisation: float) -> int:
    """Step 3."""
    return replicas_needed(tasks_per_second, service_rate, utilisation)


def self_hosted_cost(replicas: int, dollars_per_hour: float, tasks_per_second: float) -> float:
    """Step 4."""
    return self_hosted_cost_per_task(replicas, dollars_per_hour, tasks_per_second)


def crossovers(replicas: int, dollars_per_hour: float, api_dollars: float, cached_dollars: float) -> Plain:
    """Step 5."""
    return {
        "fleet": crossover_tasks_per_hour(replicas, dollars_per_hour, api_dollars),
        "fleet_against_cache": crossover_tasks_per_hour(replicas, dollars_per_hour, cached_dollars),
        "one_replica": crossover_tasks_per_hour(1, dollars_per_hour, api_dollars),
    }


def choose(tasks_per_hour: float, service_rate: float, utilisation: float, **prices: float) -> Plain:
    """Step 6."""
    replicas = replicas_needed(tasks_per_hour / HOUR, service_rate, utilisation)
    return bills(tasks_per_hour, replicas=replicas, **prices)


def report(student: str) -> Plain:
    """Step 7: every number for the student's own workload."""
    mine = workload_for(student)
    replicas = replicas_needed(mine.tasks_per_second, mine.service_rate, mine.utilisation)
    cached = cached_cost(**mine.task)
    return {
        "api_dollars": api_cost(**mine.task),
        "cached_dollars": cached,
        "replicas": replicas,
        "fleet_dollars": self_hosted_cost_per_task(replicas, mine.dollars_per_hour, mine.tasks_per_second),
        "crossover": crossover_tasks_per_hour(replicas, mine.dollars_per_hour, cached),
    }


def prices_swapped(input_price: float, output_price: float, **rest: float) -> float:
    """A mistake of step 1."""
    return api_cost(input_price=output_price, output_price=input_price, **rest)


def nothing_read(input_tokens: int, **rest: float) -> float:  # noqa: ARG001 - that it is not used is the mistake
    """A mistake of step 2: the cache holds the input of the first call too."""
    return api_cost(input_tokens=0, **rest)


def busy_replicas(tasks_per_second: float, service_rate: float, utilisation: float) -> float:
    """What step 3 has to round up, and the source of most of its mistakes."""
    return tasks_per_second / (utilisation * service_rate)


def scaled(factor: float, **case: float) -> Plain:
    """A mistake of step 5: a wrong unit of time."""
    return {name: volume * factor for name, volume in crossovers(**case).items()}


def bills(tasks_per_hour: float, dollars_per_hour: float, api_dollars: float, replicas: int) -> Plain:
    """What step 6 answers, for a given number of replicas."""
    fleet, api = replicas * dollars_per_hour, tasks_per_hour * api_dollars
    return {"cheaper": "fleet" if fleet < api else "API", "dollars_per_hour": min(fleet, api)}


def sized_by_the_hour(tasks_per_hour: float, service_rate: float, utilisation: float, **prices: float) -> Plain:
    """A mistake of step 6."""
    return bills(tasks_per_hour, replicas=replicas_needed(tasks_per_hour, service_rate, utilisation), **prices)


def never_more_than_one(tasks_per_hour: float, dollars_per_hour: float, api_dollars: float, **_: float) -> Plain:
    """A mistake of step 6."""
    return bills(tasks_per_hour, dollars_per_hour, api_dollars, replicas=1)


def the_dearer_one(**case: float) -> Plain:
    """A mistake of step 6."""
    right = choose(**case)
    return {**right, "cheaper": "API" if right["cheaper"] == "fleet" else "fleet"}


def against_the_uncached_price(student: str) -> Plain:
    """A mistake of step 7."""
    right = report(student)
    return {**right, "crossover": right["crossover"] * right["cached_dollars"] / right["api_dollars"]}


CHECKS = (
    Check(
        id="cost-check-1",
        title="Dollars for one task at the API",
        points=2,
        target="api_cost",
        draw=a_task,
        fixed=[REFERENCE.task],
        expected=api_cost,
        asks="Every call of a task pays for the tokens it reads and for those it writes, each at its own price.",
        hint="Price lists are per million tokens: TokenPrice.per_million turns them into dollars per token.",
        mistakes={
            "The price of reading and the price of writing have changed places.": prices_swapped,
            "The result is a million times too high: the prices are for a million tokens.": (
                lambda **case: 1_000_000 * api_cost(**case)
            ),
            "Only one call is paid for: a task makes several.": lambda **case: api_cost(**case | {"calls": 1}),
        },
    ),
    Check(
        id="cost-check-2",
        title="Dollars for one task with prefix caching",
        points=2,
        target="cached_cost",
        draw=a_task,
        fixed=[REFERENCE.task, {**REFERENCE.task, "calls": 1}],
        expected=cached_cost,
        asks="The first call fills the cache and pays for its input; the others do not; each pays for what it writes.",
        hint="How many calls of a task find their input in the cache? Think of a task that makes only one.",
        mistakes={
            "The first call was forgotten: the cache is empty when it comes, so it pays for its input.": nothing_read,
            "The cache saves nothing here.": api_cost,
            "Only one call pays for its output, but each call writes anew: a prefix cache saves input.": (
                lambda **case: api_cost(**case | {"calls": 1})
            ),
        },
    ),
    Check(
        id="cost-check-3",
        title="Replicas for a load",
        points=2,
        target="fleet_size",
        draw=a_load,
        # The second fills its replicas exactly, and in floats without noise.
        fixed=[REFERENCE.load, {"tasks_per_second": 10, "service_rate": 4, "utilisation": 0.5}],
        expected=fleet_size,
        asks="The number of replicas must be whole, and just large enough that none is busier than allowed.",
        hint="How many tasks may one replica take in a second if it is to be busy for that share of the time only?",
        mistakes={
            "It was rounded down: a part of a replica cannot be started, and one too few is too busy.": (
                lambda **case: math.floor(busy_replicas(**case))
            ),
            "It was rounded to the nearest number, which is often one replica too few.": (
                lambda **case: round(busy_replicas(**case))
            ),
            "One is always added: a load that fills its replicas exactly needs no more.": (
                lambda **case: math.floor(busy_replicas(**case)) + 1
            ),
            "It was not rounded: a part of a replica cannot be started.": busy_replicas,
            "The utilisation is upside down: replicas that may be busy less must be more, not fewer.": (
                lambda utilisation, **case: math.ceil(busy_replicas(utilisation=1 / utilisation, **case))
            ),
            "The utilisation was left out: replicas that are always busy have no time to work off a burst.": (
                lambda utilisation, **case: math.ceil(busy_replicas(utilisation=1, **case))  # noqa: ARG005
            ),
        },
    ),
    Check(
        id="cost-check-4",
        title="Dollars for one task on the fleet",
        points=1,
        target="fleet_cost",
        draw=a_fleet,
        expected=self_hosted_cost,
        asks="The fleet's bill for an hour is shared by all the tasks of that hour.",
        hint="The load is in tasks per second and the price is per hour: bring both to the hour.",
        mistakes={
            "Hours and seconds are mixed: the bill of an hour was shared by the tasks of one second.": (
                lambda **case: HOUR * self_hosted_cost(**case)
            ),
            "One replica was paid for: every replica of the fleet is on the bill.": (
                lambda **case: self_hosted_cost(**case | {"replicas": 1})
            ),
            "This is the fleet's bill for an hour, not the share of one task.": (
                lambda replicas, dollars_per_hour, **_: replicas * dollars_per_hour
            ),
        },
    ),
    Check(
        id="cost-check-5",
        title="Crossover volumes",
        points=2,
        target="crossovers",
        draw=a_rivalry,
        expected=crossovers,
        asks="At a crossover volume the API's bill for an hour is the same as the fleet's.",
        hint="Three times the same question: which fleet, against which price of a task?",
        mistakes={
            "These are tasks per second; tasks per hour are asked for.": lambda **case: scaled(1 / HOUR, **case),
            "Hours and seconds are mixed: the fleet's price is per hour already.": lambda **case: scaled(HOUR, **case),
            "The cached price was not used: against a cheaper API the fleet pays later.": (
                lambda **case: crossovers(**case | {"cached_dollars": case["api_dollars"]})
            ),
            "The fleet of one replica was given the bill of the whole fleet.": (
                lambda **case: crossovers(**case) | {"one_replica": crossovers(**case)["fleet"]}
            ),
        },
    ),
    Check(
        id="cost-check-6",
        title="The cheaper one at a volume",
        points=2,
        target="choose",
        draw=a_volume,
        expected=choose,
        asks="A fleet has as many replicas as the volume needs; whoever's bill for the hour is smaller is the cheaper.",
        hint="Turn the volume into tasks per second to size the fleet, then compare two bills for the same hour.",
        mistakes={
            "Hours and seconds are mixed: the fleet was sized as if an hour's tasks came in one second.": (
                sized_by_the_hour
            ),
            "The fleet has one replica at any volume: it could not carry a large one.": never_more_than_one,
            "The choice is the wrong way round.": the_dearer_one,
        },
    ),
    Check(
        id="cost-check-7",
        title="Your own workload",
        points=1,
        target="report",
        expected=report,
        asks="The report holds five numbers for the workload that belongs to your id.",
        hint="Call your functions with the numbers of `mine`. If an earlier check is not right yet, begin there.",
        mistakes={"The crossover is against the API without its cache.": against_the_uncached_price},
    ),
)
