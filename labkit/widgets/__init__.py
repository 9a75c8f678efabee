"""The interactive parts of the notebooks: live in JupyterLab, and still interactive in the published pages.

One line in a notebook shows one::

    from labkit.widgets import AmdahlExplorer
    AmdahlExplorer(serial_fraction=0.1, target=20)

With a kernel, moving a slider sets the widget's attributes in Python. In the built book there is no kernel and no
network; the same front-end code runs there. The Amdahl explorer looks its numbers up in a table that was computed when
the book was built; the cost explorer has too many inputs for one, so its front end repeats ``labkit.costs``'
arithmetic, and a test holds the two to each other.
"""

from labkit.widgets.amdahl import AmdahlExplorer
from labkit.widgets.concept import ConceptQuestion
from labkit.widgets.cost_explorer import CostExplorer
from labkit.widgets.hosting import Fleet, Savings, TokenProfile
from labkit.widgets.prediction import Prediction

__all__ = ["AmdahlExplorer", "ConceptQuestion", "CostExplorer", "Fleet", "Prediction", "Savings", "TokenProfile"]
