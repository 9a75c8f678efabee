"""What every notebook keeps: no stale outputs, short cells, alternative texts, and stated needs that are true."""

import json
import re
from pathlib import Path

import nbformat
import pytest
from stored_outputs import CHECKED, stripped

ROOT = Path(__file__).parent.parent
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))
RECORDS = json.loads((ROOT / "bench" / "records" / "notebooks.json").read_text())


def code_cells(path: Path) -> list[nbformat.NotebookNode]:
    return [cell for cell in nbformat.read(path, 4).cells if cell.cell_type == "code"]


def lines(cell: nbformat.NotebookNode) -> int:
    return sum(1 for line in cell.source.splitlines() if line.strip() and not line.lstrip().startswith("#"))


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.stem)
class TestNotebook:
    def test_stores_the_outputs_of_checked_cells_only(self, path):
        assert path.read_text() == stripped(path), "run: make strip"
        for cell in code_cells(path):
            assert bool(cell.outputs) == (CHECKED in cell.metadata.get("tags", [])), cell.source

    def test_some_outputs_are_checked_and_some_cells_assert(self, path):
        assert any(cell.outputs for cell in code_cells(path))
        assert any("assert " in cell.source for cell in code_cells(path))

    def test_cells_read_like_sentences(self, path):
        lengths = sorted(lines(cell) for cell in code_cells(path))
        assert lengths[int(0.9 * len(lengths))] <= 8
        assert lengths[-1] <= 15

    def test_every_figure_says_in_words_what_it_shows(self, path):
        drawing = [cell for cell in code_cells(path) if re.search(r"^(bars|lines)\(", cell.source, re.MULTILINE)]
        for cell in drawing:
            assert len(cell.metadata["mystnb"]["image"]["alt"]) > 40, cell.source

    def test_installs_nothing_and_skips_nothing(self, path):
        for cell in code_cells(path):
            assert not re.search(r"^\s*[!%]|NBVAL_|# noqa", cell.source, re.MULTILINE), cell.source
            assert not {"nbval-skip", "raises-exception", "skip-execution"} & set(cell.metadata.get("tags", []))

    def test_ends_with_three_folded_answers(self, path):
        prose = "".join(cell.source for cell in nbformat.read(path, 4).cells if cell.cell_type == "markdown")
        assert len(re.findall(r":::\{admonition\} \d\. .+\?\n:class: dropdown", prose)) == 3

    def test_stated_time_and_memory_hold_for_the_record(self, path):
        opening = nbformat.read(path, 4).cells[0].source
        seconds, gib = re.search(r"under (\d+) s\. \*\*Memory\*\* under ([\d.]+) GiB", opening).groups()
        record = RECORDS["notebooks"][path.stem]
        assert max(record["seconds"]) < float(seconds)
        assert max(record["peak_gib"]) < float(gib)
