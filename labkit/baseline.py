"""Stage 0: the whole application in one file that needs nothing but Python.

Six documents, a hashing encoder, exact search, a two-hop loop and two reading templates. Paste it into a
REPL or run it; it prints both hops and the answer:

    $ python labkit/baseline.py
    hop 1  document 0  the inference fleet is served by a cluster called orion
    hop 2  document 1  the orion cluster runs eight vLLM replicas behind one router
    answer orion, 8

Everything later in the course replaces one part of this file and is compared with it.
"""

import hashlib
import math
import re
from typing import NamedTuple

DOCUMENTS = (
    "the inference fleet is served by a cluster called orion",
    "the orion cluster runs eight vLLM replicas behind one router",
    "data parallelism splits gradients over workers",
    "an orchestrator routes subtasks to specialist agents",
    "prefix caching reuses the shared system prompt",
    "a vector index is sharded so that no node holds all of it",
)
QUESTION = "How many vLLM replicas does the cluster that serves the inference fleet run?"
DIMENSION = 64
TEMPLATES = (
    (r"which cluster serves the (.+?)\??", r"{} is served by a cluster called ([\w-]+)"),
    (r"how many vLLM replicas does the (.+) cluster run\??", r"{} cluster runs (\w+) vLLM replicas"),
)
COUNTS = {word: number for number, word in enumerate(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen twenty".split())}  # fmt: skip


# fmt: off
# A blank line inside the class would end it when the file is pasted into a REPL.
class Hop(NamedTuple):
    """One retrieval and what was read from it: the question, the document's number, and the value found in it."""
    question: str
    document: int
    value: str | None
# fmt: on


def encode(text: str) -> list[float]:
    """Hash each word into one of 64 buckets, count, and scale to length 1.

    Words that share a bucket cannot be told apart, and words that mean the same share nothing: this encoder
    is honest but weak.

    >>> round(math.hypot(*encode("prefix caching")), 12)
    1.0
    """
    vector = [0.0] * DIMENSION
    for word in re.findall(r"[a-z0-9]+", text.lower()):
        vector[int(hashlib.md5(word.encode()).hexdigest(), 16) % DIMENSION] += 1.0
    length = math.sqrt(sum(value * value for value in vector))
    return [value / length for value in vector] if length else vector


def search(query: str, documents: tuple[str, ...] = DOCUMENTS) -> int:
    """The number of the document with the highest cosine to the query; the lower number wins a tie.

    >>> search("which cluster serves the inference fleet")
    0
    """
    wanted = encode(query)
    cosines = [sum(a * b for a, b in zip(wanted, encode(text), strict=True)) for text in documents]
    return max(range(len(documents)), key=lambda number: (cosines[number], -number))


def read(question: str, text: str) -> str | None:
    """The answer to a one-hop question, if the text gives it in the one wording that the template knows.

    >>> read("Which cluster serves the inference fleet?", DOCUMENTS[0])
    'orion'
    >>> read("Which cluster serves the inference fleet?", "orion hosts the inference fleet") is None
    True
    """
    for asked, stated in TEMPLATES:
        subject = re.fullmatch(asked, question, re.IGNORECASE)
        found = subject and re.search(stated.format(re.escape(subject[1])), text, re.IGNORECASE)
        if found:
            return str(COUNTS.get(found[1].lower(), found[1]))
    return None


def plan(question: str) -> tuple[str, str] | None:
    """Split a two-hop question into its first hop and a pattern for the second, by a single template.

    >>> plan(QUESTION)
    ('Which cluster serves the inference fleet?', 'How many vLLM replicas does the {} cluster run?')
    """
    found = re.search(r"how many vLLM replicas does the cluster that serves the (.+?) run\b", question, re.IGNORECASE)
    return found and (f"Which cluster serves the {found[1]}?", "How many vLLM replicas does the {} cluster run?")


def answer(question: str = QUESTION, documents: tuple[str, ...] = DOCUMENTS) -> tuple[Hop, ...]:
    """Resolve the question hop by hop; stops after the first hop that finds nothing.

    >>> [hop.value for hop in answer()]
    ['orion', '8']
    """
    planned = plan(question)
    hops = [_hop(planned[0], documents)] if planned else []
    if planned and hops[0].value is not None:
        hops.append(_hop(planned[1].format(hops[0].value), documents))
    return tuple(hops)


def _hop(question: str, documents: tuple[str, ...]) -> Hop:
    number = search(question, documents)
    return Hop(question, number, read(question, documents[number]))


def resolved(hops: tuple[Hop, ...]) -> bool:
    """The task-success invariant: both hops found their value."""
    return len(hops) == 2 and all(hop.value is not None for hop in hops)


if __name__ == "__main__":
    for number, hop in enumerate(answer(), start=1):
        print(f"hop {number}  document {hop.document}  {DOCUMENTS[hop.document]}")
    print("answer", ", ".join(hop.value or "not found" for hop in answer()))
