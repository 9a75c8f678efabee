"""Answers to assignment 6: right ones, each common mistake with what it must be told, and some cheats."""

from judging import Answers

ANSWERS = Answers("06_prefix_caching", "prefix")
changed, solved = ANSWERS.changed, ANSWERS.solved


def ordered(expression: str) -> dict[int, str]:
    """A layout in one line."""
    return {1: f"def layout(tasks):\n    return {expression}"}


def held(expression: str) -> dict[int, str]:
    """Tokens from the cache in one line."""
    return {3: f"def cached(shared, length, block):\n    return {expression}"}


def compared(expression: str) -> dict[int, str]:
    """Each prompt is compared with these others."""
    return changed(4, ("in prompts[:place]]", f"in {expression}]"))


FULL = 'call["cached"] * cached_price'
NEW = 'new = call["input"] - call["cached"]'

BY_HAND = {
    1: """
def layout(tasks):
    names = list(tasks[0][0])
    calls = [call for task in tasks for call in task]
    everybody = [n for n in names if all(call[n] == calls[0][n] for call in calls)]
    of_tasks = [n for n in names if all(call[n] == task[0][n] for task in tasks for call in task)]
    rest = [n for n in names if n not in of_tasks]
    return [*everybody, *(n for n in of_tasks if n not in everybody), *rest]
""",
    2: """
import os.path
def shared_prefix(one, other):
    return len(os.path.commonprefix([list(one), list(other)]))
""",
    3: """
def cached(shared, length, block):
    blocks = 0
    while (blocks + 1) * block <= shared and (blocks + 1) * block < length:
        blocks += 1
    return blocks * block
""",
    4: """
def computed(prompts, block):
    seen, counts = set(), []
    for tokens in prompts:
        blocks = [tuple(tokens[: end + block]) for end in range(0, len(tokens) - block + 1, block)]
        found = 0
        while found < len(blocks) and blocks[found] in seen and (found + 1) * block < len(tokens):
            found += 1
        seen.update(blocks)
        counts.append(len(tokens) - found * block)
    return tuple(counts)
""",
    5: """
import numpy
def task_dollars(calls, input_price, cached_price, output_price):
    table = numpy.array([[call["input"], call["cached"], call["output"]] for call in calls])
    return (table @ [input_price, cached_price - input_price, output_price]).sum() / 10**6
""",
}

