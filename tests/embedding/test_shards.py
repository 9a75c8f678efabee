import hashlib
import json
import os
import signal
import subprocess
import sys
import time

import numpy as np
import pytest

from labkit.embedding import Precision, Shards
from labkit.errors import BadArgument, StateCorrupt
from labkit.pretrained import ENCODER_SHA256

JOB = """
import json, sys
from pathlib import Path
from labkit.embedding import Shards, local_model
texts = json.loads(Path(sys.argv[1]).read_text())
Shards.plan(texts, Path(sys.argv[2]), block=2).encode(texts, local_model(threads=1))
"""


def finished(folder):
    return {path.name: path.stat().st_mtime_ns for path in sorted(folder.glob("block-*"))}


@pytest.mark.parametrize("form", ["npy", "parquet"])
class TestForms:
    def test_what_was_written_comes_back(self, form, tmp_path, model, texts):
        shards = Shards.plan(texts[:10], tmp_path / "v", block=4, form=form)
        shards.encode(texts[:10], model)
        assert sorted(finished(tmp_path / "v")) == [f"block-0000{n}.{form}" for n in range(3)]
        assert np.abs(Shards.open(tmp_path / "v").load() - model.encode(texts[:10])).max() < 1e-5

    def test_a_changed_block_is_noticed(self, form, tmp_path, model, texts):
        shards = Shards.plan(texts[:4], tmp_path, block=2, form=form)
        shards.encode(texts[:4], model)
        spoiled = bytearray(shards.path(1).read_bytes())
        spoiled[len(spoiled) // 2] ^= 1
        shards.path(1).write_bytes(spoiled)
        with pytest.raises(StateCorrupt, match=r"block-00001.* is missing or changed; delete that block"):
            shards.load()


class TestManifest:
    def test_says_what_the_vectors_are(self, tmp_path, model, texts):
        Shards.plan(texts[:3], tmp_path, block=2).encode(texts[:3], model)
        manifest = json.loads((tmp_path / "manifest.json").read_text())
        assert manifest["encoder"] == "all-MiniLM-L6-v2"
        assert manifest["model_sha256"] == ENCODER_SHA256
        assert (manifest["dimension"], manifest["texts"], manifest["precision"]) == (384, 3, "float32")
        assert manifest["blocks"] == {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in tmp_path.glob("block-*")
        }
        assert not list(tmp_path.glob(".*"))  # nothing half-written was left

    @pytest.mark.parametrize(
        "other",
        [{"block": 3}, {"form": "parquet"}, {"precision": Precision.BFLOAT16}, {"texts": ["b", "a"]}],
    )
    def test_vectors_of_something_else_are_not_mixed_in(self, other, tmp_path):
        Shards.plan(["a", "b"], tmp_path, block=2)
        with pytest.raises(BadArgument, match="holds vectors of other texts, or made another way; give another"):
            Shards.plan(**{"texts": ["a", "b"], "folder": tmp_path, "block": 2, **other})

    def test_texts_that_were_not_planned_are_refused(self, tmp_path, model):
        shards = Shards.plan(["a", "b"], tmp_path)
        with pytest.raises(BadArgument, match="not those of"):
            shards.encode(["a", "c"], model)

    def test_an_unreadable_manifest_is_said(self, tmp_path):
        (tmp_path / "manifest.json").write_text("{")
        with pytest.raises(StateCorrupt, match=r"manifest.json cannot be read .*; delete the folder"):
            Shards.plan(["a"], tmp_path)

    @pytest.mark.parametrize(("texts", "block", "form"), [([], 2, "npy"), (["a"], 0, "npy"), (["a"], 2, "csv")])
    def test_nonsense_is_refused(self, texts, block, form, tmp_path):
        with pytest.raises(BadArgument, match="give at least 1 text"):
            Shards.plan(texts, tmp_path, block=block, form=form)

    def test_a_block_of_another_shape_is_refused(self, tmp_path):
        with pytest.raises(BadArgument, match=r"shape \(1, 384\); give 2 rows of 384"):
            Shards.plan(["a", "b"], tmp_path).write(0, np.zeros((1, 384), np.float32))


class TestRestart:
    def test_an_unfinished_folder_is_not_loaded_or_finished(self, tmp_path, model, texts):
        shards = Shards.plan(texts[:6], tmp_path, block=2)
        shards.write(1, model.encode(texts[2:4]))
        assert shards.unfinished() == [0, 2]
        with pytest.raises(StateCorrupt, match="is not finished; run"):
            shards.load()
        with pytest.raises(StateCorrupt, match="2 of 3 blocks are missing; run"):
            shards.finish()

    def test_after_kill_9_only_unfinished_blocks_are_made_and_the_bytes_are_the_same(self, tmp_path, model, texts):
        given, folder = tmp_path / "texts.json", tmp_path / "killed"
        many = [f"{text} {number}" for number in range(10) for text in texts]
        given.write_text(json.dumps(many))
        job = subprocess.Popen([sys.executable, "-c", JOB, str(given), str(folder)])
        deadline = time.monotonic() + 200
        while len(finished(folder)) < 5 and time.monotonic() < deadline:
            time.sleep(0.005)
        os.kill(job.pid, signal.SIGKILL)
        assert job.wait() == -signal.SIGKILL
        before = finished(folder)
        assert 5 <= len(before) < 300

        shards = Shards.plan(many, folder, block=2)
        shards.encode(many, model)
        after = finished(folder)
        assert len(after) == 300
        assert {name: after[name] for name in before} == before  # not one finished block was written again

        whole = Shards.plan(many, tmp_path / "whole", block=2)
        whole.encode(many, model)
        assert (folder / "manifest.json").read_text() == (tmp_path / "whole" / "manifest.json").read_text()
        assert np.array_equal(shards.load(), whole.load())
