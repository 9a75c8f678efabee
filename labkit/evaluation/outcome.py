"""What came of one task, and of many: an outcome, and a success rate with its interval."""

from dataclasses import dataclass

from labkit.documents import Answer
from labkit.evaluation.causes import cause
from labkit.tasks import Score, Task, score, wilson_interval


@dataclass(frozen=True)
class Outcome:
    """One task, what the application said, and the verdict.

    Attributes:
        task: The task's id.
        kind: The task's kind.
        question: What was asked.
        said: The answer's text.
        verdict: The score.
        seconds: From question to answer.
        input_tokens: Tokens that models read.
        output_tokens: Tokens that models wrote.
        stopped: What the last step of the trace came to: where to look when the answer is wrong.
        cause: What went wrong first, one of ``labkit.evaluation.Cause``; empty for a success.
    """

    task: str
    kind: str
    question: str
    said: str
    verdict: Score
    seconds: float
    input_tokens: int
    output_tokens: int
    stopped: str
    cause: str = ""

    @classmethod
    def of(cls, task: Task, answer: Answer) -> "Outcome":
        """Judge an answer."""
        trace = answer.trace
        last = trace.steps[-1] if trace.steps else None
        verdict = score(task, answer)
        return cls(
            task.id,
            task.kind.value,
            task.question,
            answer.text,
            verdict,
            trace.seconds,
            trace.input_tokens,
            trace.output_tokens,
            f"{last.name}: {last.result}" if last else "",
            cause(task, answer, verdict).value,
        )


@dataclass(frozen=True)
class Rate:
    """A success rate with its 95 % Wilson interval.

    >>> str(Rate(43, 50))
    '0.86 (43 of 50, 95 % interval 0.74-0.93)'
    """

    successes: int
    trials: int

    @property
    def value(self) -> float:
        """Successes over trials."""
        return self.successes / self.trials

    @property
    def interval(self) -> tuple[float, float]:
        """Lower and upper limit at 95 %."""
        return wilson_interval(self.successes, self.trials)

    def __str__(self) -> str:
        low, high = self.interval
        return f"{self.value:.2f} ({self.successes} of {self.trials}, 95 % interval {low:.2f}-{high:.2f})"
