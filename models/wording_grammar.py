"""The parts that wordings are put together from, so that a planner learns what the parts mean and not whole templates.

They are kept in ``wordings/``, a file a table. A form holds slots in square brackets (``slots.json`` has what may stand
there; those in "_q" open questions with a question mark, "lead" may open any) and ``{e}``, the name asked about, or
``{e}`` and ``{o}``.
"""

import json
from pathlib import Path

from labkit.corpus import Relation
from labkit.tasks.questions import Sum

Forms = tuple[str, ...]


def _table(name: str) -> dict[str, Forms]:
    kept: dict[str, list[str]] = json.loads((Path(__file__).parent / "wordings" / f"{name}.json").read_text())
    return {key: tuple(forms) for key, forms in kept.items()}


def _path(key: str) -> tuple[Relation, Relation]:
    first, second = key.split()
    return Relation(first), Relation(second)


SLOTS = _table("slots")
"""The alternatives of each slot."""

ASKED = {Relation(key): forms for key, forms in _table("facts").items()}
"""Forms of questions for one fact. In the few with "cluster {e}", "service {e}" or "team {e}", it must be a name."""

PHRASES_MADE = {Relation(key): forms for key, forms in _table("phrases").items()}
"""Forms of noun phrases for the cluster or the team of a service, to stand where a name would."""

CHAINS = {_path(key): forms for key, forms in _table("chains").items()}
"""Forms of questions for a fact about the cluster or the team of a service, which is described within."""

SUMS = {Sum(key): forms for key, forms in _table("sums").items()}
"""Forms of calculations. Where ``{e}`` or ``{o}`` stands, a name fits as well as a phrase of ``PHRASES_MADE``."""

SUMS_NAMED = {Sum(key): forms for key, forms in _table("sums_named").items()}
"""Forms in which only an adjective says that all replicas are meant; ``{e}`` must be the name of a cluster."""

SUMS_SERVED = {Sum(key): forms for key, forms in _table("sums_served").items()}
"""Forms of calculations on the cluster of a service, the cluster being described within; ``{e}`` is the service."""

STATED = {Relation(key): forms for key, forms in _table("statements").items()}
"""Forms of sentences that state a fact: the value is ``{v}``, and no full stop ends them."""

LABELS = {Relation(key): labels for key, labels in _table("labels").items()}
"""Names of a fact as they stand in the rows of tables and the items of lists."""

BULLETS = _table("bullets")["item"]
"""Forms of a list's items: ``{label}``, ``{e}`` and the value, ``{v}``, in any order."""

BESIDE = _table("near_misses")
"""Sentences about a service, a cluster or a team that state none of its facts.

``{x}`` is a number; ``{p}``, ``{t}``, ``{c}`` and ``{r}`` are the names of a person, a team, a cluster and a region.
"""

OTHERS = _table("other_labels")
"""Labels of what is none of the facts, by what they are about and the slot of their value: ``cluster x``."""
