"""A notebook as the grader reads it: cells with an id, a source and tags, whatever else the file holds.

The file may be anyone's, so nothing in it is taken on trust: it is JSON of bounded size or it is refused, and what
does not look like a cell is left out.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import UnreadableSource

LARGEST = 20_000_000  # bytes

STUDENT, ANSWER, CHECK, SOLUTION = "student", "answer", "check", "solution"
"""The tags that give a cell of an assignment its role; a code cell with none of them is *given*."""


@dataclass(frozen=True)
class Cell:
    """One cell.

    Attributes:
        id: The cell's id, which stays when a cell is moved or edited.
        kind: ``code`` or ``markdown``.
        source: Its text.
        tags: The tags in its metadata.
        outputs: What it stores as its outputs.
    """

    id: str
    kind: str
    source: str
    tags: frozenset[str] = frozenset()
    outputs: tuple[Mapping[str, object], ...] = ()

    @property
    def failed(self) -> bool:
        """Whether an error is among the stored outputs."""
        return any(output.get("output_type") == "error" for output in self.outputs)

    @property
    def printed(self) -> str:
        """The stored text of its standard output."""
        return "".join(_text(output.get("text")) for output in self.outputs if output.get("name") == "stdout")

    def as_json(self) -> dict[str, object]:
        """The cell as notebook JSON."""
        fields: dict[str, object] = {"cell_type": self.kind, "id": self.id, "metadata": {}}
        fields["source"] = self.source.splitlines(keepends=True)
        if self.tags:
            fields["metadata"] = {"tags": sorted(self.tags)}
        if self.kind == "code":
            # nbval compares outputs only with a cell that says it was run.
            fields |= {"execution_count": 1 if self.outputs else None, "outputs": list(self.outputs)}
        return fields


@dataclass(frozen=True)
class Notebook:
    """The cells of one notebook, in their order."""

    cells: tuple[Cell, ...]

    @classmethod
    def read(cls, path: Path) -> "Notebook":
        """Read a notebook file.

        Raises:
            UnreadableSource: It cannot be opened, is too large, is not JSON, or holds no list of cells.
        """
        remedy = "hand in the .ipynb file that JupyterLab saved"
        try:
            with path.open("rb") as file:
                content = file.read(LARGEST + 1)
            if len(content) > LARGEST:
                raise UnreadableSource(f"{path.name} is larger than {LARGEST:,} bytes", remedy="clear its outputs")
            value = json.loads(content)
        except OSError as error:
            raise UnreadableSource(f"{path.name} cannot be opened ({error.strerror})", remedy=remedy) from error
        except (ValueError, RecursionError) as error:
            raise UnreadableSource(f"{path.name} is not a notebook (no JSON)", remedy=remedy) from error
        cells = value.get("cells") if isinstance(value, dict) else None
        if not isinstance(cells, list):
            raise UnreadableSource(f"{path.name} is not a notebook (no list of cells)", remedy=remedy)
        return cls(tuple(cell for cell in map(_cell, cells) if cell))

    def code(self, tag: str | None = None) -> tuple[Cell, ...]:
        """The code cells, or those of them that carry a tag."""
        return tuple(cell for cell in self.cells if cell.kind == "code" and (tag is None or tag in cell.tags))

    def text(self) -> str:
        """The notebook as the text of an ``.ipynb`` file."""
        kernel = {"display_name": "Python 3", "language": "python", "name": "python3"}
        whole = {
            "cells": [cell.as_json() for cell in self.cells],
            "metadata": {"kernelspec": kernel, "language_info": {"name": "python"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        return json.dumps(whole, indent=1, ensure_ascii=False, sort_keys=True) + "\n"


def _cell(value: object) -> Cell | None:
    if not isinstance(value, dict) or value.get("cell_type") not in ("code", "markdown"):
        return None
    metadata, outputs = value.get("metadata"), value.get("outputs")
    tags = metadata.get("tags") if isinstance(metadata, dict) else None
    return Cell(
        id=str(value.get("id", "")),
        kind=value["cell_type"],
        source=_text(value.get("source")),
        tags=frozenset(tag for tag in tags if isinstance(tag, str)) if isinstance(tags, list) else frozenset(),
        outputs=tuple(o for o in outputs if isinstance(o, dict)) if isinstance(outputs, list) else (),
    )


def _text(value: object) -> str:
    """Notebook files keep a text as a string or as a list of lines."""
    lines: Iterable[object] = value if isinstance(value, list) else [value]
    # A lone surrogate is legal in JSON and can be written to no file.
    return "".join(line for line in lines if isinstance(line, str)).encode(errors="replace").decode()
