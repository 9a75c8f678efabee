"""Numbers that were measured before and are kept in git, for prose and charts that cannot measure them anew."""

import json
from pathlib import Path
from typing import Any

from labkit.errors import StateCorrupt

FOLDER = Path(__file__).resolve().parent.parent / "bench" / "records"


def stored(name: str) -> dict[str, Any]:
    """What ``bench/NAME.py`` measured when its record was last kept.

    >>> sorted(stored("startup"))
    ['hardware', 'label', 'startup', 'taken']

    Args:
        name: The record's, such as ``serving``.

    Raises:
        StateCorrupt: There is no such record, or it cannot be read.
    """
    file = FOLDER / f"{name}.json"
    try:
        found: dict[str, Any] = json.loads(file.read_text())
    except (OSError, ValueError) as error:
        raise StateCorrupt(
            f"{file.name} cannot be read ({error})", remedy="run: git checkout bench/records, or make bench"
        ) from error
    return found
