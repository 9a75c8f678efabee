"""Public multi-hop data sets as a corpus and a task set: the JSON layouts of HotpotQA and MuSiQue.

HotpotQA: Yang et al., "HotpotQA: A Dataset for Diverse, Explainable Multi-hop Question Answering", EMNLP 2018.
MuSiQue: Trivedi et al., "MuSiQue: Multihop Questions via Single-hop Question Composition", TACL 2022.
"""

import hashlib
import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from labkit.corpus.loading import Note
from labkit.corpus.loading.parsed import has_words, one_line, tidy
from labkit.documents import Access, Document, Principal
from labkit.errors import BadArgument, EmptyCorpus, UnreadableSource
from labkit.tasks.task import Hop, Kind, Task

_KNOWN = "HotpotQA (question, answer, context, supporting_facts) and MuSiQue (question, answer, paragraphs)"
_REFERENCE = re.compile(r"#(\d+)")
_NOT_A_WORD = re.compile(r"[^a-z0-9]+")

Record = dict[str, Any]
"""One question of a file, checked field by field as it is read."""


@dataclass(frozen=True)
class MultiHop:
    """A multi-hop data set: the questions, and their paragraphs as a corpus that an application can be put over.

    Attributes:
        documents: The paragraphs of all questions, each once.
        tasks: The questions, in the order of the file.
        left_out: The questions that could not be used, and why.
    """

    documents: tuple[Document, ...]
    tasks: tuple[Task, ...]
    left_out: tuple[Note, ...] = ()

    def __iter__(self) -> Iterator[Document]:
        return iter(self.documents)

    @property
    def tenants(self) -> tuple[str, ...]:
        """The one tenant that owns the documents and asks."""
        return tuple(dict.fromkeys(task.principal.tenant for task in self.tasks))


def load_multihop(path: str | Path, count: int | None = None, tenant: str = "public") -> MultiHop:
    """Read a file in the layout of HotpotQA or MuSiQue, as one JSON list or as JSON lines.

    The paragraphs of all questions together are the corpus, so each question has to find its own among those of the
    others. MuSiQue's unanswerable questions lack a paragraph of their own; where the corpus holds it all the same,
    because the same question is in the file with it, the unanswerable one is left out.

    Args:
        path: The file.
        count: Take this many questions from the start; by default all.
        tenant: The tenant that owns the documents and asks the questions.

    Returns:
        The documents, the tasks (kind ``multi_hop``, or ``unanswerable``) and what was left out.

    Raises:
        BadArgument: A count below 1, or an empty tenant.
        UnreadableSource: The file cannot be opened, is not JSON, or is of neither layout.
        EmptyCorpus: No question is left.
    """
    if count is not None and (isinstance(count, bool) or not isinstance(count, int) or count < 1):
        raise BadArgument(f"count is {count!r}", remedy="give a whole number of at least 1, or None for all")
    if not tenant.strip():
        raise BadArgument(f"tenant is {tenant!r}", remedy="give the documents an owner, such as 'public'")
    file = Path(path)
    records = _records(file)[:count]
    convert = _layout(file, records)
    paragraphs = _Paragraphs(file.name, Access(tenant))
    tasks, left_out = [], []
    for place, record in enumerate(records):
        try:
            tasks.append(convert(_object(record), f"{file.stem}-{place}", paragraphs, Principal("reader", tenant)))
        except (KeyError, TypeError, ValueError, IndexError, AttributeError) as error:
            left_out.append(
                Note(f"{file.name}, question {place}", "incomplete record", f"{type(error).__name__}: {error}")
            )
    kept, twins = _without_twins(tasks)
    left_out += [Note(f"{file.name}, {task.id}", "unanswerable alone, answered by the whole corpus") for task in twins]
    if not kept:
        raise EmptyCorpus(f"no usable question in {path} ({len(left_out)} left out)", remedy=f"known layouts: {_KNOWN}")
    return MultiHop(tuple(paragraphs.documents.values()), tuple(kept), tuple(left_out))


class _Paragraphs:
    """The corpus while it grows: equal title and text make one document."""

    def __init__(self, file_name: str, access: Access) -> None:
        self._file_name = file_name
        self._access = access
        self.documents: dict[str, Document] = {}

    def made(self, title: str, text: str) -> Document:
        """The document of a paragraph. Its title opens the text, since paragraphs speak of it as "he" or "it"."""
        title = one_line(title)
        text = tidy(f"{title}\n{text}")
        digest = hashlib.sha256(f"{title}\n{text}".encode()).hexdigest()[:12]
        name = f"{_NOT_A_WORD.sub('-', title.lower()).strip('-')[:40] or 'paragraph'}-{digest}"
        return Document(name, text, title, f"{self._file_name}: {title}", self._access)

    def add(self, documents: Sequence[Document]) -> None:
        """Take in the paragraphs of a question once the whole of it was understood."""
        self.documents.update((document.id, document) for document in documents if has_words(document.text))


