"""The two tools of layer 5: a search that is bound to its principal, and the calculator."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Annotated

from pydantic import Field, InstanceOf

from labkit.agents import Retriever
from labkit.documents import Passage, Principal
from labkit.errors import AccessRefused
from labkit.orchestrator.calculator import LONGEST, calculate
from labkit.orchestrator.tools import Form, Tool

LONGEST_QUERY = 2_000


class Query(Form):
    """What to search for, and how many passages at most."""

    query: Annotated[str, Field(min_length=1, max_length=LONGEST_QUERY, description="what to look for, in words")]
    k: Annotated[int, Field(ge=1, le=100)] = 2


class Found(Form):
    """The passages, nearest first."""

    passages: tuple[InstanceOf[Passage], ...]


class Sum(Form):
    """Arithmetic, written out."""

    expression: Annotated[str, Field(min_length=1, max_length=LONGEST, description="such as 8 * 2.40")]


class Value(Form):
    """Its result."""

    value: Annotated[Decimal, Field(allow_inf_nan=False)]


@dataclass(frozen=True)
class Toolbox:
    """What specialists may use on behalf of one principal.

    Attributes:
        search: Finds passages that the principal may read.
        calculate: Works out arithmetic.
    """

    search: Tool[Query, Found]
    calculate: Tool[Sum, Value]

    @classmethod
    def of(cls, retrieve: Retriever, principal: Principal, seconds: float = 30.0, tries: int = 2) -> "Toolbox":
        """The tools of one principal.

        Nothing in a request names a principal, so no text can ask on behalf of another; and a passage that the
        principal may not read ends the run, should the index ever return one.

        Args:
            retrieve: The application's retriever.
            principal: The one who asks.
            seconds: Time that one try of a tool may take.
            tries: How often a tool is run at most.
        """

        def search(asked: Query) -> Found:
            passages = tuple(retrieve(asked.query, asked.k, principal))
            if not all(principal.may_read(one.chunk.access) for one in passages if isinstance(one, Passage)):
                raise AccessRefused(
                    "the search returned a passage that its principal may not read", remedy="mend the index's filter"
                )
            return Found.model_validate({"passages": passages})

        return cls(
            Tool("search", "finds passages of the documents", Query, Found, search, seconds, tries),
            Tool(
                "calculate",
                "works out arithmetic",
                Sum,
                Value,
                lambda asked: Value(value=calculate(asked.expression)),
                seconds,
                tries,
            ),
        )
