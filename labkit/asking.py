"""The main job on real input: a folder and a question in, an answer with its evidence and its price out."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from labkit.corpus.loading import Loaded, load_folder
from labkit.documents import Answer, Document, Principal
from labkit.stages import check_question, folder_application

TENANT = "local"
"""The tenant that owns a learner's own folder."""


@dataclass(frozen=True)
class Outcome:
    """An answer over a folder; its ``str`` is the text for people.

    Attributes:
        answer: The answer with its citations and trace.
        loaded: The folder's documents, and what was skipped and why.
        preparing: Seconds to load, chunk, encode and index the folder, imports included.
        answering: Seconds from question to answer, starting the engine included.
    """

    answer: Answer
    loaded: Loaded
    preparing: float
    answering: float

    def as_record(self) -> dict[str, Any]:
        """The outcome as plain values, for ``--json``."""
        texts = {document.id: document for document in self.loaded}
        return {
            "answer": self.answer.text,
            "abstained": self.answer.abstained,
            "said": self._said(),
            "citations": [
                {
                    "source": place.source,
                    "start": place.start,
                    "end": place.end,
                    "text": texts[place.document_id].text[place.start : place.end],
                }
                for place in self.answer.citations
            ],
            "tokens": {"input": self.answer.trace.input_tokens, "output": self.answer.trace.output_tokens},
            "seconds": {
                "preparing": round(self.preparing, 3),
                "answering": round(self.answering, 3),
                **{step.name: round(step.seconds, 3) for step in self.answer.trace.steps},
            },
            "documents": len(texts),
            "notes": [str(note) for note in (*self.loaded.skipped, *self.loaded.warnings)],
        }

    def __str__(self) -> str:
        texts: dict[str, Document] = {document.id: document for document in self.loaded}
        lines = [f"answer    {self.answer.text}"]
        if self.answer.abstained and self._said() not in ("", self.answer.text):
            lines.append(f"          (the model said {self._said()!r}, which the passages do not bear out)")
        for place in self.answer.citations:
            quoted = " ".join(texts[place.document_id].text[place.start : place.end].split())
            shown = quoted if len(quoted) <= 160 else f"{quoted[:157]}..."
            lines.append(f'cites     {place.source}, characters {place.start}-{place.end}: "{shown}"')
        trace = self.answer.trace
        lines += [
            f"tokens    {trace.input_tokens} read, {trace.output_tokens} written",
            f"seconds   {self.preparing:.1f} to prepare the folder, {self.answering:.1f} to start vLLM and answer",
            f"folder    {self.loaded.summary()}",
        ]
        return "\n".join(lines)

    def _said(self) -> str:
        return next((step.result for step in reversed(self.answer.trace.steps) if step.name == "read"), "")


def ask_folder(folder: Path, question: str, passages: int = 4, *, asker: str = "learner") -> Outcome:
    """Answer a question from the md, txt, html and pdf files of a folder.

    Args:
        folder: The folder.
        question: The question.
        passages: Passages that the model reads, at least 1.
        asker: Name of the principal, for the trace.

    Raises:
        LabkitError: Whatever keeps the question from being answered, with the remedy.
    """
    begin = time.perf_counter()
    check_question(question)
    loaded = load_folder(folder, tenant=TENANT)
    application = folder_application(_Folder(loaded), passages)
    application.searchable  # noqa: B018 - built here, so that its time is told apart from the answer's
    between = time.perf_counter()
    answer = application.ask(question, Principal(asker, TENANT))
    return Outcome(answer, loaded, between - begin, time.perf_counter() - between)


@dataclass(frozen=True)
class _Folder:
    """A loaded folder as a corpus that belongs to the one who asks."""

    loaded: Loaded
    tenants: tuple[str, ...] = (TENANT,)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.loaded)
