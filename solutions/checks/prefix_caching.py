"""Assignment 6, *Prefix caching*: what is asked of the student's functions, and what would be right.

Runs in the grader's process only. Prompts are drawn as a tree of shared beginnings, often a whole number of blocks
long and often sent twice: that is where whole blocks and the last token matter. Cases and mistakes are functions of
the same keyword arguments as the student's.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from random import Random

from labkit.assignments.prefix_caching import Agent, agent_for, prompt
from labkit.grading import Case, Check, Plain

HIDDEN = ("labkit.costs",)
MILLION = 1_000_000
Tasks = Sequence[Sequence[Mapping[str, str]]]
Prompts = Sequence[Sequence[Plain]]


def some_tasks(chance: Random) -> Case:
    """Calls whose parts are everybody's, a task's or a call's, in any order; more tasks than calls, or fewer."""
    tasks, calls = chance.randint(2, 6), chance.randint(2, 4)
    sorts = {f"part {letter}": chance.choice(["all", "task", "call"]) for letter in chance.sample("abcdefgh", 5)}
    text = {"all": lambda *_: "x", "task": lambda task, _: f"t{task}", "call": lambda _, call: f"c{call}"}
    return {
        "tasks": [
            [{name: f"{name} {text[sort](task, call)}" for name, sort in sorts.items()} for call in range(calls)]
            for task in range(tasks)
        ]
    }


def a_pair(chance: Random) -> Case:
    """Two prompts that begin alike, or not, and are alike again further on."""
    alike, rest = some_tokens(chance, chance.choice([0, 1, 5, 20])), some_tokens(chance, chance.randint(0, 9))
    one, other = ([*alike, letter, *rest, *some_tokens(chance, chance.randint(0, 4))] for letter in "xy")
    return {"one": one, "other": chance.choice([other, alike])}


def some_tokens(chance: Random, count: int) -> list[Plain]:
    """Tokens, as whole numbers."""
    return [chance.randint(1, 9) for _ in range(count)]


def a_prompt(chance: Random) -> Case:
    """How much of a prompt was seen: any number, whole blocks, or all of it."""
    block = chance.choice([4, 16, 32, 128])
    length = chance.choice([chance.randint(2, 900), block * chance.randint(1, 9)])
    shared = chance.choice([chance.randint(0, length), min(length, block * chance.randint(0, 9)), length])
    return {"shared": shared, "length": length, "block": block}


def some_prompts(chance: Random) -> Case:
    """Prompts each of which goes on from the beginning of an earlier one, or is an earlier one again."""
    block = chance.choice([2, 4, 8])
    prompts = [some_tokens(chance, chance.choice([3 * block, chance.randint(1, 30)]))]
    for _ in range(chance.randint(2, 6)):
        earlier = chance.choice(prompts)
        kept = earlier[: chance.choice([len(earlier), block * 2, chance.randint(0, len(earlier))])]
        new = some_tokens(chance, chance.choice([0, chance.randint(1, 12)]))
        prompts.append([*kept, *new] or some_tokens(chance, 3))
    return {"prompts": prompts, "block": block}


