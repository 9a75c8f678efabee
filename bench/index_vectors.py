"""Vectors for the index benchmark: handbook sentences through the real encoder.

Encoding is done once and kept under the course's state directory; the texts are short (about fifteen words), so that
two cores encode twenty thousand of them in minutes.
"""

import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from labkit.chunking import sentences
from labkit.corpus import handbook
from labkit.embedding import SentenceEncoder, Vectors
from labkit.settings import settings
from labkit.tasks import HANDBOOK_KINDS, handbook_tasks

BLOCK = 2_000
PAGES, TENANTS, SEED = 6_000, 20, 7


@dataclass(frozen=True)
class Real:
    """Real vectors, and real queries that are none of them.

    Attributes:
        texts: What was encoded.
        vectors: Its vectors, shape (texts, 384).
        sentences: Queries of one kind: sentences of the handbook that were left out of the index.
        questions: Queries of the other kind: the questions of its tasks.
    """

    texts: list[str]
    vectors: Vectors
    sentences: Vectors
    questions: Vectors


def real_vectors(count: int, left_out: int = 500, questions: int = 500, seconds: float = 1_200.0) -> Real | None:
    """Encode, or take from the cache; None when the time was up first: run it again, it goes on where it stopped."""
    book = handbook(pages=PAGES, tenants=TENANTS, seed=SEED)
    asked = _questions(book, questions)
    texts = _shuffled_sentences(book, count + left_out)
    deadline = time.perf_counter() + seconds
    blocks = [_block(texts[at : at + BLOCK], f"sentences-{at}", deadline) for at in range(0, len(texts), BLOCK)]
    blocks.append(_block(asked, "questions", deadline))
    if any(block is None for block in blocks):
        return None
    vectors = np.concatenate(blocks[:-1])
    return Real(texts[:count], vectors[:count], vectors[count:], blocks[-1])


def _shuffled_sentences(book: object, count: int) -> list[str]:
    found = dict.fromkeys(
        " ".join(page.text[a:b].split()) for page in book for a, b in sentences(page.text) if b - a >= 25
    )
    texts = sorted(found)
    if len(texts) < count:
        raise SystemExit(f"the handbook has {len(texts):,} different sentences, {count:,} are wanted; raise PAGES")
    order = np.random.default_rng(SEED).permutation(len(texts))[:count]
    return [texts[place] for place in order]


def _questions(book: object, count: int) -> list[str]:
    per_kind = -(-count // len(HANDBOOK_KINDS))
    tasks = handbook_tasks(book, HANDBOOK_KINDS, count=per_kind, seed=SEED)
    return list(dict.fromkeys(task.question for task in tasks))[:count]


def _block(texts: list[str], name: str, deadline: float) -> Vectors | None:
    path = _folder() / f"{name}-{len(texts)}.npy"
    if path.exists():
        return np.load(path)
    if time.perf_counter() > deadline:
        return None
    vectors = SentenceEncoder(batch=64).encode(texts)
    partial = path.with_suffix(".part.npy")
    np.save(partial, vectors)
    partial.replace(path)
    return vectors


def _folder() -> Path:
    folder = settings().home / "bench" / f"handbook-{PAGES}-{TENANTS}-{SEED}"
    folder.mkdir(parents=True, exist_ok=True)
    return folder
