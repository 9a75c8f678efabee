"""The parts of ``bench/serving.py`` that measure one engine: batching, and decoding against memory bandwidth."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from serving_fleet import Measured, work

from labkit.loadgen import saturate
from labkit.pretrained import model_folder
from labkit.serving import EngineSettings, default_settings, fleet
from labkit.serving.engine import arguments, environment, fast_dtype

CONCURRENT = 16
SHORT, LONG = (64, 64), (200, 32)
"""Tokens in and out: a short question with an answer, which is judged; and a read passage, for comparison."""

COPY_BYTES = 1 << 28


def batching(repeats: int, tiny: bool) -> Measured:
    """Tokens per second of one replica on one core with 16 callers, and of generate on one thread, one by one."""
    taken: Measured = {"generate": [], "fleet_16": [], "generate_long": [], "fleet_16_long": []}
    generate = one_by_one()
    next(generate)
    with fleet(default_settings(queue=256)) as running:
        for _ in range(1 if tiny else repeats):
            for suffix, (given, written) in (("", SHORT), ("_long", LONG)):
                count = 2 if tiny else 2 * CONCURRENT
                load = work(count, tokens=given, output=8 if tiny else written)
                report = saturate(running.api_base, running.settings.engine.name, load, CONCURRENT, count)
                taken[f"fleet_16{suffix}"].append(report.token_rate)
                few = load.prompts[: 1 if tiny else 4]
                taken[f"generate{suffix}"].append(generate.send((few, load.output_tokens)))
    return taken


def one_by_one() -> Iterator[float]:
    """A coroutine: send it prompts and a length, and it yields the tokens per second of transformers' generate."""
    import torch
    from transformers import AutoModelForCausalLM, AutoTokenizer

    torch.set_num_threads(1)
    folder = model_folder()
    tokenizer = AutoTokenizer.from_pretrained(folder)
    model = AutoModelForCausalLM.from_pretrained(folder, dtype=getattr(torch, fast_dtype())).eval()
    rate = 0.0
    while True:
        prompts, length = yield rate
        begin = time.perf_counter()
        for prompt in prompts:
            tokens = tokenizer(prompt, return_tensors="pt")
            with torch.inference_mode():
                model.generate(**tokens, max_new_tokens=length, min_new_tokens=length, do_sample=False)
        rate = len(prompts) * length / (time.perf_counter() - begin)


def roofline(repeats: int, tiny: bool) -> Measured:
    """Decoding at batch 1 in a process of its own, with the environment of a replica."""
    engine = EngineSettings(str(model_folder()), "model")
    command = [sys.executable, __file__, str(1 if tiny else repeats), "8" if tiny else "96"]
    done = subprocess.run(command, check=True, env=os.environ | environment(engine), capture_output=True, text=True)
    found: Measured = json.loads(done.stdout.splitlines()[-1])
    return found


def measure_decoding(repeats: int, tokens: int) -> Measured:
    """Copy bandwidth, the weights' products alone, and whole steps of the engine, in turn."""
    import torch
    import vllm

    engine = EngineSettings(str(model_folder()), "model")
    llm = vllm.LLM(**arguments(engine))
    layers = linears(engine.model)
    settings = vllm.SamplingParams(temperature=0.0, max_tokens=tokens, min_tokens=tokens, ignore_eos=True)
    config = llm.llm_engine.model_config
    heads, depth = config.get_total_num_kv_heads(), config.hf_config.num_hidden_layers
    cached = 2 * depth * heads * config.get_head_size() * layers[0].weight.itemsize * tokens / 2  # half full on average
    read = sum(layer.weight.nbytes for layer in layers) + cached
    taken: Measured = {name: [] for name in ("copy_gb_per_second", "products_per_second", "steps_per_second")}
    llm.generate(["warm up"], settings, use_tqdm=False)
    for _ in range(repeats):
        taken["copy_gb_per_second"].append(copy_rate(torch) / 1e9)
        taken["products_per_second"].append(product_rate(torch, layers))
        begin = time.perf_counter()
        llm.generate(["The night sky"], settings, use_tqdm=False)
        taken["steps_per_second"].append(tokens / (time.perf_counter() - begin))
    taken |= where_the_rest_goes(torch, lambda: llm.generate(["The night sky"], settings, use_tqdm=False))
    taken["bytes_per_step"] = [read] * repeats
    taken["most_steps_per_second"] = [rate * 1e9 / read for rate in taken["copy_gb_per_second"]]
    return taken


OPERATORS = {"products": ("linear", "mm", "matmul"), "attention": ("attention", "cache")}
"""What operators are counted as, by parts of their names; the others are norms, rotations, sampling, copies."""


def where_the_rest_goes(torch: object, run: Callable[[], object]) -> Measured:
    """Shares of the wall-clock time of a run: by operators, and what no operator accounts for, which is Python.

    The profiler itself slows Python, so that its share is too large rather than too small.
    """
    begin = time.perf_counter()
    with torch.profiler.profile(activities=[torch.profiler.ProfilerActivity.CPU]) as profile:
        run()
        seconds = time.perf_counter() - begin
    shares = dict.fromkeys(("products", "attention", "other operators"), 0.0)
    for event in profile.key_averages():
        kind = next((kind for kind, parts in OPERATORS.items() if any(part in event.key for part in parts)), None)
        shares[kind or "other operators"] += event.self_cpu_time_total / 1e6 / seconds
    shares["outside operators"] = 1 - sum(shares.values())
    return {f"share_{kind.replace(' ', '_')}": [round(share, 4)] for kind, share in shares.items()}


def linears(folder: str) -> list:
    """The matrices that a step reads whole, as layers that multiply as the engine's; the embeddings are the head too.

    In a process that has an engine: vLLM chooses the kernels, and packs weights for them.
    """
    import torch
    from safetensors.torch import load_file
    from vllm.model_executor.layers.utils import dispatch_cpu_unquantized_gemm

    found = load_file(Path(folder) / "model.safetensors")
    layers = []
    for matrix in (one for one in found.values() if one.dim() == 2):
        layer = torch.nn.Linear(*reversed(matrix.shape), bias=False, dtype=getattr(torch, fast_dtype()))
        layer.weight = torch.nn.Parameter(matrix.to(layer.weight.dtype), requires_grad=False)
        dispatch_cpu_unquantized_gemm(layer, remove_weight=False)
        layers.append(layer)
    return layers


def copy_rate(torch: object) -> float:
    """Bytes read and written per second by a copy that no cache holds."""
    source = torch.ones(COPY_BYTES // 4)
    target = torch.empty_like(source)
    target.copy_(source)
    begin = time.perf_counter()
    for _ in range(8):
        target.copy_(source)
    return 8 * 2 * COPY_BYTES / (time.perf_counter() - begin)


def product_rate(torch: object, layers: list) -> float:
    """How often per second every matrix can be multiplied by a vector: a step without anything else in it."""
    vectors = [torch.ones(1, layer.in_features, dtype=layer.weight.dtype) for layer in layers]
    rounds = 8
    with torch.inference_mode():
        for _ in range(2):
            begin = time.perf_counter()
            for _ in range(rounds):
                for vector, layer in zip(vectors, layers, strict=True):
                    layer.cpu_linear(vector, layer.weight, None)
            taken = time.perf_counter() - begin
    return rounds / taken


if __name__ == "__main__":
    sys.path.insert(0, str(Path(__file__).parent))
    print(json.dumps(measure_decoding(int(sys.argv[1]), int(sys.argv[2]))))
