"""The audit: adversarial principals ask an index for what they may not have, and every answer is checked.

Each question is aimed at a text: a principal asks with the very vector of a chunk, most often one of another tenant,
of a group it is not in, a canary, or a document that was deleted. The truth is the audit's own copy of who may read
what; nothing that the index says about its chunks is believed.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from labkit.documents import Access, Chunk, Passage, Principal, tenants
from labkit.embedding import Vectors
from labkit.errors import AccessRefused, BadArgument, EmptyCorpus, UnknownTenant
from labkit.index.access import Index, require_rows
from labkit.progress import bar

STRANGER = "a tenant that nobody registered"
_BATCH = 1_000  # questions put at once
_SHOWN = 5


@dataclass(frozen=True)
class AuditReport:
    """What the audit found.

    Attributes:
        pairs: (principal, query) pairs that were put.
        leaks: Passages that the principal may not read.
        deleted: Passages of deleted documents.
        missing: Pairs answered with fewer passages than k and than the principal may read.
        altered: Passages that are not, word for word, what was indexed, or that came twice.
        admitted: Searches without a principal, or of an unknown tenant, that were not refused.
        examples: The first few findings, in words.
    """

    pairs: int = 0
    leaks: int = 0
    deleted: int = 0
    missing: int = 0
    altered: int = 0
    admitted: int = 0
    examples: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not (self.leaks or self.deleted or self.missing or self.altered or self.admitted)

    def __str__(self) -> str:
        counts = (
            f"{self.pairs:,} (principal, query) pairs: {self.leaks:,} leaks, {self.deleted:,} deleted passages, "
            f"{self.missing:,} short lists, {self.altered:,} altered passages, {self.admitted} not refused"
        )
        return "\n".join([counts, *(f"  {example}" for example in self.examples)])

    __repr__ = __str__


def audit(
    index: Index,
    chunks: Sequence[Chunk],
    vectors: Vectors,
    *,
    pairs: int = 20_000,
    k: int = 5,
    deleted: Collection[str] = (),
    seed: int = 0,
) -> AuditReport:
    """Put adversarial questions to an index and check every passage that comes back.

    Args:
        index: The index under audit.
        chunks: All chunks it was ever given, canaries included, and also those deleted since.
        vectors: Their vectors, shape (chunks, dimension); they are the questions.
        pairs: (principal, query) pairs to put, at least one for each principal.
        k: Passages asked for.
        deleted: Ids of the documents that were deleted.
        seed: Of the choice of questions.

    Raises:
        EmptyCorpus: There are no chunks.
        BadArgument: Fewer pairs than principals, or vectors that do not match the chunks.
    """
    if not chunks:
        raise EmptyCorpus("the audit was given 0 chunks", remedy="give the chunks that the index was built from")
    require_rows(chunks, vectors)
    askers = adversaries(chunks)
    if pairs < len(askers):
        raise BadArgument(f"pairs is {pairs}", remedy=f"give at least {len(askers)}, one for each principal")
    truth = _Truth(chunks, frozenset(deleted))
    tally = _Tally()
    _knock(index, vectors[:1], tally)
    rng = np.random.default_rng(seed)
    share, rest = divmod(pairs, len(askers))
    with bar("audit", total=pairs, unit="pair") as progress:
        for number, principal in enumerate(askers):
            readable = truth.readable(principal)
            for rows in _aimed(rng, readable, share + (number < rest)):
                answers = index.search(vectors[rows], k, principal)
                truth.check(tally, principal, answers, min(k, int(readable.sum())), len(rows))
                progress.update(len(rows))
    return tally.report()


def adversaries(chunks: Sequence[Chunk]) -> list[Principal]:
    """Principals that try: each tenant's plain member, one in each group, one in all, and one with others' groups."""
    own = {name: sorted(_groups(chunks, name)) for name in sorted(tenants(chunks))}
    everything = frozenset(group for groups in own.values() for group in groups)
    found = []
    for tenant, groups in own.items():
        sets = [frozenset[str](), *(frozenset({group}) for group in groups), frozenset(groups)]
        sets.append(everything - frozenset(groups))  # a group's name means nothing outside its tenant
        found += [Principal(f"{tenant}-{number}", tenant, held) for number, held in enumerate(dict.fromkeys(sets))]
    return found


def _groups(chunks: Sequence[Chunk], tenant: str) -> set[str]:
    return {group for chunk in chunks if chunk.access.tenant == tenant for group in chunk.access.groups}


def _aimed(rng: np.random.Generator, readable: NDArray[np.bool_], count: int) -> Iterator[NDArray[np.int64]]:
    """Rows to ask about, in batches: three in four of texts that are forbidden or gone, where there are any."""
    forbidden, open_to_it = np.flatnonzero(~readable), np.flatnonzero(readable)
    for at in range(0, count, _BATCH):
        size = min(_BATCH, count - at)
        bold = rng.random(size) < 0.75
        picked = np.empty(size, dtype=np.int64)
        for wanted, pool, other in ((bold, forbidden, open_to_it), (~bold, open_to_it, forbidden)):
            picked[wanted] = rng.choice(pool if len(pool) else other, size=int(wanted.sum()))
        yield picked


def _knock(index: Index, query: Vectors, tally: "_Tally") -> None:
    """A search without a principal and one of an unknown tenant must be refused."""
    for nobody, refusal in ((None, AccessRefused), (Principal("mallory", STRANGER), UnknownTenant)):
        try:
            index.search(query, 1, nobody)  # type: ignore[arg-type]
        except refusal:
            continue
        tally.find("admitted", f"a search was not refused for principal {nobody!r}")


@dataclass
class _Tally:
    counts: dict[str, int] = field(default_factory=dict)
    examples: list[str] = field(default_factory=list)

    def find(self, what: str, example: str) -> None:
        self.counts[what] = self.counts.get(what, 0) + 1
        if len(self.examples) < _SHOWN:
            self.examples.append(f"{what}: {example}")

    def report(self) -> AuditReport:
        return AuditReport(**self.counts, examples=tuple(self.examples))


class _Truth:
    """Who may read what, and what is gone."""

    def __init__(self, chunks: Sequence[Chunk], deleted: frozenset[str]) -> None:
        self.chunks = {chunk.id: chunk for chunk in chunks}
        self.deleted = deleted
        self._living = np.array([chunk.document_id not in deleted for chunk in chunks])
        accesses = {access: number for number, access in enumerate(dict.fromkeys(chunk.access for chunk in chunks))}
        self._accesses: list[Access] = list(accesses)
        self._of_row = np.array([accesses[chunk.access] for chunk in chunks])

    def readable(self, principal: Principal) -> NDArray[np.bool_]:
        """Which rows the principal may read today."""
        allowed = np.array([principal.may_read(access) for access in self._accesses])
        found: NDArray[np.bool_] = allowed[self._of_row] & self._living
        return found

    def check(
        self, tally: _Tally, principal: Principal, answers: list[list[Passage]], expected: int, questions: int
    ) -> None:
        """Count what is wrong with the answers to a batch of questions."""
        tally.counts["pairs"] = tally.counts.get("pairs", 0) + questions
        allowed = {access for access in self._accesses if principal.may_read(access)}
        for answer in answers:
            if len(answer) < expected:
                tally.find("missing", f"{principal.name} got {len(answer)} passages and may read {expected}")
            for passage in answer:
                self._check_passage(tally, principal, allowed, passage)
            if len({passage.chunk.id for passage in answer}) < len(answer):
                tally.find("altered", f"{principal.name} got a passage twice")

    def _check_passage(self, tally: _Tally, principal: Principal, allowed: set[Access], passage: Passage) -> None:
        known = self.chunks.get(passage.chunk.id)
        if known is None or (known is not passage.chunk and known != passage.chunk):
            tally.find("altered", f"{principal.name} got {passage.chunk.id}, which is not as it was indexed")
        elif known.document_id in self.deleted:
            tally.find("deleted", f"{principal.name} got {known.id} of a deleted document")
        elif known.access not in allowed:
            tally.find("leaks", f"{principal.name} got {known.id}, which belongs to {known.access}")
