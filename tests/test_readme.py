"""The README shows what really happened, and names only what exists."""

import json
import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text()


def test_the_transcript_is_the_recorded_one():
    record = json.loads((ROOT / "bench" / "records" / "ask.json").read_text())
    [shown] = re.findall(r"<!-- transcript of bench/ask.py -->\n```console\n(.*?)```\n<!-- end -->", README, re.DOTALL)
    assert shown == f"$ {record['ask']['command']}\n{record['ask']['said']}"
    assert record["label"] == "measured"
    assert "orion_cluster.txt" in shown


def test_every_path_it_names_exists():
    for name in re.findall(r"`([\w./]+(?:/|\.\w+))`", README):
        assert (ROOT / name).exists() or (ROOT / "labkit" / name).exists(), name


def test_every_make_target_it_names_exists():
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"(?:\$ |`)make ([a-z]+)", README)) <= targets
