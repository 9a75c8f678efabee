"""The one wording in which plans ask for a fact: short, since what a model writes costs more than what it reads."""

from labkit.corpus import Relation

CANONICAL = {
    Relation.CLUSTER: "Which cluster runs {e}?",
    Relation.OWNER: "Which team owns {e}?",
    Relation.LATENCY: "What is the p99 latency objective of {e}?",
    Relation.QUOTA: "How many requests per minute may {e} send?",
    Relation.REPLICAS: "How many replicas has {e}?",
    Relation.RATE: "Requests per second per replica of {e}?",
    Relation.PRICE: "Price per replica-hour of {e}?",
    Relation.REGION: "In which region is {e}?",
    Relation.ON_CALL: "Who is on call for {e}?",
}
"""By relation; slot ``{e}``. Readers learn from them too (``wording.PLAIN``)."""


def canonical(relation: Relation, entity: str) -> str:
    """The question for a fact of an entity, as plans ask it.

    >>> canonical(Relation.REPLICAS, "kelmar-07")
    'How many replicas has kelmar-07?'
    """
    return CANONICAL[relation].format(e=entity)
