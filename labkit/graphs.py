"""Graphs of agents: LangGraph runs them, and every node leaves a step in the trace.

An agent's graph has two kinds of data. Its **state** is what nodes write and later nodes read: sub-questions,
passages, answers; words of documents get in there. Its **context** is fixed before the first node runs: the search,
bound to the principal, the model, the tools and the limits. No node can write it, so nothing that stands in a
document can change who asks or what may be done.
"""

import operator
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Annotated, Any, Generic, TypedDict, TypeVar, cast

from labkit.documents import Passage, Step
from labkit.tables import Table

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

State = TypeVar("State")
Context = TypeVar("Context")
END = "end"


class Traced(TypedDict):
    """What the state of every graph holds: the steps so far, to which each node adds its own."""

    trace: Annotated[tuple[Step, ...], operator.add]


@dataclass(frozen=True)
class Done:
    """What a node did.

    Attributes:
        given: What went in, as text for people.
        result: What came out, as text for people.
        changes: Values of the state to replace, by name.
        input_tokens: Tokens a model read.
        output_tokens: Tokens a model wrote.
        found: The passages that a search returned.
    """

    given: str
    result: str
    changes: Mapping[str, object] = field(default_factory=dict)
    input_tokens: int = 0
    output_tokens: int = 0
    found: tuple[Passage, ...] = ()


@dataclass(frozen=True)
class Branch(Generic[State]):
    """Where the state decides which node comes next.

    Attributes:
        choose: From the state to one of ``targets``.
        targets: The nodes that may follow; ``END`` ends the run.
    """

    choose: Callable[[State], str]
    targets: tuple[str, ...]


@dataclass(frozen=True)
class Graph(Generic[State, Context]):
    """A graph of nodes that are plain functions, compiled by LangGraph.

    Attributes:
        state: The type of the state, a TypedDict that extends ``Traced``.
        context: The type of the context.
        nodes: Functions of the state and the context, by name; the first one begins.
        edges: What follows a node: another node, ``END``, or a branch.
    """

    state: type[State]
    context: type[Context]
    nodes: Mapping[str, Callable[[State, Context], Done]]
    edges: Mapping[str, "str | Branch[State]"]

    def compiled(self) -> "CompiledStateGraph[Any, Any, Any, Any]":
        """The graph as LangGraph runs it."""
        from langgraph.graph import StateGraph

        graph = StateGraph(self.state, context_schema=self.context)  # type: ignore[type-var]
        for name, node in self.nodes.items():
            graph.add_node(name, _traced(name, node))
        graph.set_entry_point(next(iter(self.nodes)))
        for name, after in self.edges.items():
            if isinstance(after, Branch):
                graph.add_conditional_edges(name, after.choose, {target: _end(target) for target in after.targets})
            else:
                graph.add_edge(name, _end(after))
        return graph.compile()

    def table(self) -> Table:
        """The nodes and what may follow each, a row a node."""
        rows = (
            (name, " | ".join(after.targets) if isinstance(after, Branch) else after)
            for name, after in self.edges.items()
        )
        return Table(("node", "followed by"), tuple(rows))


def run(graph: "CompiledStateGraph[Any, Any, Any, Any]", state: State, context: Context, most_nodes: int) -> State:
    """Run a compiled graph to its end, and send no word of it anywhere.

    LangChain's libraries report every run to a service of their own when the environment asks for it; here documents
    of tenants pass through, so they are not asked.

    Args:
        graph: The compiled graph.
        state: The state to begin with.
        context: What nodes may use.
        most_nodes: Nodes that may run, a bound above what the graph's own limits allow.

    Returns:
        The state at the end.
    """
    from langsmith import tracing_context

    with tracing_context(enabled=False):
        ended = graph.invoke(state, context=context, config={"recursion_limit": most_nodes})
    return cast("State", ended)


def _traced(name: str, node: Callable[[State, Context], Done]) -> Callable[..., dict[str, object]]:
    from langgraph.runtime import Runtime

    def timed(state: State, runtime: Runtime[Any]) -> dict[str, object]:
        begin = time.perf_counter()
        done = node(state, runtime.context)
        seconds = time.perf_counter() - begin
        step = Step(name, done.given, done.result, seconds, done.input_tokens, done.output_tokens, done.found)
        return {**done.changes, "trace": (step,)}

    return timed


def _end(name: str) -> str:
    from langgraph.graph import END as LANGGRAPH_END

    return LANGGRAPH_END if name == END else name
