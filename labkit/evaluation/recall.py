"""Retrieval by itself: is the evidence among the passages, whatever the reader makes of them?"""

from collections.abc import Sequence

from labkit.errors import BadArgument
from labkit.evaluation.outcome import Rate
from labkit.stages import Application
from labkit.tasks import Task


def evidence_recall(application: Application, tasks: Sequence[Task], k: int) -> Rate:
    """For how many of the tasks' hops is a document that states the fact among the first k passages.

    Each hop is asked with its gold sub-question, so that neither planning nor reading plays a part. Hops that no
    document answers, and steps of arithmetic, are left out.

    Args:
        application: The application, over the corpus that the tasks are about.
        tasks: Tasks whose hops are known.
        k: Passages retrieved per hop, at least 1.

    Raises:
        BadArgument: No task has a hop that a document answers.
    """
    hops = [(hop, task.principal) for task in tasks for hop in task.hops if hop.documents]
    if not hops:
        raise BadArgument(f"none of {len(tasks)} tasks has a hop with evidence", remedy="give answerable tasks")
    found = 0
    for hop, principal in hops:
        passages = application.retrieve(hop.question, k, principal)
        found += any(passage.chunk.document_id in hop.documents for passage in passages)
    return Rate(found, len(hops))
