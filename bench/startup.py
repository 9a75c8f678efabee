"""What a newcomer waits for: the one file, a second `make env`, and the largest handbook.

Targets: the one file in at most 0.5 s; a second `make env` in at most 3 s; 100,000 pages in at most 1 GiB.
The exit status says whether all were met.
"""

import os
import subprocess
import sys
import time

from records import ROOT, write

REPEATS = 5
STREAM = "from labkit.corpus import handbook\nfor page in handbook(pages=100_000, tenants=50, seed=7): pass"


def run(*command: str) -> tuple[float, float]:
    """Wall-clock seconds and peak GiB of a command."""
    begin = time.perf_counter()
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL)
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        sys.exit(f"{' '.join(command)} failed")
    return time.perf_counter() - begin, usage.ru_maxrss / 2**20


def main() -> int:
    """Measure, record, and judge."""
    run("make", "env")  # brings the environment up to date, so that what follows is a second call
    one_file = [run(sys.executable, "labkit/baseline.py")[0] for _ in range(REPEATS)]
    make_env = [run("make", "env")[0] for _ in range(REPEATS)]
    seconds, gib = run(sys.executable, "-c", STREAM)
    write(
        "startup",
        {
            "one_file_seconds": [round(value, 3) for value in one_file],
            "second_make_env_seconds": [round(value, 3) for value in make_env],
            "handbook_100000_pages": {"seconds": round(seconds, 1), "peak_gib": round(gib, 3)},
        },
    )
    met = {"one file <= 0.5 s": max(one_file) <= 0.5, "make env <= 3 s": max(make_env) <= 3, "pages <= 1 GiB": gib <= 1}
    for target, reached in met.items():
        print(f"{'met' if reached else 'NOT MET':<8} {target}")
    return 0 if all(met.values()) else 1


if __name__ == "__main__":
    sys.exit(main())
