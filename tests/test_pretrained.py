"""Model files are the pinned ones, and a half-made conversion is never used."""

import json
import os
import signal
import subprocess
import sys
import time

import pytest

from labkit import pretrained
from labkit.errors import ModelUnavailable

CONVERT = """
from labkit import pretrained
convert = pretrained._convert
pretrained._convert = lambda *places: (print("converting", flush=True), convert(*places))
print(pretrained.model_folder())
"""


def start(home) -> subprocess.Popen:
    environment = {**os.environ, "LABKIT_HOME": str(home)}
    return subprocess.Popen(
        [sys.executable, "-c", CONVERT], env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def wait_for(condition, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < deadline, f"waited {seconds} s in vain"
        time.sleep(0.02)


def test_killed_half_way_then_two_at_once(tmp_path):
    folder = tmp_path / "models" / "SmolLM2-135M-Instruct"
    partial = tmp_path / "models" / ".SmolLM2-135M-Instruct.partial"

    killed = start(tmp_path)
    wait_for(lambda: (partial / "model.safetensors").exists() or killed.poll() is not None, 300)
    killed.send_signal(signal.SIGKILL)
    killed.communicate()
    assert killed.returncode == -signal.SIGKILL
    assert not folder.exists()

    both = [start(tmp_path), start(tmp_path)]
    outputs = [process.communicate(timeout=600) for process in both]
    assert [process.returncode for process in both] == [0, 0], outputs
    assert sorted(out for out, _ in outputs) == [f"{folder}\n", f"converting\n{folder}\n"]
    assert not partial.exists()
    assert pretrained._is_whole(folder)


def test_a_damaged_folder_is_not_whole(tmp_path):
    (tmp_path / "weights").write_bytes(b"abc")
    assert not pretrained._is_whole(tmp_path)
    pretrained._write_manifest(tmp_path)
    assert pretrained._is_whole(tmp_path)
    (tmp_path / "weights").write_bytes(b"abd")
    assert not pretrained._is_whole(tmp_path)
    (tmp_path / "weights").unlink()
    assert not pretrained._is_whole(tmp_path)
    (tmp_path / "sha256.json").write_text("{")
    assert not pretrained._is_whole(tmp_path)
    (tmp_path / "sha256.json").write_text("{}")
    assert not pretrained._is_whole(tmp_path)


def test_a_damaged_folder_is_made_again(tmp_path, monkeypatch):
    made = []

    def convert(source, folder):
        made.append(source)
        folder.mkdir()
        (folder / "weights").write_text("whole")

    monkeypatch.setattr(pretrained, "_convert", convert)
    target = tmp_path / "models" / "m"
    for _ in range(2):
        assert pretrained.prepare(tmp_path / "m.gguf", target) == target
    assert len(made) == 1
    (target / "weights").write_text("hole")
    pretrained.prepare(tmp_path / "m.gguf", target)
    assert len(made) == 2
    assert json.loads((target / "sha256.json").read_text()) == {"weights": pretrained.sha256(target / "weights")}


def test_packaged_files_have_the_pinned_sums():
    assert pretrained._packaged(pretrained.ENCODER_FILE, pretrained.ENCODER_SHA256).exists()
    assert pretrained._packaged(pretrained.MODEL_FILE, pretrained.MODEL_SHA256).exists()


def test_another_sum_is_refused():
    with pytest.raises(ModelUnavailable, match=r"has SHA-256 b179\w+, not 00; run: uv pip install --reinstall"):
        pretrained._packaged(pretrained.MODEL_FILE, "00")


def test_a_name_that_is_nothing_is_refused(monkeypatch):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    with pytest.raises(ModelUnavailable, match="LABKIT_MODEL is 'no such/model/anywhere'"):
        pretrained._named("no such/model/anywhere", variable="LABKIT_MODEL")
