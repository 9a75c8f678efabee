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
