"""A run on disk: every finished task as a row of a Parquet file, so that a run that was broken off can go on.

In the folder::

    manifest.json       what the results depend on
    results/*.parquet   finished tasks in the order they came, a few seconds' worth in each file
    results.parquet     all of them, in the order of the tasks
    report.html         the same for people

Every file appears whole or not at all. A row holds the outcome in columns of its own, which any tool can read, and the
whole answer with its trace, so that what has been asked once can be judged anew without asking again.
"""

import hashlib
import json
import os
import re
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from filelock import FileLock, Timeout

from labkit.chunking.tables import partial_name, settle
from labkit.documents import Answer
from labkit.errors import BadArgument, StateCorrupt
from labkit.evaluation.outcome import Outcome
from labkit.milestones import Hardware
from labkit.settings import settings
from labkit.stages import Application
from labkit.tasks import Score, Task

if TYPE_CHECKING:
    import pyarrow as pa
    from pydantic import TypeAdapter

SECONDS_A_FILE = 5.0
"""A driver that is killed loses what came in at most this long, and asks those tasks again."""

LONGEST_NAME = 400
"""Characters of a part's description that the manifest writes out."""

_ADDRESS = re.compile(r" at 0x[0-9a-f]+")
_VERDICT = tuple(one.name for one in fields(Score))
_PLAIN = tuple(one.name for one in fields(Outcome) if one.name != "verdict")


@dataclass(frozen=True)
class Finished:
    """One task that has been asked and judged.

    Attributes:
        number: The task's place in its set, from 0.
        outcome: What came of it.
        told: The whole answer with its trace, as JSON: written where the task was asked, and read only when somebody
            looks at it.
        worker: The process that asked it.
    """

    number: int
    outcome: Outcome
    told: str
    worker: str

    @classmethod
    def judged(cls, number: int, task: Task, answer: Answer, worker: str) -> "Finished":
        """Judge an answer."""
        return cls(number, Outcome.of(task, answer), _answers().dump_json(answer).decode(), worker)

    @property
    def answer(self) -> Answer:
        """The answer again."""
        return _answers().validate_json(self.told)

    def row(self) -> dict[str, Any]:
        """The finished task as a row."""
        plain = {name: getattr(self.outcome, name) for name in _PLAIN}
        verdict = asdict(self.outcome.verdict)
        return {"number": self.number, **plain, **verdict, "worker": self.worker, "answer": self.told}

    @classmethod
    def of(cls, row: Mapping[str, Any]) -> "Finished":
        """The finished task of a row."""
        outcome = Outcome(
            verdict=Score(**{name: row[name] for name in _VERDICT}), **{name: row[name] for name in _PLAIN}
        )
        return cls(row["number"], outcome, row["answer"], row["worker"])


@dataclass
class RunFolder:
    """A run's folder while this process is at work in it; made by ``at_work_in``.

    Attributes:
        path: The folder.
        count: Tasks of the run.
    """

    path: Path
    count: int
    _waiting: list[Finished] = field(default_factory=list)
    _written: float = field(default_factory=time.monotonic)

    def finished(self) -> dict[int, Finished]:
        """What is on disk, by number."""
        return finished_in(self.path)

    def keep(self, one: Finished) -> None:
        """Take a finished task; it is on disk a few seconds later, with those that came meanwhile."""
        self._waiting.append(one)
        if time.monotonic() - self._written >= SECONDS_A_FILE:
            self.flush()

    def flush(self) -> None:
        """Put on disk what waits."""
        if self._waiting:
            name = f"{min(one.number for one in self._waiting):08d}-{os.getpid()}-{time.time_ns()}.parquet"
            _write(self.path / "results" / name, self._waiting)
        self._waiting, self._written = [], time.monotonic()

    def join(self) -> None:
        """Put all results into one file, in the order of the tasks, once every task has one."""
        self.flush()
        done = self.finished()
        if len(done) == self.count:
            _write(self.path / "results.parquet", [done[number] for number in range(self.count)])
            for part in (self.path / "results").glob("*.parquet"):
                part.unlink()


