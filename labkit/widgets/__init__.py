"""The interactive parts of the notebooks: live in JupyterLab, and still interactive in the published pages.

One line in a notebook shows one::

    from labkit.widgets import AmdahlExplorer
    AmdahlExplorer(serial_fraction=0.1, target=20)

With a kernel, moving a slider sets the widget's attributes in Python. In the built book there is no kernel and no
network; the same front-end code runs there on the numbers that were computed when the book was built.
"""

from labkit.widgets.amdahl import AmdahlExplorer
from labkit.widgets.concept import ConceptQuestion
from labkit.widgets.cost_explorer import CostExplorer
from labkit.widgets.hosting import Fleet, Savings, TokenProfile
from labkit.widgets.prediction import Prediction

__all__ = ["AmdahlExplorer", "ConceptQuestion", "CostExplorer", "Fleet", "Prediction", "Savings", "TokenProfile"]
