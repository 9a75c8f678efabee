"""What the parts of the index benchmark measure with: chunks without text, recall against exact search, turns."""

import statistics
import time

import numpy as np

from labkit.documents import SHARED, Access, Chunk, Principal
from labkit.index import Index

K = 10
REPEATS = 5


def chunks_of(count: int, accesses: list[Access] | None = None) -> list[Chunk]:
    """Chunks without much text, one a vector."""
    given = accesses or [SHARED] * count
    return [Chunk(f"d{n}#0", f"d{n}", "text", 0, 4, access=access) for n, access in enumerate(given)]


def rows_of(answers: list) -> list[list[int]]:
    """Row numbers of the passages of each answer."""
    return [[int(passage.chunk.document_id[1:]) for passage in answer] for answer in answers]


def recall(answers: list, truth: np.ndarray) -> float:
    """Recall@k against exact search; a place that the truth does not fill counts for nothing."""
    found = [len({*a} & {*t[t >= 0].tolist()}) / (t >= 0).sum() for a, t in zip(rows_of(answers), truth, strict=True)]
    return round(float(np.mean(found)), 4)


def interleaved(jobs: dict, repeats: int = REPEATS) -> dict:
    """Milliseconds per query of each job, one after the other in every repeat: median, least and most."""
    taken = {name: [] for name in jobs}
    for _ in range(repeats):
        for name, (job, queries) in jobs.items():
            begin = time.perf_counter()
            job()
            taken[name].append((time.perf_counter() - begin) * 1000 / queries)
    return {
        name: {"median": round(statistics.median(t), 4), "least": round(min(t), 4), "most": round(max(t), 4)}
        for name, t in taken.items()
    }


def one_by_one(index: Index, queries: np.ndarray, principal: Principal) -> list:
    """Every query in a search of its own."""
    return [index.search(queries[at : at + 1], K, principal)[0] for at in range(len(queries))]
