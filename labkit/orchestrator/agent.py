"""The agent of layer 5: a planner, a router and two specialists as one graph."""

from dataclasses import dataclass
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from labkit.agents import Retriever
from labkit.documents import Answer, Principal
from labkit.graphs import END, Branch, Graph, run
from labkit.multihop.agent import MOST_NODES, answer_of
from labkit.multihop.nodes import unless_stopped
from labkit.orchestrator import nodes
from labkit.orchestrator.state import Desk, Router, TaskState, by_form, task_beginning
from labkit.orchestrator.toolbox import Toolbox
from labkit.planning import require_planner
from labkit.reading import Model
from labkit.scaling import require_number

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph


def _onward(name: str, *others: str) -> Branch[TaskState]:
    """To a node, to the planner where there is no plan any more, or to composing where the run has stopped."""
    return Branch(partial(unless_stopped, name, end="compose"), (name, *others, "compose"))


GRAPH = Graph(
    TaskState,
    Desk,
    {
        "plan": nodes.plan,
        "route": nodes.route,
        "assign": nodes.assign,
        "retrieve": nodes.retrieve,
        "read": nodes.read,
        "calculate": nodes.calculate,
        "compose": nodes.compose,
    },
    {
        "plan": _onward("route"),
        "route": "assign",
        "assign": Branch(nodes.specialist, ("retrieve", "calculate", "compose")),
        "retrieve": _onward("read"),
        "read": _onward("assign", "plan"),
        "calculate": _onward("assign"),
        "compose": END,
    },
)


@dataclass(frozen=True)
class Orchestrator:
    """Plans, routes each step to the retrieval or the calculation specialist, and composes.

    Attributes:
        hops: Most searches for one question.
        k: Least passages a search.
        passages: Passages that the plan's searches share; see ``MultiHop``.
        router: Chooses the specialists: ``by_form`` of the steps, or ``by_model``, which spends a call on it.
        seconds: Time that one try of a tool may take.
        tries: How often a tool is run at most.

    Raises:
        BadArgument: A number is out of its bounds.
    """

    hops: int = 4
    k: int = 2
    passages: int = 4
    router: Router = by_form
    seconds: float = 30.0
    tries: int = 2

    def __post_init__(self) -> None:
        for name in ("hops", "k", "passages", "tries"):
            require_number(name, getattr(self, name), least=1)
        require_number("seconds", self.seconds, above=0)

    def answer(self, question: str, principal: Principal, retrieve: Retriever, model: Model) -> Answer:
        """Answer the question on behalf of the principal; a tool that fails is stated as the answer's failure.

        Raises:
            BadArgument: The model cannot plan.
            AccessRefused: The principal may not ask.
        """
        return self.answer_with(Toolbox.of(retrieve, principal, self.seconds, self.tries), question, model)

    def answer_with(self, tools: Toolbox, question: str, model: Model) -> Answer:
        """Answer the question with a toolbox, and so on behalf of the principal that it is bound to."""
        desk = Desk(require_planner(model), self.hops, self.k, self.passages, tools, self.router)
        return answer_of(run(_compiled(), task_beginning(question), desk, MOST_NODES))

    @staticmethod
    def draw() -> str:
        """The graph in mermaid's language, made by LangGraph; JupyterLab and GitHub draw it."""
        return _compiled().get_graph().draw_mermaid()


@cache
def _compiled() -> "CompiledStateGraph[Any, Any, Any, Any]":
    return GRAPH.compiled()
