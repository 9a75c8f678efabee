"""Rates come from the stored records, and from nowhere else."""

import json

import pytest

from labkit import records
from labkit.ceilings import Rates
from labkit.errors import BadArgument, StateCorrupt

RECORDS = {
    "chunking": {
        "job": {"pages": 1000},
        "parts": {"computing": {"serial_seconds": [10.0, 10.0, 99.0], "ray_2_seconds": [6.0]}},
    },
    "embedding": {"efficiency": {"tokens_per_second_one": 3000, "efficiency": {"median": 0.8}}},
    "index": {
        "recall": {"vectors": 20_000, "ms per query": {"exact": {"median": 3.0}}},
        "million": {"ms per query, one thread": {"exact": {"median": 101.0}}},
    },
    "serving": {"parts": {"scaling": {"one": [2.0, 3.0, 2.5]}}},
    "multihop": {"single-shot": {"two_hop": {"success": 0.4}}},
    "orchestrator": {"multi-hop": {"two_skill": {"success": 0.1}}},
}


@pytest.fixture
def folder(tmp_path, monkeypatch):
    for name, held in RECORDS.items():
        (tmp_path / f"{name}.json").write_text(json.dumps({name: held}))
    monkeypatch.setattr(records, "FOLDER", tmp_path)
    return tmp_path


@pytest.mark.usefixtures("folder")
def test_every_rate_is_read_from_its_record():
    found = Rates.stored()
    assert found.pages_per_second == 100.0
    assert found.chunking_serial == pytest.approx(0.2)  # 1 / (10 / 6) - 1 / 2, over a half
    assert found.encoding_serial == pytest.approx(0.25)
    assert found.search_seconds_per_vector == pytest.approx(1e-7)
    assert found.search_seconds == pytest.approx(0.001)
    assert (found.requests_per_second, found.single_shot) == (2.5, {"two_hop": 0.4})
    assert found.without_tools == {"two_skill": 0.1}


def test_a_record_without_a_number_is_named(folder):
    (folder / "serving.json").write_text(json.dumps({"serving": {"parts": {}}}))
    with pytest.raises(StateCorrupt, match="a stored record has no 'scaling'; run: make bench"):
        Rates.stored()
    (folder / "serving.json").unlink()
    with pytest.raises(StateCorrupt, match=r"serving\.json cannot be read"):
        Rates.stored()


def test_rates_that_are_none_are_refused():
    with pytest.raises(BadArgument, match="requests_per_second is 0"):
        Rates(1, 0, 1, 0, 0, 0, 0)
    with pytest.raises(BadArgument, match="success on two_hop is"):
        Rates(1, 0, 1, 0, 0, 0, 1, {"two_hop": 1.5})
