"""Assignment 4, *Quorum check*: what is asked of the student's functions, and what would be right.

Runs in the grader's process only. The rule: what an abstention says is no value, but whoever abstains was asked, and a
majority is more than half of all who were asked. Cases and mistakes are functions of the same keyword arguments as
the student's.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from random import Random

from labkit.assignments.quorum import PHRASINGS, WORDINGS, ask, corrupted, sources_for
from labkit.baseline import DOCUMENTS
from labkit.corpus.numerals import spell
from labkit.grading import Case, Check, Plain
from labkit.tasks.normalisation import normalise

UNKNOWN = "unknown"
HIDDEN = ("labkit.quorum",)


def invented(chance: Random) -> str:
    """A name that is in no list."""
    return "".join(chance.choice("bdfgklmnprstvz") + chance.choice("aeiou") for _ in range(3))


def a_count(chance: Random) -> int:
    """A number of replicas."""
    return chance.choice([chance.randint(2, 99), chance.randint(1000, 2000)])


def written(chance: Random, count: int) -> str:
    """One of the ways to write a number in a document."""
    return chance.choice([str(count), f"{count:,}", f"{count}.0", spell(count)])


def said(chance: Random, count: int) -> str:
    """One of the ways in which a model says it."""
    return chance.choice([written(chance, count), f"{spell(count).capitalize()}."])


def some_votes(chance: Random) -> Case:
    """Votes for one to three values in many forms, and abstentions."""
    values = [a_count(chance) for _ in range(chance.randint(1, 3))]
    votes = [said(chance, chance.choice(values)) for _ in range(chance.randint(2, 8))]
    votes += [chance.choice([UNKNOWN, "Unknown."]) for _ in range(chance.randint(0, 3))]
    chance.shuffle(votes)
    return {"votes": votes}


def a_tally(chance: Random) -> Case:
    """A count of votes with a majority, a tie, a leader who has none, or little to count at all."""
    asked = chance.randint(1, 9)
    left, counts = asked, []
    for _ in range(chance.randint(0, 4)):
        counts.append(min(left, chance.randint(1, max(1, asked * 2 // 3))))
        left -= counts[-1]
    values = chance.sample(range(2, 99), len(counts))
    return {"counts": {str(value): count for value, count in zip(values, counts, strict=True) if count}, "asked": asked}


def a_poll(chance: Random) -> Case:
    """Whom to ask for what, in which words: some sources lie, and some leave something out."""
    cluster, other = invented(chance), f"{invented(chance)}x"
    right, wrong, elsewhere = a_count(chance), a_count(chance), a_count(chance)
    number, gaps = chance.randint(1, 5), chance.choice([0, 0.3, 0.7])
    lying = chance.randint(0, number)
    sources = []
    for place in range(number):
        count = wrong if place < lying else right
        documents = [w.format(cluster, written(chance, count)) for w in WORDINGS if chance.random() >= gaps]
        documents.append(chance.choice(WORDINGS).format(other, elsewhere))
        sources.append(chance.sample(documents, len(documents)))
    chance.shuffle(sources)
    return {"cluster": cluster, "phrasings": chance.sample(PHRASINGS, chance.randint(1, 3)), "sources": sources}


def an_attack(chance: Random) -> Case:
    """An odd number of honest sources that leave nothing out: neither ties nor abstentions, whoever is corrupted."""
    cluster, (right, wrong) = invented(chance), chance.sample(range(2, 99), 2)
    source = [wording.format(cluster, right) for wording in WORDINGS]
    return {
        "cluster": cluster,
        "phrasings": chance.sample(PHRASINGS, chance.randint(1, 3)),
        "sources": [source] * chance.choice([3, 5]),
        "lie": str(wrong),
    }


def tally(votes: list[str]) -> Plain:
    """Step 1."""
    return Counter(form for form in map(normalise, votes) if form != UNKNOWN)


def tolerated(asked: int) -> Plain:
    """Step 2."""
    return (asked - 1) // 2


def majority(counts: dict[str, int], asked: int) -> Plain:
    """Step 3."""
    if not counts:
        return {"answer": UNKNOWN, "outcome": "no value"}
    leader, most = max(counts.items(), key=lambda item: item[1])
    if 2 * most > asked:
        return {"answer": leader, "outcome": "majority"}
    tied = list(counts.values()).count(most) > 1
    return {"answer": UNKNOWN, "outcome": "tie" if tied else "no majority"}


def collect(cluster: str, phrasings: Sequence[str], sources: Sequence[Sequence[str]]) -> Plain:
    """Step 4."""
    return [ask(phrasing.format(cluster), source) for source in sources for phrasing in phrasings]


def quorum(
    cluster: str,
    phrasings: Sequence[str],
    sources: Sequence[Sequence[str]],
    count: Callable[[list[str]], Plain] = tally,
    decide: Callable[..., Plain] = majority,
) -> Plain:
    """Step 5, with this way to count and to decide or with others."""
    votes = collect(cluster, phrasings, sources)
    return decide(count(votes), len(votes))


def under_attack(cluster: str, phrasings: Sequence[str], sources: Sequence[Sequence[str]], lie: str) -> Plain:
    """Step 6."""
    return [
        quorum(cluster, phrasings, [*(corrupted(one, lie) for one in sources[:number]), *sources[number:]])["answer"]
        for number in range(len(sources) + 1)
    ]


def report(student: str) -> Plain:
    """Step 7: the student's own sources."""
    mine = sources_for(student)
    return {
        "tolerated": tolerated(len(mine.sources)),
        "answers": under_attack(mine.cluster, PHRASINGS, mine.sources, mine.lie),
    }


