"""Train the course's models from the train split of the handbook generator, on this machine.

    python models/train.py small
    python models/train.py large --resume     goes on where it was broken off
    python models/train.py large --onward 1   the last phase alone, from the weights that are stored

Writes ``models/small.safetensors`` and ``models/large.safetensors``; the next start of the model prepares it anew.
The model card says how long each took.
"""

import argparse
import logging
from importlib import import_module
from pathlib import Path
from typing import Protocol

import torch

from labkit.settings import quiet_engines, settings

HERE = Path(__file__).resolve().parent


class Training(Protocol):
    """How a tier is trained."""

    def __call__(
        self, path: Path, steps: int | None = None, *, resume: bool = False, stored: Path | None = None, onward: int = 1
    ) -> float:
        """Train, write the file, and return the minutes; from stored weights on, if some are given."""
        ...


def main() -> None:
    """Train one tier."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tier", choices=("small", "large"))
    parser.add_argument("--steps", type=int, help="updates of each phase; another number is another schedule")
    parser.add_argument("--resume", action="store_true", help="go on from the checkpoint under LABKIT_HOME/training")
    parser.add_argument("--onward", type=int, default=0, help="train so many last phases, from the stored weights")
    parser.add_argument("--into", type=Path, default=HERE, help="folder that the file is written to")
    given = parser.parse_args()
    logging.basicConfig(level=logging.INFO, format="%(message)s")
    quiet_engines()
    torch.set_num_threads(settings().threads)
    file = given.into / f"{given.tier}.safetensors"
    tier: Training = import_module(f"train_{given.tier}").train_tier
    stored = HERE / file.name if given.onward else None
    minutes = tier(file, given.steps, resume=given.resume, stored=stored, onward=given.onward)
    logging.getLogger("train").info(
        "%s: %.1f MB after %.1f minutes on %d threads", file, file.stat().st_size / 1e6, minutes, settings().threads
    )


if __name__ == "__main__":
    main()
