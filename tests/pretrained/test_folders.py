"""A prepared folder is whole and made from the pinned sources, or it is made again."""

import json

import pytest

from labkit.pretrained import prepare, sha256
from labkit.pretrained.folders import is_whole, write_manifest

SOURCES = {"weights.gguf": "aa", "adapter.safetensors": "bb"}


def test_a_damaged_folder_is_not_whole(tmp_path):
    (tmp_path / "weights").write_bytes(b"abc")
    assert not is_whole(tmp_path, SOURCES)
    write_manifest(tmp_path, SOURCES)
    assert is_whole(tmp_path, SOURCES)
    (tmp_path / "weights").write_bytes(b"abd")
    assert not is_whole(tmp_path, SOURCES)
    (tmp_path / "weights").unlink()
    assert not is_whole(tmp_path, SOURCES)


@pytest.mark.parametrize("manifest", ["{", "{}", "[]", '{"made from": {}, "files": {}}', '{"weights": "aa"}'])
def test_a_manifest_that_says_nothing_is_not_believed(tmp_path, manifest):
    (tmp_path / "sha256.json").write_text(manifest)
    assert not is_whole(tmp_path, {})


def test_made_once_and_again_when_damaged_or_when_a_source_changed(tmp_path):
    made = []

    def make(folder):
        made.append(folder)
        folder.mkdir()
        (folder / "weights").write_text("whole")

    target = tmp_path / "models" / "m"
    for _ in range(2):
        assert prepare(target, SOURCES, make) == target
    assert len(made) == 1
    (target / "weights").write_text("hole")
    prepare(target, SOURCES, make)
    assert len(made) == 2
    newer = {**SOURCES, "adapter.safetensors": "cc"}
    prepare(target, newer, make)
    assert len(made) == 3
    manifest = json.loads((target / "sha256.json").read_text())
    assert manifest == {"made from": newer, "files": {"weights": sha256(target / "weights")}}
    assert not made[0].exists()


def test_a_failure_leaves_nothing(tmp_path):
    def make(folder):
        folder.mkdir()
        (folder / "weights").write_text("half")
        raise OSError("the disk is full")

    with pytest.raises(OSError, match="full"):
        prepare(tmp_path / "m", SOURCES, make)
    assert not (tmp_path / "m").exists()
