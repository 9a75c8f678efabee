"""Where a student's numbers and documents come from: random numbers that are always the same for the same id."""

import random

from labkit.errors import BadArgument

CLUSTERS = ("lyra", "cygnus", "corvus", "draco", "hydra", "norma", "pavo", "vela", "aquila", "carina")
SERVICES = ("search", "billing", "translation", "support", "catalogue", "booking", "captioning", "forecast")


def drawn_for(student: str, assignment: str) -> random.Random:
    """The random numbers of one student in one assignment.

    >>> drawn_for("ada", "quorum").random() == drawn_for("ada", "quorum").random()
    True
    >>> drawn_for("ada", "quorum").random() == drawn_for("grace", "quorum").random()
    False

    Args:
        student: The id the course knows the student by.
        assignment: What they are for.

    Raises:
        BadArgument: An empty id.
    """
    if not student.strip():
        raise BadArgument("the student id is empty", remedy='write your id into the cell STUDENT = "..."')
    return random.Random(f"{assignment}/{student}")
