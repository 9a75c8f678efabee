"""The plans of calculations that multiply two facts of a cluster."""

from canonical import canonical

from labkit.corpus import Relation
from labkit.skills import Plan
from labkit.tasks.questions import Sum

FACTORS = {
    Sum.CAPACITY: (Relation.REPLICAS, Relation.RATE),
    Sum.HOURLY_COST: (Relation.REPLICAS, Relation.PRICE),
    Sum.DAILY_COST: (Relation.REPLICAS, Relation.PRICE),
}
_ENDINGS = {Sum.CAPACITY: "", Sum.HOURLY_COST: "", Sum.DAILY_COST: " * 24"}


def product_of(arithmetic: Sum, cluster: str) -> Plan:
    """The product of a cluster's own facts."""
    steps = (canonical(relation, cluster) for relation in FACTORS[arithmetic])
    return Plan((*steps, "#1 * #2" + _ENDINGS[arithmetic]))


def product_served(arithmetic: Sum, service: str) -> Plan:
    """The product of the facts of the cluster that a service runs on."""
    steps = (canonical(relation, "#1") for relation in FACTORS[arithmetic])
    return Plan((canonical(Relation.CLUSTER, service), *steps, "#2 * #3" + _ENDINGS[arithmetic]))
