"""What one process of each layer can do, as the benchmarks measured it on one machine."""

import statistics
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from labkit.errors import StateCorrupt
from labkit.records import stored
from labkit.scaling import fit_serial_fraction, require_number


@dataclass(frozen=True)
class Rates:
    """Measured rates of single processes, and how far more workers help.

    Attributes:
        pages_per_second: Pages that one process chunks.
        chunking_serial: Serial fraction of a chunk job, fitted to two workers.
        tokens_per_second: Tokens that one process encodes.
        encoding_serial: Serial fraction of an encoding job, fitted to two workers.
        search_seconds: Seconds of an exact search on one core, before the first vector is read.
        search_seconds_per_vector: Seconds for each vector that it compares.
        requests_per_second: Requests that one busy replica completes.
        single_shot: Success of one retrieval and one reading, by kind of task.
        without_tools: Success of multi-hop retrieval with no calculator, by kind of task.

    Raises:
        BadArgument: A rate is not above 0, or a share is outside [0, 1].
    """

    pages_per_second: float
    chunking_serial: float
    tokens_per_second: float
    encoding_serial: float
    search_seconds: float
    search_seconds_per_vector: float
    requests_per_second: float
    single_shot: Mapping[str, float] = field(default_factory=dict)
    without_tools: Mapping[str, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for name in ("pages_per_second", "tokens_per_second", "requests_per_second"):
            require_number(name, getattr(self, name), above=0)
        for name in ("chunking_serial", "encoding_serial"):
            require_number(name, getattr(self, name), least=0, most=1)
        for name in ("search_seconds", "search_seconds_per_vector"):
            require_number(name, getattr(self, name), least=0)
        for kind, share in (*self.single_shot.items(), *self.without_tools.items()):
            require_number(f"success on {kind}", share, least=0, most=1)

    @classmethod
    def stored(cls) -> "Rates":
        """The rates of the stored records.

        Raises:
            StateCorrupt: A record is missing or lacks one of the numbers.
        """
        try:
            return cls(
                **_chunking(stored("chunking")["chunking"]),
                **_encoding(stored("embedding")["embedding"]["efficiency"]),
                **_searching(stored("index")["index"]),
                requests_per_second=statistics.median(stored("serving")["serving"]["parts"]["scaling"]["one"]),
                single_shot=_success(stored("multihop")["multihop"]["single-shot"]),
                without_tools=_success(stored("orchestrator")["orchestrator"]["multi-hop"]),
            )
        except KeyError as missing:
            raise StateCorrupt(f"a stored record has no {missing}", remedy="run: make bench") from missing


def _chunking(found: Mapping[str, Any]) -> dict[str, float]:
    one, two = (statistics.median(found["parts"]["computing"][f"{name}_seconds"]) for name in ("serial", "ray_2"))
    return {
        "pages_per_second": found["job"]["pages"] / one,
        "chunking_serial": fit_serial_fraction([2], [one / two]),
    }


def _encoding(found: Mapping[str, Any]) -> dict[str, float]:
    efficiency = found["efficiency"]["median"]
    return {
        "tokens_per_second": found["tokens_per_second_one"],
        "encoding_serial": fit_serial_fraction([2], [2 * efficiency]),
    }


def _searching(found: Mapping[str, Any]) -> dict[str, float]:
    """A line through exact search at two sizes of corpus."""
    few, many = found["recall"]["vectors"], 1_000_000
    short = found["recall"]["ms per query"]["exact"]["median"] / 1000
    long = found["million"]["ms per query, one thread"]["exact"]["median"] / 1000
    slope = (long - short) / (many - few)
    return {"search_seconds": max(0.0, short - slope * few), "search_seconds_per_vector": slope}


def _success(found: Mapping[str, Any]) -> dict[str, float]:
    return {kind: held["success"] for kind, held in found.items()}
