"""The cascade: a small model answers first, and a large one is asked only where the small one is not sure.

    question, passages -> small -> confidence >= threshold ? its answer : large -> answer

What makes it work is not that the small model is good but that it *knows* when it is not: its confidence has to be
calibrated (``labkit.costs.calibration``), and the threshold is chosen on questions of the train split
(``labkit.costs.thresholds``).

Source: P. Viola and M. Jones, "Rapid object detection using a boosted cascade of simple features", CVPR 2001, for the
idea; L. Chen, M. Zaharia and J. Zou, "FrugalGPT", 2023, for language models.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Protocol

from labkit.documents import UNKNOWN, Passage
from labkit.errors import BadArgument, StateCorrupt
from labkit.extraction import CourseReader, Extraction
from labkit.planning import Planned, Planner, Routed, Written, require_writer
from labkit.reading import Reading
from labkit.scaling import require_number
from labkit.serving import Chat, Completion, Message

COURSE_THRESHOLD = Path(__file__).with_name("threshold.json")


class Confident(Protocol):
    """A model that says how sure it is; ``labkit.extraction.ExtractiveReader`` is one."""

    def extract(self, question: str, passages: Sequence[Passage]) -> Extraction:
        """The best answer over the passages, and how sure it is, from 0 to 1."""
        ...


def course_threshold() -> float:
    """The threshold that ``bench/costs.py`` chose on the train split, and keeps beside this file.

    Raises:
        StateCorrupt: The file cannot be read.
    """
    try:
        return float(json.loads(COURSE_THRESHOLD.read_text())["threshold"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateCorrupt(
            f"{COURSE_THRESHOLD.name} cannot be read ({error!r})",
            remedy="run: git checkout labkit/costs, or: python bench/costs.py",
        ) from error


@dataclass(frozen=True)
class Cascade:
    """A small reader in front of a large model, as an application's model. Plans are the large one's.

    Attributes:
        large: Reads where the small one is not sure, and plans and routes.
        small: Reads first; whether it answers or says that no passage does, it says how sure it is.
        threshold: Confidence from which the small one is believed, from 0 (always) to 1; above 1 it never is.

    Raises:
        BadArgument: A threshold below 0.
    """

    large: Planner
    small: Confident = field(default_factory=CourseReader)
    threshold: float = field(default_factory=course_threshold)

    def __post_init__(self) -> None:
        require_number("threshold", self.threshold, least=0)

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Answer from the passages; tokens are those of both tiers where both have read."""
        if not passages:
            return Reading(UNKNOWN)
        found = self.small.extract(question, passages)
        if found.confidence >= self.threshold:
            return Reading(found.text, found.support, found.text, found.input_tokens)
        asked = self.large.read(question, passages)
        return replace(asked, input_tokens=asked.input_tokens + found.input_tokens)

    def plan(self, question: str) -> Planned:
        """Split a question into steps: the large model's work, since a plan stands in no passage."""
        return self.large.plan(question)

    def route(self, steps: Sequence[str]) -> Routed:
        """Choose a specialist for every step, with the large model."""
        return self.large.route(steps)

    def write(self, messages: Sequence[Message], max_tokens: int) -> Written:
        """Write the next turn of any conversation, with the large model.

        Raises:
            BadArgument: It cannot.
        """
        return require_writer(self.large).write(messages, max_tokens)


@dataclass(frozen=True)
class ChatCascade:
    """The same between any two models that write: how likely the first one thought its own words decides.

    The confidence is the mean log-probability of the reply's tokens: 0 is certain, -0.7 is a coin toss for each token.

    Attributes:
        small: Replies first, and reports log-probabilities: ``Endpoint(..., logprobs=True).chat``.
        large: Replies where the small one was unsure.
        threshold: Mean log-probability from which the small one is believed, at most 0.

    Raises:
        BadArgument: A threshold above 0.
    """

    small: Chat
    large: Chat
    threshold: float

    def __post_init__(self) -> None:
        require_number("threshold", self.threshold, most=0)

    def __call__(self, conversations: Sequence[Sequence[Message]], max_tokens: int = 48) -> list[Completion]:
        """Continue each conversation; tokens are those of both where both have replied.

        Raises:
            BadArgument: The small model reports no log-probabilities.
        """
        replies = self.small(conversations, max_tokens)
        unsure = [place for place, reply in enumerate(replies) if _logprob(reply) < self.threshold]
        again = self.large([conversations[place] for place in unsure], max_tokens) if unsure else []
        for place, reply in zip(unsure, again, strict=True):
            replies[place] = _together(replies[place], reply)
        return replies


def _logprob(reply: Completion) -> float:
    if reply.logprob is None:
        raise BadArgument(
            "the small model's reply has no log-probability", remedy="give a chat that asks: Endpoint(logprobs=True)"
        )
    return reply.logprob


def _together(first: Completion, second: Completion) -> Completion:
    """The second reply, with what both used."""
    return replace(
        second,
        input_tokens=first.input_tokens + second.input_tokens,
        output_tokens=first.output_tokens + second.output_tokens,
        cached_tokens=first.cached_tokens + second.cached_tokens,
    )
