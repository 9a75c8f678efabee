"""Shards on Ray: the count changes no result, a dead actor comes back from disk, a lost one is said out loud."""

import shutil

import pytest

from labkit.errors import StateCorrupt
from labkit.index import Flat, LocalShards, PartialResult, ShardedIndex

pytestmark = pytest.mark.usefixtures("ray_cluster", "home")


@pytest.fixture
def index(world):
    with ShardedIndex.build(world.chunks, world.vectors, 2, world.tenants, Flat()) as built:
        yield built


def test_the_shard_count_changes_no_result(world):
    answers = []
    for shards in (1, 4):
        with ShardedIndex.build(world.chunks, world.vectors, shards, world.tenants, Flat()) as built:
            answers.append(built.search(world.queries, 25, world.clerk))
    local = LocalShards.build(world.chunks, world.vectors, 8, world.tenants, Flat())
    assert answers[0] == answers[1] == local.search(world.queries, 25, world.clerk)


def test_a_killed_actor_is_started_again_and_remembers_what_it_was_told(index, world, ids):
    index.delete([world.nearest(world.queries[0], 1, world.clerk)[0].split("#")[0]])
    before = ids(index.search(world.queries, 10, world.clerk))
    for shard in (0, 1):
        index.fleet.kill(shard)
    assert ids(index.search(world.queries, 10, world.clerk)) == before
    assert index.fleet.restarts == 2


def test_a_lost_shard_is_an_error_and_never_a_short_list(index, world):
    shutil.rmtree(index.fleet.homes[1])
    index.fleet.kill(1)
    with pytest.raises(PartialResult, match=r"only 1 of 2 shards answered; lost: shard 1; bring back .*shard-001"):
        index.search(world.queries, 10, world.clerk)


def test_saved_and_loaded_it_answers_the_same(index, world, tmp_path):
    index.delete(["d00003", "d00004"])
    for _ in range(2):  # the second save replaces the first
        index.save(tmp_path / "saved")
    assert len(list((tmp_path / "saved").glob("generation-*"))) == 1
    with ShardedIndex.load(tmp_path / "saved") as loaded:
        assert len(loaded) == len(index) == len(world.chunks) - 2
        for principal in (world.member, world.intruder):
            assert loaded.search(world.queries, 30, principal) == index.search(world.queries, 30, principal)


def test_saved_in_its_own_folder_it_goes_on_from_there(index, world, ids):
    index.delete(["d00005"])
    index.save(index.path)
    index.delete(["d00006"])
    before = ids(index.search(world.queries, 400, world.clerk))
    index.fleet.kill(0)
    assert ids(index.search(world.queries, 400, world.clerk)) == before
    assert index.fleet.restarts == 1


def test_a_damaged_folder_is_refused_before_any_actor_starts(index, tmp_path):
    index.save(tmp_path / "saved")
    manifest = next((tmp_path / "saved").glob("generation-*/shard-001/manifest.json"))
    manifest.write_text(manifest.read_text().replace('"dimension": 12', '"dimension": 13'))
    with pytest.raises(StateCorrupt, match=r"shard-001/manifest.json does not match its checksum"):
        ShardedIndex.load(tmp_path / "saved")
