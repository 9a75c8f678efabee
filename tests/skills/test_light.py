"""The skills import nothing heavy: agents, training and servers all load them."""

import subprocess
import sys

HEAVY = {"torch", "vllm", "ray", "transformers", "numpy", "faiss"}


def test_importing_skills_brings_no_engine():
    code = "import sys, labkit.skills; print(*sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not HEAVY & set(found.stdout.split())
