"""Run records: measured numbers kept in git, each with the machine it was taken on. Prose quotes nothing else."""

import json
from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from labkit.milestones import Hardware

ROOT = Path(__file__).resolve().parent.parent
RECORDS = ROOT / "bench" / "records"


def write(name: str, measured: object) -> Path:
    """Keep a measurement as ``bench/records/NAME.json``, in place of the one before, and say so."""
    record = {
        "label": "measured",
        "taken": datetime.now(UTC).isoformat(timespec="seconds"),
        "hardware": asdict(Hardware.here()),
        name: measured,
    }
    path = RECORDS / f"{name}.json"
    path.parent.mkdir(exist_ok=True)
    path.write_text(json.dumps(record, indent=1) + "\n")
    print(f"{path.relative_to(ROOT)}\n{json.dumps(measured, indent=1)}")
    return path
