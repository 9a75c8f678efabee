"""The same blocks under ``torch.distributed``: one program, run by every process, each on its own data (SPMD).

No one deals. Every rank knows the plan, works out from it alone which blocks are its own, makes those, and meets the
others once, at the end. That is the way of training jobs; a pool that deals copes better with a slow worker.

    torchrun --nproc-per-node 2 -m labkit.embedding texts.txt folder
"""

import os
import tempfile
from collections.abc import Sequence

from labkit.embedding.dealing import deal
from labkit.embedding.model import Precision, load_model
from labkit.embedding.shards import Shards
from labkit.errors import BadArgument, EngineFailure
from labkit.pretrained import encoder_folder
from labkit.settings import quiet_engines


def encode_spmd(shards: Shards, texts: Sequence[str], processes: int) -> None:
    """Make the unfinished blocks in ``processes`` processes that this one starts and waits for.

    Args:
        shards: What to make.
        texts: The texts it was planned for.
        processes: How many, at least 1; each takes one thread, or a GPU where there are GPUs.

    Raises:
        BadArgument: Fewer than one process, or other texts.
        EngineFailure: A process failed.
    """
    if processes < 1:
        raise BadArgument(f"processes is {processes}", remedy="give at least 1")
    shards.require_inputs(texts)
    quiet_engines()
    from torch import multiprocessing

    with tempfile.TemporaryDirectory() as meeting:
        given = (processes, f"file://{meeting}/ranks", shards, list(texts))
        try:
            multiprocessing.spawn(run_rank, args=given, nprocs=processes)
        except (multiprocessing.ProcessRaisedException, multiprocessing.ProcessExitedException) as failure:
            raise EngineFailure(
                f"one of {processes} ranks failed", remedy="see the cause above, then run again: whole blocks are kept"
            ) from failure


def own_blocks(shards: Shards, texts: Sequence[str], unfinished: Sequence[int], ranks: int) -> list[list[int]]:
    """The unfinished blocks of each rank; every rank that asks gets the same answer."""
    costs = [sum(len(text) for text in texts[shards.span(number)]) for number in unfinished]
    return [[unfinished[place] for place in hand] for hand in deal(costs, ranks)]


def run_rank(rank: int, ranks: int, meeting: str, shards: Shards, texts: list[str]) -> None:
    """What every process runs.

    Args:
        rank: Which process this is, from 0.
        ranks: How many there are.
        meeting: Where they meet: an ``init_method`` of ``torch.distributed``.
        shards: What to make.
        texts: The texts it was planned for.
    """
    quiet_engines()
    # Ranks of one machine meet on its loopback; torchrun over several machines sets its own.
    os.environ.setdefault("GLOO_SOCKET_IFNAME", "lo")
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    import torch
    from torch import distributed

    torch.set_num_threads(1)
    on_gpu = torch.cuda.is_available()
    device = f"cuda:{rank % torch.cuda.device_count()}" if on_gpu else "cpu"
    distributed.init_process_group("nccl" if on_gpu else "gloo", init_method=meeting, rank=rank, world_size=ranks)
    try:
        # Rank 0 looks at the disk for all: another rank, looking later, would see blocks that were made meanwhile.
        seen: list[object] = [shards.unfinished() if rank == 0 else None]
        distributed.broadcast_object_list(seen, device=torch.device(device))
        unfinished: list[int] = seen[0]  # type: ignore[assignment]
        model = load_model(encoder_folder(), Precision(shards.precision), device)
        mine = own_blocks(shards, texts, unfinished, ranks)[rank]
        for number in mine:
            shards.write(number, model.encode(texts[shards.span(number)]))
        made = torch.tensor([len(mine)], device=device)
        distributed.all_reduce(made)  # also the barrier: no rank passes it before all have written
        if rank == 0 and int(made) == len(unfinished):
            shards.finish()
        distributed.barrier()
    finally:
        distributed.destroy_process_group()
