"""How a skill is asked for: one system message that names the work, one message with the material."""

Message = dict[str, str]
"""One turn of a conversation: a ``role`` (system, user, assistant) and its ``content``."""


def conversation(instructions: str, material: str) -> list[Message]:
    """The two messages. What calls have in common comes first, so that a prefix cache can keep it.

    >>> [message["role"] for message in conversation("Count.", "1 2 3")]
    ['system', 'user']
    """
    return [{"role": "system", "content": instructions}, {"role": "user", "content": material}]
