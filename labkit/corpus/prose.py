"""What stands on a page around its facts: titles, headings, openings, lists and sentences that state nothing asked."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from labkit.corpus.layout import PageKind


class Topic(StrEnum):
    """What a filler sentence is about, and so on which pages it fits."""

    SERVICE = "service"
    CLUSTER = "cluster"
    TEAM = "team"
    TENANT = "tenant"
    GENERAL = "general"


TOPIC_OF = {
    PageKind.SERVICE: Topic.SERVICE,
    PageKind.RUNBOOK: Topic.CLUSTER,
    PageKind.PRICES: Topic.CLUSTER,
    PageKind.ROSTER: Topic.TEAM,
    PageKind.MIGRATION: Topic.SERVICE,
    PageKind.OLD_RUNBOOK: Topic.CLUSTER,
    PageKind.DEPLOYMENT: Topic.TENANT,
    PageKind.CONTRACT: Topic.TENANT,
    PageKind.INCIDENT: Topic.SERVICE,
    PageKind.MEETING: Topic.CLUSTER,
    PageKind.CAPACITY: Topic.CLUSTER,
    PageKind.GENERAL: Topic.GENERAL,
}


@dataclass(frozen=True)
class Section:
    """What one sort of page is built from; ``{name}`` is its subject.

    Attributes:
        titles: Alternative titles.
        openings: Alternative first sentences.
        headings: Headings of its three parts: facts in sentences, facts in lists and tables, other matters.
        listed: Items for the list of other matters.
    """

    titles: tuple[str, ...]
    openings: tuple[str, ...]
    headings: tuple[str, str, str]
    listed: tuple[str, ...]


@dataclass(frozen=True)
class Prose:
    """The prose of one split.

    Attributes:
        sections: What each sort of page is built from.
        fillers: Sentences that state no relation of ``labkit.corpus.facts``; slots ``{name}`` and ``{n}``.
        updated: How a page gives its date; slot ``{date}``.
        columns: Headings of a table of facts: entity, attribute, value.
    """

    sections: Mapping[PageKind, Section]
    fillers: Mapping[Topic, tuple[str, ...]]
    updated: tuple[str, ...]
    columns: tuple[str, str, str]
