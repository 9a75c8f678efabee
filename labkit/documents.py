"""The few types that every layer of the course passes to the next.

    documents -> chunks -> (vectors, index) -> passages -> answer with citations and a trace

All are frozen, so a layer can hand them over without fear of what the next one does to them.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date

from labkit.tables import Table

UNKNOWN = "unknown"
"""The text of an answer that abstains."""


@dataclass(frozen=True)
class Access:
    """Who may read a text.

    Attributes:
        tenant: The owning tenant, or None for a text shared by all tenants.
        groups: Groups of that tenant that may read it; empty means every member of the tenant.
    """

    tenant: str | None = None
    groups: frozenset[str] = frozenset()


SHARED = Access()


@dataclass(frozen=True)
class Principal:
    """The one who asks. Everything below the agent is filtered by this, and nothing can change it.

    >>> Principal("ada", "acme").may_read(Access("acme"))
    True
    >>> Principal("ada", "acme").may_read(Access("acme", frozenset({"finance"})))
    False

    Attributes:
        name: For logs and traces only; grants nothing.
        tenant: The tenant the principal belongs to.
        groups: The groups within that tenant.
    """

    name: str
    tenant: str
    groups: frozenset[str] = frozenset()

    def may_read(self, access: Access) -> bool:
        """Whether a text with this access may be shown: shared, or own tenant and (no groups, or one in common)."""
        if access.tenant is None:
            return True
        return access.tenant == self.tenant and (not access.groups or not access.groups.isdisjoint(self.groups))


@dataclass(frozen=True)
class Document:
    """One source text.

    Attributes:
        id: Unique in its corpus and stable between runs.
        text: Plain text, after parsing.
        title: For people; may be empty.
        source: Where it came from (a path, a URL, a generator's page name); what a citation shows.
        access: Who may read it.
        updated: The date the text states for itself, if any; newer wins where two texts contradict.
    """

    id: str
    text: str
    title: str = ""
    source: str = ""
    access: Access = SHARED
    updated: date | None = None


@dataclass(frozen=True)
class Chunk:
    """A stretch of one document: ``document.text[start:end] == text``.

    Attributes:
        id: ``document_id#start``, unique and stable.
        document_id: The document it was cut from.
        text: The stretch itself.
        start: First character in the document's text.
        end: One past the last character.
        source: The document's source, carried along for citations.
        access: The document's access, carried along for the index.
        updated: The document's date, carried along for the reader.
    """

    id: str
    document_id: str
    text: str
    start: int
    end: int
    source: str = ""
    access: Access = SHARED
    updated: date | None = None

    @classmethod
    def cut(cls, document: Document, start: int, end: int) -> "Chunk":
        """The chunk of ``document`` from character ``start`` up to, not including, ``end``."""
        return cls(
            id=f"{document.id}#{start}",
            document_id=document.id,
            text=document.text[start:end],
            start=start,
            end=end,
            source=document.source or document.id,
            access=document.access,
            updated=document.updated,
        )


@dataclass(frozen=True)
class Passage:
    """A chunk that a search returned, with its score (cosine similarity; higher is nearer)."""

    chunk: Chunk
    score: float


@dataclass(frozen=True)
class Citation:
    """A place that supports an answer: ``source`` holds the stated text from ``start`` to ``end`` (characters)."""

    document_id: str
    source: str
    start: int
    end: int

    @classmethod
    def of(cls, chunk: Chunk) -> "Citation":
        """Cite a whole chunk."""
        return cls(chunk.document_id, chunk.source, chunk.start, chunk.end)


@dataclass(frozen=True)
class Step:
    """One thing an application did on the way to an answer.

    Attributes:
        name: What was done: ``retrieve``, ``read``, ``calculate``, ...
        given: What went in, as text for people.
        result: What came out, as text for people.
        seconds: Wall-clock time.
        input_tokens: Tokens the model read (0 where no model was called). Those that a judge read within a search are
            not among them: a meter counts them (``labkit.costs``).
        output_tokens: Tokens the model wrote.
        found: The passages that a search returned, nearest first. They are for whoever looks into a failure, and what
            is shown of a step leaves them out.
    """

    name: str
    given: str
    result: str
    seconds: float = 0.0
    input_tokens: int = 0
    output_tokens: int = 0
    found: tuple[Passage, ...] = field(default=(), repr=False)

    @property
    def documents(self) -> tuple[str, ...]:
        """Ids of the documents that a search returned, one a passage."""
        return tuple(passage.chunk.document_id for passage in self.found)


@dataclass(frozen=True)
class Trace:
    """All the steps of one answer, in order."""

    steps: tuple[Step, ...] = ()

    @property
    def calls(self) -> int:
        """How many steps called a model."""
        return sum(1 for step in self.steps if step.input_tokens or step.output_tokens)

    @property
    def input_tokens(self) -> int:
        """Tokens read by models over all steps."""
        return sum(step.input_tokens for step in self.steps)

    @property
    def output_tokens(self) -> int:
        """Tokens written by models over all steps."""
        return sum(step.output_tokens for step in self.steps)

    @property
    def seconds(self) -> float:
        """Wall-clock seconds over all steps."""
        return sum(step.seconds for step in self.steps)

    @property
    def documents(self) -> tuple[str, ...]:
        """Ids of the documents that searches returned over all steps, one a passage."""
        return tuple(document for step in self.steps for document in step.documents)

    def table(self) -> Table:
        """The steps as a table, a row a step."""
        rows = (
            (step.name, step.given, step.result, f"{step.input_tokens} + {step.output_tokens}", f"{step.seconds:.3f}")
            for step in self.steps
        )
        return Table(("step", "given", "result", "tokens", "seconds"), tuple(rows))

    def __str__(self) -> str:
        return "\n".join(
            f"{step.name:<10}{step.given}\n{'->':>9} {step.result}  [{step.seconds * 1000:.1f} ms"
            + (f", {step.input_tokens} + {step.output_tokens} tokens]" if step.input_tokens else "]")
            for step in self.steps
        )


@dataclass(frozen=True)
class Answer:
    """What an application says, what supports it, and how it got there.

    Attributes:
        text: The answer, or ``UNKNOWN`` when the application abstains.
        citations: Places whose text supports the answer; empty when it abstains.
        trace: The steps taken.
        failure: What kept an application that abstains from doing its work: a tool that failed, a limit, a plan that
            runs in a circle. Empty where it answered, and where the evidence simply is not there.
    """

    text: str
    citations: tuple[Citation, ...] = ()
    trace: Trace = field(default_factory=Trace)
    failure: str = ""

    @property
    def abstained(self) -> bool:
        """Whether the application said that it does not know."""
        return self.text == UNKNOWN


def tenants(documents: Iterable[Document | Chunk]) -> frozenset[str]:
    """The tenants that own at least one of the texts."""
    return frozenset(item.access.tenant for item in documents if item.access.tenant is not None)
