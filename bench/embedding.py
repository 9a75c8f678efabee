"""Layer 2 measured: parallel efficiency of the pool, the peer's pool beside it, starting up, and the share of the peak.

    python bench/embedding.py [efficiency] [peer]

Targets: parallel efficiency at two workers of at least 0.93 on at least 4,000 chunks, and at least 1.1 times the
throughput of sentence-transformers' own multi-process pool at two processes (the faster of: as it comes, and held to
one thread a process). bfloat16 at 1.6 times float32 is judged only where the CPU multiplies bfloat16 in hardware.
Within a round everything runs once, one after the other, on the same chunks; ratios are taken within the round.
The exit status says whether all targets that apply were met.
"""

import json
import os
import statistics
import sys
import time
from collections.abc import Callable, Sequence
from itertools import islice

import numpy as np
from records import RECORDS, write

from labkit.chunking import SentenceChunker
from labkit.cluster import cluster
from labkit.corpus import handbook
from labkit.embedding import (
    EncoderPool,
    Precision,
    fast_bfloat16,
    flops_per_token,
    local_model,
    matmul_rate,
    parcels,
)
from labkit.embedding.encoders import sentence_transformer
from labkit.embedding.pool import PARCEL_CHARACTERS
from labkit.settings import settings

CHUNKS, SIZE, SEED, ROUNDS = 4_000, 32, 7, 3


def corpus(count: int = CHUNKS) -> list[str]:
    """Chunks of at most ``SIZE`` tokens of the handbook."""
    pages = handbook(pages=2_000, tenants=3, seed=SEED)
    return [chunk.text for chunk in islice(SentenceChunker(size=SIZE, overlap=0)(pages), count)]


def seconds(run: Callable[[], object]) -> float:
    """Wall-clock seconds of a call."""
    begin = time.perf_counter()
    run()
    return time.perf_counter() - begin


def summary(values: Sequence[float], places: int = 3) -> dict[str, object]:
    """Median, and every repeat."""
    return {"median": round(statistics.median(values), places), "repeats": [round(value, places) for value in values]}


def efficiency() -> dict[str, object]:
    """One process on one thread, without Ray, against two actors; and what two threads of one process do."""
    texts = corpus()
    loading = seconds(lambda: local_model(threads=1).encode(texts[:50]))
    alone = local_model(threads=1)
    tokens = alone.tokens(texts)
    begin = time.perf_counter()
    with cluster():
        head = time.perf_counter() - begin
        with EncoderPool(2) as pool:
            pool.encode(texts[:1_000])
            dealing = seconds(lambda: parcels(texts, PARCEL_CHARACTERS))
            one, two, apart = rounds(alone, pool, texts)
            alone_rate, rates = matmul_rate(2.0), pool.matmul_rates(2.0)
            few = {count: falls(alone, pool, texts[:count]) for count in (1, 10, 100)}
            part = texts[:1_000]
            threaded = seconds(lambda: local_model(threads=2).encode(part))
            pooled = seconds(lambda: pool.encode(part))
            start = pool.start_seconds
    each = flops_per_token(tokens / len(texts))
    return {
        "chunks": len(texts),
        "tokens": tokens,
        "one_process_seconds": summary(one),
        "two_workers_seconds": summary(two),
        "tokens_per_second_one": round(tokens / statistics.median(one)),
        "tokens_per_second_two": round(tokens / statistics.median(two)),
        "efficiency": summary([a / b / 2 for a, b in zip(one, two, strict=True)]),
        "efficiency_by_chunks": few,
        "largest_difference": apart,
        "dealing_seconds": round(dealing, 4),
        "start": {
            "model_in_this_process": round(loading, 1),
            "ray_head": round(head, 1),
            "two_actors": round(start, 1),
        },
        "peak": peak(alone_rate, rates, each, tokens / statistics.median(two)),
        "two_threads_of_one_process": {
            "chunks": len(part),
            "seconds": round(threaded, 2),
            "pool_seconds": round(pooled, 2),
        },
        "bfloat16": bfloat16(texts),
    }


def rounds(alone: object, pool: EncoderPool, texts: Sequence[str]) -> tuple[list[float], list[float], float]:
    """Seconds of one process and of the pool, taking turns, and the largest difference of their vectors."""
    one, two, apart = [], [], 0.0
    for _ in range(ROUNDS):
        begin = time.perf_counter()
        serial = alone.encode(texts)
        one.append(time.perf_counter() - begin)
        begin = time.perf_counter()
        shared = pool.encode(texts)
        two.append(time.perf_counter() - begin)
        apart = max(apart, float(np.abs(serial - shared).max()))
    return one, two, apart


def peak(alone_rate: float, rates: Sequence[float], flops: float, tokens_per_second: float) -> dict[str, object]:
    """What bare products reach on one core and on both at once, and what share of that encoding reaches."""
    return {
        "matmul_gflops_one_core_alone": round(alone_rate / 1e9, 1),
        "matmul_gflops_per_core": [round(rate / 1e9, 1) for rate in rates],
        "efficiency_of_bare_products": round(sum(rates) / alone_rate / 2, 3),
        "mflops_per_token_computed": round(flops / 1e6, 2),
        "fraction": round(flops * tokens_per_second / sum(rates), 3),
    }


