"""Layer 4: multi-hop retrieval, a LangGraph graph that asks the next question with the last answer in it.

In the order of a run::

    plan -> substitute -> retrieve -> read --+
     ^          ^                            |   until the last step is answered, or the evidence, the
     +- - - - - +----------------------------+   hops or the sense of going on have run out

Back to the plan goes, once, a question that was left whole and found nothing, or a calculation whose first number was
not to be found.
"""

from labkit.multihop.agent import MultiHop
from labkit.multihop.state import HopState, HopWork, Search, Stop

__all__ = ["HopState", "HopWork", "MultiHop", "Search", "Stop"]
