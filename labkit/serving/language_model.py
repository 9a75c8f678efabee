"""The model of an application: reads, plans and routes with whatever continues a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from labkit.documents import UNKNOWN, Passage
from labkit.planning import Planned, Routed, Written
from labkit.reading import Reading, grounded, respelt
from labkit.scaling import require_number
from labkit.serving.in_process import Chat, Message, chat
from labkit.skills import (
    InvalidPlan,
    InvalidRoute,
    Plan,
    lost_names,
    newest_first,
    parse_plan,
    parse_reading,
    parse_route,
    plan_messages,
    read_messages,
    route_messages,
)
from labkit.tasks.task import Skill

PLAN_TOKENS = 160
"""Most tokens of a plan."""

ROUTE_TOKENS = 4


@dataclass(frozen=True)
class LanguageModel:
    """Reads, plans and routes with a language model, by default the course's own in this process.

    Attributes:
        max_tokens: Most tokens of an answer read from passages.
        at_once: Passages in one prompt. The course's model reads them one by one, since among several it mixes up who
            a sentence is about; a larger one may see all of them and join what they state.
        chat: Who continues the conversation: the engine of this process (``labkit.serving.chat``), the fleet or any
            other endpoint (``labkit.serving.served_chat``, ``Endpoint(...).chat``).
    """

    max_tokens: int = 48
    chat: Chat = chat
    at_once: int = 1

    def __post_init__(self) -> None:
        require_number("at_once", self.at_once, least=1)

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Answer from the passages, the youngest first, and ask no further once some of them bear an answer out.

        Returns:
            The answer, or ``UNKNOWN`` where the model says so of all or where no passage bears its words out; with the
            tokens of every prompt.
        """
        came = Reading(UNKNOWN)
        ordered = newest_first(passages)
        for begin in range(0, len(ordered), self.at_once):
            shown = ordered[begin : begin + self.at_once]
            [reply] = self.chat([read_messages(question, [passage.chunk.text for passage in shown])], self.max_tokens)
            said = parse_reading(reply.text)
            spelt = said if said == UNKNOWN or grounded(question, said, shown) else respelt(said, shown)
            support = grounded(question, spelt, shown)
            came = Reading(
                spelt if support else UNKNOWN,
                support,
                came.said if said == UNKNOWN and came.said else said,
                came.input_tokens + reply.input_tokens,
                came.output_tokens + reply.output_tokens,
            )
            if support:
                break
        return came

    def plan(self, question: str) -> Planned:
        """Split a question into steps; where the model writes no valid plan, or forgets a name, say so."""
        [reply] = self.chat([plan_messages(question)], PLAN_TOKENS)
        plan, problem = _understood(question, reply.text)
        return Planned(plan, reply.text, problem, reply.input_tokens, reply.output_tokens)

    def route(self, steps: Sequence[str]) -> Routed:
        """Choose a specialist for every step, all in one batch."""
        replies = self.chat([route_messages(step) for step in steps], ROUTE_TOKENS)
        return Routed(
            tuple(_skill(reply.text) for reply in replies),
            sum(reply.input_tokens for reply in replies),
            sum(reply.output_tokens for reply in replies),
        )

    def write(self, messages: Sequence[Message], max_tokens: int) -> Written:
        """Write the next turn of any conversation."""
        [reply] = self.chat([messages], max_tokens)
        return Written(reply.text, reply.input_tokens, reply.output_tokens)


def _understood(question: str, said: str) -> tuple[Plan | None, str]:
    """The plan in a reply, or why there is none."""
    try:
        plan = parse_plan(said, question)
    except InvalidPlan as error:
        return None, error.problem
    lost = lost_names(question, plan)
    return (None, f"the plan asks nothing about {', '.join(lost)}") if lost else (plan, "")


def _skill(text: str) -> Skill | None:
    try:
        return parse_route(text)
    except InvalidRoute:
        return None
