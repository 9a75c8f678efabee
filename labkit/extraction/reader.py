"""Reading with the small tier: every passage by itself, then one answer over all of them."""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

from labkit.documents import UNKNOWN, Passage
from labkit.extraction.pairs import Pair, PairEncoder
from labkit.extraction.spans import Logits, Span, best_span
from labkit.pretrained.span_reader import TEMPERATURE
from labkit.reading import Reading
from labkit.skills import newest_first


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
        """The best answer over the passages, and how sure it is."""
        ordered = newest_first(passages)
        pairs = self.pairs(question, ordered)
        return self.decide(ordered, pairs, self.model.logits([pair.ids for pair in pairs]))

    def pairs(self, question: str, passages: Sequence[Passage]) -> list[Pair]:
        """What the model is to be given: one pair a passage."""
        return self._encode(question, [passage.chunk.text for passage in passages])

    def decide(self, passages: Sequence[Passage], pairs: Sequence[Pair], logits: Sequence[Logits]) -> Extraction:
        """The answer from logits that are there already; passages youngest first, one pair and one array each."""
        tokens = sum(len(pair.ids) for pair in pairs)
        spans = [
            best_span(scores, pair.first, pair.last, self.temperature)
            for pair, scores in zip(pairs, logits, strict=True)
        ]
        chosen = self._chosen(passages, spans)
        if chosen is None:
            # Nobody answers only if every single passage does not: the least sure "no answer" bounds them all.
            return Extraction(UNKNOWN, min((span.no_answer for span in spans), default=1.0), (), tokens)
        passage, span = passages[chosen], spans[chosen]
        start, end = pairs[chosen].characters(span.start, span.end)
        return Extraction(passage.chunk.text[start:end], span.probability, (passage,), tokens)

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Answer from the passages; the span stands in its passage by construction."""
        found = self.extract(question, passages)
        return Reading(found.text, found.support, found.text, found.input_tokens)

    def holding(self, question: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Those passages that more likely than not hold an answer, likeliest first; ties keep their order."""
        pairs = self.pairs(question, passages)
        logits = self.model.logits([pair.ids for pair in pairs])
        silent = [
            best_span(scores, pair.first, pair.last, self.temperature).no_answer
            for pair, scores in zip(pairs, logits, strict=True)
        ]
        held = [place for place in range(len(passages)) if silent[place] < 1 - self.threshold]
        return tuple(passages[place] for place in sorted(held, key=lambda place: silent[place]))

    def _chosen(self, passages: Sequence[Passage], spans: Sequence[Span]) -> int | None:
        """Number of the passage that answers; None where none more likely than not holds an answer."""
        holding = [number for number, span in enumerate(spans) if span.no_answer < 1 - self.threshold]
        if not holding:
            return None
        youngest = passages[holding[0]].chunk.updated
        rivals = [number for number in holding if passages[number].chunk.updated == youngest]
        return max(rivals, key=lambda number: spans[number].probability)

    @cached_property
    def _encode(self) -> PairEncoder:
        return PairEncoder(self.folder)
