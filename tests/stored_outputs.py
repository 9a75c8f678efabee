"""Which outputs a notebook keeps in git: those of cells tagged ``nbval-check-output``, and no others."""

import argparse
import json
from pathlib import Path

import nbformat

CHECKED = "nbval-check-output"
VOLATILE = ("execution", "collapsed", "scrolled")


def stripped(path: Path) -> str:
    """The notebook's text as it should be stored."""
    notebook = nbformat.read(path, as_version=4)
    notebook.metadata = nbformat.from_dict(
        {key: notebook.metadata[key] for key in ("kernelspec", "language_info") if key in notebook.metadata}
    )
    notebook.metadata["language_info"] = {"name": "python"}
    for cell in notebook.cells:
        for name in VOLATILE:
            cell.metadata.pop(name, None)
    for number, cell in enumerate((cell for cell in notebook.cells if cell.cell_type == "code"), start=1):
        checked = CHECKED in cell.metadata.get("tags", [])
        cell.outputs = cell.outputs if checked else []
        # nbval compares only with a cell that says it was run; its place in the notebook is a count that stays.
        cell.execution_count = number if checked else None
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output["execution_count"] = number
    return json.dumps(notebook, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--strip", nargs="+", type=Path, metavar="NOTEBOOK", required=True)
    for notebook_path in parser.parse_args().strip:
        notebook_path.write_text(stripped(notebook_path))
