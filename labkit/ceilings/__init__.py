"""Which layer first? What one process can carry, layer by layer, and which ceiling a corpus and a load meet first.

Everything here is *computed*: from a scenario that you state and from rates that were measured, one layer at a time, on
the machine of the records. Use it to find the layer to look at, then measure that layer on your own machine.

>>> small = Scenario(shared_pages=1_000, pages_per_tenant=100, tenants=3, tasks_per_second=0.01)
>>> rates = Rates(400.0, 0.02, 3_000.0, 0.1, 0.001, 1e-7, 2.0, {"two_hop": 0.4}, {"two_skill": 0.3})
>>> binding(small, rates).name
'4 multi-hop'
"""

from labkit.ceilings.layers import Layer, binding, compare, layers, table
from labkit.ceilings.rates import Rates
from labkit.ceilings.scenario import Scenario

__all__ = ["Layer", "Rates", "Scenario", "binding", "compare", "layers", "table"]
