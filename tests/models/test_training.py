"""Packing, adapters and the training loop, on a model small enough to check by computing everything twice."""

from random import Random

import pytest
import torch
import train_large
import train_small
from lora import adapt, load_adapter, parameters, save_adapter
from packing import END_OF_TURN, pack, prompt_ids
from run import MINUTES, Phase, Schedule, set_to_mean, train, train_phases
from safetensors.torch import load_file, save_file
from train_large import SINGLES, answer_loss, conversations
from train_small import load_delta, save_delta
from transformers import AutoTokenizer, LlamaConfig, LlamaForCausalLM

from labkit.documents import UNKNOWN
from labkit.errors import BadArgument
from labkit.pretrained import base_folder
from labkit.pretrained.merging import merge_adapter
from labkit.skills import read_messages


@pytest.fixture(scope="module")
def tokenizer():
    return AutoTokenizer.from_pretrained(base_folder())


@pytest.fixture
def model(tokenizer):
    torch.manual_seed(0)
    sizes = {"hidden_size": 32, "intermediate_size": 48, "num_attention_heads": 2, "num_key_value_heads": 1}
    return LlamaForCausalLM(
        LlamaConfig(vocab_size=len(tokenizer), num_hidden_layers=2, tie_word_embeddings=True, **sizes)
    )


@pytest.mark.parametrize("skill", ["read", "plan", "again", "route"])
def test_a_pack_loses_what_its_conversations_lose_one_by_one(model, tokenizer, skill):
    given = conversations(Random(2), skill)
    packed = pack(given, tokenizer)
    losses, lengths = [], []
    for messages, reply in given:
        alone = pack([(messages, reply)], tokenizer)
        losses.append(answer_loss(model, alone))
        lengths.append(len(alone.learnt))
    whole = sum(loss * length for loss, length in zip(losses, lengths, strict=True)) / sum(lengths)
    assert answer_loss(model, packed).item() == pytest.approx(whole.item(), rel=1e-4)
    assert packed.ids.shape[1] < sum(pack([each], tokenizer).ids.shape[1] for each in given)


def test_a_conversation_is_trained_as_it_is_served(tokenizer):
    messages, reply = read_messages("How many?", ["Ten eggs."]), "Ten"
    packed = pack([(messages, reply)], tokenizer)
    served = tokenizer.apply_chat_template([*messages, {"role": "assistant", "content": reply}], tokenize=False)
    assert tokenizer.decode(packed.ids[0]) + "\n" == served
    assert tokenizer.decode(packed.learnt) == f"Ten{END_OF_TURN}"
    assert packed.ids[0, : len(prompt_ids(messages, tokenizer))].tolist() == prompt_ids(messages, tokenizer)


def test_an_adapter_merged_computes_what_it_computed_in_training(model, tokenizer, tmp_path):
    (tmp_path / "base").mkdir()
    weights = {name: tensor.clone() for name, tensor in model.state_dict().items() if name != "lm_head.weight"}
    save_file(weights, tmp_path / "base" / "model.safetensors")
    packed = pack(conversations(Random(2), "route"), tokenizer)
    adapted = adapt(model.model)
    before = answer_loss(model, packed).item()
    for parameter in parameters(adapted):
        torch.nn.init.normal_(parameter, std=0.6)
    after = answer_loss(model, packed).item()
    assert after != pytest.approx(before, rel=1e-3)
    save_adapter({f"model.{name}": layer for name, layer in adapted.items()}, tmp_path / "a.safetensors", 2.5)
    merge_adapter(tmp_path / "base", tmp_path / "a.safetensors", tmp_path / "merged")
    (tmp_path / "merged" / "config.json").write_text(model.config.to_json_string())
    merged = LlamaForCausalLM.from_pretrained(tmp_path / "merged", dtype=torch.float32)
    assert answer_loss(merged, packed).item() == pytest.approx(after, rel=1e-3)


