"""One rank of a torchrun job: vectors of the lines of a file, as npy blocks in a folder.

torchrun --nproc-per-node 2 -m labkit.embedding texts.txt folder
"""

import os
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from labkit.embedding.shards import Shards
from labkit.embedding.spmd import run_rank
from labkit.errors import BadArgument


def main(arguments: Sequence[str], environment: Mapping[str, str]) -> None:
    """Read the texts, find out from torchrun which rank this is, and do its share.

    Raises:
        BadArgument: Not two arguments, or torchrun did not start this process.
    """
    if len(arguments) != 2 or "RANK" not in environment:
        raise BadArgument(
            f"started as: {' '.join(arguments) or 'no arguments'}", remedy=(__doc__ or "").splitlines()[2]
        )
    texts = Path(arguments[0]).read_text().splitlines()
    shards = Shards.plan(texts, Path(arguments[1]))
    run_rank(int(environment["RANK"]), int(environment["WORLD_SIZE"]), "env://", shards, texts)


if __name__ == "__main__":
    main(sys.argv[1:], os.environ)
