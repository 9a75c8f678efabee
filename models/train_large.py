"""The large tier: a low-rank adapter on SmolLM2-135M-Instruct that reads, plans, routes and says unknown."""

from dataclasses import replace
from itertools import count
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import torch
from lora import adapt, load_adapter, parameters, save_adapter
from packing import Conversation, Pack, pack
from planning_samples import planned, replanned
from reading_samples import reading, single
from routing_samples import routed
from run import Phase, set_to_mean, train_phases
from torch import Tensor
from torch.nn import functional

from labkit.documents import UNKNOWN
from labkit.embedding import fast_bfloat16
from labkit.pretrained import base_folder
from labkit.skills import asked_in_vain, plan_messages, read_messages, route_messages

if TYPE_CHECKING:
    from transformers import PreTrainedModel


MOSTLY_PLANS = "plan/plan/plan/plan/plan/plan/plan/route"

PHASES = (
    Phase(360, 8e-4, ("read", "read", "read", "plan", "route/plan/plan/plan")),
    Phase(480, 1.5e-3, (MOSTLY_PLANS,)),
    Phase(400, 8e-4, ("read", "read", "doubt", "plan/plan/plan/route")),
    Phase(640, 1.5e-3, (MOSTLY_PLANS,)),
    Phase(400, 8e-4, ("single", "single", "single", "single", "plan/plan/plan/route")),
    Phase(600, 1.5e-3, (MOSTLY_PLANS,)),
    Phase(240, 8e-4, ("single", "single", "single", "single", "plan/plan/plan/route")),
    Phase(330, 5e-4, ("single", "single", MOSTLY_PLANS), after=(4, 6)),
    Phase(420, 8e-4, ("single", "single", MOSTLY_PLANS)),
    Phase(64, 4e-4, ("single", "plan", MOSTLY_PLANS), after=(7, 8)),
    Phase(480, 8e-4, ("single", "single", "plan", MOSTLY_PLANS)),
    Phase(130, 5e-4, ("single", "again", "plan", "plan/plan/plan/again/plan/plan/plan/route")),
    Phase(460, 8e-4, ("single", "single", "plan/plan/plan/again", MOSTLY_PLANS), after=(10, 11)),
    Phase(600, 8e-4, ("single", "single", "plan/again", MOSTLY_PLANS), after=(12,)),
    Phase(560, 8e-4, ("single", "single", "plan/again", MOSTLY_PLANS, MOSTLY_PLANS), after=(12, 13, 13)),
    Phase(320, 6e-4, ("single", "single", "plan/again", MOSTLY_PLANS, MOSTLY_PLANS), after=(12, 13, 13, 14, 14, 14)),
)
"""Planning is learnt from many small updates, reading from large ones and not from small ones; the third phase keeps
both. From the fifth on passages are read one by one, as the large tier is asked to. The sixth and seventh taught new
wordings of plans and cost readings, the fifth's end reads best: the eighth begins between the two. The ninth's samples
had no daily cost of a service's cluster, and plans of it got worse; the tenth, between two ends again, has it. The
eleventh has half as many wordings again, and more readings in the words that plans ask in; the twelfth, what to plan
where the question itself found nothing. After it more questions about a cluster are taken for ones about a service, so
that the thirteenth begins from the mean of the weights before and after it; it teaches what only looks like an answer,
and plans in few words. The fourteenth has what no such entity can have, and products that are planned again. It left
off at the mean of its beginning and its end, the end counted twice. The fifteenth has questions by fours that differ in
little but in what they ask for; the last begins at the mean of that one's two ends, counted alike, has comparisons, and
leaves off as the fourteenth did."""

READS, SINGLES, PLANS, ROUTES = 10, 14, 8, 12
"""Conversations in a pack of each skill."""


def conversations(random: Random, skill: str) -> list[Conversation]:
    """The conversations of one pack.

    Args:
        random: Decides everything.
        skill: ``read`` (which includes saying unknown), ``doubt`` (the same, with more that is unknown), ``single``
            (one passage, about half unknown), ``plan``, ``again`` (a plan where the first search found nothing) or
            ``route``.
    """
    if skill == "plan":
        plans = (planned(random) for _ in range(PLANS))
        return [(plan_messages(question), plan.to_json(question)) for question, plan in plans]
    if skill == "again":
        drawn = (replanned(random) for _ in range(PLANS))
        return [
            (plan_messages(asked_in_vain(question, query)), plan.to_json(question)) for question, query, plan in drawn
        ]
    if skill == "route":
        return [(route_messages(step), str(specialist)) for step, specialist in (routed(random) for _ in range(ROUTES))]
    if skill == "single":
        sample = next(each for _ in count() if (each := single(random, SINGLES, fill=True)).askings)
    else:
        sample = reading(random, READS, fill=True, doubt=1.2 if skill == "doubt" else 0.75)
    return [
        (read_messages(asking.question, sample.passages), sample.answer(asking) or UNKNOWN) for asking in sample.askings
    ]


def train_tier(
    path: Path, steps: int | None = None, *, resume: bool = False, stored: Path | None = None, onward: int = 1
) -> float:
    """Train the adapter and write it; returns the minutes.

    Args:
        path: The file to write.
        steps: Updates of each phase, instead of its own number.
        resume: Go on from checkpoints, where there are some.
        stored: An adapter to train the last phases from, instead of training those before them.
        onward: How many phases are the last.
    """
    from transformers import AutoModelForCausalLM, AutoTokenizer

    folder = base_folder()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    torch.manual_seed(0)
    precision = torch.bfloat16 if fast_bfloat16() else torch.float32
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=precision, attn_implementation="eager")
    adapted = adapt(model.model)

    def losses(skills: tuple[str, ...], step: int, seed: int) -> Tensor:
        total = torch.zeros(())
        for place, skill in enumerate(skills):
            packed = pack(conversations(Random(f"{seed} {step} {place}"), skill), tokenizer)
            loss = answer_loss(model, packed) / len(skills)
            loss.backward()
            total += loss.detach()
        return total

    named = {f"model.{name}": layer for name, layer in adapted.items()}
    before = load_adapter(named, stored) if stored else 0.0
    last = onward if stored else 0
    phases = [replace(phase, steps=steps or phase.steps) for phase in PHASES]
    trained = list(parameters(adapted))
    spent, (*_, beginning, end) = train_phases("large", phases, trained, losses, resume=resume, onward=last)
    set_to_mean(trained, [beginning, end, end])
    save_adapter(named, path, before + spent)
    return before + spent


def answer_loss(model: "PreTrainedModel", packed: Pack) -> Tensor:
    """Cross-entropy of the replies' tokens; logits are computed there alone."""
    hidden_away = torch.zeros(packed.visible.shape, dtype=model.dtype)
    hidden_away.masked_fill_(~packed.visible, torch.finfo(model.dtype).min)
    hidden = model.model(
        input_ids=packed.ids, position_ids=packed.positions, attention_mask=hidden_away, use_cache=False
    ).last_hidden_state
    return functional.cross_entropy(model.lm_head(hidden[0, packed.predicting]).float(), packed.learnt)
