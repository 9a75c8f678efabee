"""The ledger's JSON, and back: ``{"format": 1, "milestones": {id: {"prediction", "record"}}}``.

Reading trusts nothing: a field that is missing or of the wrong type is a ``ValueError`` that names it. The verdict
and the median are written for people who open the file, and never read back.
"""

from dataclasses import asdict, dataclass

from labkit.errors import BadArgument
from labkit.milestones.hardware import Hardware
from labkit.milestones.record import Label, Prediction, Record
from labkit.milestones.target import Direction, Milestone, Target

FORMAT = 1

Json = dict[str, object]


@dataclass(frozen=True)
class Entry:
    """All the ledger holds under one id; a prediction may come before the milestone is recorded."""

    prediction: Prediction | None = None
    record: Record | None = None


def encode(entries: dict[str, Entry]) -> Json:
    """The ledger's entries as a JSON value."""
    return {"format": FORMAT, "milestones": {key: _encode_entry(entry) for key, entry in entries.items()}}


def decode(content: object | None) -> dict[str, Entry]:
    """The entries of a JSON value; none where there is no file yet.

    Raises:
        ValueError: A field is missing or not what it should be.
    """
    if content is None:
        return {}
    top = _object(content, "the file")
    if top.get("format") != FORMAT:
        raise ValueError(f"format is {top.get('format')!r}, this labkit reads {FORMAT}")
    listed = _object(top.get("milestones"), "milestones")
    try:
        return {key: _decode_entry(key, _object(value, key)) for key, value in listed.items()}
    except BadArgument as error:
        raise ValueError(error.problem) from error


def _encode_entry(entry: Entry) -> Json:
    return {
        "prediction": None if entry.prediction is None else asdict(entry.prediction),
        "record": None if entry.record is None else _encode_record(entry.record),
    }


def _encode_record(record: Record) -> Json:
    target = record.milestone.target
    return {
        "title": record.milestone.title,
        "target": {
            "value": target.value,
            "direction": target.direction.value,
            "unit": target.unit,
            "words": target.words,
        },
        "values": list(record.values),
        "label": record.label.value,
        "hardware": asdict(record.hardware),
        "recorded": record.recorded,
        "version": record.version,
        "seed": record.seed,
        "prediction": asdict(record.prediction),
        "median": record.value,
        "verdict": record.verdict.value,
    }


def _decode_entry(key: str, entry: Json) -> Entry:
    predicted, recorded = entry.get("prediction"), entry.get("record")
    return Entry(
        prediction=None if predicted is None else _decode_prediction(_object(predicted, "prediction")),
        record=None if recorded is None else _decode_record(key, _object(recorded, "record")),
    )


def _decode_prediction(found: Json) -> Prediction:
    value = found.get("value")
    if value is not None and not isinstance(value, str):
        value = _number(found, "value")
    return Prediction(value, _text(found, "made"))


def _decode_record(key: str, found: Json) -> Record:
    values, seed = found.get("values"), found.get("seed")
    if not isinstance(values, list):
        raise TypeError(f"values is {values!r}")
    if seed is not None and not isinstance(seed, int):
        raise TypeError(f"seed is {seed!r}")
    return Record(
        milestone=Milestone(key, _text(found, "title"), _decode_target(_object(found.get("target"), "target"))),
        values=tuple(values),
        label=Label(_text(found, "label")),
        hardware=_decode_hardware(_object(found.get("hardware"), "hardware")),
        recorded=_text(found, "recorded"),
        version=_text(found, "version"),
        seed=seed,
        prediction=_decode_prediction(_object(found.get("prediction"), "prediction")),
    )


def _decode_target(found: Json) -> Target:
    direction = Direction(_text(found, "direction"))
    return Target(_number(found, "value"), direction, _text(found, "unit"), _text(found, "words"))


def _decode_hardware(found: Json) -> Hardware:
    cpu, python, platform = (_text(found, name) for name in ("cpu", "python", "platform"))
    return Hardware(cpu, int(_number(found, "cores")), _number(found, "memory_gib"), python, platform)


def _object(value: object, name: str) -> Json:
    if not isinstance(value, dict):
        raise TypeError(f"{name} is not a JSON object")
    return value


def _text(found: Json, name: str) -> str:
    value = found.get(name)
    if not isinstance(value, str):
        raise TypeError(f"{name} is {value!r}, not a text")
    return value


def _number(found: Json, name: str) -> float:
    value = found.get(name)
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise TypeError(f"{name} is {value!r}, not a number")
    return value
