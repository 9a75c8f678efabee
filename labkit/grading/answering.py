"""The one part of the grader that runs inside a student's process: it passes inputs in and plain values out.

Nothing here is trusted. A student's code may replace this module, ``json``, or the process; the most it can achieve
is to hand other plain values to the grader, which compares them elsewhere. So this needs to be small, not strong.
"""

import json
import socket
from collections.abc import Mapping

LONGEST = 60_000  # characters of one answer; the reader outside takes no more in a line


def answer_probe(check: str, address: str, names: Mapping[str, object]) -> None:
    """Ask the grader for a check's inputs, call the student's code with each, and send every answer at once.

    Args:
        check: The check's id.
        address: Path of the grader's socket.
        names: The notebook's global names.
    """
    with socket.socket(socket.AF_UNIX) as connection:
        connection.connect(address)
        with connection.makefile("rw", encoding="utf-8") as line:
            print(check, file=line, flush=True)
            request = json.loads(line.readline())
            for call in request["calls"] or [None]:
                # One line at a time: if the next call never returns, the answers before it have arrived.
                print(answer_of(names, request["target"], call), file=line, flush=True)


def answer_of(names: Mapping[str, object], target: str, call: dict[str, object] | None) -> str:
    """One call of the student's code, or the value of a variable where there is no call, as a line of JSON."""
    if target not in names:
        return json.dumps({"problem": f"{target} is not defined"})
    try:
        value = names[target] if call is None else names[target](**call)  # type: ignore[operator]
    except (Exception, SystemExit) as error:  # noqa: BLE001 - whatever it raises is what went wrong
        return json.dumps({"problem": f"it raised {type(error).__name__}: {str(error)[:200]}"})
    try:
        text = json.dumps({"value": value}, default=_plain)
    except (TypeError, ValueError, RecursionError):
        return json.dumps(
            {"problem": f"it gave a {type(value).__name__}, which is no number, text, list or dictionary"}
        )
    return text if len(text) <= LONGEST else json.dumps({"problem": "its answer is too long to be read"})


def _plain(value: object) -> object:
    """A numpy array or number as Python's own; a fraction or decimal as a float."""
    return value.tolist() if hasattr(value, "tolist") else float(value)  # type: ignore[arg-type]
