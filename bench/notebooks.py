"""Run every notebook in a fresh kernel and record how long it takes and how much memory it needs.

The opening block of a notebook states bounds; a test holds them against this record. Memory is the peak resident
size of the largest process of the run, as the system accounts it when the process ends.
"""

import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from records import ROOT, write

REPEATS = 3


def run(notebook: Path) -> tuple[float, float]:
    """Seconds and peak GiB of one run, with an empty ledger."""
    with tempfile.TemporaryDirectory() as home:
        command = ["-m", "jupyter", "nbconvert", "--to", "notebook", "--execute", "--stdout", str(notebook)]
        begin = time.perf_counter()
        process = subprocess.Popen(
            [sys.executable, *command],
            env={**os.environ, "LABKIT_HOME": home},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            sys.exit(f"{notebook.name} failed; run it in JupyterLab to see where")
        return time.perf_counter() - begin, usage.ru_maxrss / 2**20


def main() -> None:
    """Measure every notebook ``REPEATS`` times, in turn."""
    notebooks = sorted((ROOT / "notebooks").glob("*.ipynb"))
    runs = {notebook.stem: [] for notebook in notebooks}
    for _ in range(REPEATS):
        for notebook in notebooks:
            runs[notebook.stem].append(run(notebook))
    write(
        "notebooks",
        {
            name: {"seconds": [round(s, 1) for s, _ in taken], "peak_gib": [round(g, 2) for _, g in taken]}
            for name, taken in runs.items()
        },
    )


if __name__ == "__main__":
    main()
