"""The handbook: the internal operations handbook of a fictional company, at any size, with ground truth."""

from collections.abc import Iterator, Sequence
from typing import overload

from labkit.corpus.ground_truth import Facts
from labkit.corpus.layout import PAGES_PER_CELL, Layout
from labkit.corpus.names import MAX_INDEX, Entity, Split
from labkit.corpus.phrasebook import PHRASES, PROSE
from labkit.corpus.rendering import Renderer
from labkit.corpus.world import World
from labkit.documents import Document, Principal
from labkit.errors import BadArgument, UnknownTenant

MIN_PAGES, MAX_PAGES = PAGES_PER_CELL, 100_000
MAX_TENANTS = MAX_INDEX


class Handbook(Sequence[Document]):
    """A sequence of documents of which none is held in memory: each is written when it is asked for.

    Made by :func:`handbook`. Two handbooks with the same arguments are equal byte for byte, in any process.

    Attributes:
        seed: What decided names, values and wordings.
        split: Which half of the names and wordings it is made of.
        tenants: Names of all tenants. In a handbook with fewer private pages than tenants some own nothing.
        facts: The ground truth.
    """

    def __init__(self, pages: int, tenants: int, seed: int, split: Split) -> None:
        self.seed, self.split = seed, split
        self._world = World(pages // PAGES_PER_CELL, tenants, seed, split)
        self._layout = Layout(self._world, pages)
        self._renderer = Renderer(self._world, PHRASES[split], PROSE[split])
        self.tenants = tuple(self._world.names.of(Entity.TENANT, index) for index in range(tenants))
        self.facts = Facts(self._layout, self.document_id)

    def __repr__(self) -> str:
        return f"handbook(pages={len(self)}, tenants={len(self.tenants)}, seed={self.seed}, split={str(self.split)!r})"

    def __reduce__(self) -> tuple[object, ...]:
        """Pickle by the arguments: a handbook of any size crosses to a Ray worker in a few bytes."""
        return Handbook, (len(self), len(self.tenants), self.seed, self.split)

    def __len__(self) -> int:
        return self._layout.pages

    def __iter__(self) -> Iterator[Document]:
        return map(self.page, range(len(self)))

    @overload
    def __getitem__(self, index: int) -> Document: ...

    @overload
    def __getitem__(self, index: slice) -> tuple[Document, ...]: ...

    def __getitem__(self, index: int | slice) -> Document | tuple[Document, ...]:
        numbers = range(len(self))[index]
        return self.page(numbers) if isinstance(numbers, int) else tuple(map(self.page, numbers))

    def page(self, number: int) -> Document:
        """One page by its number, written in a time that does not depend on the size of the handbook.

        Raises:
            BadArgument: There is no such page.
        """
        if not 0 <= number < len(self):
            raise BadArgument(f"page number is {number}", remedy=f"give one from 0 to {len(self) - 1}")
        plan = self._layout.plan(number)
        title, text = self._renderer.render(plan)
        return Document(
            id=self.document_id(number),
            text=text,
            title=title,
            source=f"handbook/{plan.kind}/{number:06d}.md",
            access=plan.access,
            updated=plan.updated,
        )

    def document_id(self, number: int) -> str:
        """The id of a page.

        >>> handbook(pages=6, tenants=1, seed=0).document_id(4)
        'heldout-000004'
        """
        return f"{self.split}-{number:06d}"

    @property
    def world(self) -> World:
        """What is true in this handbook, by entity number."""
        return self._world

    @property
    def owning_tenants(self) -> int:
        """How many tenants own at least one page."""
        return min(len(self.tenants), self._world.private_pages)

    def principal(self, tenant: str, groups: frozenset[str] = frozenset()) -> Principal:
        """A reader who belongs to a tenant, and to no group of it unless groups are given.

        Raises:
            UnknownTenant: The handbook has no such tenant.
        """
        if tenant not in self.tenants:
            named = ", ".join(self.tenants[:5])
            raise UnknownTenant(f"tenant is {tenant!r}", remedy=f"choose one of handbook.tenants, such as {named}")
        return Principal(f"reader@{tenant}", tenant, groups)


def handbook(pages: int, tenants: int, seed: int, split: Split | str = Split.HELDOUT) -> Handbook:
    """Make a handbook.

    >>> book = handbook(pages=60, tenants=3, seed=7)
    >>> len(book), len(book.tenants), book[0] == book.page(0)
    (60, 3, True)

    Args:
        pages: How many pages, from 6 to 100,000. From 6 pages on, every kind of task can be set.
        tenants: How many tenants, from 1 to 100,000. Forbidden tasks take at least 2.
        seed: Any whole number; another one gives another company.
        split: ``train`` for what models learn from, ``heldout`` for what they are measured on. The two share
            neither names nor wordings.

    Returns:
        The handbook: a sequence of documents with ``facts`` and ``tenants``.

    Raises:
        BadArgument: A number is out of its range or the split is unknown.
    """
    if not MIN_PAGES <= pages <= MAX_PAGES:
        raise BadArgument(f"pages is {pages}", remedy=f"give a number from {MIN_PAGES} to {MAX_PAGES}")
    if not 1 <= tenants <= MAX_TENANTS:
        raise BadArgument(f"tenants is {tenants}", remedy=f"give a number from 1 to {MAX_TENANTS}")
    if split not in set(Split):
        raise BadArgument(f"split is {split!r}", remedy=f"choose one of {', '.join(Split)}")
    return Handbook(pages, tenants, seed, Split(split))
