"""A language model that says what it is told, skill by skill, and remembers what it was asked."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from labkit.documents import UNKNOWN
from labkit.serving import Completion
from labkit.skills import planning, reading, routing


@dataclass
class Scripted:
    """A ``Chat``: plans by question, answers by question, routes by step; a token is a word."""

    plans: Mapping[str, str | Sequence[str]] = field(default_factory=dict)
    answers: Mapping[str, str] = field(default_factory=dict)
    routes: Mapping[str, str] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)

    def __call__(self, conversations, max_tokens=48):
        return [self._one(*messages, max_tokens) for messages in conversations]

    def _one(self, system, user, max_tokens):
        said = self._said(system["content"], user["content"])
        words = f"{system['content']} {user['content']}".split()
        return Completion(" ".join(said.split()[:max_tokens]), len(words), len(said.split()))

    def _said(self, instructions: str, material: str) -> str:
        asked = material.rpartition("Question: ")[2].removeprefix("Step: ")
        if instructions == planning.INSTRUCTIONS:
            self.asked.append(("plan", asked))
            plan = self.plans.get(asked, (asked,))
            return plan if isinstance(plan, str) else json.dumps(list(plan))
        if instructions == routing.INSTRUCTIONS:
            self.asked.append(("route", asked))
            return self.routes.get(asked, "calculate" if planning.is_calculation(asked) else "retrieve")
        assert instructions == reading.INSTRUCTIONS
        self.asked.append(("read", asked))
        return self.answers.get(asked, UNKNOWN)
