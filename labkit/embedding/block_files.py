"""One block of vectors as a file: npy, or Parquet with the row number beside each vector."""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np

from labkit.embedding.encoders import Vectors
from labkit.errors import StateCorrupt


def write_whole(path: Path, vectors: Vectors, first: int) -> None:
    """Write a block so that it is there whole or not at all, even if the machine stops in the middle.

    Args:
        path: The file; its ending decides the format.
        vectors: Shape (rows, dimension).
        first: Number of the first row in the whole.
    """
    partial = path.with_name(f".{path.name}.{os.getpid()}")
    FORMATS[path.suffix[1:]](partial, vectors, first)
    with partial.open("rb") as file:
        os.fsync(file.fileno())
    partial.replace(path)


def read_block(path: Path) -> Vectors:
    """The vectors of a block, shape (rows, dimension).

    Raises:
        StateCorrupt: The file is not a block.
    """
    try:
        found: Vectors = np.load(path) if path.suffix == ".npy" else _read_parquet(path)
    except (OSError, ValueError) as failure:
        raise StateCorrupt(f"{path} cannot be read ({failure})", remedy="delete it and encode again") from failure
    return found


def _write_npy(path: Path, vectors: Vectors, _: int) -> None:
    with path.open("wb") as file:
        np.save(file, vectors)


def _write_parquet(path: Path, vectors: Vectors, first: int) -> None:
    import pyarrow
    from pyarrow import parquet

    rows = pyarrow.array(range(first, first + len(vectors)), pyarrow.int64())
    flat = pyarrow.array(vectors.ravel(), pyarrow.float32())
    column = pyarrow.FixedSizeListArray.from_arrays(flat, vectors.shape[1])
    parquet.write_table(pyarrow.table({"row": rows, "vector": column}), path)


def _read_parquet(path: Path) -> Vectors:
    from pyarrow import parquet

    column = parquet.read_table(path, columns=["vector"])["vector"].combine_chunks()
    width = column.type.list_size
    vectors: Vectors = column.flatten().to_numpy().reshape(-1, width)
    return vectors


FORMATS: dict[str, Callable[[Path, Vectors, int], None]] = {"npy": _write_npy, "parquet": _write_parquet}
