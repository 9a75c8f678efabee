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
    """An ``ExtractiveReader`` that costs nothing to name: all share one loaded model, and equal ones a memory.

    Attributes:
        memory: Name of the memory: what one reader has just read, no reader of the same name reads again.
    """

    memory: str = ""

    def extract(self, question: str, passages: Sequence[Passage]) -> Extraction:
        """The best answer over the passages, and how sure the reader is.

        Raises:
            MissingDependency: The package that carries the encoder is not installed.
            ModelUnavailable: What training changed in it is not to be had.
        """
        return _reader(self.memory).extract(question, passages)

    def holding(self, question: str, passages: Sequence[Passage]) -> tuple[Passage, ...]:
        """Those passages that more likely than not hold an answer, likeliest first; raises as ``extract`` does."""
        return _reader(self.memory).holding(question, passages)


def course_span_model() -> LocalSpanModel:
    """The small tier's model in this process: in bfloat16 where the CPU multiplies it in hardware, else in float32.

    Raises:
        MissingDependency: The package that carries the encoder is not installed.
        ModelUnavailable: What training changed in it is not to be had.
    """
    return LocalSpanModel(reader_folder(), Precision.BFLOAT16 if fast_bfloat16() else Precision.FLOAT32)


_shared_model = cache(course_span_model)


@cache
def _reader(memory: str) -> ExtractiveReader:  # noqa: ARG001 - one for each name
    return ExtractiveReader.of(reader_folder(), RememberedSpans(_shared_model()))
