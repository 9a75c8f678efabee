"""The kinds of index a shard can be made of, with the settings that the course ships."""

from dataclasses import dataclass, fields

from labkit.errors import BadArgument, StateCorrupt
from labkit.scaling import require_number


@dataclass(frozen=True)
class Flat:
    """Compare every permitted vector with the query: exact, and the time grows with the corpus."""


@dataclass(frozen=True)
class IVF:
    """Inverted lists: vectors are put in lists around k-means centres, and a query reads the nearest lists only.

    Attributes:
        recall: Recall@10 to reach. How many lists a query reads is found when the lists are built. No question is
            known then, and questions lie farther from the texts than the texts from each other; so a sample of the
            texts stands in for them, each asking for its neighbours beyond the nearest hundredth of all texts. The
            least number of lists that holds this share of those neighbours is read. Questions that lie farther out
            still are found less well: measure with your own, and raise it.
        probes: Lists that a query reads, where you want to set it yourself.
        smallest: Texts of one access that are fewer than this are scanned exactly, which is faster.
    """

    recall: float = 0.985
    probes: int | None = None
    smallest: int = 1_500

    def __post_init__(self) -> None:
        require_number("recall", self.recall, above=0, most=1)
        if self.probes is not None:
            require_number("probes", self.probes, least=1)
        require_number("smallest", self.smallest, least=1)


@dataclass(frozen=True)
class HNSW:
    """A graph of near neighbours that a query walks (Malkov and Yashunin, 2016).

    Attributes:
        links: Neighbours kept per vector and layer (M).
        breadth: Candidates kept while searching (efSearch).
        building: Candidates kept while building (efConstruction).
        smallest: Texts of one access that are fewer than this are scanned exactly.
    """

    links: int = 32
    breadth: int = 128
    building: int = 128
    smallest: int = 1_500

    def __post_init__(self) -> None:
        for name in ("links", "breadth", "building", "smallest"):
            require_number(name, getattr(self, name), least=2 if name == "links" else 1)


Kind = Flat | IVF | HNSW
_KINDS: dict[str, type[Kind]] = {kind.__name__: kind for kind in (Flat, IVF, HNSW)}


def require_kind(kind: object) -> None:
    """Refuse what is none of the kinds."""
    if not isinstance(kind, Kind):
        raise BadArgument(f"kind is {kind!r}", remedy="give Flat(), IVF() or HNSW()")


def encode(kind: Kind) -> dict[str, object]:
    """The kind as plain values.

    >>> encode(Flat())
    {'name': 'Flat'}
    """
    return {"name": type(kind).__name__, **{field.name: getattr(kind, field.name) for field in fields(kind)}}


def decode(record: dict[str, object]) -> Kind:
    """The kind of which ``encode`` made the record.

    Raises:
        StateCorrupt: There is no such kind, or not with these settings.
    """
    given = {name: value for name, value in record.items() if name != "name"}
    try:
        return _KINDS[str(record["name"])](**given)  # type: ignore[arg-type]
    except (KeyError, TypeError, BadArgument) as error:
        raise StateCorrupt(
            f"the index is of kind {record!r}", remedy="build it anew, or use the labkit that wrote it"
        ) from error
