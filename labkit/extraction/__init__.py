"""The small reader: a question and a passage become the likeliest span of the passage, and how sure that is.

In order::

    question, passage -> pairs (token ids) -> start and end logits of every token -> spans -> reader (one answer)

The logits come from vLLM's pooling runner, here or behind the fleet's address, or from plain torch in this process.
"""

from labkit.extraction.course import CourseReader, course_span_model
from labkit.extraction.local import LocalSpanModel
from labkit.extraction.pairs import Pair, PairEncoder
from labkit.extraction.reader import Extraction, ExtractiveReader, SpanModel
from labkit.extraction.remembered import RememberedSpans
from labkit.extraction.served_model import ServedSpanModel
from labkit.extraction.spans import LONGEST_SPAN, Logits, Span, best_span
from labkit.extraction.vllm_model import VllmSpanModel

__all__ = [
    "LONGEST_SPAN",
    "CourseReader",
    "Extraction",
    "ExtractiveReader",
    "LocalSpanModel",
    "Logits",
    "Pair",
    "PairEncoder",
    "RememberedSpans",
    "ServedSpanModel",
    "Span",
    "SpanModel",
    "VllmSpanModel",
    "best_span",
    "course_span_model",
]