Convert = Callable[[Record, str, _Paragraphs, Principal], Task]


def _hotpot(record: Record, fallback: str, paragraphs: _Paragraphs, principal: Principal) -> Task:
    context = [paragraphs.made(_text(title), "".join(map(_text, lines))) for title, lines in record["context"]]
    cited = {one_line(_text(title)) for title, _ in record["supporting_facts"]}
    supporting = tuple(document.id for document in context if document.title in cited)
    task = Task(
        id=_text(record.get("_id") or record.get("id") or fallback),
        kind=Kind.MULTI_HOP,
        question=_asked(record),
        accepted=(_stated(record["answer"]),),
        principal=principal,
        supporting=tuple(dict.fromkeys(supporting)),
    )
    paragraphs.add(context)
    return task


def _musique(record: Record, fallback: str, paragraphs: _Paragraphs, principal: Principal) -> Task:
    found = {
        given.get("idx", place): (paragraphs.made(_text(given["title"]), _text(given["paragraph_text"])), given)
        for place, given in enumerate(record["paragraphs"])
    }
    task = Task(
        id=_text(record.get("id") or fallback),
        kind=Kind.UNANSWERABLE,
        question=_asked(record),
        accepted=(),
        principal=principal,
    )
    if record.get("answerable", True):
        answers = (_stated(record["answer"]), *map(_text, record.get("answer_aliases") or ()))
        task = replace(
            task,
            kind=Kind.MULTI_HOP,
            accepted=tuple(dict.fromkeys(answers)),
            supporting=tuple(
                dict.fromkeys(document.id for document, given in found.values() if given.get("is_supporting"))
            ),
            hops=_hops(record, {place: document.id for place, (document, _) in found.items()}),
        )
    paragraphs.add([document for document, _ in found.values()])
    return task


def _hops(record: Record, documents: dict[int, str]) -> tuple[Hop, ...]:
    hops: list[Hop] = []
    for step in record.get("question_decomposition") or ():
        place = step.get("paragraph_support_idx")
        evidence = (documents[place],) if place is not None else ()
        hops.append(Hop(_text(step["question"]), _filled(step["question"], hops), _text(step["answer"]), evidence))
    return tuple(hops)


def _filled(plan: str, hops: Sequence[Hop]) -> str:
    """The plan with ``#1``, ``#2`` replaced by the answers of the hops so far; a number out of reach stays."""

    def answer(reference: re.Match[str]) -> str:
        number = int(reference[1])
        return hops[number - 1].answer if 1 <= number <= len(hops) else reference[0]

    return _REFERENCE.sub(answer, plan)


def _without_twins(tasks: Sequence[Task]) -> tuple[list[Task], list[Task]]:
    answered = {task.question for task in tasks if task.kind.answerable}
    kept = [task for task in tasks if task.kind.answerable or task.question not in answered]
    return kept, [task for task in tasks if not task.kind.answerable and task.question in answered]


def _records(file: Path) -> list[object]:
    """The questions: the items of one JSON list, or the lines of JSON lines."""
    try:
        content = file.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableSource(f"{file} cannot be opened ({error.strerror})", remedy="check the path") from error
    except UnicodeError as error:
        raise UnreadableSource(f"{file} is not UTF-8 text", remedy=f"known layouts: {_KNOWN}") from error
    try:
        if content.lstrip().startswith("["):
            listed: list[object] = json.loads(content)
            return listed
        # Only line feeds end a line: JSON strings may hold the other line separators of Unicode.
        return [json.loads(line) for line in content.split("\n") if line.strip()]
    except (ValueError, RecursionError) as error:
        raise UnreadableSource(
            f"{file} is not JSON ({error})", remedy=f"known layouts, as a JSON list or JSON lines: {_KNOWN}"
        ) from error


def _layout(file: Path, records: Sequence[object]) -> Convert:
    if not records:
        raise EmptyCorpus(f"{file} holds no question", remedy=f"known layouts: {_KNOWN}")
    first = records[0]
    keys = set(first) if isinstance(first, dict) else set()
    if {"question", "context", "supporting_facts"} <= keys:
        return _hotpot
    if {"question", "paragraphs"} <= keys:
        return _musique
    found = (
        f"an object with {', '.join(sorted(keys)) or 'no keys'}" if isinstance(first, dict) else type(first).__name__
    )
    raise UnreadableSource(f"{file} opens with {found}, an unknown layout", remedy=f"known layouts: {_KNOWN}")


def _object(record: object) -> Record:
    if not isinstance(record, dict):
        raise TypeError("not a JSON object")
    return record


def _asked(record: Record) -> str:
    return _stated(record["question"])


def _stated(value: object) -> str:
    text = one_line(_text(value))
    if not text:
        raise ValueError("an empty question or answer")
    return text


def _text(value: object) -> str:
    if not isinstance(value, str):
        raise TypeError(f"{value!r:.40} is not a text")
    return value
