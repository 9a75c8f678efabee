"""A question and a passage as one sequence of tokens, with the way back from tokens to characters."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from labkit.errors import ModelUnavailable

LIMIT = 512
"""Tokens that BERT has positions for."""

MOST_QUESTION = 128
"""Tokens of a question; a longer one is cut, so that the passage always keeps the larger part."""


@dataclass(frozen=True)
class Pair:
    """``[CLS] question [SEP] passage [SEP]``.

    All token types are 0: vLLM's pooling runner sets them so, and the reader was trained that way.

    Attributes:
        ids: Token ids.
        first: First token of the passage.
        last: Its last token.
        offsets: Character spans in the passage of the tokens ``first`` to ``last``.
    """

    ids: tuple[int, ...]
    first: int
    last: int
    offsets: tuple[tuple[int, int], ...]

    def characters(self, start: int, end: int) -> tuple[int, int]:
        """The stretch of the passage from token ``start`` to token ``end``, included."""
        return self.offsets[start - self.first][0], self.offsets[end - self.first][1]

    def tokens(self, start: int, end: int) -> tuple[int, int] | None:
        """First and last token of the passage's characters ``start`` to ``end``; None where they were cut off."""
        held = [place for place, (begin, stop) in enumerate(self.offsets) if begin < end and stop > start]
        if not held or self.offsets[held[-1]][1] < end:
            return None
        return self.first + held[0], self.first + held[-1]


class PairEncoder:
    """Makes pairs with the tokenizer of a reader.

    Args:
        folder: The reader's folder, which holds ``tokenizer.json``.

    Raises:
        ModelUnavailable: It does not.
    """

    def __init__(self, folder: Path) -> None:
        from tokenizers import Tokenizer

        file = folder / "tokenizer.json"
        if not file.exists():
            raise ModelUnavailable(f"{folder} holds no tokenizer.json", remedy="give labkit.pretrained.reader_folder()")
        self._tokenizer = Tokenizer.from_file(str(file))
        self._tokenizer.no_truncation()
        self._tokenizer.no_padding()
        self._begin, self._end = (self._tokenizer.token_to_id(token) for token in ("[CLS]", "[SEP]"))

    def __call__(self, question: str, passages: Sequence[str]) -> list[Pair]:
        """One pair a passage; what is over the limit is cut off the passage's end."""
        asked, *texts = self._tokenizer.encode_batch([question, *passages], add_special_tokens=False)
        opening = [self._begin, *asked.ids[:MOST_QUESTION], self._end]
        room = LIMIT - len(opening) - 1
        return [
            Pair(
                ids=(*opening, *text.ids[:room], self._end),
                first=len(opening),
                last=len(opening) + min(len(text.ids), room) - 1,
                offsets=tuple(text.offsets[:room]),
            )
            for text in texts
        ]
