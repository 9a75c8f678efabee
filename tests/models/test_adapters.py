"""The files in ``models/`` are small, fit the models they change, and make readers that read."""

import json
from itertools import cycle
from pathlib import Path

import numpy as np
import pytest
import torch
from canonical import canonical
from safetensors import safe_open

from labkit.corpus import Relation
from labkit.corpus.phrases_heldout import HELDOUT
from labkit.documents import UNKNOWN, Chunk, Passage
from labkit.embedding import Precision
from labkit.extraction import ExtractiveReader, LocalSpanModel, PairEncoder, VllmSpanModel, course_span_model
from labkit.pretrained import adapter_file, base_folder, model_folder, reader_folder, sha256
from labkit.tasks.questions_heldout import HELDOUT_QUESTIONS

ROOT = Path(__file__).resolve().parents[2]
TEXTS = (
    "The load balancer of skonvara sees 14 healthy replicas. Duty for Thelmost is with Sarnud Voldert this week.",
    "A replica in tivelth-31 is priced at $3.40 for the hour. The tests of tivelth-31 take 14 minutes.",
    "Nothing of the kind is written here.",
)


@pytest.fixture(scope="module")
def reader():
    return ExtractiveReader.of(reader_folder(), course_span_model())


def passages(*texts: str) -> list[Passage]:
    return [Passage(Chunk(f"{n}#0", str(n), text, 0, len(text)), 1.0) for n, text in enumerate(texts)]


def names(file: Path) -> list[str]:
    with safe_open(file, "pt") as held:
        return list(held.keys())


def test_sizes():
    assert adapter_file("large").stat().st_size <= 10_000_000
    assert adapter_file("small").stat().st_size <= 12_000_000


def test_the_large_adapter_changes_every_linear_layer():
    changed = {name.rpartition(".")[0] for name in names(adapter_file("large"))}
    assert len(changed) == 30 * 7
    assert changed <= set(names(base_folder() / "model.safetensors"))


def test_the_merged_model_is_another_than_the_base():
    with (
        safe_open(base_folder() / "model.safetensors", "pt") as base,
        safe_open(model_folder() / "model.safetensors", "pt") as merged,
    ):
        name = "model.layers.3.mlp.up_proj.weight"
        assert not torch.equal(base.get_tensor(name), merged.get_tensor(name))
        assert torch.equal(base.get_tensor("model.norm.weight"), merged.get_tensor("model.norm.weight"))


VALUES = {Relation.LATENCY: "420", Relation.QUOTA: "1,900", Relation.REPLICAS: "14", Relation.RATE: "96"}
VALUES |= {Relation.PRICE: "3.40", Relation.CLUSTER: "skonvara", Relation.OWNER: "Thelmost", Relation.REGION: "Vastrun"}
VALUES |= {Relation.ON_CALL: "Sarnud Voldert"}
ASKED_IN_PLANS = {relation: [canonical(relation, "{entity}")] for relation in Relation}


@pytest.mark.parametrize("wordings", [HELDOUT_QUESTIONS.one_hop, ASKED_IN_PLANS], ids=["held out", "as plans ask"])
def test_the_small_tier_reads_names_and_statements_it_has_never_seen(reader, wordings):
    found, silent = [], []
    for relation, forms in HELDOUT.statements.items():
        for form, asked in zip(forms, cycle(wordings[relation]), strict=False):
            stating = form.format(entity="zelvin", value=VALUES[relation])
            rival = form.format(entity="tivelth-31", value="77" if relation.numeric else "Rond Stalver")
            question = asked.format(entity="zelvin")
            found.append(reader.extract(question, passages(stating, rival)).text == VALUES[relation])
            silent.append(reader.extract(question, passages(rival)).text == UNKNOWN)
    assert len(found) > 40
    assert np.mean(found) >= 0.95
    assert np.mean(silent) >= 0.95


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("How many replicas does skonvara run?", "14"),
        ("What does a replica-hour on tivelth-31 cost in dollars?", "3.40"),
        ("How many replicas does tivelth-31 run?", UNKNOWN),
    ],
)
def test_the_small_tier_finds_its_sentence_among_others(reader, question, answer):
    assert reader.extract(question, passages(*TEXTS)).text == answer


def test_plain_torch_computes_what_transformers_computes():
    from transformers import BertForTokenClassification

    pairs = PairEncoder(reader_folder())("How many replicas does skonvara run?", TEXTS)
    model = BertForTokenClassification.from_pretrained(reader_folder()).eval()
    for pair, ours in zip(pairs, LocalSpanModel(reader_folder()).logits([pair.ids for pair in pairs]), strict=True):
        with torch.inference_mode():
            theirs = model(torch.tensor([pair.ids])).logits[0].numpy()
        np.testing.assert_allclose(ours, theirs, atol=1e-4)


def test_bfloat16_moves_no_confidence_by_much():
    asked = "How many replicas does skonvara run?", "Who is on call for Thelmost?"
    exact, rounded = (
        ExtractiveReader.of(reader_folder(), LocalSpanModel(reader_folder(), precision)) for precision in Precision
    )
    for question in asked:
        one, other = exact.extract(question, passages(*TEXTS)), rounded.extract(question, passages(*TEXTS))
        assert one.text == other.text
        assert one.confidence == pytest.approx(other.confidence, abs=0.02)


@pytest.mark.vllm
def test_vllm_computes_what_plain_torch_computes():
    ids = [pair.ids for pair in PairEncoder(reader_folder())("Who is on call for Thelmost?", TEXTS)]
    served = VllmSpanModel(reader_folder(), cores=1, dtype="float32").logits(ids)
    for ours, theirs in zip(LocalSpanModel(reader_folder()).logits(ids), served, strict=True):
        np.testing.assert_allclose(ours, theirs, atol=1e-3)


def test_the_record_is_of_these_weights():
    record = json.loads((ROOT / "bench" / "records" / "models.json").read_text())["models"]
    assert record["weights"] == {tier: sha256(adapter_file(tier)) for tier in ("small", "large")}
    assert {"small", "large", "learnt", "validation", "general", "cost"} <= set(record)


def test_the_card_shows_the_record(monkeypatch):
    monkeypatch.syspath_prepend(str(ROOT / "bench"))
    from models_card import BEGIN, CARD, END, rendered

    shown = CARD.read_text().partition(f"{BEGIN}\n")[2].partition(f"\n{END}")[0]
    assert shown == rendered(json.loads((ROOT / "bench" / "records" / "models.json").read_text()))
