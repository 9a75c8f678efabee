"""Chunks and accesses as plain JSON values, and back."""

from datetime import date
from typing import Any

from labkit.documents import Access, Chunk


def encode(chunk: Chunk) -> dict[str, Any]:
    """The chunk as plain values.

    >>> from labkit.documents import Document
    >>> chunk = Chunk.cut(Document("d", "Ray runs tasks.", access=Access("acme")), 0, 3)
    >>> decode(encode(chunk)) == chunk
    True
    """
    return {
        "id": chunk.id,
        "document_id": chunk.document_id,
        "text": chunk.text,
        "start": chunk.start,
        "end": chunk.end,
        "source": chunk.source,
        "access": encode_access(chunk.access),
        "updated": chunk.updated.isoformat() if chunk.updated else None,
    }


def decode(record: dict[str, Any]) -> Chunk:
    """The chunk of which ``encode`` made the record."""
    updated = record["updated"]
    return Chunk(
        **{
            **record,
            "access": decode_access(record["access"]),
            "updated": date.fromisoformat(updated) if updated else None,
        }
    )


def encode_access(access: Access) -> list[Any]:
    """The access as plain values.

    >>> encode_access(Access("acme", frozenset({"finance"})))
    ['acme', ['finance']]
    """
    return [access.tenant, sorted(access.groups)]


def decode_access(record: list[Any]) -> Access:
    """The access of which ``encode_access`` made the record."""
    tenant, groups = record
    return Access(tenant, frozenset(groups))
