"""Task sets from a handbook: as many of each kind as asked for, never fewer."""

from collections.abc import Iterable, Iterator

from labkit.corpus.draws import Draws, Permutation
from labkit.corpus.generator import Handbook
from labkit.corpus.names import Entity
from labkit.corpus.world import World
from labkit.errors import BadArgument
from labkit.tasks.chains import Chain, absent_chain, private_chains, shared_chains
from labkit.tasks.drafting import QUESTIONS, Draft, Drafter
from labkit.tasks.task import Kind, Task

HANDBOOK_KINDS = tuple(kind for kind in Kind if kind is not Kind.MULTI_HOP)
"""The kinds of task that a handbook supports."""

_SCATTERED = frozenset({Kind.TWO_HOP, Kind.THREE_HOP})
"""Kinds whose facts must not all stand on one page, or a single retrieval would do."""


def handbook_tasks(corpus: Handbook, kinds: Iterable[Kind | str], count: int, seed: int) -> tuple[Task, ...]:
    """Set tasks on a handbook, in the wordings of the handbook's own split.

    >>> from labkit.corpus import handbook
    >>> tasks = handbook_tasks(handbook(pages=60, tenants=2, seed=1), ["one_hop", "forbidden"], count=2, seed=5)
    >>> [str(task.kind) for task in tasks]
    ['one_hop', 'forbidden', 'one_hop', 'forbidden']

    Args:
        corpus: The handbook.
        kinds: Which kinds of task, each at most once.
        count: How many tasks of *each* kind, at least 1.
        seed: Another seed picks other entities, wordings and principals.

    Returns:
        ``count`` tasks of each kind, the kinds taking turns, no question twice within a kind. Entities are used up
        before a wording is: tasks repeat an entity only when there are more of them than parts of the handbook.

    Raises:
        BadArgument: A kind is unknown or repeated, the count is below 1, or the handbook does not hold so many
            different questions of a kind.
    """
    chosen = [_kind(kind) for kind in kinds]
    if not chosen or len(set(chosen)) < len(chosen):
        raise BadArgument(f"kinds is {[str(kind) for kind in chosen]}", remedy="name at least one, and none twice")
    if count < 1:
        raise BadArgument(f"count is {count}", remedy="ask for at least 1 task of each kind")
    if Kind.FORBIDDEN in chosen and corpus.owning_tenants < 2:
        raise BadArgument(
            f"the handbook has {len(corpus.tenants)} tenant",
            remedy="forbidden tasks take two; make it with tenants=2 or more",
        )
    draws = Draws(f"tasks {corpus.split} {corpus.seed} {seed}")
    drafter = Drafter(corpus, draws)
    columns = [_of_kind(corpus, kind, count, draws, drafter) for kind in chosen]
    prefix = f"{corpus.split}-{corpus.seed}-{seed}"
    return tuple(
        drafter.task(draft, f"{prefix}-{draft.kind}-{number:05d}")
        for number, row in enumerate(zip(*columns, strict=True))
        for draft in row
    )


def _kind(name: Kind | str) -> Kind:
    if name not in set(HANDBOOK_KINDS):
        raise BadArgument(f"kind is {str(name)!r}", remedy=f"choose from {', '.join(HANDBOOK_KINDS)}")
    return Kind(name)


def _of_kind(corpus: Handbook, kind: Kind, count: int, draws: Draws, drafter: Drafter) -> list[Draft]:
    drafts = [draft for draft, _ in zip(_drafts(corpus, kind, draws, drafter), range(count), strict=False)]
    if len(drafts) < count:
        raise BadArgument(
            f"count is {count}, and this handbook holds {len(drafts)} different questions of kind {str(kind)!r}",
            remedy=f"ask for at most {len(drafts)}, or make a handbook of more than {len(corpus)} pages",
        )
    return drafts


def _drafts(corpus: Handbook, kind: Kind, draws: Draws, drafter: Drafter) -> Iterator[Draft]:
    """One question from every cell in a random order, then a second one from every cell, and so on."""
    cells = corpus.world.cells
    order = Permutation(cells, draws, "order", kind)
    streams: Iterable[Iterator[Draft]] = (
        _of_cell(corpus, kind, order(number), draws, drafter) for number in range(cells)
    )
    while streams:
        unspent = []
        for stream in streams:
            if (draft := next(stream, None)) is not None:
                unspent.append(stream)
                yield draft
        streams = unspent


def _of_cell(corpus: Handbook, kind: Kind, cell: int, draws: Draws, drafter: Drafter) -> Iterator[Draft]:
    """All questions of a kind from one cell in random order; each is checked only when its turn comes."""
    questions = QUESTIONS[corpus.split]
    drafts = [
        Draft(kind, chain, wording)
        for chain in _chains(corpus.world, kind, cell)
        for wording in chain.wordings(questions)
    ]
    draws.generator("turns", kind, cell).shuffle(drafts)
    return (draft for draft in drafts if _fits(draft, drafter))


def _chains(world: World, kind: Kind, cell: int) -> Iterator[Chain]:
    """The chains of a cell that may make a task of this kind."""
    if kind is Kind.UNANSWERABLE:
        yield absent_chain(world, cell)
    yield from (chain for chain in shared_chains(world, cell) if kind in {Kind.UNANSWERABLE, chain.shape})
    yield from (chain for chain in private_chains(world, cell) if kind in {Kind.FORBIDDEN, chain.shape})


def _fits(draft: Draft, drafter: Drafter) -> bool:
    """Whether the facts of the chain are stated as this kind of task takes it."""
    stated = [drafter.stated(link) for link in draft.chain.links]
    if draft.kind is Kind.UNANSWERABLE:
        # Short of its last fact alone: what comes before can be found and leads nowhere.
        return draft.chain.subject.entity is Entity.ABSENT or stated == [True] * (len(stated) - 1) + [False]
    return all(stated) and (draft.kind not in _SCATTERED or not drafter.on_one_page(draft.chain))
