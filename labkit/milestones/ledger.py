"""The ledger: what was predicted, what came out, and whether the course may go on."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import labkit
from labkit.errors import BadArgument
from labkit.milestones import display, layout, storage
from labkit.milestones.hardware import Hardware
from labkit.milestones.layout import Entry
from labkit.milestones.record import Label, Prediction, Record
from labkit.milestones.target import Milestone, Verdict
from labkit.scaling import require_number
from labkit.settings import settings

FILE_NAME = "milestones.json"


@dataclass(frozen=True, repr=False)
class Ledger:
    """The milestones of one learner, in one JSON file.

    Nothing is held in memory: each call reads the newest file, so notebooks open side by side agree. Writing is
    atomic and takes turns between processes.

    Attributes:
        path: The file; it need not exist yet.
        milestones: The milestones known before any of them was recorded, in the order of the course. Their targets
            judge what the file holds, even where it was recorded under an older target.
    """

    path: Path
    milestones: tuple[Milestone, ...] = ()

    @classmethod
    def open(cls, path: str | Path | None = None, milestones: Sequence[Milestone] = ()) -> "Ledger":
        """The ledger at ``path``, by default ``milestones.json`` in the course's state directory.

        Raises:
            StateCorrupt: The file is there and cannot be read back.
        """
        place = settings().home / FILE_NAME if path is None else Path(path)
        ledger = cls(place.expanduser().resolve(), tuple(milestones))
        ledger._entries()  # a broken file shows here, not in the middle of a notebook
        return ledger

    def predict(self, milestone: str | Milestone, value: float | str | None) -> Prediction:
        """Commit to a number or a choice before the result shows.

        None stands for "no prediction" and never replaces one that a learner made, so a run without a person leaves
        the learner's ledger as it was. A result already recorded keeps the prediction it was recorded with.

        Args:
            milestone: The milestone or its id.
            value: The number (in the target's unit), the choice, or None.

        Returns:
            The prediction that stands now.

        Raises:
            BadArgument: NaN, an infinity, a bool or an empty text.
        """
        plain = value if value is None or isinstance(value, str) else require_number("prediction", value)
        made = Prediction(plain, _now())

        def add(entry: Entry) -> Entry:
            stands = entry.prediction is not None and entry.prediction.value is not None and value is None
            return entry if stands else replace(entry, prediction=made)

        return self._change(_id(milestone), add).prediction or made

    def record(
        self,
        milestone: Milestone,
        values: float | Sequence[float],
        *,
        kind: Label,
        seed: int | None = None,
        hardware: Hardware | None = None,
    ) -> Record:
        """Keep the result of a milestone, in place of an earlier one.

        Args:
            milestone: What was to be reached.
            values: One number for each repeat, in the target's unit.
            kind: Where the numbers come from: measured, simulated or computed.
            seed: The seed of the run, or None where nothing was random.
            hardware: Where it ran, by default this machine.

        Returns:
            The record, with its verdict.

        Raises:
            BadArgument: No value, or one that is not a finite number.
        """
        numbers = _numbers(values)
        made = Record(milestone, numbers, kind, hardware or Hardware.here(), _now(), labkit.__version__, seed)

        def add(entry: Entry) -> Entry:
            return replace(entry, record=replace(made, prediction=entry.prediction or Prediction()))

        return self._change(milestone.id, add).record or made

    def find(self, milestone: str | Milestone) -> Record | None:
        """The record of a milestone, judged by its present target, or None where it was never run."""
        entry, known = self._entries().get(_id(milestone)), self._known(milestone)
        if entry is None or entry.record is None:
            return None
        return replace(entry.record, milestone=known) if known else entry.record

    def prediction(self, milestone: str | Milestone) -> Prediction:
        """The prediction that stands for a milestone; its value is None where there is none."""
        entry = self._entries().get(_id(milestone), Entry())
        return entry.prediction or Prediction()

    def verdict(self, milestone: str | Milestone) -> Verdict:
        """Met, not met, or not measured."""
        record = self.find(milestone)
        return record.verdict if record else Verdict.NOT_MEASURED

    def require(self, milestone: str | Milestone) -> display.Requirement:
        """The box that opens a notebook whose stage stands on this milestone.

        It warns where the milestone is unmet or was never run, and does not raise: the notebook goes on, and the
        learner has been told.
        """
        record, known = self.find(milestone), self._known(milestone)
        return display.Requirement(_id(milestone), known or (record.milestone if record else None), record)

    def rows(self) -> tuple[display.Row, ...]:
        """One row a milestone: the known ones in order, then whatever else the file holds."""
        entries = self._entries()
        names = [*(known.id for known in self.milestones), *sorted(entries)]
        return tuple(
            display.Row(name, self._known(name), self.prediction(name), self.find(name))
            for name in dict.fromkeys(names)
        )

    def __str__(self) -> str:
        return display.text_table(self.rows())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return display.html_table(self.rows())

    def _known(self, milestone: str | Milestone) -> Milestone | None:
        if isinstance(milestone, Milestone):
            return milestone
        return next((known for known in self.milestones if known.id == milestone), None)

    def _entries(self) -> dict[str, Entry]:
        return self._decoded(storage.read(self.path))

    def _decoded(self, content: object | None) -> dict[str, Entry]:
        try:
            return layout.decode(content)
        except (TypeError, ValueError) as error:
            raise storage.corrupt(self.path, str(error)) from error

    def _change(self, key: str, change: Callable[[Entry], Entry]) -> Entry:
        changed = Entry()

        def apply(content: object | None) -> object:
            nonlocal changed
            entries = self._decoded(content)
            changed = change(entries.get(key, Entry()))
            return layout.encode({**entries, key: changed})

        storage.update(self.path, apply)
        return changed


def _id(milestone: str | Milestone) -> str:
    name = milestone.id if isinstance(milestone, Milestone) else milestone
    if not isinstance(name, str) or not name.strip():
        raise BadArgument(f"milestone is {milestone!r}", remedy="give its id, such as 'stage-2', or the Milestone")
    return name


def _numbers(values: object) -> tuple[float, ...]:
    """The values as plain floats, so that those of numpy can be written as JSON."""
    listed = list(values) if isinstance(values, Iterable) and not isinstance(values, str) else [values]
    return tuple(require_number(f"values[{place}]", value) for place, value in enumerate(listed))


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
