"""A corpus, a load, and what is asked of the whole: the numbers that you state."""

from dataclasses import dataclass

from labkit.scaling import require_number

DIMENSION = 384
FLOAT_BYTES = 4


@dataclass(frozen=True)
class Scenario:
    """What a system is to carry. None of these numbers is measured: they are yours.

    Attributes:
        shared_pages: Pages that every tenant may read.
        pages_per_tenant: Pages that belong to one tenant, on average.
        tenants: How many.
        tasks_per_second: Tasks that arrive, over all tenants.
        chunks_per_page: Chunks that a page is cut into.
        tokens_per_chunk: Tokens that the encoder reads of one.
        searches: Searches of one task.
        calls: Model calls of one task, each as large as those that the serving rate was measured with.
        chained: Share of tasks that need a second fact, which the first one names.
        both_skills: Share of tasks that need arithmetic on what was read.
        success: Share of tasks that must succeed, below 1.
        refresh_hours: Within how many hours the whole corpus must be chunked and encoded anew.
        node_gib: Memory of a node for vectors.
        utilisation: Share of the time that a core may be busy, below 1; the rest keeps the queue short.
        dollars_per_task: What the tokens of one task cost.
        dollars_per_hour: The budget for tokens.
        dollars_per_core_hour: What a core costs.

    Raises:
        BadArgument: A number is out of its bounds.
    """

    shared_pages: float
    pages_per_tenant: float
    tenants: int
    tasks_per_second: float
    chunks_per_page: float = 4.0
    tokens_per_chunk: float = 100.0
    searches: float = 2.0
    calls: float = 4.0
    chained: float = 0.4
    both_skills: float = 0.1
    success: float = 0.8
    refresh_hours: float = 24.0
    node_gib: float = 16.0
    utilisation: float = 0.7
    dollars_per_task: float = 0.001
    dollars_per_hour: float = 20.0
    dollars_per_core_hour: float = 0.05

    def __post_init__(self) -> None:
        require_number("tenants", self.tenants, least=1)
        for name in ("shared_pages", "pages_per_tenant", "searches", "calls", "dollars_per_task"):
            require_number(name, getattr(self, name), least=0)
        for name in ("tasks_per_second", "chunks_per_page", "tokens_per_chunk", "refresh_hours", "node_gib"):
            require_number(name, getattr(self, name), above=0)
        for name in ("dollars_per_hour", "dollars_per_core_hour"):
            require_number(name, getattr(self, name), above=0)
        for name in ("chained", "both_skills"):
            require_number(name, getattr(self, name), least=0, most=1)
        require_number("pages", self.pages, above=0)
        require_number("success", self.success, above=0, below=1)
        require_number("utilisation", self.utilisation, above=0, below=1)
        require_number("chained + both_skills", self.chained + self.both_skills, most=1)

    @property
    def pages(self) -> float:
        """All pages."""
        return self.shared_pages + self.tenants * self.pages_per_tenant

    @property
    def vectors(self) -> float:
        """One a chunk."""
        return self.pages * self.chunks_per_page

    @property
    def vectors_of_one_tenant(self) -> float:
        """What a search has to look through: the shared ones and those of the asker's own tenant."""
        return (self.shared_pages + self.pages_per_tenant) * self.chunks_per_page

    @property
    def vector_gib(self) -> float:
        """Memory of all vectors as float32."""
        return self.vectors * DIMENSION * FLOAT_BYTES / 2**30

    @property
    def tokens(self) -> float:
        """What the encoder has to read of the whole corpus."""
        return self.vectors * self.tokens_per_chunk