@contextmanager
def at_work_in(path: Path, application: Application, tasks: Sequence[Task]) -> Iterator[RunFolder]:
    """Hold a run's folder against other processes; what came in is on disk at the end, however the block ends.

    Raises:
        BadArgument: The folder holds a run of other tasks or of another application, or another process is at work.
    """
    (path / "results").mkdir(parents=True, exist_ok=True)
    try:
        with FileLock(path / ".lock", timeout=0):
            _check_manifest(path / "manifest.json", application, tasks)
            for partial in path.rglob(".*.partial"):  # what a killed run was in the middle of
                partial.unlink(missing_ok=True)
            folder = RunFolder(path, len(tasks))
            try:
                yield folder
            finally:
                folder.flush()
    except Timeout as busy:
        raise BadArgument(f"another process is at work in {path}", remedy="wait for it, or give a folder") from busy


def finished_in(path: Path) -> dict[int, Finished]:
    """The finished tasks of a run's folder, by number; none is there twice, however often the run was broken off.

    Raises:
        StateCorrupt: A file is none of a run's.
    """
    import pyarrow.parquet as pq
    from pyarrow import ArrowException

    found: dict[int, Finished] = {}
    for file in [*sorted((path / "results").glob("*.parquet")), path / "results.parquet"]:
        if file.exists():
            try:
                rows = pq.read_table(file).to_pylist()
                found |= {row["number"]: Finished.of(row) for row in rows}
            except (ArrowException, KeyError, ValueError) as error:
                raise StateCorrupt(
                    f"{file} is no file of a run ({error})", remedy="delete it and run the evaluation again"
                ) from error
    return found


def hardware_of(path: Path) -> Hardware:
    """The machine that the run was begun on.

    Raises:
        StateCorrupt: There is no run in the folder.
    """
    try:
        return Hardware(**json.loads((path / "manifest.json").read_text())["hardware"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise StateCorrupt(f"{path} holds no run ({error})", remedy="run the evaluation in it first") from error


def depends_on(application: Application, tasks: Sequence[Task]) -> dict[str, object]:
    """What the results of a run depend on, as far as it can be written down."""
    asked = json.dumps([asdict(task) for task in tasks], default=sorted, sort_keys=True)
    parts = {one.name: _named(getattr(application, one.name)) for one in fields(application)}
    found = settings()
    engines = {"encoder": found.encoder, "model": found.model, "api_base": found.api_base}
    return {"tasks": [len(tasks), hashlib.sha256(asked.encode()).hexdigest()], "application": parts, "engines": engines}


def _named(part: object) -> str:
    """A part in words, the same in every process; long ones, such as whole documents, by their sum."""
    words = _ADDRESS.sub("", repr(part))
    return (
        words if len(words) <= LONGEST_NAME else f"{type(part).__name__} {hashlib.sha256(words.encode()).hexdigest()}"
    )


def _check_manifest(file: Path, application: Application, tasks: Sequence[Task]) -> None:
    wanted = depends_on(application, tasks)
    if not file.exists():
        partial = partial_name(file)
        partial.write_text(json.dumps({**wanted, "hardware": asdict(Hardware.here())}, indent=1) + "\n")
        settle(partial, file)
    held = json.loads(file.read_text())
    differing = sorted(name for name in wanted if held.get(name) != wanted[name])
    if differing:
        raise BadArgument(
            f"{file.parent} holds a run with other {', '.join(differing)}",
            remedy="give an empty folder, or delete this one",
        )


def _write(file: Path, finished: Sequence[Finished]) -> None:
    import pyarrow as pa
    import pyarrow.parquet as pq

    partial = partial_name(file)
    pq.write_table(pa.Table.from_pylist([one.row() for one in finished], schema=_schema()), partial)
    settle(partial, file)


def _schema() -> "pa.Schema":
    import pyarrow as pa

    kinds = {"number": pa.int32(), "seconds": pa.float64(), "input_tokens": pa.int64(), "output_tokens": pa.int64()}
    kinds |= dict.fromkeys(_VERDICT, pa.bool_())
    return pa.schema(
        [(name, kinds.get(name, pa.string())) for name in ("number", *_PLAIN, *_VERDICT, "worker", "answer")]
    )


@cache
def _answers() -> "TypeAdapter[Answer]":
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)
