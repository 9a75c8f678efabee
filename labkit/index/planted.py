"""Three ways to get access control wrong, each one line away from a working shard, for the audit to catch."""

from collections.abc import Collection, Iterator
from zlib import crc32

from labkit.documents import Passage, Principal
from labkit.embedding import Vectors
from labkit.index.group import Group
from labkit.index.shard import Shard


class FilteredAfterwards(Shard):
    """Ranks everything, then drops what may not be read: nothing leaks, but lists come back short."""

    def search(self, vectors: Vectors, k: int, principal: Principal) -> list[list[Passage]]:
        """The permitted ones among the k nearest of all."""
        ranked = super().search(vectors, k, principal)
        return [[found for found in answer if principal.may_read(found.chunk.access)] for answer in ranked]

    def readable(self, principal: Principal) -> Iterator[Group]:  # noqa: ARG002 - the bug
        """Every group."""
        yield from self.groups.values()


class WrongTenantBit(Shard):
    """Keeps tenants as bits of a small mask, so two tenants whose names fall on one bit read each other's texts.

    Attributes:
        bits: Width of the mask.
    """

    bits = 8

    def readable(self, principal: Principal) -> Iterator[Group]:
        """Groups whose tenant has the principal's bit."""
        for access, group in self.groups.items():
            same_bit = access.tenant is not None and self._bit(access.tenant) == self._bit(principal.tenant)
            if principal.may_read(access) or (same_bit and not access.groups):
                yield group

    def _bit(self, tenant: str) -> int:
        return crc32(tenant.encode()) % self.bits


class StaleDeletion(Shard):
    """Forgets to bury the last chunk of every deletion: the document is gone from the books and still found."""

    def delete(self, document_ids: Collection[str]) -> int:
        """Report all as deleted, bury all but one."""
        gone = [place for name in document_ids for place in self._places.pop(name, {}).values()]
        for group, row in gone[:-1]:
            group.bury(row)
        return len(gone)
