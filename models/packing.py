"""Several conversations that begin alike as one sequence, so that what they share is computed once.

Six questions on the same four passages are, one by one, six times some 700 tokens; packed they are 700 once and six
times 40. Each question sees the shared beginning and itself, at the positions it would have alone, so losses and
gradients are those of the six conversations apart::

                 beginning    question 1   question 2
    beginning    up to here   -            -
    question 1   all          up to here   -
    question 2   all          -            up to here
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from labkit.skills import Message

if TYPE_CHECKING:
    from torch import Tensor
    from transformers import PreTrainedTokenizerBase

Conversation = tuple[list[Message], str]
"""Messages, and the reply that is to be learnt."""

END_OF_TURN = "<|im_end|>"


@dataclass(frozen=True)
class Pack:
    """A packed sequence.

    Attributes:
        ids: Token ids, shape (1, tokens).
        positions: Position of each token in its own conversation, shape (1, tokens).
        visible: True where a row's token may look at a column's, shape (1, 1, tokens, tokens).
        predicting: Places whose next token is to be learnt, shape (learnt,).
        learnt: Those next tokens, shape (learnt,).
    """

    ids: "Tensor"
    positions: "Tensor"
    visible: "Tensor"
    predicting: "Tensor"
    learnt: "Tensor"


def pack(conversations: Sequence[Conversation], tokenizer: "PreTrainedTokenizerBase") -> Pack:
    """Pack conversations; their common beginning is found by comparing tokens.

    Args:
        conversations: At least one.
        tokenizer: The model's, with its chat template.
    """
    import torch

    prompts = [prompt_ids(messages, tokenizer) for messages, _ in conversations]
    replies = [tokenizer(f"{reply}{END_OF_TURN}", add_special_tokens=False)["input_ids"] for _, reply in conversations]
    shared = _shared(prompts)
    ids, segments, positions = list(prompts[0][:shared]), [0] * shared, list(range(shared))
    predicting: list[int] = []
    for number, (prompt, reply) in enumerate(zip(prompts, replies, strict=True), start=1):
        own = [*prompt[shared:], *reply]
        begin = len(ids) + len(prompt) - shared
        predicting += range(begin - 1, begin - 1 + len(reply))
        ids += own
        segments += [number] * len(own)
        positions += range(shared, shared + len(own))
    owner = torch.tensor(segments)
    visible = torch.ones(len(ids), len(ids), dtype=torch.bool).tril()
    visible &= (owner[None, :] == 0) | (owner[None, :] == owner[:, None])
    learnt = [token for reply in replies for token in reply]
    return Pack(
        torch.tensor([ids]),
        torch.tensor([positions]),
        visible[None, None],
        torch.tensor(predicting),
        torch.tensor(learnt),
    )


def prompt_ids(messages: list[Message], tokenizer: "PreTrainedTokenizerBase") -> list[int]:
    """The tokens of a prompt as a server makes them: the chat template first, then the tokenizer."""
    text = tokenizer.apply_chat_template(messages, add_generation_prompt=True, tokenize=False)
    found: list[int] = tokenizer(text, add_special_tokens=False)["input_ids"]
    return found


def _shared(prompts: Sequence[Sequence[int]]) -> int:
    """How many tokens all prompts begin with; less than any of them, so that each keeps a token to predict from."""
    most = min(map(len, prompts)) - 1
    return next((place for place in range(most) if len({prompt[place] for prompt in prompts}) > 1), most)
