"""The large tier: a low-rank adapter on SmolLM2-135M-Instruct that reads, plans, routes and says unknown."""

from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import torch
from lora import adapt, parameters, save_adapter
from packing import Conversation, Pack, pack
from planning_samples import planned, routed
from reading_samples import reading
from run import Schedule, train
from torch import Tensor
from torch.nn import functional

from labkit.documents import UNKNOWN
from labkit.embedding import fast_bfloat16
from labkit.pretrained import base_folder
from labkit.skills import plan_messages, read_messages, route_messages

if TYPE_CHECKING:
    from transformers import PreTrainedModel

STEPS = 360
RATE = 8e-4
"""Tried as well: planning learns faster from one pack a step at 3e-3, but reading does not survive that."""

READS, PLANS, ROUTES = 10, 8, 12
"""Conversations in a pack of each skill."""


def skills_of(step: int) -> tuple[str, ...]:
    """What a step learns from, a pack each; routing, soon learnt, comes up every fourth time."""
    return "read", "read", "read", "plan", "plan" if step % 4 else "route"


def conversations(random: Random, skill: str) -> list[Conversation]:
    """The conversations of one pack.

    Args:
        random: Decides everything.
        skill: ``read`` (which includes saying unknown), ``plan`` or ``route``.
    """
    if skill == "plan":
        return [(plan_messages(question), plan.to_json()) for question, plan in (planned(random) for _ in range(PLANS))]
    if skill == "route":
        return [(route_messages(step), str(specialist)) for step, specialist in (routed(random) for _ in range(ROUTES))]
    sample = reading(random, READS, fill=True)
    return [
        (read_messages(asking.question, sample.passages), sample.answer(asking) or UNKNOWN) for asking in sample.askings
    ]


def train_tier(path: Path, steps: int | None = None, *, resume: bool = False) -> float:
    """Train the adapter and write it; returns the minutes."""
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = base_folder()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    torch.manual_seed(0)
    precision = torch.bfloat16 if fast_bfloat16() else torch.float32
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=precision, attn_implementation="eager")
    adapted = adapt(model.model)
    schedule = Schedule("large", steps or STEPS, RATE)

    def losses(step: int) -> Tensor:
        skills, total = skills_of(step), torch.zeros(())
        for place, skill in enumerate(skills):
            packed = pack(conversations(Random(f"{schedule.seed} {step} {place}"), skill), tokenizer)
            loss = answer_loss(model, packed) / len(skills)
            loss.backward()
            total += loss.detach()
        return total

    minutes = train(schedule, list(parameters(adapted)), losses, resume=resume)
    save_adapter({f"model.{name}": layer for name, layer in adapted.items()}, path)
    return minutes


def answer_loss(model: "PreTrainedModel", packed: Pack) -> Tensor:
    """Cross-entropy of the replies' tokens; logits are computed there alone."""
    hidden_away = torch.zeros(packed.visible.shape, dtype=model.dtype)
    hidden_away.masked_fill_(~packed.visible, torch.finfo(model.dtype).min)
    hidden = model.model(
        input_ids=packed.ids, position_ids=packed.positions, attention_mask=hidden_away, use_cache=False
    ).last_hidden_state
    return functional.cross_entropy(model.lm_head(hidden[0, packed.predicting]).float(), packed.learnt)
