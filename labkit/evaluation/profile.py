"""Where a task's seconds, tokens and dollars go: its steps, each put down to the layer that does the work.

The steps are those of the traces, so this is *measured*; what a larger corpus or load would do to them is computed by
``labkit.ceilings``.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from labkit.costs import TokenPrice, cost_per_task
from labkit.documents import Answer, Step
from labkit.errors import BadArgument
from labkit.tables import Table

LAYERS = {
    "retrieve": "2-3 encode the query, search",
    "read": "6 model reads",
    "plan": "4-5 model plans",
    "substitute": "4 agent",
    "route": "5 router",
    "assign": "5 agent",
    "calculate": "5 tool",
    "compose": "5 agent",
    "think": "5 single agent's model",
    "act": "5 single agent's tools",
}
OTHER = "other"


@dataclass(frozen=True)
class Share:
    """One step's part of the average task.

    Attributes:
        step: Its name in the trace.
        layer: The layer that does the work.
        times: How often a task takes it.
        seconds: Seconds a task.
        input_tokens: Tokens read a task.
        output_tokens: Tokens written a task.
    """

    step: str
    layer: str
    times: float
    seconds: float
    input_tokens: float
    output_tokens: float

    def dollars(self, price: TokenPrice) -> float:
        """Dollars a task for its tokens."""
        return cost_per_task(1, self.input_tokens, self.output_tokens, price)


@dataclass(frozen=True, repr=False)
class Profile:
    """The average task by step, the longest first.

    Attributes:
        shares: One for each step that occurs.
        tasks: How many tasks it is the average of.
        price: What a token costs, or None.
    """

    shares: tuple[Share, ...]
    tasks: int
    price: TokenPrice | None = None

    @classmethod
    def of(cls, answers: Sequence[Answer], price: TokenPrice | None = None) -> "Profile":
        """The profile of some answers.

        Raises:
            BadArgument: There are none.
        """
        if not answers:
            raise BadArgument("0 answers have no profile", remedy="give the answers of ask_all or of a run")
        taken: dict[str, list[Step]] = {}
        for step in (step for answer in answers for step in answer.trace.steps):
            taken.setdefault(step.name, []).append(step)
        shares = (_share(name, steps, len(answers)) for name, steps in taken.items())
        return cls(tuple(sorted(shares, key=lambda share: -share.seconds)), len(answers), price)

    @property
    def seconds(self) -> dict[str, float]:
        """Seconds a task by step."""
        return {share.step: share.seconds for share in self.shares}

    def table(self) -> Table:
        """A row a step, with its share of the seconds."""
        whole = sum(share.seconds for share in self.shares)
        rows = [
            (
                share.step,
                share.layer,
                f"{share.times:.1f}",
                f"{share.seconds:.4f}",
                f"{100 * share.seconds / whole if whole else 0:.0f} %",
                f"{share.input_tokens + share.output_tokens:.0f}",
                f"{share.dollars(self.price):.6f}" if self.price else "-",
            )
            for share in self.shares
        ]
        columns = ("step", "layer", "times a task", "s a task", "share", "tokens a task", "$ a task")
        return Table(columns, tuple(rows), f"Measured, mean of {self.tasks} tasks")

    def __str__(self) -> str:
        return str(self.table())

    __repr__ = __str__

    def _repr_html_(self) -> str:
        return self.table()._repr_html_()


def _share(name: str, steps: Sequence[Step], tasks: int) -> Share:
    return Share(
        step=name,
        layer=LAYERS.get(name, OTHER),
        times=len(steps) / tasks,
        seconds=sum(step.seconds for step in steps) / tasks,
        input_tokens=sum(step.input_tokens for step in steps) / tasks,
        output_tokens=sum(step.output_tokens for step in steps) / tasks,
    )
