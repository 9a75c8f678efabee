"""Answers to assignment 4: right ones, each common mistake with what it must be told, and some cheats."""

from judging import Answers

ANSWERS = Answers("04_quorum", "quorum")
changed, solved = ANSWERS.changed, ANSWERS.solved


def elects(value: str) -> dict[int, str]:
    """A majority that elects a value whenever there is any vote."""
    return {
        3: "def majority(counts, asked):\n    if not counts:\n"
        '        return {"answer": "unknown", "outcome": "no value"}\n'
        f'    return {{"answer": {value}, "outcome": "majority"}}'
    }


BY_HAND = {
    1: """
from labkit.tasks.normalisation import normalise
def tally(votes):
    counts = {}
    for vote in map(normalise, votes):
        counts[vote] = counts.get(vote, 0) + 1
    counts.pop("unknown", None)
    return counts
""",
    2: "import math\ndef tolerated(asked):\n    return math.ceil(asked / 2) - 1",
    3: """
def majority(counts, asked):
    ordered = sorted(counts.items(), key=lambda item: -item[1])
    match ordered:
        case []:
            return dict(answer="unknown", outcome="no value")
        case [(value, most), *_] if most > asked / 2:
            return dict(outcome="majority", answer=value)
        case [(_, first), (_, second), *_] if first == second:
            return dict(answer="unknown", outcome="tie")
    return dict(answer="unknown", outcome="no majority")
""",
    4: """
import itertools
from labkit.assignments.quorum import ask
def collect(cluster, phrasings, sources):
    return tuple(ask(p.format(cluster), s) for s, p in itertools.product(sources, phrasings))
""",
    6: """
from labkit.assignments.quorum import corrupted
def under_attack(cluster, phrasings, sources, lie):
    left, answers = list(sources), []
    for place in range(-1, len(left)):
        if place >= 0:
            left[place] = corrupted(left[place], lie)
        answers.append(quorum(cluster, phrasings, left)["answer"])
    return answers
""",
}

