"""Whether what students see holds a line of a solution."""

import re
from pathlib import Path

from labkit.grading.notebook import Notebook
from labkit.grading.stripping import solution_regions

SOLUTIONS = sorted((Path(__file__).parent.parent / "solutions").glob("*.ipynb"))


def leaks(solution: Path, published: str) -> list[str]:
    """Lines of a solution that a published text holds; short ones such as ``return report`` say nothing."""
    lines = [line for region in solution_regions(Notebook.read(solution)) for line in region.splitlines()]
    return [line.strip() for line in lines if len(line.strip()) >= 30 and _words(line.strip()) in _words(published)]


def _words(text: str) -> str:
    return re.sub(r"\s+", " ", text)
