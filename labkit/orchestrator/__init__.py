"""Layer 5: a planner that writes steps, a router that sends each to a specialist, and typed tools.

In the order of a run::

    plan -> route -> assign -> retrieve -> read --+
                      ^  |                        |
                      |  +---> calculate ---------+---> compose
                      +---------------------------+

``SingleAgent`` is what it is compared with: the same model and the same tools, described in one prompt.
"""

from labkit.orchestrator.actions import ACTION_FORM
from labkit.orchestrator.agent import Orchestrator
from labkit.orchestrator.calculator import NotArithmetic, calculate
from labkit.orchestrator.operands import NoNumber, number_of, with_numbers
from labkit.orchestrator.single_agent import SingleAgent
from labkit.orchestrator.state import Router, by_form, by_model
from labkit.orchestrator.toolbox import Toolbox
from labkit.orchestrator.tools import Form, Result, Tool

__all__ = [
    "ACTION_FORM",
    "Form",
    "NoNumber",
    "NotArithmetic",
    "Orchestrator",
    "Result",
    "Router",
    "SingleAgent",
    "Tool",
    "Toolbox",
    "by_form",
    "by_model",
    "calculate",
    "number_of",
    "with_numbers",
]