def a_task(chance: Random) -> Case:
    """The calls of a task, and prices: cached input costs less than other input, but not nothing."""
    output_price = chance.choice([6, 8, 10, 15])
    input_price = chance.choice([1, 2, 3, 4])
    calls = []
    for _ in range(chance.randint(2, 8)):
        read = chance.randint(200, 4000)
        calls.append({"input": read, "cached": chance.randint(1, read // 2), "output": chance.randint(20, 600)})
    return {
        "calls": calls,
        "input_price": input_price,
        "cached_price": input_price / chance.choice([4, 10]),
        "output_price": output_price,
    }


def layout(tasks: Tasks, in_task: int = 1, in_call: int = 2) -> list[str]:
    """Step 1, with these ranks for what a task's calls share and for what differs between them, or with others."""

    def rank(name: str) -> int:
        texts = [{call[name] for call in task} for task in tasks]
        if max(map(len, texts)) > 1:
            return in_call
        return in_task if len(set.union(*texts)) > 1 else 0

    return sorted(tasks[0][0], key=rank)


def shared_prefix(one: Sequence[Plain], other: Sequence[Plain]) -> int:
    """Step 2."""
    pairs = enumerate(zip(one, other, strict=False))
    return next((place for place, (left, right) in pairs if left != right), min(len(one), len(other)))


def cached(shared: int, length: int, block: int) -> int:
    """Step 3."""
    return min(shared, length - 1) // block * block


def computed(
    prompts: Prompts,
    block: int,
    held: Callable[..., int] = cached,
    earlier: Callable[[Prompts, int], Prompts] = lambda prompts, place: prompts[:place],
) -> list[int]:
    """Step 4, with this count of blocks and these prompts in the cache, or with others."""
    counts = []
    for place, tokens in enumerate(prompts):
        shared = max((shared_prefix(tokens, other) for other in earlier(prompts, place)), default=0)
        counts.append(len(tokens) - held(shared, len(tokens), block))
    return counts


def task_dollars(
    calls: Sequence[Mapping[str, float]], input_price: float, cached_price: float, output_price: float
) -> float:
    """Step 5."""
    new = sum(call["input"] - call["cached"] for call in calls)
    cached_tokens, output = (sum(call[name] for call in calls) for name in ("cached", "output"))
    return (new * input_price + cached_tokens * cached_price + output * output_price) / MILLION


def in_one_run(agent: Agent, order: Sequence[str]) -> int:
    """Computed tokens of all tasks, one after the other."""
    return sum(computed([prompt(call, order) for task in agent.tasks for call in task], agent.block))


def task_by_task(agent: Agent, order: Sequence[str]) -> int:
    """A mistake of step 6: every task begins with an empty cache."""
    return sum(sum(computed([prompt(call, order) for call in task], agent.block)) for task in agent.tasks)


def report(student: str, run: Callable[[Agent, Sequence[str]], int] = in_one_run) -> Plain:
    """Step 6: the student's own agent, with its tasks in one run or in another way."""
    mine = agent_for(student)
    given, count = list(mine.tasks[0][0]), len(mine.tasks)
    whole = sum(len(prompt(call, given)) for task in mine.tasks for call in task)
    after = run(mine, layout(mine.tasks))
    return {
        "tokens": whole / count,
        "computed_as_given": run(mine, given) / count,
        "computed_shared_first": after / count,
        "saved_tokens": (whole - after) / count,
        "saved_dollars": (whole - after) * (mine.prices.input - mine.prices.cached) / MILLION / count,
    }


def reported(change: Callable[[Agent, dict[str, float]], dict[str, float]]) -> Callable[[str], Plain]:
    """Mistakes of step 6: some numbers of the report are others."""
    return lambda student: (right := report(student)) | change(agent_for(student), right)


def by_texts(tasks: Tasks) -> list[str]:
    """A mistake of step 1: over many tasks, a call's part may have fewer texts than a task's."""
    return sorted(tasks[0][0], key=lambda name: len({call[name] for task in tasks for call in task}))


def by_first_task(tasks: Tasks) -> list[str]:
    """A mistake of step 1: in one task, what everybody shares and what the task shares look the same."""
    return sorted(tasks[0][0], key=lambda name: len({call[name] for call in tasks[0]}) > 1)


def first_is_warm(prompts: Prompts, place: int) -> Prompts:
    """A mistake of step 4: the first prompt finds the second one in the cache."""
    return prompts[:place] if place else prompts[1:2]


def example(shared: int, length: int, block: int) -> Case:
    """A case of step 3."""
    return {"shared": shared, "length": length, "block": block}


TREE = [list(text) for text in ("ssssaaaa1", "ssssbbbb22", "ssssaaaa333", "ssssaaaa", "ssssaaaa", "x")]

CHECKS = (
    Check(
        id="prefix-check-1",
        title="The order of the parts",
        points=2,
        target="layout",
        draw=some_tasks,
        expected=layout,
        asks="Everybody's parts come first, then a task's, then a call's, and each sort keeps the given order.",
        hint="Decide for each part by itself: does it differ within a task? If not, does it differ between tasks?",
        mistakes={
            "The parts are in the order in which they were given.": lambda tasks: list(tasks[0][0]),
            "What is shared most comes last: a prompt shares nothing behind the first token that differs.": (
                lambda tasks: layout(tasks, in_task=-1, in_call=-2)
            ),
            "What a task's calls share is treated like what differs from call to call.": partial(layout, in_task=2),
            "Only the first task was looked at: there, everybody's parts and the task's look the same.": by_first_task,
            "The parts are sorted by the number of their texts: with many tasks, a call's part may have fewer of them"
            " than a task's, and parts the calls of every task.": by_texts,
            "The parts are sorted by their names, or by nothing that they hold.": lambda tasks: sorted(tasks[0][0]),
        },
    ),
    Check(
        id="prefix-check-2",
        title="How far two prompts are alike",
        points=1,
        target="shared_prefix",
        draw=a_pair,
        fixed=[
            {"one": list(one), "other": list(other)}
            for one, other in (("abcd", "abxd"), ("abc", "abcde"), ("xabc", "yabc"), ("", "abc"), ("abc", "abc"))
        ],
        expected=shared_prefix,
        asks="Only tokens before the first difference count.",
        hint="Go through both prompts side by side, and stop where they differ or where one ends.",
        mistakes={
            "Tokens that are alike behind the first difference are counted, too: they depend on all before them.": (
                lambda one, other: sum(left == right for left, right in zip(one, other, strict=False))
            ),
            "Tokens in common are counted wherever they stand.": lambda one, other: len({*one} & {*other}),
            "The token in which they differ is counted, too.": (
                lambda one, other: min(shared_prefix(one, other) + 1, len(one), len(other))
            ),
        },
    ),
    Check(
        id="prefix-check-3",
        title="Whole blocks",
        points=2,
        target="cached",
        draw=a_prompt,
        fixed=[example(40, 100, 16), example(48, 100, 16), example(48, 48, 16), example(15, 100, 16), example(0, 5, 4)],
        expected=cached,
        asks="Whole blocks come out of the cache, and never the last token of the prompt.",
        hint="Two bounds, in this order: at most all tokens but the last, and then whole blocks of them.",
        mistakes={
            "The block size was forgotten: a part of a block is not found.": lambda shared, **_: shared,
            "The block size was forgotten, and only the last token thought of.": (
                lambda shared, length, **_: min(shared, length - 1)
            ),
            "The last token was forgotten: a prompt that was seen before needs its last token computed all the same.": (
                lambda shared, block, **_: shared // block * block
            ),
            "Blocks are rounded up: a block that is shared in part is not found.": (
                lambda shared, length, block: min(-(-shared // block) * block, (length - 1) // block * block)
            ),
            "Blocks are rounded up, even beyond what was seen.": lambda shared, block, **_: -(-shared // block) * block,
            "Blocks are rounded to the nearest: a block that is shared in part is not found.": (
                lambda shared, block, **_: round(shared / block) * block
            ),
            "The last token shared is always computed anew: only the last one of the prompt must be.": (
                lambda shared, block, **_: max(shared - 1, 0) // block * block
            ),
            "These are blocks, not tokens.": lambda block, **case: cached(block=block, **case) // block,
            "This is what must be computed, not what comes out of the cache.": (
                lambda length, **case: length - cached(length=length, **case)
            ),
        },
    ),
    Check(
        id="prefix-check-4",
        title="What is computed",
        points=3,
        target="computed",
        draw=some_prompts,
        fixed=[{"prompts": TREE, "block": block} for block in (1, 3, 4, 128)],
        expected=computed,
        asks="Each prompt is computed but for the blocks that it shares with an earlier one; the cache begins empty.",
        hint="Look at all earlier prompts, take the one with most in common, and take its whole blocks away.",
        mistakes={
            "The first call was taken for cached: the cache is empty when it comes.": partial(
                computed, earlier=first_is_warm
            ),
            "Each prompt is compared with the one before it alone: older ones are still in the cache.": partial(
                computed, earlier=lambda prompts, place: prompts[max(place - 1, 0) : place]
            ),
            "Each prompt is compared with the first alone: all earlier ones are in the cache.": partial(
                computed, earlier=lambda prompts, place: prompts[: min(place, 1)]
            ),
            "Each prompt is compared with all others, those to come as well.": partial(
                computed, earlier=lambda prompts, place: [*prompts[:place], *prompts[place + 1 :]]
            ),
            "The block size was forgotten: a part of a block is not found.": partial(
                computed,
                held=lambda shared, length, block: min(shared, length - 1),  # noqa: ARG005
            ),
            "Block size and last token were forgotten.": partial(
                computed,
                held=lambda shared, length, block: shared,  # noqa: ARG005
            ),
            "The last token was forgotten: a prompt that was seen before needs its last token computed all the same.": (
                partial(computed, held=lambda shared, length, block: shared // block * block)  # noqa: ARG005
            ),
            "These are the cached tokens: those that are computed are asked for.": (
                lambda prompts, block: [
                    len(tokens) - new for tokens, new in zip(prompts, computed(prompts, block), strict=True)
                ]
            ),
            "This is one number: give a list with one for each prompt.": lambda **case: sum(computed(**case)),
        },
    ),
    Check(
        id="prefix-check-5",
        title="Dollars",
        points=2,
        target="task_dollars",
        draw=a_task,
        expected=task_dollars,
        asks="Computed input, cached input and output have a price each, for a million tokens.",
        hint="The cached tokens are part of the input: take them out of it before you give either its price.",
        mistakes={
            "The result is a million times too high: the prices are for a million tokens.": (
                lambda **case: MILLION * task_dollars(**case)
            ),
            "Cached tokens cost nothing here: they cost less than others, but not nothing.": (
                lambda cached_price, **case: task_dollars(cached_price=0, **case)  # noqa: ARG005
            ),
            "The cache saves nothing here: all input has the price of computed input.": (
                lambda cached_price, **case: task_dollars(cached_price=case["input_price"], **case)  # noqa: ARG005
            ),
            "Cached tokens are paid twice: they are among the input tokens.": (
                lambda calls, **case: task_dollars(
                    calls=[call | {"input": call["input"] + call["cached"]} for call in calls], **case
                )
            ),
            "What is written is taken for cached: a prefix cache saves reading, and writing costs what it did.": (
                lambda output_price, **case: task_dollars(output_price=case["cached_price"], **case)  # noqa: ARG005
            ),
            "What is written was forgotten.": (
                lambda output_price, **case: task_dollars(output_price=0, **case)  # noqa: ARG005
            ),
            "All input has the price of cached input.": (
                lambda input_price, **case: task_dollars(input_price=case["cached_price"], **case)  # noqa: ARG005
            ),
            "The price of reading and the price of writing have changed places.": (
                lambda input_price, output_price, **case: task_dollars(
                    input_price=output_price, output_price=input_price, **case
                )
            ),
            "Only the first call is paid for: a task makes several.": (
                lambda calls, **case: task_dollars(calls=calls[:1], **case)
            ),
            "This is the mean over the calls: all calls of the task together are asked for.": (
                lambda calls, **case: task_dollars(calls=calls, **case) / len(calls)
            ),
        },
    ),
    Check(
        id="prefix-check-6",
        title="Your agent",
        points=2,
        target="report",
        expected=report,
        asks="The report holds five numbers, each a mean over the tasks of the agent that belongs to your id.",
        hint="Call your functions with what is in `mine`. If an earlier check is not right yet, begin there.",
        mistakes={
            "The cache is emptied after each task: what all tasks share stays in it.": partial(
                report, run=task_by_task
            ),
            "These are sums: a mean over the tasks is asked for.": reported(
                lambda mine, right: {name: value * len(mine.tasks) for name, value in right.items()}
            ),
            "These are means over the calls: means over the tasks are asked for.": reported(
                lambda mine, right: {name: value / len(mine.tasks[0]) for name, value in right.items()}
            ),
            "A cached token is not free: it saves the difference of two prices.": reported(
                lambda mine, right: {"saved_dollars": right["saved_tokens"] * mine.prices.input / MILLION}
            ),
            "The dollars are those of the cached tokens, not what they save.": reported(
                lambda mine, right: {"saved_dollars": right["saved_tokens"] * mine.prices.cached / MILLION}
            ),
            "The dollars are a million times too many.": reported(
                lambda _, right: {"saved_dollars": right["saved_dollars"] * MILLION}
            ),
        },
    ),
)
