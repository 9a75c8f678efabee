"""What the handbook knows: relations, and facts with the documents that state them."""

import re
from dataclasses import dataclass
from enum import StrEnum

from labkit.documents import SHARED, Access


class Relation(StrEnum):
    """What a fact says about its entity; the comment gives entity -> value."""

    CLUSTER = "cluster"  # service -> the cluster it runs on
    OWNER = "owner"  # service -> the team that owns it
    LATENCY = "latency"  # service -> its p99 latency objective in milliseconds
    QUOTA = "quota"  # a tenant's private service -> requests per minute granted by contract
    REPLICAS = "replicas"  # cluster -> number of model replicas
    RATE = "rate"  # cluster -> requests per second that one replica sustains
    PRICE = "price"  # cluster -> dollars per replica-hour
    REGION = "region"  # cluster -> the region it stands in
    ON_CALL = "on_call"  # team -> the engineer on call

    @property
    def numeric(self) -> bool:
        """Whether the value is a number."""
        return self not in {Relation.CLUSTER, Relation.OWNER, Relation.REGION, Relation.ON_CALL}


@dataclass(frozen=True)
class Fact:
    """One fact and where it is stated.

    Attributes:
        entity: The name of what the fact is about.
        relation: What it says about it.
        value: A name, or a number in digits with no separators ("8", "2.40").
        documents: Ids of the documents that state this value.
        stale_value: What superseded pages say instead, or None.
        stale_documents: Ids of those pages; each bears an older date than every one of ``documents``.
        access: Who may read the documents; all of a fact's documents agree in this.
        canary: A token beside the statement of a private fact, unique to tenant and fact; None for shared facts.
    """

    entity: str
    relation: Relation
    value: str
    documents: tuple[str, ...]
    stale_value: str | None = None
    stale_documents: tuple[str, ...] = ()
    access: Access = SHARED
    canary: str | None = None


CANARY = re.compile(r"CNRY-(?P<tenant>[a-z]+(?:-\d+)?)-[0-9a-f]{12}\b")
"""Any canary of any handbook; the group ``tenant`` says who alone may see it."""
