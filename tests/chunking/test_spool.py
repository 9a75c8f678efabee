"""Chunks come back from disk as they were, in any order, and leave nothing behind."""

from labkit.chunking import spool as spool_module
from labkit.chunking.spool import Spool
from labkit.documents import Access, Chunk


def test_chunks_come_back_in_any_order_and_nothing_is_left(tmp_path, monkeypatch):
    monkeypatch.setattr(spool_module, "HELD", 2)
    access = Access("acme", frozenset({"legal"}))
    chunks = [Chunk(f"d#{n}", "d", f"text {n} äöü", n, n + 10, access=access) for n in range(6)]
    with Spool(iter(chunks), tmp_path) as spool:
        assert len(spool) == 6
        assert [spool.chunk(number) for number in (5, 0, 3, 3, 5, 1)] == [chunks[n] for n in (5, 0, 3, 3, 5, 1)]
        assert list(tmp_path.iterdir()) == []
    assert list(tmp_path.iterdir()) == []
