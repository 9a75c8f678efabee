"""The sharded index: recall and latency against exact search and against Qdrant, the hop through Ray, the audit.

Run one part at a time (``python bench/index.py recall million filtered hop shards audit``) or all of them; each part
is kept, and the record is composed of the newest of each. The exit status says whether every target was met.
"""

import json
import resource
import sys
import time

import faiss
import index_vectors
import numpy as np
from index_measures import K, chunks_of, interleaved, one_by_one, recall
from index_targets import SHARES, verdicts
from records import write

from labkit.cluster import cluster
from labkit.documents import SHARED, Access, Principal
from labkit.index import Flat, LocalShards, QdrantIndex, Shard, ShardedIndex, audit, canaries, drawn_around
from labkit.settings import settings

SPREAD = 0.5


def real() -> index_vectors.Real:
    """The real vectors; ends with a message where encoding is not finished."""
    found = index_vectors.real_vectors(20_000)
    if found is None:
        sys.exit("the time to encode was up; run this again, it goes on where it stopped")
    return found


ASKER = Principal("p", "t")


def part_recall() -> dict:
    """IVF as shipped on 20,000 real vectors."""
    faiss.omp_set_num_threads(1)
    data = real()
    shard = Shard.build(chunks_of(len(data.vectors)), data.vectors, registered=["t"])
    exact = Shard.build(chunks_of(len(data.vectors)), data.vectors, Flat(), ["t"])
    group = shard.groups[SHARED].faiss
    out = {"vectors": len(data.vectors), "lists": group.nlist, "probes": group.nprobe}
    for name, queries in (("left-out sentences", data.sentences), ("questions", data.questions)):
        truth = faiss.knn(queries, data.vectors, K, metric=faiss.METRIC_INNER_PRODUCT)[1]
        out[f"recall@10, {name}"] = recall(one_by_one(shard, queries, ASKER), truth)
    some = data.sentences[:200]
    out["ms per query"] = interleaved(
        {n: (lambda i=i: one_by_one(i, some, ASKER), len(some)) for n, i in (("ivf", shard), ("exact", exact))}
    )
    return out


def part_million() -> dict:
    """IVF as shipped on a million vectors drawn around the real ones."""
    data, count = real(), 1_000_000
    drawn = drawn_around(data.vectors, count, SPREAD, seed=7)
    chunks = chunks_of(count)
    begin = time.perf_counter()
    shard = Shard.build(chunks, drawn, registered=["t"])
    built = time.perf_counter() - begin
    group = shard.groups[SHARED].faiss
    queries = np.concatenate([data.sentences[:100], data.questions[:100]])
    truth = faiss.knn(queries, drawn, K, metric=faiss.METRIC_INNER_PRODUCT)[1]
    faiss.omp_set_num_threads(1)
    some = queries[90:110]
    exact = {"ivf": (lambda: one_by_one(shard, some, ASKER), 20)}
    exact["exact"] = (
        lambda: [faiss.knn(some[n : n + 1], drawn, K, metric=faiss.METRIC_INNER_PRODUCT) for n in range(20)], 20
    )  # fmt: skip
    answers = one_by_one(shard, queries, ASKER)
    return {
        "vectors": f"{count:,} drawn around 20,000 real ones, noise of length {SPREAD}",
        "lists": group.nlist,
        "probes": group.nprobe,
        "recall@10, left-out sentences": recall(answers[:100], truth[:100]),
        "recall@10, questions": recall(answers[100:], truth[100:]),
        "ms per query, one thread": interleaved(exact, 3),
        "build seconds": round(built, 1),
        "peak GiB of the process": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 2**20, 2),
    }


def owners(count: int) -> list[Access]:
    """Each tenant owns its share of the rows, picked at random; the rest belongs to somebody else."""
    order, accesses, at = np.random.default_rng(7).permutation(count), [Access("rest")] * count, 0
    for name, share in SHARES.items():
        for row in order[at : at + round(share * count)]:
            accesses[row] = Access(name)
        at += round(share * count)
    return accesses


def part_filtered() -> dict:
    """A tenant that owns 0.1 % to 50 % of 20,000 real vectors: our shard beside Qdrant's, one thread each."""
    faiss.omp_set_num_threads(1)
    data, out = real(), {}
    queries, accesses = np.concatenate([data.sentences[:100], data.questions[:100]]), owners(20_000)
    ours = Shard.build(chunks_of(20_000, accesses), data.vectors)
    begin = time.perf_counter()
    peer = QdrantIndex.build(chunks_of(20_000, accesses), data.vectors)
    out["Qdrant build seconds"] = round(time.perf_counter() - begin, 1)
    for name in SHARES:
        own = np.array([n for n, access in enumerate(accesses) if access.tenant == name])
        found = faiss.knn(queries, data.vectors[own], min(K, len(own)), metric=faiss.METRIC_INNER_PRODUCT)[1]
        out[name] = beside(ours, peer, queries, own[found], Principal("p", name))
    return out