def counted(votes: list[str], form: Callable[[str], str], abstention: Callable[[str], bool]) -> Plain:
    """Mistakes of step 1: other forms, or other votes left out."""
    return Counter(form(vote) for vote in votes if not abstention(vote))


def without_case(vote: str) -> str:
    """A mistake of step 1: only letters and full stops are set aside."""
    return vote.lower().strip(".")


def is_unknown(vote: str) -> bool:
    """Whether a vote abstains, in one form alone."""
    return vote == UNKNOWN


def elected(answer: Plain) -> Plain:
    """What step 3 answers where it sees a majority."""
    return {"answer": answer, "outcome": "majority"}


def always(choose: Callable[[dict[str, int]], Plain]) -> Callable[..., Plain]:
    """Mistakes of step 3: whenever there is any vote, something is elected."""
    return lambda counts, asked: elected(choose(counts)) if counts else majority(counts, asked)


def leader(counts: dict[str, int]) -> str:
    """The value with most votes, the first of them in a tie."""
    return max(counts, key=counts.__getitem__)


def average(counts: dict[str, int]) -> float:
    """The mean of all votes."""
    return sum(float(value) * count for value, count in counts.items()) / sum(counts.values())


def half_is_enough(counts: dict[str, int], asked: int) -> Plain:
    """A mistake of step 3."""
    return elected(leader(counts)) if counts and 2 * max(counts.values()) >= asked else majority(counts, asked)


def of_the_votes(counts: dict[str, int], asked: int) -> Plain:  # noqa: ARG001 - that it is not used is the mistake
    """A mistake of step 3."""
    return majority(counts, sum(counts.values()))


def ties_decided(counts: dict[str, int], asked: int) -> Plain:
    """A mistake of step 3."""
    right = majority(counts, asked)
    return elected(leader(counts)) if right["outcome"] == "tie" else right


def without_ties(counts: dict[str, int], asked: int) -> Plain:
    """A mistake of step 3."""
    right = majority(counts, asked)
    return {**right, "outcome": "no majority"} if right["outcome"] == "tie" else right


