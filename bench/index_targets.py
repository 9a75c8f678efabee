"""What the index is held against: its targets, and whether the numbers taken so far reach them."""

SHARES = {"0.1 %": 0.001, "1 %": 0.01, "10 %": 0.1, "50 %": 0.5}
"""What a tenant owns of the corpus, where filtered search is measured."""


def verdicts(found: dict) -> dict[str, bool]:
    """Every target that the parts taken so far can be held against."""
    met: dict[str, bool] = {}
    for part, size in (("recall", "20,000 real"), ("million", "1,000,000 drawn")):
        for name, value in found.get(part, {}).items():
            if name.startswith("recall@10"):
                met[f"{name} on {size} vectors >= 0.98 (IVF as shipped)"] = value >= 0.98
    if "million" in found:
        taken = found["million"]["ms per query, one thread"]
        met["a million: latency under 1/5 of exact"] = taken["ivf"]["median"] < taken["exact"]["median"] / 5
        met["a million: build and search within 6 GiB"] = found["million"]["peak GiB of the process"] <= 6
    for name in SHARES if "filtered" in found else ():
        case = found["filtered"][name]
        taken = {job: times["median"] for job, times in case["ms per query"].items()}
        met[f"a tenant of {name}: recall >= 0.98"] = case["recall, ours"] >= 0.98
        for level, mine, theirs in (("", "ours", "Qdrant, ef"), (", bare engines", "FAISS bare", "Qdrant bare")):
            fastest = min((ms for job, ms in taken.items() if job.startswith(theirs)), default=float("inf"))
            met[f"a tenant of {name}: not slower than Qdrant at recall >= 0.98{level}"] = taken[mine] <= fastest
    if "hop" in found:
        last = found["hop"]["batch of 1000"]
        added = last["one shard on Ray"]["median"] - last["shard in process"]["median"]
        alone = found["hop"]["batch of 1"]
        first = alone["one shard on Ray"]["median"] - alone["shard in process"]["median"]
        met["a batch of 1,000 makes the hop through Ray ten times cheaper a query"] = added <= first / 10
    if "shards" in found:
        met["1, 2, 4 and 8 Flat shards give identical results"] = found["shards"]["identical"]
    if "audit" in found:
        met["1,000,000 adversarial pairs, nothing found"] = found["audit"]["clean"] and found["audit"]["pairs"] >= 10**6
    return met
