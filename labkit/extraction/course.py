"""The course's small tier in this process, prepared and loaded on first use."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from labkit.documents import Passage
from labkit.embedding import Precision, fast_bfloat16
from labkit.extraction.local import LocalSpanModel
from labkit.extraction.reader import Extraction, ExtractiveReader
from labkit.extraction.remembered import RememberedSpans
from labkit.pretrained import reader_folder


@dataclass(frozen=True)
class CourseReader:
    """An ``ExtractiveReader`` that costs nothing to name: all are equal and share one loaded model and its memory."""

    def extract(self, question: str, passages: Sequence[Passage]) -> Extraction:
        """The best answer over the passages, and how sure the reader is.

        Raises:
            MissingDependency: The package that carries the encoder is not installed.
            ModelUnavailable: What training changed in it is not to be had.
        """
        return _reader().extract(question, passages)

    def holding(self, question: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Those passages that more likely than not hold an answer, likeliest first; raises as ``extract`` does."""
        return _reader().holding(question, passages)


def course_span_model() -> LocalSpanModel:
    """The small tier's model in this process: in bfloat16 where the CPU multiplies it in hardware, else in float32.

    Raises:
        MissingDependency: The package that carries the encoder is not installed.
        ModelUnavailable: What training changed in it is not to be had.
    """
    return LocalSpanModel(reader_folder(), Precision.BFLOAT16 if fast_bfloat16() else Precision.FLOAT32)


@cache
def _reader() -> ExtractiveReader:
    return ExtractiveReader.of(reader_folder(), RememberedSpans(course_span_model()))