def the_loudest(counts: dict[str, int], asked: int) -> Plain:
    """A mistake of step 3: the answer is given although the outcome says that there is none."""
    return majority(counts, asked) | ({"answer": leader(counts)} if counts else {})


TALLIES = (
    ({"8": 3, "9": 2}, 5),
    ({"9": 1, "8": 2}, 3),
    ({"8": 2, "9": 2}, 4),
    ({"8": 1, "9": 1, "7": 1}, 3),
    ({"9": 3, "8": 2}, 6),
    ({"9": 3, "8": 2, "7": 2}, 7),
    ({"9": 1}, 1),
    ({"9": 1}, 3),
    ({"9": 1}, 2),
    ({}, 3),
)
COURSE = {"cluster": "orion", "phrasings": [PHRASINGS[0]]}
POLLS = (
    {**COURSE, "sources": [list(DOCUMENTS)]},
    {**COURSE, "sources": [list(DOCUMENTS), list(DOCUMENTS[2:])]},
    {**COURSE, "sources": [list(DOCUMENTS[2:])] * 3},
    {**COURSE, "sources": [corrupted(DOCUMENTS, "80"), list(DOCUMENTS), corrupted(DOCUMENTS, "8")]},
    {**COURSE, "sources": [corrupted(DOCUMENTS, "80"), list(DOCUMENTS)]},
)