MISTAKES = {
    "as-given": (ordered("list(tasks[0][0])"), {1, 6}, "in which they were given"),
    "shared-last": (changed(1, ("key=differs)", "key=lambda name: -differs(name))")), {1, 6}, "shared most comes last"),
    "task-like-call": (changed(1, ("return 1 if", "return 2 if")), {1, 6}, "is treated like what differs"),
    "first-task": (
        ordered("sorted(tasks[0][0], key=lambda name: len({call[name] for call in tasks[0]}) > 1)"),
        {1, 6},
        "Only the first task was looked at",
    ),
    "number-of-texts": (
        ordered("sorted(tasks[0][0], key=lambda name: len({call[name] for task in tasks for call in task}))"),
        {1},
        "sorted by the number of their texts",
    ),
    "by-name": (ordered("sorted(tasks[0][0])"), {1, 6}, "sorted by their names"),
    "alike-anywhere": (
        {2: "def shared_prefix(one, other):\n    return sum(a == b for a, b in zip(one, other))"},
        {2, 4, 6},
        "alike behind the first difference",
    ),
    "in-common": (
        {2: "def shared_prefix(one, other):\n    return len(set(one) & set(other))"},
        {2, 4, 6},
        "wherever they stand",
    ),
    "one-too-many": (
        {
            2: "def shared_prefix(one, other):\n    count = 0\n    for a, b in zip(one, other):\n        count += 1\n"
            "        if a != b:\n            break\n    return count"
        },
        {2, 4},
        "The token in which they differ",
    ),
    "no-blocks-at-all": (held("shared"), {3, 4, 6}, "The block size was forgotten: a part"),
    "no-blocks": (held("min(shared, length - 1)"), {3, 4, 6}, "only the last token thought of"),
    "last-token": (held("shared // block * block"), {3, 4}, "The last token was forgotten"),
    "blocks-up": (
        held("min(-(-shared // block) * block, (length - 1) // block * block)"),
        {3, 4, 6},
        "Blocks are rounded up: a block",
    ),
    "blocks-far-up": (held("-(-shared // block) * block"), {3, 4, 6}, "even beyond what was seen"),
    "blocks-nearest": (held("round(shared / block) * block"), {3, 4, 6}, "rounded to the nearest"),
    "last-shared": (held("max(shared - 1, 0) // block * block"), {3, 4}, "only the last one of the prompt must be"),
    "blocks-for-tokens": (held("min(shared, length - 1) // block"), {3, 4, 6}, "These are blocks, not tokens"),
    "computed-for-cached": (
        held("length - min(shared, length - 1) // block * block"),
        {3, 4, 6},
        "not what comes out of the cache",
    ),
    "first-call-cached": (
        compared("(prompts[:place] if place else prompts[1:2])"),
        {4, 6},
        "The first call was taken for cached",
    ),
    "only-the-last": (compared("prompts[max(place - 1, 0) : place]"), {4}, "the one before it alone"),
    "only-the-first": (compared("prompts[: min(place, 1)]"), {4, 6}, "the first alone"),
    "those-to-come": (
        compared("[*prompts[:place], *prompts[place + 1 :]]"),
        {4, 6},
        "those to come as well",
    ),
    "computed-without-blocks": (
        changed(
            4, ("cached(max(known, default=0), len(tokens), block)", "min(max(known, default=0), len(tokens) - 1)")
        ),
        {4, 6},
        "The block size was forgotten",
    ),
    "computed-without-both": (
        changed(4, ("cached(max(known, default=0), len(tokens), block)", "max(known, default=0)")),
        {4, 6},
        "Block size and last token",
    ),
    "computed-without-last": (
        changed(4, ("cached(max(known, default=0), len(tokens), block)", "max(known, default=0) // block * block")),
        {4},
        "The last token was forgotten",
    ),
    "cached-for-computed": (
        changed(4, ("counts.append(len(tokens) - held)", "counts.append(held)")),
        {4, 6},
        "These are the cached tokens",
    ),
    "sum": (changed(4, ("return counts", "return sum(counts)")), {4, 6}, "This is one number"),
    "default-forgotten": (changed(4, ("max(known, default=0)", "max(known)")), {4, 6}, "ValueError"),
    "per-token-prices": (changed(5, ("dollars / 1_000_000", "dollars")), {5, 6}, "a million times too high"),
    "cached-free": (changed(5, (FULL, "0")), {5, 6}, "Cached tokens cost nothing here"),
    "cached-at-full-price": (
        changed(5, (FULL, 'call["cached"] * input_price')),
        {5, 6},
        "The cache saves nothing here",
    ),
    "cached-twice": (changed(5, (NEW, 'new = call["input"]')), {5, 6}, "paid twice"),
    "output-cached": (
        changed(5, ('call["output"] * output_price', 'call["output"] * cached_price')),
        {5},
        "What is written is taken for cached",
    ),
    "output-forgotten": (changed(5, ('call["output"] * output_price', "0")), {5}, "What is written was forgotten"),
    "all-at-cached-price": (
        changed(5, ("new * input_price", "new * cached_price")),
        {5, 6},
        "All input has the price of cached",
    ),
    "prices-swapped": (
        changed(
            5, ("new * input_price", "new * output_price"), ("* output_price\n    return", "* input_price\n    return")
        ),
        {5, 6},
        "have changed places",
    ),
    "first-call-paid": (
        changed(5, ("for call in calls:", "for call in calls[:1]:")),
        {5, 6},
        "Only the first call is paid",
    ),
    "mean-of-calls": (
        changed(5, ("/ 1_000_000", "/ 1_000_000 / len(calls)")),
        {5, 6},
        "This is the mean over the calls",
    ),
    "cache-emptied": (
        {
            6: "whole = computed\n\n\ndef computed(prompts, block):\n    size = len(mine.tasks[0])\n"
            "    tasks = [prompts[place : place + size] for place in range(0, len(prompts), size)]\n"
            "    return [count for task in tasks for count in whole(task, block)]\n\n\n"
            + solved(6)
            + "\ncomputed = whole"
        },
        {6},
        "The cache is emptied after each task",
    ),
    "sums": (
        {6: solved(6) + "\nreport = {name: value * len(mine.tasks) for name, value in report.items()}"},
        {6},
        "These are sums",
    ),
    "means-over-calls": (
        {6: solved(6) + "\nreport = {name: value / len(mine.tasks[0]) for name, value in report.items()}"},
        {6},
        "These are means over the calls",
    ),
    "saved-at-full-price": (
        {6: solved(6) + '\nreport["saved_dollars"] = report["saved_tokens"] * mine.prices.input / 1e6'},
        {6},
        "A cached token is not free",
    ),
    "cost-of-cached": (
        {6: solved(6) + '\nreport["saved_dollars"] = report["saved_tokens"] * mine.prices.cached / 1e6'},
        {6},
        "The dollars are those of the cached tokens",
    ),
    "dollars-per-million": ({6: solved(6) + '\nreport["saved_dollars"] *= 10**6'}, {6}, "a million times too many"),
    "neighbours-report": ({6: "mine = agent_for('grace')\n" + solved(6)}, {6}, "not right"),
}

CHEATS = {
    "hard-coded": (
        {
            4: "def computed(prompts, block):\n"
            "    known = {(1, 4): [9], (2, 4): [9, 6], (3, 4): [9, 6, 3], (2, 3): [9, 3]}\n"
            "    return known.get((len(prompts), block), [9, 10, 11])"
        },
        {4, 6},
        "not right",
    ),
    "patched-prompt": (
        {
            6: "import labkit.assignments.prefix_caching as given\n"
            "prompt = given.prompt = lambda call, order: ['one', 'token']\n" + solved(6)
        },
        {6},
        "not right",
    ),
    "free-tokens": (
        {
            6: 'report = dict.fromkeys(("tokens", "computed_as_given", "computed_shared_first"), 0.0)\n'
            'report |= {"saved_tokens": 0.0, "saved_dollars": 0.0}'
        },
        {6},
        "not right",
    ),
}
