"""The agent of layer 4: the nodes as a graph, and a run of it as an answer."""

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from labkit.agents import Retriever, cited
from labkit.documents import UNKNOWN, Answer, Passage, Principal, Trace
from labkit.graphs import END, Branch, Graph, run
from labkit.multihop import nodes
from labkit.multihop.state import HopState, HopWork, Search, Stop, beginning
from labkit.planning import require_planner
from labkit.reading import Model
from labkit.scaling import require_number
from labkit.skills import MOST_STEPS

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

GRAPH = Graph(
    HopState,
    HopWork,
    {"plan": nodes.plan, "substitute": nodes.substitute, "retrieve": nodes.retrieve, "read": nodes.read},
    {
        "plan": Branch(partial(nodes.unless_stopped, "substitute"), ("substitute", END)),
        "substitute": Branch(partial(nodes.unless_stopped, "retrieve"), ("retrieve", END)),
        "retrieve": "read",
        "read": Branch(partial(nodes.unless_stopped, "substitute"), ("substitute", "plan", END)),
    },
)

MOST_NODES = 5 * MOST_STEPS
"""More than any run can use: three nodes a step, two plans, and the step that was searched for between them."""


@dataclass(frozen=True)
class MultiHop:
    """Plans sub-questions, and retrieves and reads for each with the answers of earlier ones put in.

    A question of one hop gets all ``passages`` in its one search, one of two hops half of them in each: as many in
    all as ``SingleShot(passages)`` retrieves, so that the two can be compared. Where the first step of a plan leads
    nowhere, the question itself is searched for with what is left of them; where that was the plan, or where something
    is to be calculated, it is planned once more.

    Attributes:
        hops: Most searches for one question.
        k: Least passages a search; long plans retrieve more than ``passages`` in all.
        passages: Passages that the plan's searches share.

    Raises:
        BadArgument: A number is below 1.
    """

    hops: int = 4
    k: int = 2
    passages: int = 4

    def __post_init__(self) -> None:
        for name in ("hops", "k", "passages"):
            require_number(name, getattr(self, name), least=1)

    def answer(self, question: str, principal: Principal, retrieve: Retriever, model: Model) -> Answer:
        """Answer the question on behalf of the principal.

        Raises:
            BadArgument: The model cannot plan.
        """
        search = bound(retrieve, principal)
        work = HopWork(require_planner(model), self.hops, self.k, self.passages, search)
        return answer_of(run(_compiled(), beginning(question), work, MOST_NODES))

    @staticmethod
    def draw() -> str:
        """The graph in mermaid's language, made by LangGraph; JupyterLab and GitHub draw it."""
        return _compiled().get_graph().draw_mermaid()


def bound(retrieve: Retriever, principal: Principal) -> Search:
    """The retriever for one principal; whoever holds the search can neither see nor change for whom it is."""

    def search(query: str, k: int) -> tuple[Passage, ...]:
        return tuple(retrieve(query, k, principal))

    return search


def answer_of(ended: HopState) -> Answer:
    """The answer that a run has come to: that of its last step, with the passages that bear out every hop."""
    trace = Trace(ended["trace"])
    if ended["stop"] is Stop.ANSWERED:
        return Answer(ended["answers"][-1], cited(ended["support"]), trace)
    return Answer(UNKNOWN, (), trace, ended["problem"])


@cache
def _compiled() -> "CompiledStateGraph[Any, Any, Any, Any]":
    return GRAPH.compiled()
