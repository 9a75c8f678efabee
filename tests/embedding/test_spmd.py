import subprocess
import sys

import numpy as np
import pytest

from labkit.embedding import Shards, encode_spmd
from labkit.embedding.__main__ import main
from labkit.embedding.spmd import own_blocks
from labkit.errors import BadArgument, EngineFailure


class TestOwnBlocks:
    def test_every_unfinished_block_has_one_rank(self, tmp_path):
        texts = ["x" * length for length in range(1, 21)]
        hands = own_blocks(Shards.plan(texts, tmp_path, block=3), texts, [0, 2, 3, 6], ranks=2)
        assert sorted(block for hand in hands for block in hand) == [0, 2, 3, 6]
        assert all(hands)


class TestEncodeSpmd:
    def test_vectors_are_those_of_one_process(self, tmp_path, texts, model, vectors):
        shards = Shards.plan(texts, tmp_path, block=8)
        shards.write(3, model.encode(texts[24:32]))
        stamp = shards.path(3).stat().st_mtime_ns
        encode_spmd(shards, texts, processes=2)
        assert shards.path(3).stat().st_mtime_ns == stamp
        assert np.abs(shards.load() - vectors).max() < 1e-5

    def test_a_failing_rank_is_reported_with_its_cause(self, tmp_path):
        shards = Shards.plan(["a", "b"], tmp_path, block=1)
        broken = Shards(**{**vars(shards), "precision": "float7"})
        with pytest.raises(EngineFailure, match="one of 1 ranks failed; see the cause") as caught:
            encode_spmd(broken, ["a", "b"], processes=1)
        assert "float7" in str(caught.value.__cause__)

    def test_needs_a_process_and_the_planned_texts(self, tmp_path):
        shards = Shards.plan(["a"], tmp_path)
        with pytest.raises(BadArgument, match="processes is 0; give"):
            encode_spmd(shards, ["a"], 0)
        with pytest.raises(BadArgument, match="not those of"):
            encode_spmd(shards, ["b"], 1)


class TestTorchrun:
    def test_two_ranks_make_the_same_vectors(self, tmp_path, model, texts):
        lines = [" ".join(text.split()) for text in texts[:20]]
        (tmp_path / "texts.txt").write_text("\n".join(lines))
        command = ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "2", "-m", "labkit.embedding"]
        job = [sys.executable, *command, str(tmp_path / "texts.txt"), str(tmp_path / "v")]
        done = subprocess.run(job, capture_output=True, text=True, timeout=300, check=False)
        assert done.returncode == 0, done.stderr
        assert np.abs(Shards.open(tmp_path / "v").load() - model.encode(lines)).max() < 1e-5

    def test_says_how_it_wants_to_be_started(self):
        with pytest.raises(BadArgument, match=r"started as: texts\.txt; torchrun --nproc-per-node"):
            main(["texts.txt"], {})
