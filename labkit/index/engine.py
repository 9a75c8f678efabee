"""FAISS for the vectors of one access: build, add, search, and read a vector back.

Rows are numbered from 0 in the order added and keep their number for good. Inner products of vectors of length 1
are cosines.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
from numpy.typing import NDArray

from labkit.embedding import Vectors
from labkit.index.kinds import HNSW, IVF, Flat, Kind

FaissIndex = Any
"""An index of FAISS, which brings no types."""

Rows = NDArray[np.int64]
Scores = NDArray[np.float32]

BLOCK = 50_000
"""Vectors handed to FAISS at once, so that building never takes a second copy of all of them."""

_PER_LIST = 39  # FAISS warns about a k-means centre with fewer vectors to learn from
_SAMPLE = 400  # vectors whose neighbours decide how many lists a query reads
_CROWD = 20_000  # vectors among which those neighbours are looked for
_FAR = 0.01  # share of the vectors that are nearer than those neighbours


def build(kind: Kind, vectors: Vectors, rows: Rows) -> FaissIndex:
    """A FAISS index over ``vectors[rows]``, row i of the index being ``rows[i]``."""
    import faiss

    dimension = vectors.shape[1]
    if isinstance(kind, Flat) or len(rows) < kind.smallest:
        index = faiss.IndexFlatIP(dimension)
    elif isinstance(kind, HNSW):
        index = faiss.IndexHNSWFlat(dimension, kind.links, faiss.METRIC_INNER_PRODUCT)
        index.hnsw.efConstruction, index.hnsw.efSearch = kind.building, kind.breadth
    else:
        index = _trained(dimension, vectors, rows)
    for block in _blocks(rows):
        add(index, vectors[block])
    if isinstance(kind, IVF) and is_inverted(index):
        index.nprobe = _probes(kind, index, vectors, rows)
    return index


def add(index: FaissIndex, vectors: Vectors) -> None:
    """Append rows."""
    index.add(np.ascontiguousarray(vectors, dtype=np.float32))


def search(
    index: FaissIndex, queries: Vectors, k: int, alive: NDArray[np.bool_] | None = None, probes: int | None = None
) -> tuple[Scores, Rows]:
    """The k nearest living rows of every query, nearest first, as FAISS finds them.

    Args:
        index: The index.
        queries: Shape (queries, dimension), float32.
        k: Rows wanted; places that stay empty hold row -1.
        alive: Which rows may be found; None for all. Tested by FAISS before it computes a distance.
        probes: Lists to read, where the index keeps lists; None for what it was built with.
    """
    parameters = None
    if alive is not None or probes is not None:
        parameters = _parameters(index, alive, probes)
    found: tuple[Scores, Rows] = index.search(queries, k, params=parameters)
    return found


def exhaustive(index: FaissIndex, queries: Vectors, k: int, alive: NDArray[np.bool_] | None) -> tuple[Scores, Rows]:
    """Like ``search``, but no vector is passed over, whatever the kind."""
    import faiss

    if is_inverted(index):
        return search(index, queries, k, alive, probes=index.nlist)
    if hasattr(index, "hnsw"):  # a graph keeps its vectors in a flat index underneath
        return search(faiss.downcast_index(index.storage), queries, k, alive)
    return search(index, queries, k, alive)


def vectors_of(index: FaissIndex, rows: Rows) -> Vectors:
    """The vectors of some rows, shape (rows, dimension)."""
    found: Vectors = index.reconstruct_batch(rows)
    return found


def is_inverted(index: FaissIndex) -> bool:
    """Whether the index keeps inverted lists."""
    return hasattr(index, "nprobe")


def _parameters(index: FaissIndex, alive: NDArray[np.bool_] | None, probes: int | None) -> object:
    import faiss

    # FAISS takes the bits where they lie, and its wrapper keeps them for as long as the selector lives.
    selector = None if alive is None else faiss.IDSelectorBitmap(np.packbits(alive, bitorder="little"))
    if is_inverted(index):
        return faiss.SearchParametersIVF(sel=selector, nprobe=probes or index.nprobe)
    if hasattr(index, "hnsw"):
        return faiss.SearchParametersHNSW(sel=selector, efSearch=index.hnsw.efSearch)
    return faiss.SearchParameters(sel=selector)


def _blocks(rows: Rows) -> Iterator[Rows]:
    for at in range(0, len(rows), BLOCK):
        yield rows[at : at + BLOCK]


def _trained(dimension: int, vectors: Vectors, rows: Rows) -> FaissIndex:
    """Empty inverted lists around centres learned from a sample: four times the root of the size, if that many fit."""
    import faiss

    lists = max(1, min(round(4 * len(rows) ** 0.5), len(rows) // _PER_LIST))
    index = faiss.IndexIVFFlat(faiss.IndexFlatIP(dimension), dimension, lists, faiss.METRIC_INNER_PRODUCT)
    index.cp.spherical = True  # the vectors have length 1, and so shall the centres
    sample = np.random.default_rng(0).permutation(len(rows))[: 48 * lists]
    index.train(np.ascontiguousarray(vectors[rows[sample]], dtype=np.float32))
    index.make_direct_map()  # row -> place in the lists, to read vectors back
    return index


def _probes(kind: IVF, index: FaissIndex, vectors: Vectors, rows: Rows) -> int:
    """The least number of lists that holds the share wanted of the far neighbours of a sample.

    A neighbour is found if its list is read, so what counts is the place of that list among all of them, ordered by
    the nearness of their centres to the query. The place that the share wanted stays within is the number of lists.
    """
    if kind.probes is not None:
        return min(kind.probes, int(index.nlist))
    drawn = rows[np.random.default_rng(1).permutation(len(rows))[:_CROWD]]
    crowd = np.ascontiguousarray(vectors[drawn], dtype=np.float32)
    queries = crowd[:_SAMPLE]
    nearness = queries @ index.quantizer.reconstruct_n(0, index.nlist).T
    place = 1 + np.argsort(np.argsort(-nearness, axis=1), axis=1)
    lists = index.quantizer.search(crowd, 1)[1][:, 0]
    places = np.take_along_axis(place, lists[_far_neighbours(queries, crowd)], axis=1)
    return int(np.quantile(places, kind.recall, method="inverted_cdf"))


def _far_neighbours(queries: Vectors, crowd: Vectors) -> Rows:
    """For each query the ten rows of the crowd that come after the nearest hundredth; shape (queries, 10).

    The nearest neighbours of a text are texts of its own kind, often in its own list; a question has none of its
    kind. What it finds first is about as near to it as texts of the same topic are to each other.
    """
    begin = max(1, round(_FAR * len(crowd)))  # a text is its own nearest neighbour
    order: Rows = np.argsort(-(queries @ crowd.T), axis=1)
    return order[:, begin : begin + 10]
