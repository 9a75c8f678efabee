"""A conversion that was killed is never used, and of two that start at once one converts."""

import os
import signal
import subprocess
import sys
import time

from labkit.pretrained import MODEL_FILE, MODEL_SHA256
from labkit.pretrained.folders import is_whole

CONVERT = """
from labkit import pretrained
convert = pretrained.convert
pretrained.convert = lambda *places: (print("converting", flush=True), convert(*places))
print(pretrained.base_folder())
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
    assert is_whole(folder, {MODEL_FILE[1]: MODEL_SHA256})