def falls(alone: object, pool: EncoderPool, texts: Sequence[str]) -> float:
    """Efficiency on few chunks: the median of five."""
    ratios = []
    for _ in range(5):
        serial = seconds(lambda: alone.encode(texts))
        ratios.append(serial / seconds(lambda: pool.encode(texts)) / 2)
    return round(statistics.median(ratios), 3)


def bfloat16(texts: Sequence[str]) -> dict[str, object]:
    """The ratio to float32 where it is meant to be fast, and else the reason why it is not judged."""
    if not fast_bfloat16():
        return {"applies": False, "reason": "torch.cpu.get_capabilities() has neither avx512_bf16 nor amx_bf16"}
    part, full, half = texts[:1_000], local_model(threads=1), local_model(Precision.BFLOAT16, threads=1)
    ratios = [seconds(lambda: full.encode(part)) / seconds(lambda: half.encode(part)) for _ in range(ROUNDS)]
    queries, exact, rough = slice(0, 200), full.encode(part), half.encode(part)
    best, near = (np.argsort(-(found[queries] @ found.T), axis=1)[:, :10] for found in (exact, rough))
    kept = [len(set(a) & set(b)) / 10 for a, b in zip(best.tolist(), near.tolist(), strict=True)]
    return {"applies": True, "speedup": summary(ratios), "recall_at_10": round(statistics.fmean(kept), 4)}


def peer() -> dict[str, object]:
    """sentence-transformers' pool of two processes beside ours; nothing else runs while one is measured."""
    texts = corpus()
    model = sentence_transformer()
    starts: dict[str, float] = {}
    pools: dict[str, dict] = {}
    for name, threads in (("one_thread_each", "1"), ("as_it_comes", None)):
        if threads:
            os.environ["OMP_NUM_THREADS"] = threads  # inherited by the processes that the pool starts
        begin = time.perf_counter()
        pools[name] = model.start_multi_process_pool(["cpu", "cpu"])
        theirs(model, pools[name], texts[:100])  # the processes report nothing when they are ready
        starts[name] = round(time.perf_counter() - begin, 1)
        os.environ.pop("OMP_NUM_THREADS", None)
    taken: dict[str, list[float]] = {"ours": [], **{name: [] for name in pools}}
    with cluster(), EncoderPool(2) as ours:
        starts["ours"] = round(ours.start_seconds, 1)
        ours.encode(texts[:1_000])
        for pool in pools.values():
            theirs(model, pool, texts[:400])
        for _ in range(ROUNDS):
            taken["ours"].append(seconds(lambda: ours.encode(texts)))
            for name, pool in pools.items():
                taken[name].append(seconds(lambda pool=pool: theirs(model, pool, texts)))
        apart = float(np.abs(theirs(model, pools["one_thread_each"], texts[:500]) - ours.encode(texts[:500])).max())
    for pool in pools.values():
        model.stop_multi_process_pool(pool)
    best = min(pools, key=lambda name: statistics.median(taken[name]))
    return {
        "chunks": len(texts),
        "start_seconds": starts,
        "seconds": {name: summary(values) for name, values in taken.items()},
        "faster_of_theirs": best,
        "ratio": summary([a / b for a, b in zip(taken[best], taken["ours"], strict=True)]),
        "largest_difference": apart,
    }


def theirs(model: object, pool: dict, texts: Sequence[str]) -> np.ndarray:
    """Encode by sentence-transformers' pool, in its own batches."""
    return model.encode(list(texts), pool=pool, normalize_embeddings=True, show_progress_bar=False)


def judge(found: dict[str, dict]) -> dict[str, bool]:
    """Which targets were met, of those that were measured and apply."""
    met = {}
    if "efficiency" in found:
        met["E(2) >= 0.93 on 4,000 chunks"] = found["efficiency"]["efficiency"]["median"] >= 0.93
        half = found["efficiency"]["bfloat16"]
        if half["applies"]:
            met["bfloat16 >= 1.6 x float32"] = half["speedup"]["median"] >= 1.6
            met["bfloat16 recall@10 within 0.005"] = half["recall_at_10"] >= 0.995
        else:
            print(f"not applicable here: bfloat16 >= 1.6 x float32 ({half['reason']})")
    if "peer" in found:
        met["1.1 x sentence-transformers' pool"] = found["peer"]["ratio"]["median"] >= 1.1
    return met


def main() -> int:
    """Measure the parts asked for, keep the others as they were recorded, and judge all."""
    parts = {"efficiency": efficiency, "peer": peer}
    asked = sys.argv[1:] or list(parts)
    if not set(asked) <= set(parts):
        sys.exit(f"parts are {list(parts)}, not {asked}")
    path = RECORDS / "embedding.json"
    found = json.loads(path.read_text())["embedding"] if path.exists() else {}
    for part in asked:
        found[part] = parts[part]()
    found["encoder"] = settings().encoder
    write("embedding", found)
    met = judge(found)
    for target, reached in met.items():
        print(f"{'met' if reached else 'NOT MET':<8} {target}")
    return 0 if all(met.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