def test_training_goes_on_from_a_stored_adapter(model, tmp_path):
    adapted = adapt(model.model)
    for parameter in parameters(adapted):
        torch.nn.init.normal_(parameter, std=0.6)
    held = [parameter.detach().clone() for parameter in parameters(adapted)]
    save_adapter(adapted, tmp_path / "a.safetensors", 2.5)
    for parameter in parameters(adapted):
        torch.nn.init.zeros_(parameter)
    assert load_adapter(adapted, tmp_path / "a.safetensors") == 2.5
    for parameter, before in zip(parameters(adapted), held, strict=True):
        assert torch.allclose(parameter, before, rtol=1e-3, atol=1e-4)


def test_training_goes_on_from_a_stored_reader(tmp_path):
    torch.manual_seed(2)
    model = torch.nn.ModuleDict({"bert": torch.nn.Linear(6, 5), "classifier": torch.nn.Linear(5, 2)})
    packaged = {name: tensor.detach().clone() for name, tensor in model.named_parameters()}
    for parameter in model.parameters():
        torch.nn.init.normal_(parameter)
    trained = {name: tensor.detach().clone() for name, tensor in model.named_parameters()}
    save_delta(model, packaged, tmp_path / "s.safetensors", {MINUTES: "3.5"})
    model.load_state_dict(packaged)
    assert load_delta(model, tmp_path / "s.safetensors") == 3.5
    for name, parameter in model.named_parameters():
        step = (trained[name] - packaged[name]).abs().max() / 127
        assert (parameter - trained[name]).abs().max() <= step


def test_only_the_adapter_is_trained(model):
    adapted = adapt(model.model)
    assert len(adapted) == 2 * 7
    trained = {id(parameter) for parameter in parameters(adapted)}
    assert {id(parameter) for parameter in model.parameters() if parameter.requires_grad} == trained


def run(home, monkeypatch, *, stop: int | None = None) -> list[float]:
    monkeypatch.setenv("LABKIT_HOME", str(home))
    torch.manual_seed(1)
    layer = torch.nn.Linear(4, 1)

    def loss_of(step: int) -> torch.Tensor:
        if step == stop:
            raise KeyboardInterrupt
        data = torch.randn(8, 4, generator=torch.Generator().manual_seed(step))
        loss = (torch.nn.functional.dropout(layer(data), 0.2) - data.sum(1, keepdim=True)).square().mean()
        loss.backward()
        return loss.detach()

    train(Schedule("toy", 50, 0.05), list(layer.parameters()), loss_of, resume=True)
    return [value for parameter in layer.parameters() for value in parameter.flatten().tolist()]


def test_a_resumed_run_is_the_same_run(tmp_path, monkeypatch):
    whole = run(tmp_path / "whole", monkeypatch)
    with pytest.raises(KeyboardInterrupt):
        run(tmp_path / "broken", monkeypatch, stop=33)
    assert run(tmp_path / "broken", monkeypatch) == pytest.approx(whole, rel=1e-5)
    assert whole[:4] == pytest.approx([1, 1, 1, 1], abs=0.3)


def test_the_rate_rises_and_falls():
    schedule = Schedule("toy", 100, 1.0)
    factors = [schedule.factor(step) for step in range(100)]
    assert factors[0] == pytest.approx(0.2)
    assert max(factors) == pytest.approx(1.0)
    assert factors[-1] < 0.03
    assert factors[10:] == sorted(factors[10:], reverse=True)


def test_every_skill_gets_its_turn_in_every_phase_that_names_it():
    for phase in train_large.PHASES:
        turns = {skill for step in range(8) for skill in phase.at(step)}
        assert turns == {skill for slot in phase.skills for skill in slot.split("/")}
    last = [skill for step in range(8) for skill in train_large.PHASES[-1].at(step)]
    assert {skill: last.count(skill) for skill in last} == {"single": 16, "plan": 18, "again": 4, "route": 2}


def test_large_keeps_the_mean_of_its_last_beginning_and_twice_its_end(tmp_path, monkeypatch):
    def ran(_, __, trained, *___, **____):
        return 1.0, [[torch.full_like(each, value) for each in trained] for value in (9.0, 0.0, 3.0)]

    monkeypatch.setattr(train_large, "train_phases", ran)
    train_large.train_tier(tmp_path / "a.safetensors")
    kept = load_file(tmp_path / "a.safetensors")
    assert {value for name, each in kept.items() if name.endswith("lora_A") for value in each.flatten().tolist()} == {
        2.0
    }