def beside(ours: Shard, peer: QdrantIndex, queries: np.ndarray, truth: np.ndarray, principal: Principal) -> dict:
    """Our shipped setting beside every setting of Qdrant that keeps recall at 0.98.

    Like with like, twice: through the same interface (principal in, passages out), and the bare engines, where
    neither checks a principal nor makes passages and Qdrant's requests are made before its clock starts.
    """
    tried, [group] = {}, ours.readable(principal)
    jobs = {
        "ours": (lambda: one_by_one(ours, queries, principal), len(queries)),
        "FAISS bare": (lambda: [group.faiss.search(queries[n : n + 1], K) for n in range(200)], 200),
    }
    for breadth in (16, 64, None, 128, 256, 512):
        peer.breadth = breadth
        tried[f"ef {breadth or 'default'}"] = reached = recall(one_by_one(peer, queries, principal), truth)
        if reached >= 0.98:
            made = peer.requests(queries, K, principal)
            jobs[f"Qdrant, ef {breadth or 'default'}"] = (
                lambda e=breadth: with_breadth(peer, e, queries, principal),
                200,
            )
            jobs[f"Qdrant bare, ef {breadth or 'default'}"] = (lambda m=made: [peer.shard.query(r) for r in m], 200)
    return {
        "rows": len(group.chunks),
        "recall, ours": recall(one_by_one(ours, queries, principal), truth),
        "recall, Qdrant": tried,
        "ms per query": interleaved(jobs),
    }


def with_breadth(peer: QdrantIndex, breadth: int | None, queries: np.ndarray, principal: Principal) -> list:
    """Qdrant through our interface, at a setting of its own."""
    peer.breadth = breadth
    return one_by_one(peer, queries, principal)


def part_hop() -> dict:
    """What Ray adds to the same one shard, for batches of 1 to 1,000 queries; and two shards beside one."""
    faiss.omp_set_num_threads(1)
    data, out = real(), {}
    chunks = chunks_of(len(data.vectors))
    local = Shard.build(chunks, data.vectors, registered=["t"])
    queries = np.concatenate([data.sentences, data.questions])
    with (
        cluster(),
        ShardedIndex.build(chunks, data.vectors, 1, ["t"]) as one,
        ShardedIndex.build(chunks, data.vectors, 2, ["t"]) as two,
    ):
        one.search(queries, K, ASKER), two.search(queries, K, ASKER)
        for size in (1, 10, 100, 1_000):
            some = queries[:size]
            jobs = {"shard in process": local, "one shard on Ray": one, "two shards on Ray": two}
            out[f"batch of {size}"] = interleaved(
                {n: (lambda i=i, q=some: i.search(q, K, ASKER), size) for n, i in jobs.items()},
                15 if size < 1000 else 5,
            )
    return out


def part_shards() -> dict:
    """Flat with 1, 2, 4 and 8 shards: the same chunks, scores and order, among them five copies of every vector."""
    data = real()
    copies = np.concatenate([data.vectors[:2_000]] * 5)
    chunks, queries = chunks_of(len(copies)), data.sentences[:200]
    answers = [LocalShards.build(chunks, copies, n, ["t"], Flat()).search(queries, K, ASKER) for n in (1, 2, 4, 8)]
    return {"shards": [1, 2, 4, 8], "identical": all(answer == answers[0] for answer in answers)}


def part_audit(pairs: int = 1_000_000) -> dict:
    """A million adversarial pairs against four IVF shards, canaries laid and documents deleted."""
    data, rng = real(), np.random.default_rng(7)
    tenants = [f"tenant-{n}" for n in range(10)]
    groups = [frozenset(), frozenset({"finance"}), frozenset({"legal"}), frozenset({"finance", "legal"})]
    kinds = [SHARED, *(Access(tenant, group) for tenant in tenants for group in groups)]
    vectors = data.vectors[:10_000]
    chunks = chunks_of(len(vectors), [kinds[n] for n in rng.integers(len(kinds), size=len(vectors))])
    index = LocalShards.build(chunks, vectors, 4)
    laid, places = canaries(chunks, vectors)
    index.append(laid, places)
    gone = {f"d{n}" for n in rng.integers(len(chunks), size=500)}
    index.delete(gone)
    begin = time.perf_counter()
    report = audit(index, [*chunks, *laid], np.concatenate([vectors, places]), pairs=pairs, deleted=gone)
    taken = time.perf_counter() - begin
    print(report)
    return {"pairs": report.pairs, "clean": report.clean, "leaks": report.leaks, "deleted": report.deleted,
            "short lists": report.missing, "seconds": round(taken, 1)}  # fmt: skip


PARTS = {name.removeprefix("part_"): part for name, part in list(globals().items()) if name.startswith("part_")}


def main() -> int:
    """Measure the parts asked for, compose the record, and judge."""
    folder = settings().home / "bench" / "index-parts"
    folder.mkdir(parents=True, exist_ok=True)
    for name in sys.argv[1:] or PARTS:
        (folder / f"{name}.json").write_text(json.dumps(PARTS[name]()))
    found = {
        name: json.loads((folder / f"{name}.json").read_text()) for name in PARTS if (folder / f"{name}.json").exists()
    }
    met = verdicts(found)
    write("index", {**found, "targets": {name: "met" if reached else "NOT MET" for name, reached in met.items()}})
    for target, reached in met.items():
        print(f"{'met' if reached else 'NOT MET':<8} {target}")
    return 0 if all(met.values()) and len(found) == len(PARTS) else 1


if __name__ == "__main__":
    sys.exit(main())
