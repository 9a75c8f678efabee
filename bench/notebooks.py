"""Run every notebook under nbval in a fresh kernel and record how long it takes and how much memory it needs.

The opening block of a notebook states bounds; a test holds them against this record. Memory is the peak resident
size of the largest process of the run, as the system accounts it when the process ends. A notebook that asks for the
fleet finds one running, as under ``make book``; neither the fleet's start nor its memory is counted here.
"""

import argparse
import json
import os
import shutil
import subprocess
import sys
import time
from contextlib import nullcontext
from pathlib import Path
from tempfile import TemporaryFile

from records import RECORDS, ROOT, write

from labkit.serving import fleet
from labkit.settings import settings

NBVAL = "--nbval-lax --nbval-current-env --nbval-kernel-startup-timeout=120 --nbval-cell-timeout=600".split()
KEPT = {"models", "vllm", "fleet"}
"""What a learner has made once and goes on using; everything else under the home is new in every run."""


def run(notebook: Path) -> tuple[float, float]:
    """Seconds and peak GiB of one run, with an empty ledger."""
    for left in settings().home.iterdir():
        if left.name not in KEPT:
            shutil.rmtree(left) if left.is_dir() else left.unlink()
    command = ["-m", "pytest", "-q", "--no-header", *NBVAL, str(notebook)]
    with fleet() if "labkit.serving" in notebook.read_text() else nullcontext(), TemporaryFile("w+") as said:
        begin = time.perf_counter()
        process = subprocess.Popen([sys.executable, *command], stdout=said, stderr=subprocess.STDOUT)
        _, status, usage = os.wait4(process.pid, 0)
        if status:
            said.seek(0)
            sys.exit(f"{said.read()}\n{notebook.name} failed: see above")
        return time.perf_counter() - begin, usage.ru_maxrss / 2**20


def main() -> None:
    """Measure the notebooks named, or all, a number of times in turn; the others keep their record."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("names", nargs="*", metavar="NAME", help="such as 02_embedding; by default all")
    parser.add_argument("--repeats", type=int, default=3)
    options = parser.parse_args()
    notebooks = {path.stem: path for path in sorted((ROOT / "notebooks").glob("*.ipynb"))}
    asked = options.names or list(notebooks)
    if unknown := set(asked) - set(notebooks):
        sys.exit(f"there is no notebook {', '.join(sorted(unknown))}; name some of {', '.join(notebooks)}")
    home = settings().home / "bench" / "notebooks"
    home.mkdir(parents=True, exist_ok=True)
    os.environ["LABKIT_HOME"] = str(home)
    runs = {name: [] for name in asked}
    for _ in range(options.repeats):
        for name in asked:
            runs[name].append(run(notebooks[name]))
    path = RECORDS / "notebooks.json"
    found = json.loads(path.read_text())["notebooks"] if path.exists() else {}
    for name, taken in runs.items():
        found[name] = {"seconds": [round(s, 1) for s, _ in taken], "peak_gib": [round(g, 2) for _, g in taken]}
    write("notebooks", {name: found[name] for name in notebooks if name in found})


if __name__ == "__main__":
    main()
