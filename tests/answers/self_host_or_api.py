"""Answers to assignment 7: right ones, each common mistake with what it must be told, and some cheats."""

from judging import Answers

ANSWERS = Answers("07_self_host_or_api", "rivals")
changed, solved = ANSWERS.changed, ANSWERS.solved


def priced(expression: str) -> dict[int, str]:
    """A task at the API in one line."""
    return {2: f"def api_dollars(profile, input_price, output_price):\n    return {expression}"}


def served(expression: str) -> dict[int, str]:
    """A service rate in one line."""
    return {3: f"def service_rate(trials):\n    return {expression}"}


def hosted(expression: str) -> dict[int, str]:
    """A task on the fleet in one line."""
    return {4: f"def fleet_dollars(dollars_per_hour, service_rate, utilisation):\n    return {expression}"}


def reaching(expression: str) -> dict[int, str]:
    """Another half of the interval."""
    return changed(5, ("T95[count] * stdev(volumes) / count**0.5", expression))


def carrying(expression: str) -> dict[int, str]:
    """Another capacity of the fleet."""
    return changed(6, ("replicas * service_rate * utilisation * 3600", expression))


READ, WRITTEN = 'profile["input_tokens"]', 'profile["output_tokens"]'
BOTH = f"({READ} * input_price + {WRITTEN} * output_price)"

BY_HAND = {
    1: """
from collections import defaultdict
from statistics import fmean
def profile(calls):
    tasks = defaultdict(list)
    for call in calls:
        tasks[call["task"]].append(call["usage"])
    def each(name):
        return fmean(sum(usage[name] for usage in used) for used in tasks.values())
    tokens = {"output_tokens": each("completion_tokens"), "input_tokens": each("prompt_tokens")}
    return tokens | {"calls": fmean(map(len, tasks.values()))}
""",
    2: "def api_dollars(profile, input_price, output_price):\n"
    f"    return {READ} * (input_price / 1e6) + {WRITTEN} * (output_price / 1e6)",
    3: "import numpy\ndef service_rate(trials):\n"
    "    tasks, seconds = numpy.array([[t['tasks'], t['seconds']] for t in trials]).sum(axis=0)\n"
    "    return float(tasks / seconds)",
    4: "def fleet_dollars(dollars_per_hour, service_rate, utilisation):\n"
    "    return dollars_per_hour / 60 / 60 / service_rate / utilisation",
    5: """
import numpy
def crossover(replicas, dollars_per_hour, api_costs):
    found = replicas * dollars_per_hour / numpy.array(api_costs)
    reach = T95[len(found)] * found.std(ddof=1) / numpy.sqrt(len(found))
    return {"low": found.mean() - reach, "high": found.mean() + reach, "volume": found.mean()}
""",
    6: """
def verdict(tasks_per_hour, low, high, replicas, service_rate, utilisation):
    busy = tasks_per_hour / 3600 / service_rate / replicas
    cheaper = "too close" if low <= tasks_per_hour <= high else ("API", "fleet")[bool(tasks_per_hour > high)]
    return cheaper if busy <= utilisation else "fleet too small"
""",
}