def test_a_phase_begins_from_the_mean_of_earlier_ends():
    trained = [torch.nn.Parameter(torch.tensor([9.0, 9.0])), torch.nn.Parameter(torch.tensor([[9.0]]))]
    ends = [[torch.tensor([1.0, -4.0]), torch.tensor([[0.0]])], [torch.tensor([2.0, 6.0]), torch.tensor([[5.0]])]]
    set_to_mean(trained, ends)
    assert [parameter.tolist() for parameter in trained] == [[1.5, 1.0], [[2.5]]]
    for phases in (train_large.PHASES, train_small.PHASES):
        assert all(earlier < number for number, phase in enumerate(phases) for earlier in phase.after)


PUSHES = Phase(3, 0.1), Phase(5, 0.1), Phase(4, 0.1, ("up",), after=(0, 1)), Phase(2, 0.1, ("up/down",))
"""Toy phases: each update pushes one number, down where no skill says otherwise."""


def pushed(tmp_path, monkeypatch, phases=PUSHES, **options) -> tuple[list[float], list[tuple]]:
    monkeypatch.setenv("LABKIT_HOME", str(tmp_path))
    number, seen = torch.nn.Parameter(torch.tensor([0.0])), []

    def loss_of(skills: tuple[str, ...], step: int, seed: int) -> torch.Tensor:
        seen.append((*skills, step, seed))
        loss = -number.sum() if "up" in skills else number.sum()
        loss.backward()
        return loss.detach()

    minutes, turns = train_phases("toy", phases, [number], loss_of, **options)
    assert minutes > 0
    assert number == turns[-1][0]
    return [value.item() for [value] in turns], seen


def test_phases_follow_each_other_and_begin_where_they_say(tmp_path, monkeypatch):
    [[first], _], [[second], _] = (pushed(tmp_path / str(n), monkeypatch, PUSHES[:n]) for n in (1, 2))
    [mean, third], _ = pushed(tmp_path / "3", monkeypatch, PUSHES[:3])
    [again, last], seen = pushed(tmp_path / "4", monkeypatch)
    assert second < first < 0
    assert mean == again == pytest.approx((first + second) / 2)
    assert third > mean
    assert last != third
    assert [step for *_, step, _ in seen] == [0, 1, 2, 0, 1, 2, 3, 4, 0, 1, 2, 3, 0, 1]
    assert [each[0] for each in seen if len(each) == 3] == ["up"] * 5 + ["down"]
    assert len({seed for *_, seed in seen}) == len(PUSHES)


def test_the_last_phases_alone_begin_from_what_is_there(tmp_path, monkeypatch):
    turns, seen = pushed(tmp_path, monkeypatch, onward=2)
    assert turns[0] == 0 < turns[1]
    assert [each[0] for each in seen] == ["up"] * 5 + ["down"]
    assert pushed(tmp_path, monkeypatch, onward=2, resume=True) == (turns, [])


@pytest.mark.parametrize("onward", [-1, len(PUSHES) + 1])
def test_there_are_only_so_many_last_phases(tmp_path, monkeypatch, onward):
    with pytest.raises(BadArgument, match="onward"):
        pushed(tmp_path, monkeypatch, onward=onward)


def test_doubt_asks_more_that_no_passage_answers():
    unknown = {
        skill: sum(reply == UNKNOWN for seed in range(60) for _, reply in conversations(Random(seed), skill))
        for skill in ("read", "doubt")
    }
    assert unknown["doubt"] > 1.3 * unknown["read"] > 0


def test_a_single_reading_has_one_passage_and_is_half_doubt():
    drawn = [conversations(Random(seed), "single") for seed in range(60)]
    replies = [reply for each in drawn for _, reply in each]
    assert all(drawn)
    assert max(map(len, drawn)) == SINGLES
    assert 0.4 < replies.count(UNKNOWN) / len(replies) < 0.7
    assert not any("[2]" in messages[-1]["content"] for each in drawn for messages, _ in each)
