"""The Amdahl explorer: what a serial fraction does to speedup and efficiency, against a milestone and measurements."""

from collections.abc import Iterable, Sequence
from typing import Any

import traitlets

from labkit.errors import BadArgument
from labkit.scaling import amdahl_limit, require_number
from labkit.widgets.curves import Question, curve_table, points, workers_needed
from labkit.widgets.page import PageWidget, module


class AmdahlExplorer(PageWidget):
    """Speedup and efficiency against workers, for a serial fraction set by a slider.

    >>> explorer = AmdahlExplorer(serial_fraction=0.1, target=20, measured=[(1, 1.0), (2, 1.8)])
    >>> explorer
    Amdahl explorer: with a serial fraction of 0.1 no number of workers passes 10x; a milestone of 20x is unphysical.
    >>> round(explorer.fitted, 3)
    0.111

    Every attribute but ``fitted`` may be set later, and the chart follows; the slider sets ``serial_fraction``,
    the cursor ``cursor``.

    Args:
        serial_fraction: f, the share of the work that stays serial, in [0, 1].
        target: The milestone's speedup; None draws no milestone.
        measured: Pairs of workers and measured speedup, to lay over the curve.
        workers: Where the axis of workers ends.
        cursor: The worker count to read off first; by default one about the middle of the axis.

    Attributes:
        serial_fraction: As above.
        target: As above.
        measured: As above, ordered by workers.
        workers: As above.
        cursor: The worker count that is read off.
        table: The numbers drawn, from ``labkit.scaling`` by way of ``labkit.widgets.curves.curve_table``.

    Raises:
        BadArgument: f outside [0, 1], a target that is not positive, a measured point with fewer than one worker,
            an axis that ends before 2, or a cursor outside it.
    """

    _esm = module(
        *("dom.js", "chart.js", "equations.js", "explorer.js"),
        *("amdahl_formula.js", "amdahl_chart.js", "amdahl_explorer.js"),
    )

    serial_fraction = traitlets.Float().tag(sync=True)
    target = traitlets.Float(allow_none=True).tag(sync=True)
    measured = traitlets.List().tag(sync=True)
    workers = traitlets.Int().tag(sync=True)
    cursor = traitlets.Int().tag(sync=True)
    table = traitlets.Dict().tag(sync=True)

    def __init__(
        self,
        serial_fraction: float = 0.1,
        target: float | None = None,
        measured: Iterable[Sequence[float]] = (),
        workers: int = 256,
        cursor: int | None = None,
    ) -> None:
        asked = Question(serial_fraction, target, points(measured), workers)
        table = curve_table(asked)
        middle = table["workers"][len(table["workers"]) // 2]
        super().__init__(
            serial_fraction=float(asked.serial_fraction),
            target=None if target is None else float(target),
            measured=[list(point) for point in asked.measured],
            workers=int(asked.workers),
            cursor=_cursor(middle if cursor is None else cursor, asked.workers),
            table=table,
        )
        self.observe(self._follow, ["serial_fraction", "target", "measured", "workers"])

    @property
    def fitted(self) -> float | None:
        """The serial fraction that explains the measured points best; None before two workers were measured."""
        found: float | None = self.table["fitted"]
        return found

    def summary(self) -> str:
        """The limit, the verdict on the milestone and the fit, in a sentence."""
        f, target = self.serial_fraction, self.target
        ceiling = f"no number of workers passes {amdahl_limit(f):.3g}x" if f else "nothing limits the speedup"
        return f"Amdahl explorer: with a serial fraction of {f:.3g} {ceiling}{_verdict(f, target)}."

    def _follow(self, change: dict[str, Any]) -> None:
        """Compute the table anew when what it answers has changed; a stop of the slider needs no new one."""
        if change["name"] == "serial_fraction" and change["new"] in self.table["fractions"]:
            return
        measured = points(self.measured)
        self.table = curve_table(Question(self.serial_fraction, self.target, measured, self.workers))

    @traitlets.validate("serial_fraction", "target", "measured", "workers", "cursor")  # type: ignore[untyped-decorator]
    def _checked(self, proposal: dict[str, Any]) -> object:
        """Refuse a value outside its domain before it is set, so that the chart never shows a mixture."""
        name, value = proposal["trait"].name, proposal["value"]
        if name == "serial_fraction":
            return require_number(name, value, least=0, most=1)
        if name == "target":
            return None if value is None else require_number(name, value, above=0)
        if name == "measured":
            return [list(point) for point in points(value)]
        return int(require_number(name, value, least=2 if name == "workers" else 1))


def _cursor(cursor: int, workers: int) -> int:
    if not require_number("cursor", cursor, least=1, most=workers).is_integer():
        raise BadArgument(f"cursor is {cursor}", remedy="give a whole number of workers")
    return int(cursor)


def _verdict(serial_fraction: float, target: float | None) -> str:
    if target is None:
        return ""
    needed = workers_needed(serial_fraction, target)
    if needed is None:
        return f"; a milestone of {target:.3g}x is unphysical"
    return f"; a milestone of {target:.3g}x takes {needed} worker{'' if needed == 1 else 's'}"
