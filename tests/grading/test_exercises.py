"""Exercises come from solutions, give nothing away, and fail under plain nbval until they are solved."""

import re
import subprocess
import sys
from pathlib import Path

import pytest
import submissions
from leaks import SOLUTIONS, leaks

from labkit.__main__ import main
from labkit.errors import BadArgument
from labkit.grading.assignment import load, names
from labkit.grading.notebook import SOLUTION, Cell, Notebook
from labkit.grading.stripping import exercise, out_of_step, solution_regions, write_exercises

ROOT = submissions.ROOT
GRADED = [path for path in SOLUTIONS if path.stem in names(path.parent)]
DOUBLE = "def double(x):\n    # solution: begin\n    # twice\n    return 2 * x\n    # solution: end\n\ndouble(1)"


def notebook(*cells: Cell) -> Notebook:
    return Notebook(cells)


def test_a_region_becomes_a_statement_that_it_is_missing():
    stored = ({"output_type": "stream", "name": "stdout", "text": "2"},)
    made = exercise(notebook(Cell("a", "code", DOUBLE, outputs=stored)))
    assert made.cells[0].source == (
        'def double(x):\n    raise NotImplementedError("your code goes here: about 1 line")\n\ndouble(1)'
    )
    assert made.cells[0].outputs == ()
    assert made.cells[0].id == "a"


def test_two_regions_in_a_cell_are_two():
    source = "# solution: begin\na = 1\nb = 2\n# solution: end\nc = 3\n# solution: begin\nd = 4\n# solution: end"
    made = exercise(notebook(Cell("a", "code", source))).cells[0].source
    assert made.count("raise NotImplementedError") == 2
    assert "c = 3" in made
    assert not re.search("[abd] = ", made)


def test_cells_tagged_solution_go():
    cells = [Cell("a", "markdown", "keep"), Cell("b", "markdown", "why", frozenset({SOLUTION}))]
    assert [cell.id for cell in exercise(notebook(*cells)).cells] == ["a"]
    assert solution_regions(notebook(*cells, Cell("c", "code", DOUBLE))) == ["    # twice\n    return 2 * x\n", "why"]


@pytest.mark.parametrize("half", ["# solution: begin\na = 1", "a = 1\n# solution: end"])
def test_half_a_region_is_refused(half):
    with pytest.raises(BadArgument, match="half a solution region"):
        exercise(notebook(Cell("a", "code", half)))


def test_exercises_are_in_step_with_solutions():
    assert out_of_step(ROOT / "solutions", ROOT / "exercises") == [], "run: make exercises"


def test_what_is_out_of_step_is_named_and_made_good(tmp_path, capsys):
    folders = ["--solutions", str(ROOT / "solutions"), "--exercises", str(tmp_path)]
    (tmp_path / "99_left_over.ipynb").write_text("{}")
    assert main(["exercises", "--check", *folders]) == 1
    stale = capsys.readouterr().err
    assert "99_left_over.ipynb" in stale
    assert f"{submissions.NAME}.ipynb" in stale
    assert main(["exercises", *folders]) == 0
    assert main(["exercises", "--check", *folders]) == 0
    assert not (tmp_path / "99_left_over.ipynb").exists()
    (tmp_path / f"{submissions.NAME}.ipynb").write_text("{}")
    assert main(["exercises", "--check", *folders]) == 1


@pytest.mark.parametrize("solution", SOLUTIONS, ids=lambda path: path.stem)
def test_nothing_that_students_see_holds_a_line_of_a_solution(solution):
    published = [*(ROOT / "exercises").glob("*.ipynb"), *(ROOT / "notebooks").glob("*.ipynb")]
    texts = {path.name: "\n".join(cell.source for cell in Notebook.read(path).cells) for path in published}
    texts |= {path.name: path.read_text() for path in (ROOT / "book").glob("*.md")}
    texts |= {path.name: path.read_text() for path in (ROOT / "labkit" / "assignments").glob("*.py")}
    assert {name: found for name, text in texts.items() if (found := leaks(solution, text))} == {}


def test_a_leak_would_be_found():
    [solution] = [path for path in SOLUTIONS if path.stem == submissions.NAME]
    assert "price = TokenPrice.per_million(input_price, output_price)" in leaks(solution, solution_text(solution))


def solution_text(path: Path) -> str:
    return "\n".join(cell.source for cell in Notebook.read(path).cells)


@pytest.mark.parametrize("solution", GRADED, ids=lambda path: path.stem)
class TestSolution:
    def test_has_the_roles_it_needs(self, solution):
        read = Notebook.read(solution)
        assert len(read.code("student")) == 1
        assert len(read.code("answer")) >= len(read.code("check")) > 0
        assert all("# solution: begin" in cell.source for cell in read.code("answer"))
        assert not any("# solution:" in cell.source for cell in read.cells if "answer" not in cell.tags)

    def test_check_cells_store_the_one_line_that_they_print(self, solution):
        for cell in Notebook.read(solution).code():
            assert bool(cell.outputs) == ("check" in cell.tags), cell.id
            assert cell.printed.count("\n") == len(cell.outputs), cell.id

    def test_prose_states_points_minutes_and_hints(self, solution):
        prose = "\n".join(cell.source for cell in Notebook.read(solution).cells if cell.kind == "markdown")
        checks = load(solution.parent, solution.stem).checks
        assert [int(n) for n in re.findall(r"\((\d+) points?\)$", prose, re.MULTILINE)] == [c.points for c in checks]
        assert f"**Points** {sum(check.points for check in checks)}" in prose
        assert re.search(r"\*\*Time\*\* about \d+ minutes", prose)
        assert prose.count(":::{admonition} Hint 1 of") == len(checks)

    def test_ids_are_unique_over_all_assignments(self, solution):
        others = [cell.id for path in SOLUTIONS for cell in Notebook.read(path).cells]
        assert len(others) == len(set(others))
        assert all(cell.id for cell in Notebook.read(solution).cells)


def nbval(path: Path) -> int:
    command = [sys.executable, "-m", "pytest", "--nbval", "--nbval-current-env", "-q", "-p", "no:cacheprovider"]
    return subprocess.run([*command, str(path)], check=False, capture_output=True, cwd=path.parent).returncode


def test_plain_nbval_passes_the_solved_and_fails_the_blank(tmp_path):
    write_exercises(ROOT / "solutions", tmp_path)
    blank = tmp_path / f"{submissions.NAME}.ipynb"
    solved = tmp_path / "solved.ipynb"
    solved.write_text((ROOT / "solutions" / blank.name).read_text())
    assert nbval(solved) == 0
    assert nbval(blank) == 1