MISTAKES = {
    "tokens-of-a-call": (
        changed(
            1,
            ('in used) / tasks,\n        "output', 'in used) / len(used),\n        "output'),
            (
                '["completion_tokens"] for usage in used) / tasks',
                '["completion_tokens"] for usage in used) / len(used)',
            ),
        ),
        {1, 7},
        "The tokens are those of one call",
    ),
    "shared-by-calls": (
        changed(1, ('len({call["task"] for call in calls})', "len(calls)")),
        {1, 7},
        "All three are shared by the calls",
    ),
    "sums": (changed(1, ('len({call["task"] for call in calls})', "1")), {1, 7}, "These are sums over all tasks"),
    "total-for-input": (changed(1, ('"prompt_tokens"', '"total_tokens"')), {1, 7}, "The total tokens are taken"),
    "tokens-swapped": (
        changed(
            1, ('"prompt_tokens"', '"x"'), ('"completion_tokens"', '"prompt_tokens"'), ('"x"', '"completion_tokens"')
        ),
        {1, 7},
        "What is read and what is written have changed places",
    ),
    "calls-twice": (priced(f"profile['calls'] * {BOTH} / 1e6"), {2, 7}, "The calls are counted twice"),
    "per-token-prices": (priced(BOTH), {2, 7}, "a million times too high"),
    "per-thousand": (priced(f"{BOTH} / 1000"), {2, 7}, "a thousand times too high"),
    "prices-swapped": (
        priced(f"({READ} * output_price + {WRITTEN} * input_price) / 1e6"),
        {2, 7},
        "have changed places",
    ),
    "mean-of-rates": (
        served("sum(trial['tasks'] / trial['seconds'] for trial in trials) / len(trials)"),
        {3, 7},
        "This is the mean of the trials' rates",
    ),
    "seconds-a-task": (
        served("sum(t['seconds'] for t in trials) / sum(t['tasks'] for t in trials)"),
        {3, 7},
        "these are seconds for a task",
    ),
    "tasks-per-hour": (
        served("3600 * sum(t['tasks'] for t in trials) / sum(t['seconds'] for t in trials)"),
        {3, 7},
        "These are tasks per hour",
    ),
    "fastest-trial": (served("max(t['tasks'] / t['seconds'] for t in trials)"), {3, 7}, "Only the fastest trial"),
    "first-trial": (served("trials[0]['tasks'] / trials[0]['seconds']"), {3, 7}, "Only the first trial"),
    "utilisation-ignored": (hosted("dollars_per_hour / service_rate / 3600"), {4, 7}, "The utilisation was left out"),
    "utilisation-upside-down": (
        hosted("dollars_per_hour * utilisation / service_rate / 3600"),
        {4, 7},
        "The utilisation is upside down",
    ),
    "hours-for-seconds": (
        hosted("dollars_per_hour / service_rate / utilisation"),
        {4, 7},
        "Hours and seconds are mixed",
    ),
    "rate-upside-down": (
        hosted("dollars_per_hour * service_rate / utilisation / 3600"),
        {4, 7},
        "The service rate is upside down",
    ),
    "tasks-for-a-dollar": (
        hosted("service_rate * utilisation * 3600 / dollars_per_hour"),
        {4, 7},
        "these are tasks for a dollar",
    ),
    "crossover-inverted": (
        changed(5, ("replicas * dollars_per_hour / cost", "cost / (replicas * dollars_per_hour)")),
        {5, 7},
        "It is upside down",
    ),
    "one-replica": (
        changed(5, ("replicas * dollars_per_hour / cost", "dollars_per_hour / cost")),
        {5, 7},
        "One replica was paid for",
    ),
    "crossover-per-second": (
        changed(5, ("dollars_per_hour / cost", "dollars_per_hour / cost / 3600")),
        {5, 7},
        "These are tasks per second",
    ),
    "crossover-hours-mixed": (
        changed(5, ("dollars_per_hour / cost", "dollars_per_hour / cost * 3600")),
        {5, 7},
        "the fleet's price is per hour already",
    ),
    "spread": (reaching("T95[count] * stdev(volumes)"), {5, 7}, "that of single runs"),
    "root-forgotten": (reaching("T95[count] * stdev(volumes) / count"), {5, 7}, "divided by n, not by its root"),
    "population": (
        {5: solved(5).replace("stdev", "pstdev")},
        {5, 7},
        "that of a whole population",
    ),
    "normal-quantile": (reaching("1.96 * stdev(volumes) / count**0.5"), {5, 7}, "1.96 is for many measurements"),
    "standard-error": (reaching("stdev(volumes) / count**0.5"), {5, 7}, "t is missing"),
    "smallest-and-largest": (
        changed(5, ("volume - reach", "min(volumes)"), ("volume + reach", "max(volumes)")),
        {5, 7},
        "These are the smallest and the largest",
    ),
    "mean-cost-first": (
        {
            5: "from statistics import mean, stdev\n"
            "def crossover(replicas, dollars_per_hour, api_costs):\n"
            "    cost, n = mean(api_costs), len(api_costs)\n    reach = T95[n] * stdev(api_costs) / n**0.5\n"
            "    ends = {'volume': cost, 'low': cost + reach, 'high': cost - reach}\n"
            "    return {name: replicas * dollars_per_hour / each for name, each in ends.items()}"
        },
        {5, 7},
        "The costs were averaged first",
    ),
    "capacity-ignored": (carrying("float('inf')"), {6, 7}, "What the fleet can carry was not asked"),
    "capacity-always-busy": (carrying("replicas * service_rate * 3600"), {6}, "no time to work off a burst"),
    "capacity-of-one": (carrying("service_rate * utilisation * 3600"), {6, 7}, "Only one replica was asked"),
    "capacity-per-second": (carrying("replicas * service_rate * utilisation"), {6, 7}, "the volume is per hour"),
    "verdict-reversed": (
        changed(6, ('return "API"', 'return "x"'), ('return "fleet" if', 'return "API" if'), ('"x"', '"fleet"')),
        {6, 7},
        "The API and the fleet have changed places",
    ),
    "interval-ignored": (
        changed(6, ("< low", "< (low + high) / 2"), ('if tasks_per_hour > high else "too close"', "")),
        {6},
        "The interval has no say",
    ),
    "price-first": (
        {
            6: "def verdict(tasks_per_hour, low, high, replicas, service_rate, utilisation):\n"
            "    if tasks_per_hour < low:\n        return 'API'\n"
            "    if tasks_per_hour < high:\n        return 'too close'\n"
            "    most = replicas * service_rate * utilisation * 3600\n"
            "    return 'fleet' if tasks_per_hour < most else 'fleet too small'"
        },
        {6},
        "called too small all the same",
    ),
    "replicas-down": (
        changed(7, ("replicas_needed(mine.peak / 3600, rate, busy)", "int(mine.peak / 3600 / rate / busy)")),
        {7},
        "rounded down",
    ),
    "replicas-always-busy": (
        changed(7, ("replicas_needed(mine.peak / 3600, rate, busy)", "-int(-mine.peak / 3600 / rate // 1)")),
        {7},
        "The utilisation was left out of the replicas",
    ),
    "replicas-by-the-hour": (changed(7, ("mine.peak / 3600", "mine.peak")), {7}, "Hours and seconds are mixed"),
    "one-volume": (changed(7, ("verdict(volume,", 'verdict(mine.volumes["day"],')), {7}, "all for one volume"),
    "neighbours-report": ({7: "mine = rivals_for('grace')\n" + solved(7)}, {7}, "not right"),
}

CHEATS = {
    "library": (
        {5: "from labkit.costs import crossover_tasks_per_hour as crossover"},
        {5, 7},
        "TypeError",
    ),
    "hard-coded": (
        {
            6: "def verdict(tasks_per_hour, low, high, replicas, service_rate, utilisation):\n"
            "    known = {50: 'API', 100: 'too close', 400: 'fleet too small'}\n"
            "    return known.get(tasks_per_hour, 'fleet')"
        },
        {6, 7},
        "First comes what the fleet can carry",
    ),
    "certain": (reaching("1e-12"), {5, 7}, "not right"),
}
