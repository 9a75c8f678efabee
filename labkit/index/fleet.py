"""Shard servers as Ray actors: ask all, collect all, and start one that died again from its folder."""

import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

from labkit.errors import EngineFailure, LabkitError
from labkit.index.server import Material, ShardServer

Reference = Any
"""A value that Ray has or will have; Ray's own types stop at its decorators."""


class PartialResult(EngineFailure):
    """A shard is lost, so that an answer from the others would be short without saying so."""


class Fleet:
    """The actors of one index.

    Args:
        homes: One folder for each shard.
        materials: What to build each shard from; None reads the folders.
        patience: Seconds that a shard may take to answer before it counts as lost.

    Raises:
        PartialResult: A shard could not be started.
    """

    def __init__(
        self, homes: Sequence[Path], materials: Sequence[Material | Reference] | None = None, patience: float = 300
    ) -> None:
        self.homes = list(homes)
        self.patience = patience
        self.restarts = 0
        seeds: Sequence[Reference] = materials or [None] * len(self.homes)
        self.actors = [_actor().remote(str(home), seed, 1) for home, seed in zip(self.homes, seeds, strict=True)]
        self.ask("size")  # returns when every shard is ready, or says which one is not

    def ask(self, method: str, *arguments: object, each: Sequence[tuple[object, ...]] | None = None) -> list[Any]:
        """Call a method of every shard at once; the replies, in the order of the shards.

        Args:
            method: A method of ``ShardServer``.
            arguments: Its arguments, the same for all.
            each: Arguments for each shard, instead.

        Raises:
            PartialResult: A shard did not answer, and could not be started again from its folder.
            LabkitError: What a shard raised on purpose.
        """
        calls = [arguments] * len(self.actors) if each is None else each
        pending = [getattr(actor, method).remote(*given) for actor, given in zip(self.actors, calls, strict=True)]
        replies, lost = [], {}
        for shard, reference in enumerate(pending):
            try:
                replies.append(self._reply(shard, reference, method, calls[shard]))
            except _lost_errors() as failure:
                lost[shard] = failure
        if lost:
            raise self._partial(lost) from next(iter(lost.values()))
        return replies

    def kill(self, shard: int) -> None:
        """End a shard's process as a fault would, and return once it is gone: to see what the fleet does then.

        Ray ends an actor a moment after it was told to, and until then the actor may answer one more call.

        Args:
            shard: Its number, from 0.

        Raises:
            EngineFailure: The process is still there after ``patience`` seconds.
        """
        import ray
        from ray.exceptions import ActorDiedError, ActorUnavailableError, GetTimeoutError

        ray.kill(self.actors[shard])
        deadline = time.monotonic() + self.patience
        while (left := deadline - time.monotonic()) > 0:
            try:
                ray.get(self.actors[shard].size.remote(), timeout=left)
            except ActorDiedError:
                return
            except (ActorUnavailableError, GetTimeoutError):
                pass  # on its way out
            time.sleep(0.05)
        raise EngineFailure(
            f"shard {shard} is there {self.patience} s after it was killed", remedy="give the fleet more patience"
        )

    def stop(self) -> None:
        """End the actors."""
        import ray

        if ray.is_initialized():
            for actor in self.actors:
                ray.kill(actor)

    def _reply(self, shard: int, reference: Reference, method: str, arguments: tuple[object, ...]) -> Reference:
        from ray.exceptions import RayActorError

        try:
            return _get(reference, self.patience)
        except RayActorError:
            # Its process is gone, and what it had acknowledged is in its folder. One new start, one more try.
            self.restarts += 1
            self.actors[shard] = _actor().remote(str(self.homes[shard]), None, 1)
            return _get(getattr(self.actors[shard], method).remote(*arguments), self.patience)

    def _partial(self, lost: dict[int, Exception]) -> PartialResult:
        names = ", ".join(str(shard) for shard in lost)
        folders = ", ".join(str(self.homes[shard]) for shard in lost)
        return PartialResult(
            f"only {len(self.actors) - len(lost)} of {len(self.actors)} shards answered; lost: shard {names}",
            remedy=f"bring back {folders} from a copy of the index, or build the index anew",
        )


def _get(reference: Reference, patience: float) -> Reference:
    """The value, with an error that labkit raised in the actor as it was raised there."""
    import ray
    from ray.exceptions import RayTaskError

    try:
        return ray.get(reference, timeout=patience)
    except RayTaskError as failure:
        if isinstance(failure.cause, LabkitError):
            raise failure.cause from None
        raise


def _lost_errors() -> tuple[type[Exception], ...]:
    from ray.exceptions import GetTimeoutError, RayActorError

    return RayActorError, GetTimeoutError


@cache
def _actor() -> Reference:
    """The actor class. A shard waits in memory for queries, so it keeps no core from the other layers."""
    import ray

    return ray.remote(num_cpus=0, max_restarts=0)(ShardServer)