MISTAKES = {
    "forms-apart": (
        {
            1: 'def tally(votes):\n    kept = [vote for vote in votes if vote != "unknown"]\n'
            "    return {vote: kept.count(vote) for vote in kept}"
        },
        {1, 5, 7},
        "Forms of one value are counted apart",
    ),
    "words-apart": (
        changed(1, ("normalise(vote) for", 'vote.lower().strip(".") for')),
        {1, 5, 7},
        "Number words and digits are counted apart",
    ),
    "unknown-counted": (changed(1, (' if form != "unknown"', "")), {1, 5}, "unknown is counted as a value"),
    "unknown-in-one-form": (
        changed(1, ("for vote in votes", 'for vote in votes if vote != "unknown"'), (' if form != "unknown"', "")),
        {1},
        "in one form only",
    ),
    "number-for-text": (
        changed(1, ("Counter(form for", "Counter(float(form) for")),
        {1, 5, 6, 7},
        "Each value has as many votes",
    ),
    "half-tolerated": (changed(2, ("(asked - 1) // 2", "asked // 2")), {2, 7}, "Half of them are too many"),
    "needed-for-tolerated": (
        changed(2, ("(asked - 1) // 2", "asked // 2 + 1")),
        {2, 7},
        "how many make a majority",
    ),
    "half-a-vote": (changed(2, ("(asked - 1) // 2", "(asked - 1) / 2")), {2, 7}, "half a vote is none"),
    "a-third": (changed(2, ("(asked - 1) // 2", "(asked - 1) // 3")), {2, 7}, "A third is what protocols"),
    "first-value": (elects("next(iter(counts))"), {3, 5, 6, 7}, "The first value is taken for the majority"),
    "most-votes": (elects("max(counts, key=counts.get)"), {3, 5, 7}, "The value with most votes"),
    "largest": (elects("max(counts, key=float)"), {3, 5, 6, 7}, "The largest value is taken"),
    "average": (
        elects("sum(float(v) * n for v, n in counts.items()) / sum(counts.values())"),
        {3, 5, 6, 7},
        "The average is taken",
    ),
    "half-is-enough": (
        changed(3, ("2 * most > asked", "2 * most >= asked")),
        {3, 5, 7},
        "Half is taken for a majority",
    ),
    "of-the-votes": (
        changed(3, ("2 * most > asked", "2 * most > sum(counts.values())")),
        {3, 5},
        "one voice is enough then",
    ),
    "ties-decided": (
        changed(3, ("2 * most > asked", "2 * most > asked or len(leaders) > 1")),
        {3, 5, 7},
        "A tie is decided silently",
    ),
    "ties-not-stated": (changed(3, ('"tie" if len(leaders) > 1 else ', "")), {3, 5}, "A tie is not stated"),
    "answer-without-majority": (
        {
            3: solved(3).replace(
                'return {"answer": "unknown", "outcome": outcome}', 'return {"answer": leaders[0], "outcome": outcome}'
            )
        },
        {3, 5, 7},
        "the outcome says that there is none",
    ),
    "first-phrasing": (changed(4, ("in phrasings", "in phrasings[:1]")), {4, 5}, "Only the first phrasing"),
    "first-source": (changed(4, ("in sources", "in sources[:1]")), {4, 5, 6, 7}, "Only the first source"),
    "silence-dropped": (
        changed(4, ("in phrasings", 'in phrasings if ask(phrasing.format(cluster), source) != "unknown"')),
        {4, 5},
        "the silent",
    ),
    "other-order": (
        {
            4: "from labkit.assignments.quorum import ask\ndef collect(cluster, phrasings, sources):\n"
            "    return [ask(p.format(cluster), s) for p in phrasings for s in sources]"
        },
        {4},
        "in another order",
    ),
    "normalised-too-soon": (
        changed(
            4,
            ("ask(phrasing.format(cluster), source)", "normalise(ask(phrasing.format(cluster), source))"),
        ),
        {4},
        "as it was given",
    ),
    "first-answer": (
        {
            5: "def quorum(cluster, phrasings, sources):\n"
            "    votes = [vote for vote in map(normalise, collect(cluster, phrasings, sources)) if vote != 'unknown']\n"
            '    return {"answer": votes[0], "outcome": "majority"} if votes else majority({}, 1)'
        },
        {5, 6, 7},
        "The first answer is taken",
    ),
    "silent-not-asked": (
        changed(5, ("len(votes))", 'sum(vote != "unknown" for vote in votes))')),
        {5},
        "a single corrupted voice can outvote them",
    ),
    "sources-for-votes": (changed(5, ("len(votes))", "len(sources))")), {5, 7}, "more than half of all votes"),
    "without-all": (
        changed(6, ("range(len(sources) + 1)", "range(len(sources))")),
        {6, 7},
        "The last one is missing",
    ),
    "without-none": (
        changed(6, ("range(len(sources) + 1)", "range(1, len(sources) + 1)")),
        {6, 7},
        "The first one is missing",
    ),
    "never-corrupted": (changed(6, ("[*lying, *sources[number:]]", "sources")), {6, 7}, "The lie never wins"),
    "backwards": (changed(6, ("return answers", "return answers[::-1]")), {6, 7}, "the wrong way round"),
    "votes-for-sources": (
        changed(7, ("tolerated(len(mine.sources))", "tolerated(len(mine.sources) * len(PHRASINGS))")),
        {7},
        "spoils one vote in every phrasing",
    ),
    "neighbours-report": (
        changed(7, ("mine.lie)", "'50')"), ("mine.cluster,", "sources_for('grace').cluster,")),
        {7},
        "not right",
    ),
}

CHEATS = {
    "hard-coded": (
        {
            5: 'def quorum(cluster, phrasings, sources):\n    if cluster == "orion":\n'
            '        return {"answer": "8", "outcome": "majority"}\n'
            '    return {"answer": "unknown", "outcome": "no value"}'
        },
        {5, 6, 7},
        "not right",
    ),
    "first-number": (
        {
            5: "import re\ndef quorum(cluster, phrasings, sources):\n"
            '    found = re.findall("[0-9]+", normalise(" ".join(text for source in sources for text in source)))\n'
            '    return {"answer": found[0] if found else "unknown", "outcome": "majority"}'
        },
        {5, 6, 7},
        "not right",
    ),
    "always-unknown": (
        {3: 'def majority(counts, asked):\n    return {"answer": "unknown", "outcome": "no majority"}'},
        {3, 5, 6, 7},
        "more than half of all who were asked",
    ),
}
