"""The pure function of layer 1: one document in, its chunks out.

A chunk is a stretch of whole sentences of one document, no longer than the encoder can read, with its
offsets kept so that an answer can cite it. The same document gives the same chunks wherever and however
often it is cut, which is what lets many workers share the corpus.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from labkit.chunking.sentences import Span, sentences
from labkit.documents import Chunk, Document
from labkit.errors import BadArgument
from labkit.pretrained import encoder_folder

if TYPE_CHECKING:
    from tokenizers import Tokenizer

ENCODER_LIMIT = 256
"""Tokens that all-MiniLM-L6-v2 reads before it cuts a text off, its two special tokens included."""


@dataclass(frozen=True)
class WholeDocuments:
    """Stage 0's chunker: every document that has words is one chunk."""

    def __call__(self, documents: Iterable[Document]) -> Iterator[Chunk]:
        """Cut each document, in order."""
        for document in documents:
            if document.text.strip():
                yield Chunk.cut(document, 0, len(document.text))


@dataclass(frozen=True)
class SentenceChunker:
    """Packs whole sentences into chunks of at most ``size`` tokens, each repeating the end of the one before.

    Attributes:
        size: Most tokens of a chunk (encoder tokens, special ones not counted).
        overlap: Most tokens that a chunk repeats from the previous one; whole sentences only.
    """

    size: int = 128
    overlap: int = 24

    def __post_init__(self) -> None:
        if not 1 <= self.size <= ENCODER_LIMIT - 2:
            raise BadArgument(
                f"chunk size is {self.size} tokens",
                remedy=f"give 1 to {ENCODER_LIMIT - 2}, so that the encoder reads the whole chunk",
            )
        if not 0 <= self.overlap < self.size:
            raise BadArgument(
                f"overlap is {self.overlap} tokens of a chunk of {self.size}",
                remedy=f"give 0 to {self.size - 1}",
            )

    def __call__(self, documents: Iterable[Document]) -> Iterator[Chunk]:
        """Cut each document, in order."""
        for document in documents:
            yield from self.cut(document)

    def cut(self, document: Document) -> list[Chunk]:
        """The chunks of one document, in order; none for a document without words."""
        tokens = _token_spans(document.text)
        pieces = [piece for span in sentences(document.text) for piece in self._pieces(tokens, span)]
        return [Chunk.cut(document, pieces[a][0], pieces[b - 1][1]) for a, b in self._pack(tokens, pieces)]

    def _pieces(self, tokens: Sequence[Span], sentence: Span) -> Iterator[Span]:
        """The sentence itself, or stretches of it where it alone is over the size."""
        first, last = _tokens_within(tokens, sentence)
        for position in range(first, last, self.size):
            following = position + self.size
            start = sentence[0] if position == first else tokens[position][0]
            yield start, (sentence[1] if following >= last else tokens[following - 1][1])

    def _pack(self, tokens: Sequence[Span], pieces: Sequence[Span]) -> Iterator[Span]:
        """Ranges of pieces, each as long as the size allows, each starting within the overlap of the last."""
        lengths = [last - first for first, last in (_tokens_within(tokens, piece) for piece in pieces)]
        begin = 0
        while begin < len(pieces):
            end, held = begin, 0
            while end < len(pieces) and held + lengths[end] <= self.size:
                held += lengths[end]
                end += 1
            yield begin, end
            if end == len(pieces):
                return
            begin = self._step_back(lengths, begin, end)

    def _step_back(self, lengths: Sequence[int], begin: int, end: int) -> int:
        """Where the next chunk starts: before ``end`` by the overlap, if the piece after it still fits too."""
        following, repeated = end, 0
        while following - 1 > begin and repeated + lengths[following - 1] <= self.overlap:
            repeated += lengths[following - 1]
            following -= 1
        return following if repeated + lengths[end] <= self.size else end


def _token_spans(text: str) -> list[Span]:
    """Character spans of the encoder's tokens."""
    return list(_tokenizer().encode(text, add_special_tokens=False).offsets)


def _tokens_within(tokens: Sequence[Span], span: Span) -> Span:
    """Range of the tokens that start inside a character span."""
    return bisect_left(tokens, (span[0], 0)), bisect_left(tokens, (span[1], 0))


@cache
def _tokenizer() -> "Tokenizer":
    from tokenizers import Tokenizer

    tokenizer = Tokenizer.from_file(str(encoder_folder() / "tokenizer.json"))
    tokenizer.no_truncation()
    tokenizer.no_padding()
    return tokenizer
