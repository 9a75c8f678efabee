"""What was saved is what is loaded, whatever happened before; and damage is named."""

from datetime import date

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from labkit.documents import SHARED, Access, Chunk, Principal
from labkit.errors import StateCorrupt
from labkit.index import HNSW, IVF, Flat, Shard, journal, kinds, records, storage
from labkit.index.server import Material, ShardServer

TEXTS = st.text(max_size=20)
CHUNKS = st.builds(
    Chunk, TEXTS, TEXTS, TEXTS, st.integers(0, 9), st.integers(0, 9), TEXTS,
    st.builds(Access, st.one_of(st.none(), TEXTS), st.frozensets(TEXTS, max_size=3)), st.one_of(st.none(), st.dates()),
)  # fmt: skip


@given(CHUNKS)
def test_any_chunk_survives_its_record(chunk):
    assert records.decode(records.encode(chunk)) == chunk


@pytest.mark.parametrize("kind", [Flat(), IVF(probes=3), HNSW(links=8)])
def test_any_kind_survives_its_record(kind):
    assert kinds.decode(kinds.encode(kind)) == kind


def test_a_kind_that_is_not_known_is_named():
    with pytest.raises(StateCorrupt, match="'LSH'"):
        kinds.decode({"name": "LSH"})


@pytest.mark.parametrize("kind", [Flat(), IVF(smallest=30, recall=1.0), HNSW(smallest=30)])
def test_a_loaded_shard_answers_like_the_saved_one(kind, world, tmp_path):
    shard = Shard.build(world.chunks, world.vectors, kind, world.tenants)
    shard.delete(["d00001", "d00002"])
    checksum = storage.save(shard, tmp_path / "shard")
    loaded = storage.load(tmp_path / "shard", checksum)
    assert loaded.registered == shard.registered
    assert len(loaded) == len(shard) == len(world.chunks) - 2
    for principal in (world.member, world.clerk, Principal("e", "empty")):
        assert loaded.search(world.queries, 50, principal) == shard.search(world.queries, 50, principal)


@given(st.lists(st.tuples(st.sampled_from(["append", "delete"]), st.integers(0, 9)), max_size=8))
def test_a_restarted_server_is_the_one_that_acknowledged(tmp_path_factory, events):
    home = tmp_path_factory.mktemp("home") / "shard"
    vectors = np.random.default_rng(1).normal(size=(10, 6)).astype(np.float32)
    chunks = [Chunk(f"d{n}#0", f"d{n}", "text", 0, 4, updated=date(2026, 1, 1)) for n in range(10)]
    server = ShardServer(str(home), Material(chunks[:5], vectors[:5], Flat(), ["acme"]))
    for what, number in events:
        if what == "append":
            server.append([chunks[number]], vectors[number : number + 1], ["acme"])
        else:
            server.delete([f"d{number}"])
    asked = (vectors[:2], 20, Principal("p", "acme"))
    assert ShardServer(str(home)).rank(*asked) == server.rank(*asked)


@pytest.fixture
def saved(world, tmp_path):
    storage.save(Shard.build(world.chunks, world.vectors, Flat(), world.tenants), tmp_path / "shard")
    return tmp_path / "shard"


@pytest.mark.parametrize("name", ["chunks.jsonl", "group-0.faiss"])
def test_one_changed_byte_is_noticed(saved, name):
    content = bytearray((saved / name).read_bytes())
    content[len(content) // 2] ^= 1
    (saved / name).write_bytes(content)
    with pytest.raises(StateCorrupt, match=f"{name} does not match its checksum"):
        storage.load(saved)


def test_a_missing_file_is_noticed(saved):
    (saved / "group-1.faiss").unlink()
    with pytest.raises(StateCorrupt, match=r"group-1\.faiss is missing"):
        storage.load(saved)
    (saved / "manifest.json").unlink()
    with pytest.raises(StateCorrupt, match=r"manifest\.json cannot be read"):
        storage.load(saved)


class TestJournal:
    def test_a_torn_last_line_was_never_acknowledged(self, saved, world):
        journal.note_delete(saved, ["d00001"])
        whole = (saved / journal.NAME).read_text()
        with (saved / journal.NAME).open("a") as file:
            file.write(whole[: len(whole) // 2])
        assert len(storage.load(saved)) == len(world.chunks) - 1
        journal.note_delete(saved, ["d00002"])  # does not grow onto the torn line
        assert len(storage.load(saved)) == len(world.chunks) - 2

    def test_any_other_damage_is_an_error(self, saved):
        journal.note_delete(saved, ["d00001"])
        journal.note_delete(saved, ["d00002"])
        path = saved / journal.NAME
        path.write_text(path.read_text().replace("d00001", "d00009"))
        with pytest.raises(StateCorrupt, match=r"line 1 of .*journal.jsonl does not match"):
            storage.load(saved)


def test_a_manifest_is_replaced_whole(tmp_path):
    storage.write_json(tmp_path / "m.json", {"format": 1, "n": 1})
    with pytest.raises(TypeError):
        storage.write_json(tmp_path / "m.json", {"format": 1, "n": SHARED})
    assert storage.read_json(tmp_path / "m.json")["n"] == 1
    storage.write_json(tmp_path / "m.json", {"format": 2})
    with pytest.raises(StateCorrupt, match="not of format 1"):
        storage.read_json(tmp_path / "m.json")
