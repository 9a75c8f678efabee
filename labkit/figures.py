"""The course's still figures: one style, drawn with matplotlib. Moving charts are in ``labkit.widgets``."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from matplotlib.figure import Figure

STYLE = {
    "figure.figsize": (7, 2.8),
    "figure.constrained_layout.use": True,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "grid.alpha": 0.3,
    "axes.prop_cycle": "cycler('color', ['#20639b', '#ed9b40', '#3caea3', '#8c4a8c', '#b54708'])",
    "legend.frameon": False,
    "savefig.dpi": 144,
}


def bars(groups: Mapping[str, Sequence[float]], *, across: str, up: str) -> "Figure":
    """Bars side by side: one colour a group, one place a position.

    Args:
        groups: Heights by group name; all of one length.
        across: Label of the horizontal axis.
        up: Label of the vertical axis, with its unit.
    """
    from matplotlib import pyplot

    with pyplot.rc_context(STYLE):
        figure, axes = pyplot.subplots()
        width = 0.8 / len(groups)
        for number, (name, heights) in enumerate(groups.items()):
            places = np.arange(len(heights)) + (number - (len(groups) - 1) / 2) * width
            axes.bar(places, heights, 0.95 * width, label=name)
        axes.set(xlabel=across, ylabel=up, xticks=range(max(map(len, groups.values()))))
        axes.legend()
    pyplot.close(figure)  # it is shown because the cell returns it, and not a second time because it is open
    return figure


def lines(
    series: Mapping[str, tuple[Sequence[float], Sequence[float]]],
    *,
    across: str,
    up: str,
    marks: Mapping[str, float] | None = None,
    level: tuple[str, float] | None = None,
    decades: bool = False,
) -> "Figure":
    """Lines through measured points, with what was predicted beside them.

    Args:
        series: Places and heights of each line's points, by its name.
        across: Label of the horizontal axis, with its unit.
        up: Label of the vertical axis, with its unit.
        marks: Places of upright dashed lines, by name.
        level: Name and height of one dotted line across.
        decades: Whether both axes are logarithmic.
    """
    from matplotlib import pyplot

    with pyplot.rc_context(STYLE):
        figure, axes = pyplot.subplots()
        for number, (name, (places, heights)) in enumerate(series.items()):
            axes.plot(places, heights, marker="o", label=name, color=f"C{number}")
        for number, (name, place) in enumerate((marks or {}).items()):
            axes.axvline(place, linestyle="--", color=f"C{number}", alpha=0.6, label=name)
        if level:
            axes.axhline(level[1], linestyle=":", color="C4", label=level[0])
        if decades:
            axes.set(xlabel=across, ylabel=up, xscale="log", yscale="log")
        else:
            axes.set(xlabel=across, ylabel=up, ylim=(0, None))
        axes.legend()
    pyplot.close(figure)
    return figure
