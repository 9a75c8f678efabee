"""The model of an application: reads passages with whatever continues a conversation."""

from collections.abc import Sequence
from dataclasses import dataclass

from labkit.documents import UNKNOWN, Passage
from labkit.reading import Reading, grounded
from labkit.serving.in_process import Chat, chat

INSTRUCTIONS = (
    "Answer the question from the passages, in a few words. If the passages do not hold the answer, say unknown."
)


@dataclass(frozen=True)
class LanguageModel:
    """Reads with a language model, by default SmolLM2-135M-Instruct in this process.

    Attributes:
        max_tokens: Most tokens of an answer.
        chat: Who continues the conversation: the engine of this process (``labkit.serving.chat``), the fleet or any
            other endpoint (``labkit.serving.served_chat``, ``Endpoint(...).chat``).
    """

    max_tokens: int = 48
    chat: Chat = chat

    def read(self, question: str, passages: Sequence[Passage]) -> Reading:
        """Answer from the passages; ``UNKNOWN`` if the model says so or if they do not bear its words out."""
        if not passages:
            return Reading(UNKNOWN)
        listed = "\n".join(f"- {passage.chunk.text}" for passage in passages)
        [reply] = self.chat(
            [
                [
                    {"role": "system", "content": INSTRUCTIONS},
                    {"role": "user", "content": f"Passages:\n{listed}\n\nQuestion: {question}"},
                ]
            ],
            self.max_tokens,
        )
        support = grounded(question, reply.text, passages)
        text = reply.text if support else UNKNOWN
        return Reading(text, support, reply.text, reply.input_tokens, reply.output_tokens)
