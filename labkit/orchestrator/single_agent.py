"""The agent that the orchestrator is compared with: one prompt, one loop, the same model, tools and budget.

It thinks and acts by turns (Yao et al., "ReAct: Synergizing Reasoning and Acting in Language Models", ICLR 2023), also
as a LangGraph graph, and is held to the same rule: what no passage and no calculation bears out is no answer.
"""

from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Any

from labkit.agents import Retriever, cited, sources
from labkit.documents import UNKNOWN, Answer, Passage, Principal, Trace
from labkit.graphs import END, Branch, Done, Graph, Traced, run
from labkit.orchestrator.actions import Action, NoAction, Say, SearchFor, WorkOut, first_messages, parse_action, shown
from labkit.orchestrator.toolbox import Toolbox
from labkit.planning import Writer, require_writer
from labkit.reading import Model, grounded
from labkit.scaling import require_number
from labkit.serving.engine import CONTEXT_TOKENS
from labkit.skills import Message
from labkit.tasks.normalisation import normalise

if TYPE_CHECKING:
    from langgraph.graph.state import CompiledStateGraph

ACTION_TOKENS = 64
"""Most tokens of a turn."""

_CHARACTERS_A_TOKEN = 2
"""So few only in names and numbers: the estimate of what a message adds errs on the safe side."""


class TalkState(Traced):
    """The state of a single agent's run.

    Attributes:
        question: What was asked.
        messages: The conversation so far.
        tokens: Tokens of the conversation so far, estimated from above.
        turns: Turns of the model so far.
        action: Its last one; None where it was no action.
        seen: All passages found so far.
        results: All results calculated so far.
        problem: What ended the run early; empty where nothing did.
    """

    question: str
    messages: tuple[Message, ...]
    tokens: int
    turns: int
    action: Action | None
    seen: tuple[Passage, ...]
    results: tuple[str, ...]
    problem: str


@dataclass(frozen=True)
class Talk:
    """What a single agent's nodes may use; fixed before the first of them runs."""

    model: Writer
    tools: Toolbox
    turns: int
    k: int


def think(state: TalkState, talk: Talk) -> Done:
    """Let the model write its next action."""
    written = talk.model.write(state["messages"], ACTION_TOKENS)
    try:
        action, heard = parse_action(written.text), written.text
    except NoAction as error:
        action, heard = None, str(error)
    said = {"role": "assistant", "content": written.text}
    changes = {
        "action": action,
        "turns": state["turns"] + 1,
        "messages": (*state["messages"], said),
        "tokens": written.input_tokens + written.output_tokens,
    }
    given = state["messages"][-1]["content"]
    return Done(given, heard, changes, written.input_tokens, written.output_tokens)


def act(state: TalkState, talk: Talk) -> Done:
    """Do what the model wrote, tell it what came of it, and end where the budget or the context is spent."""
    done, told = _acted(state["action"], state, talk)
    tokens = state["tokens"] + len(told) // _CHARACTERS_A_TOKEN
    problem = ""
    if state["turns"] >= talk.turns:
        problem = f"budget: no answer in {talk.turns} turns"
    elif tokens > CONTEXT_TOKENS - ACTION_TOKENS:
        problem = f"context: the conversation has outgrown {CONTEXT_TOKENS} tokens"
    messages = (*state["messages"], {"role": "user", "content": told})
    changes = {**done.changes, "messages": messages, "tokens": tokens, "problem": problem}
    return replace(done, changes=changes)


def _acted(action: Action | None, state: TalkState, talk: Talk) -> tuple[Done, str]:
    """What was done, and what the model is told of it."""
    if isinstance(action, SearchFor):
        found = talk.tools.search(query=action.query, k=talk.k)
        if found.reply is None:
            return Done(action.query, found.failure), found.failure
        passages = found.reply.passages
        done = Done(action.query, sources(passages), {"seen": (*state["seen"], *passages)}, found=passages)
        return done, shown(passages)
    if isinstance(action, WorkOut):
        worked = talk.tools.calculate(expression=action.expression)
        if worked.reply is None:
            return Done(action.expression, worked.failure), worked.failure
        text = f"{worked.reply.value:f}"
        return Done(action.expression, text, {"results": (*state["results"], text)}), text
    told = "that is no action; reply with one of the three JSON objects"
    return Done("", told), told


GRAPH = Graph(
    TalkState,
    Talk,
    {"think": think, "act": act},
    {
        "think": Branch(lambda state: END if isinstance(state["action"], Say) else "act", ("act", END)),
        "act": Branch(lambda state: END if state["problem"] else "think", ("think", END)),
    },
)


@dataclass(frozen=True)
class SingleAgent:
    """One model with all tools described in its prompt.

    Attributes:
        turns: Most turns of the model. The orchestrator's default of four searches costs it one call for the plan and
            one a search; here a search, a calculation and the answer are a turn each, so that two more are fair.
        k: Passages a search.
        seconds: Time that one try of a tool may take.
        tries: How often a tool is run at most.

    Raises:
        BadArgument: A number is out of its bounds.
    """

    turns: int = 7
    k: int = 2
    seconds: float = 30.0
    tries: int = 2

    def __post_init__(self) -> None:
        for name in ("turns", "k", "tries"):
            require_number(name, getattr(self, name), least=1)
        require_number("seconds", self.seconds, above=0)

    def answer(self, question: str, principal: Principal, retrieve: Retriever, model: Model) -> Answer:
        """Answer the question on behalf of the principal.

        Raises:
            BadArgument: The model cannot write freely.
            AccessRefused: The principal may not ask.
        """
        tools = Toolbox.of(retrieve, principal, self.seconds, self.tries)
        talk = Talk(require_writer(model), tools, self.turns, self.k)
        return _answer(run(_compiled(), _beginning(question), talk, 2 * self.turns + 2))


def _beginning(question: str) -> TalkState:
    messages = tuple(first_messages(question))
    return TalkState(
        question=question,
        messages=messages,
        tokens=0,
        turns=0,
        action=None,
        seen=(),
        results=(),
        problem="",
        trace=(),
    )


def _answer(ended: TalkState) -> Answer:
    trace, action = Trace(ended["trace"]), ended["action"]
    if not isinstance(action, Say):
        return Answer(UNKNOWN, (), trace, ended["problem"])
    support = grounded(ended["question"], action.text, ended["seen"])
    if not support and normalise(action.text) not in map(normalise, ended["results"]):
        return Answer(UNKNOWN, (), trace)
    return Answer(action.text, cited(support or ended["seen"]), trace)


@cache
def _compiled() -> "CompiledStateGraph[Any, Any, Any, Any]":
    return GRAPH.compiled()
