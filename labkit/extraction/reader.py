"""Reading with the small tier: every passage by itself, then one answer over all of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import groupby
from pathlib import Path
from typing import Protocol

from labkit.documents import UNKNOWN, Passage
from labkit.extraction.pairs import Pair, PairEncoder
from labkit.extraction.spans import Logits, Span, best_span
from labkit.pretrained.span_reader import TEMPERATURE
from labkit.reading import Reading
from labkit.skills import newest_first

SURE = 0.995
"""Probability from which a passage is surely one that answers, so that a judge may stop."""

NEARLY = 0.5
"""Share of the best passage's score from which a younger one may be a correction of what answers."""


class SpanModel(Protocol):
    """Whatever gives start and end logits: vLLM's pooling runner, or torch in this process."""

    def logits(self, sequences: Sequence[Sequence[int]]) -> list[Logits]:
        """Logits of each token sequence, shape (its tokens, 2), in the order given."""
        ...


@dataclass(frozen=True)
class Extraction:
    """What the small reader found.

    Attributes:
        text: The span, or ``UNKNOWN``.
        confidence: Probability of what is said, from 0 to 1: of the span, or that no passage answers.
        support: The passage that holds the span; empty when the answer is ``UNKNOWN``.
        input_tokens: Tokens read, over all passages.
    """

    text: str
    confidence: float
    support: tuple[Passage, ...]
    input_tokens: int


@dataclass(frozen=True)
class ExtractiveReader:
    """The small reader as an application's model.

    Each passage is read by itself, and its softmax runs over its own spans and its own "no answer", so that
    confidences of different passages can be set side by side. Of the passages that more likely than not hold an answer,
    the youngest wins, and among those of one date the surest.

    Attributes:
        folder: The reader's folder (``labkit.pretrained.reader_folder()``), for its tokenizer.
        model: Where logits come from.
        temperature: Of the softmax; fitted on training questions and kept in the reader's ``config.json``.
        threshold: Probability of all its spans together above which a passage counts as holding an answer.
    """

    folder: Path
    model: SpanModel
    temperature: float = 1.0
    threshold: float = 0.5

    @classmethod
    def of(cls, folder: Path, model: SpanModel) -> "ExtractiveReader":
        """The reader of a folder, with the temperature that its ``config.json`` states."""
        return cls(folder, model, float(json.loads((folder / "config.json").read_text())[TEMPERATURE]))

    def extract(self, question: str, passages: Sequence[Passage]) -> Extraction:
        """The best answer over the passages, and how sure it is; none older than one that answers is read."""
        tokens, silent = 0, 1.0
        for _, dated in groupby(newest_first(passages), key=lambda passage: passage.chunk.updated):
            rivals = tuple(dated)
            pairs, spans = self._spans(question, rivals)
            tokens += sum(len(pair.ids) for pair in pairs)
            answering = [place for place, span in enumerate(spans) if self._holds(span)]
            if answering:
                chosen = max(answering, key=lambda place: spans[place].probability)
                start, end = pairs[chosen].characters(spans[chosen].start, spans[chosen].end)
                text = rivals[chosen].chunk.text[start:end]
                return Extraction(text, spans[chosen].probability, (rivals[chosen],), tokens)
            # Nobody answers only if every single passage does not: the least sure "no answer" bounds them all.
            silent = min(silent, *(span.no_answer for span in spans))
        return Extraction(UNKNOWN, silent, (), tokens)

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Answer from the passages; the span stands in its passage by construction."""
        found = self.extract(question, passages)
        return Reading(found.text, found.support, found.text, found.input_tokens)

    def holding(self, question: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Those passages that more likely than not hold an answer: the sure ones, youngest first, then by likelihood.

        They are read one by one. Once one is surely an answer, only those are read that may correct it: younger ones
        with nearly the score of the best.

        Args:
            question: The question.
            passages: Likeliest first by some cheaper measure, which is their score.
        """
        read: dict[int, Span] = {}
        for place, passage in enumerate(passages):
            [read[place]] = self._spans(question, [passage])[1]
            if _surely(read[place]):
                least = NEARLY * max(each.score for each in passages)
                rest = [other for other in range(len(passages)) if other not in read and passages[other].score >= least]
                newer = [other for other in rest if newest_first([passage, passages[other]])[0] is not passage]
                spans = self._spans(question, [passages[other] for other in newer])[1]
                read.update(zip(newer, spans, strict=True))
                break
        likely = sorted(read, key=lambda place: read[place].no_answer)
        sure = newest_first([passages[place] for place in likely if _surely(read[place])])
        held = [passages[place] for place in likely if self._holds(read[place])]
        return (*sure, *held[len(sure) :])

    def _spans(self, question: str, passages: Sequence[Passage]) -> tuple[list[Pair], list[Span]]:
        """What the model was given, and the best span of each passage."""
        if not passages:
            return [], []
        pairs = self._encode(question, [passage.chunk.text for passage in passages])
        logits = self.model.logits([pair.ids for pair in pairs])
        return pairs, [
            best_span(scores, pair.first, pair.last, self.temperature)
            for pair, scores in zip(pairs, logits, strict=True)
        ]

    def _holds(self, span: Span) -> bool:
        return span.no_answer < 1 - self.threshold

    @cached_property
    def _encode(self) -> PairEncoder:
        return PairEncoder(self.folder)


def _surely(span: Span) -> bool:
    return span.no_answer <= 1 - SURE
