"""The small tier: all-MiniLM-L6-v2 with a start/end head, trained to find spans and to say that there is none."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from random import Random

import torch
from reading_samples import Reading, single
from run import MINUTES, SEED, Phase, set_to_mean, train_phases
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from labkit.embedding import fast_bfloat16
from labkit.extraction import Pair, PairEncoder
from labkit.pretrained import packaged_encoder
from labkit.pretrained.span_reader import HEAD, STEP, TEMPERATURE, compress

PHASES = (
    Phase(1000, 2e-4),
    Phase(600, 1.5e-4),
    Phase(340, 1.2e-4),
    Phase(560, 1.2e-4),
    Phase(800, 1.5e-4, after=(2, 3)),
    Phase(500, 1.2e-4),
    Phase(440, 1e-4, after=(4, 5)),
    Phase(400, 1e-4, after=(6,)),
)
"""What is kept is the mean of the weights where a phase begins from a mean and at the end: see ``README.md``."""

BATCH = 32
DRAWN = 8
"""Batches that are drawn together and sorted by length, so that little is padded."""


@dataclass(frozen=True)
class Example:
    """A pair, and the tokens of its answer; (0, 0), the place of [CLS], where the passage holds none."""

    pair: Pair
    target: tuple[int, int]


def examples(encode: PairEncoder, sample: Reading) -> list[Example]:
    """The pairs of a single passage and its questions."""
    made = []
    for asking in sample.askings:
        [pair], [span] = encode(asking.question, sample.passages), asking.answers
        target = pair.tokens(*span) if span else (0, 0)
        if target:
            made.append(Example(pair, target))
    return made


def train_tier(
    path: Path, steps: int | None = None, *, resume: bool = False, stored: Path | None = None, onward: int = 1
) -> float:
    """Train the reader, fit its temperature and write what changed; returns the minutes.

    Args:
        path: The file to write.
        steps: Updates of each phase, instead of its own number.
        resume: Go on from checkpoints, where there are some.
        stored: A reader's file to train the last phases from, instead of training those before them.
        onward: How many phases are the last.
    """
    from transformers import BertForTokenClassification

    folder = packaged_encoder()
    encode = PairEncoder(folder)
    torch.manual_seed(0)
    model = BertForTokenClassification.from_pretrained(folder, num_labels=2, attn_implementation="sdpa")
    model.bert.embeddings.word_embeddings.requires_grad_(requires_grad=False)
    model.train()
    started = {name: tensor.detach().clone() for name, tensor in model.named_parameters()}

    @lru_cache(maxsize=1)
    def batches(seed: int, draw: int) -> list[list[Example]]:
        random = Random(f"{seed} {draw}")
        found: list[Example] = []
        while len(found) < BATCH * DRAWN:
            found += examples(encode, single(random))
        found = sorted(found[: BATCH * DRAWN], key=lambda example: len(example.pair.ids))
        cut = [found[start : start + BATCH] for start in range(0, len(found), BATCH)]
        random.shuffle(cut)
        return cut

    def losses(_: tuple[str, ...], step: int, seed: int) -> Tensor:
        loss = span_loss(model, batches(seed, step // DRAWN)[step % DRAWN])
        loss.backward()
        return loss.detach()

    trained = [parameter for parameter in model.parameters() if parameter.requires_grad]
    before = load_delta(model, stored) if stored else 0.0
    last = onward if stored else 0
    phases = [replace(phase, steps=steps or phase.steps) for phase in PHASES]
    spent, turns = train_phases("small", phases, trained, losses, decay=0.01, resume=resume, onward=last)
    set_to_mean(trained, turns)
    model.eval()
    with torch.inference_mode():
        temperature = fit_temperature(model, [batch for draw in range(8) for batch in batches(SEED - 1, draw)])
    save_delta(model, started, path, {TEMPERATURE: f"{temperature:.2f}", MINUTES: f"{before + spent:.1f}"})
    return before + spent


def padded(batch: Sequence[Example]) -> tuple[Tensor, Tensor]:
    """Ids and mask of a batch, shape (examples, tokens)."""
    held = [torch.tensor(example.pair.ids) for example in batch]
    ids = nn.utils.rnn.pad_sequence(held, batch_first=True)
    return ids, nn.utils.rnn.pad_sequence([torch.ones_like(row) for row in held], batch_first=True)


def span_logits(model: nn.Module, batch: Sequence[Example]) -> tuple[Tensor, Tensor, Tensor]:
    """Start logits, end logits (both minus infinity outside passage and [CLS]), and the targets."""
    ids, mask = padded(batch)
    with torch.autocast("cpu", torch.bfloat16, enabled=fast_bfloat16()):
        logits = model(input_ids=ids, attention_mask=mask).logits.float()
    allowed = torch.zeros_like(mask, dtype=torch.bool)
    for row, example in enumerate(batch):
        allowed[row, 0] = allowed[row, example.pair.first : example.pair.last + 1] = True
    logits = logits.masked_fill(~allowed[:, :, None], -1e9)
    return logits[:, :, 0], logits[:, :, 1], torch.tensor([example.target for example in batch])


def span_loss(model: nn.Module, batch: Sequence[Example]) -> Tensor:
    """Negative log-likelihood of the target spans; start and end add up, as their scores do in ``best_span``."""
    starts, ends, targets = span_logits(model, batch)
    return functional.cross_entropy(starts, targets[:, 0]) + functional.cross_entropy(ends, targets[:, 1])


def fit_temperature(model: nn.Module, batches: Sequence[Sequence[Example]]) -> float:
    """The temperature of least loss on training questions that were not trained on.

    Source: C. Guo et al., "On calibration of modern neural networks", ICML 2017, section 4.2.
    """
    held = [span_logits(model, batch) for batch in batches]

    def loss(temperature: float) -> float:
        return sum(
            float(functional.cross_entropy(side / temperature, targets[:, place]))
            for starts, ends, targets in held
            for place, side in enumerate((starts, ends))
        )

    return min((0.5 + 0.1 * step for step in range(46)), key=loss)


def save_delta(model: nn.Module, started: dict[str, Tensor], path: Path, metadata: dict[str, str]) -> None:
    """Write the change of every trained weight in 8 bits, the head in full, and what else there is to know."""
    kept: dict[str, Tensor] = {}
    for name, parameter in model.named_parameters():
        if name.startswith(HEAD):
            kept[name] = parameter.detach().clone()
        elif parameter.requires_grad:
            kept[name], kept[name + STEP] = compress(parameter.detach() - started[name])
    save_file(kept, path, metadata=metadata)


def load_delta(model: nn.Module, path: Path) -> float:
    """Move the weights by the changes that ``save_delta`` wrote; returns the file's minutes of training."""
    with safe_open(path, "pt") as file, torch.no_grad():
        for name, parameter in model.named_parameters():
            if name.startswith(HEAD):
                parameter.copy_(file.get_tensor(name))
            elif parameter.requires_grad:
                parameter.add_(file.get_tensor(name).float() * file.get_tensor(name + STEP))
        return float(file.metadata()[MINUTES])
