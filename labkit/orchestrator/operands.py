"""From the answers of a plan to the numbers of its arithmetic."""

import re
from collections.abc import Sequence

from labkit.errors import LabkitError
from labkit.skills.planning import REFERENCE
from labkit.tasks.normalisation import numbers_in

_DIGITS = re.compile(r"(?<![\w.,-])-?\d+(?:,\d{3})*(?:\.\d+)?(?![\w-]|[.,]\d)")


class NoNumber(LabkitError, ValueError):
    """An answer that arithmetic needs holds no number, or more than one."""


def number_of(answer: str) -> str:
    """The one number of an answer, its decimal places kept.

    >>> number_of("$2.40 per hour"), number_of("eight replicas"), number_of("1,200")
    ('2.40', '8', '1200')

    Raises:
        NoNumber: There is none, or there are several and so none that is certain.
    """
    written = [found.replace(",", "") for found in _DIGITS.findall(answer)]
    found = numbers_in(answer)
    if len(found) != 1:
        raise NoNumber(f"the answer {answer!r} holds {len(found)} numbers", remedy="ask for one number")
    return written[0] if len(written) == 1 else next(iter(found))


def with_numbers(step: str, answers: Sequence[str]) -> str:
    """A calculation with the numbers of earlier answers in its slots.

    >>> with_numbers("#2 * #3", ["orion", "eight", "24 requests per second"])
    '8 * 24'

    Raises:
        NoNumber: An answer that it refers to is not one number.
    """
    return REFERENCE.sub(lambda reference: number_of(answers[int(reference[1]) - 1]), step)