CHECKS = (
    Check(
        id="quorum-check-1",
        title="Counting votes",
        points=2,
        target="tally",
        draw=some_votes,
        fixed=[
            {"votes": ["8", "eight", "Eight.", "9"]},
            {"votes": ["unknown", "Unknown.", "9"]},
            {"votes": ["unknown"]},
            {"votes": []},
        ],
        expected=tally,
        asks="Each value has as many votes as name it, in whatever form; unknown is no value.",
        hint="labkit.tasks.normalisation writes every form in one way. Do that first, and count then.",
        mistakes={
            "Forms of one value are counted apart: 8, eight and Eight. are three votes for the same.": partial(
                counted, form=str, abstention=is_unknown
            ),
            "Number words and digits are counted apart: eight is a vote for 8.": partial(
                counted, form=without_case, abstention=lambda vote: without_case(vote) == UNKNOWN
            ),
            "unknown is counted as a value: it could win a vote, and nobody has said anything.": partial(
                counted, form=normalise, abstention=lambda _: False
            ),
            "unknown is left out in one form only: whoever says Unknown. says nothing either.": partial(
                counted, form=normalise, abstention=is_unknown
            ),
        },
    ),
    Check(
        id="quorum-check-2",
        title="Corrupted votes that do no harm",
        points=1,
        target="tolerated",
        draw=lambda chance: {"asked": chance.randint(10, 99)},
        fixed=[{"asked": asked} for asked in range(1, 10)],
        expected=tolerated,
        asks="However many are corrupted, the others must be more than half of all who are asked.",
        hint="Of four, may two be corrupted? Of five?",
        mistakes={
            "Half of them are too many: then neither side has more than half.": lambda asked: asked // 2,
            "That is how many make a majority, not how many it can do without.": lambda asked: asked // 2 + 1,
            "It was not rounded: half a vote is none.": lambda asked: (asked - 1) / 2,
            "A third is what protocols tolerate whose members count each for themselves: here one counts for all.": (
                lambda asked: (asked - 1) // 3
            ),
        },
    ),
    Check(
        id="quorum-check-3",
        title="The majority, or none",
        points=3,
        target="majority",
        draw=a_tally,
        fixed=[{"counts": counts, "asked": asked} for counts, asked in TALLIES],
        expected=majority,
        asks="A majority is more than half of all who were asked; the outcome says what there is where there is none.",
        hint="Find the most votes that a value has, and compare twice as many with those asked.",
        mistakes={
            "The first value is taken for the majority: it need not have most votes, nor more than half.": (
                always(lambda counts: next(iter(counts)))
            ),
            "The value with most votes is taken for the majority: it may have fewer than half.": always(leader),
            "The largest value is taken: a lie has only to be large.": always(lambda counts: max(counts, key=float)),
            "The average is taken: a lie moves it, however few tell it.": always(average),
            "Half is taken for a majority: two sides can have half.": half_is_enough,
            "More than half of the votes is taken for a majority: where most are silent, one voice is enough then.": (
                of_the_votes
            ),
            "A tie is decided silently: whoever votes first wins it.": ties_decided,
            "A tie is not stated: it has an outcome of its own.": without_ties,
            "An answer is given although the outcome says that there is none.": the_loudest,
        },
    ),
    Check(
        id="quorum-check-4",
        title="Asking everybody",
        points=2,
        target="collect",
        draw=a_poll,
        fixed=POLLS,
        expected=collect,
        asks="Every source is asked in every phrasing, source after source, and every vote is kept as it was given.",
        hint="A loop over the sources, and for each of them one over the phrasings.",
        mistakes={
            "Only the first phrasing is asked.": lambda phrasings, **rest: collect(phrasings=phrasings[:1], **rest),
            "Only the first source is asked.": lambda sources, **rest: collect(sources=sources[:1], **rest),
            "Votes of unknown are left out: whoever was asked counts, also the silent.": (
                lambda **case: [vote for vote in collect(**case) if vote != UNKNOWN]
            ),
            "The votes are in another order: ask one source in all phrasings, and then the next.": (
                lambda cluster, phrasings, sources: [
                    ask(phrasing.format(cluster), source) for phrasing in phrasings for source in sources
                ]
            ),
        },
    ),
    Check(
        id="quorum-check-5",
        title="The quorum",
        points=1,
        target="quorum",
        draw=a_poll,
        fixed=POLLS,
        expected=quorum,
        asks="The answer is what more than half of all votes say, else unknown, and the outcome stands beside it.",
        hint="Three of your functions, one after the other. If a check before this one is not right yet, begin there.",
        mistakes={
            "The first answer is taken for the majority.": partial(
                quorum, decide=always(lambda counts: next(iter(counts)))
            ),
            "The value with most votes is taken for the majority.": partial(quorum, decide=always(leader)),
            "The silent are not counted among those asked, so that a single corrupted voice can outvote them.": partial(
                quorum, decide=of_the_votes
            ),
            "Forms of one value are counted apart, so that honest sources have no majority.": partial(
                quorum, count=partial(counted, form=str, abstention=is_unknown)
            ),
        },
    ),
    Check(
        id="quorum-check-6",
        title="Under attack",
        points=2,
        target="under_attack",
        draw=an_attack,
        expected=under_attack,
        count=15,
        asks="There is an answer for every number of corrupted sources, from none to all of them.",
        hint="Corrupt the first few, leave the others alone, and put both lists together for the quorum.",
        mistakes={
            "The last one is missing: all sources may be corrupted too.": lambda **case: under_attack(**case)[:-1],
            "The first one is missing: begin with no corrupted source.": lambda **case: under_attack(**case)[1:],
            "The lie never wins: are the sources corrupted before they are asked?": (
                lambda sources, **case: [under_attack(sources=sources, **case)[0]] * (len(sources) + 1)
            ),
            "The answers are the wrong way round: begin with no corrupted source.": (
                lambda **case: under_attack(**case)[::-1]
            ),
        },
    ),
    Check(
        id="quorum-check-7",
        title="Your own sources",
        points=1,
        target="report",
        expected=report,
        asks="The report holds what your sources tolerate and what they answer under attack, in all phrasings.",
        hint="Call your functions with what is in `mine`. If an earlier check is not right yet, begin there.",
        mistakes={
            "The number of votes is not what counts: a corrupted source spoils one vote in every phrasing.": (
                lambda student: (
                    report(student) | {"tolerated": tolerated(len(sources_for(student).sources) * len(PHRASINGS))}
                )
            ),
        },
    ),
)
