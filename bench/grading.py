"""Grading a class: thirty submissions of *Cost and replicas* on this machine's cores.

Target: under 3 minutes on two cores. The exit status says whether it was met.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

from records import ROOT, write

from labkit.grading.isolation import strongest
from labkit.grading.marking import mark_all

NAME = "05_cost_and_replicas"
SUBMISSIONS, JOBS, TARGET = 30, 2, 180


def main() -> int:
    """Hand in thirty solved notebooks, each under an id of its own, and grade them."""
    solved = (ROOT / "solutions" / f"{NAME}.ipynb").read_text()
    with tempfile.TemporaryDirectory() as folder:
        paths = [Path(folder) / f"student-{number:02}.ipynb" for number in range(SUBMISSIONS)]
        for path in paths:
            path.write_text(solved)
        isolation, begin = strongest(), time.perf_counter()
        graded = mark_all(paths, ROOT / "solutions", NAME, "bench", isolation, JOBS)
        seconds = time.perf_counter() - begin
    right = sum(one.points == graded.points for one in graded.marked)
    outcome = {"submissions": SUBMISSIONS, "jobs": JOBS, "seconds": round(seconds, 1), "isolation": str(isolation)}
    write("grading", outcome | {"full_points": right})
    met = right == SUBMISSIONS and seconds < TARGET
    print(f"{'met' if met else 'NOT MET':<8} {SUBMISSIONS} submissions in under {TARGET} s: {json.dumps(outcome)}")
    return 0 if met else 1


if __name__ == "__main__":
    sys.exit(main())
