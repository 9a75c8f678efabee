"""A training that can be broken off at any step: phases, a schedule each, and checkpoints under the course's home."""

import logging
import math
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from labkit.progress import bar
from labkit.scaling import require_number
from labkit.settings import settings

LOG = logging.getLogger("train")
MINUTES = "minutes of training"
"""Key of a trained file's metadata."""

EVERY = 20
"""Steps between checkpoints and lines of the log."""

SEED = 7


@dataclass(frozen=True)
class Phase:
    """One part of a training.

    Attributes:
        steps: Updates.
        rate: Highest learning rate.
        skills: What every update learns from, a pack each; with "/" between skills, they take turns. None where there
            is but one.
        after: Earlier phases, by number, from the mean of whose weights it begins; none for the end of the last one.
    """

    steps: int
    rate: float
    skills: tuple[str, ...] = ()
    after: tuple[int, ...] = ()

    def at(self, step: int) -> tuple[str, ...]:
        """The skills of one update.

        >>> Phase(360, 8e-4, ("read", "plan/route")).at(1)
        ('read', 'route')
        """
        turns = (skill.split("/") for skill in self.skills)
        return tuple(turn[step % len(turn)] for turn in turns)


@dataclass(frozen=True)
class Schedule:
    """How a run goes.

    Attributes:
        name: Of the run and its checkpoint.
        steps: Updates in all.
        rate: Highest learning rate: reached after a warm-up of one twentieth, then a cosine down to a fiftieth.
        decay: Weight decay.
        seed: Of everything random; step n draws from (seed, n) alone, so a resumed run is the same run.
    """

    name: str
    steps: int
    rate: float
    decay: float = 0.0
    seed: int = 7

    def factor(self, step: int) -> float:
        """What the learning rate is multiplied by at a step."""
        warm = max(1, self.steps // 20)
        if step < warm:
            return (step + 1) / warm
        return 0.02 + 0.98 * (1 + math.cos(math.pi * (step - warm) / max(1, self.steps - warm))) / 2


def train(
    schedule: Schedule, trained: Sequence[nn.Parameter], loss_of: Callable[[int], Tensor], *, resume: bool = False
) -> float:
    """Run the schedule.

    Args:
        schedule: How.
        trained: The parameters, in a fixed order.
        loss_of: Computes the losses of a step, calls backward on each, and returns their mean.
        resume: Go on from the checkpoint, if there is one.

    Returns:
        Minutes of training, those before an interruption included.
    """
    optimizer = torch.optim.AdamW(trained, lr=schedule.rate, betas=(0.9, 0.99), weight_decay=schedule.decay)
    kept = settings().home / "training" / f"{schedule.name}.pt"
    kept.parent.mkdir(parents=True, exist_ok=True)
    first, seconds = _restore(kept, trained, optimizer) if resume and kept.exists() else (0, 0.0)
    losses: list[float] = []
    begin = time.perf_counter()
    for step in bar(schedule.name, range(first, schedule.steps)):
        torch.manual_seed(schedule.seed * 1_000_003 + step)
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate * schedule.factor(step)
        losses.append(float(loss_of(step)))
        torch.nn.utils.clip_grad_norm_(trained, 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        if (step + 1) % EVERY == 0 or step + 1 == schedule.steps:
            spent = seconds + time.perf_counter() - begin
            _keep(kept, trained, optimizer, step + 1, spent)
            LOG.info(
                "step %d: loss %.4f, %.1f minutes", step + 1, sum(losses[-EVERY:]) / len(losses[-EVERY:]), spent / 60
            )
    return (seconds + time.perf_counter() - begin) / 60


def train_phases(
    tier: str,
    phases: Sequence[Phase],
    trained: Sequence[nn.Parameter],
    loss_of: Callable[[tuple[str, ...], int, int], Tensor],
    *,
    decay: float = 0.0,
    resume: bool = False,
    onward: int = 0,
) -> tuple[float, list[list[Tensor]]]:
    """Run the phases of a tier.

    Args:
        tier: Its name.
        phases: All of its phases.
        trained: The parameters, in a fixed order.
        loss_of: Of (skills, step, seed): computes the losses, calls backward on each, and returns their mean.
        decay: Weight decay.
        resume: Go on from checkpoints, where there are some.
        onward: Run so many of the last phases, from what the parameters are now, instead of all.

    Returns:
        Minutes of training, and what the parameters were at every turn: where a phase began from a mean, and
        at the end.

    Raises:
        BadArgument: There are not so many phases to go onward with.
    """
    require_number("onward", onward, least=0, most=len(phases))
    first, minutes = len(phases) - onward if onward else 0, 0.0
    ends, turns = dict[int, list[Tensor]](), list[list[Tensor]]()
    for number, phase in enumerate(phases[first:], start=first):
        if phase.after:
            if number > first:
                set_to_mean(trained, [ends[earlier] for earlier in phase.after])
            turns.append(_copied(trained))
        schedule = Schedule(f"{tier}-{number}", phase.steps, phase.rate, decay=decay, seed=SEED + number)

        def losses(step: int, phase: Phase = phase, seed: int = schedule.seed) -> Tensor:
            return loss_of(phase.at(step), step, seed)

        minutes += train(schedule, trained, losses, resume=resume)
        ends[number] = _copied(trained)
    return minutes, [*turns, ends[len(phases) - 1]]


def _copied(trained: Sequence[Tensor]) -> list[Tensor]:
    return [parameter.detach().clone() for parameter in trained]


def set_to_mean(trained: Sequence[Tensor], ends: Sequence[Sequence[Tensor]]) -> None:
    """Set what is trained to the mean of what it was at several ends of one training.

    Source: P. Izmailov et al., "Averaging weights leads to wider optima and better generalization", UAI 2018.
    """
    with torch.no_grad():
        for parameter, *held in zip(trained, *ends, strict=True):
            parameter.copy_(torch.stack(held).mean(0))


def _keep(
    path: Path, trained: Sequence[nn.Parameter], optimizer: torch.optim.Optimizer, step: int, seconds: float
) -> None:
    partial = path.with_suffix(".partial")
    state = {"trained": list(trained), "optimizer": optimizer.state_dict(), "step": step, "seconds": seconds}
    torch.save(state, partial)
    partial.rename(path)


def _restore(path: Path, trained: Sequence[nn.Parameter], optimizer: torch.optim.Optimizer) -> tuple[int, float]:
    state = torch.load(path, weights_only=True)
    with torch.no_grad():
        for parameter, held in zip(trained, state["trained"], strict=True):
            parameter.copy_(held)
    optimizer.load_state_dict(state["optimizer"])
    LOG.info("going on from step %d", state["step"])
    return state["step"], state["seconds"]
