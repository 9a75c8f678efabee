"""What a number may be, said once: Python checks it, and the front end gets the same bounds for its fields."""

from dataclasses import asdict, dataclass

from labkit.errors import BadArgument
from labkit.scaling import require_number


@dataclass(frozen=True)
class Bounds:
    """The bounds of one number; those left out do not bind.

    >>> Bounds(above=0, below=1).check("utilisation", 0.7)
    0.7

    Attributes:
        least: Smallest number allowed.
        above: Number that it must exceed.
        most: Largest number allowed.
        below: Number that it must stay under.
        whole: Whether it has to be a whole number.
    """

    least: float | None = None
    above: float | None = None
    most: float | None = None
    below: float | None = None
    whole: bool = False

    def check(self, name: str, value: object) -> float:
        """The value as a float.

        Args:
            name: What the number stands for; opens the message.
            value: What the caller passed.

        Raises:
            BadArgument: It is no finite number, outside the bounds, or not whole where it has to be.
        """
        number = require_number(name, value, least=self.least, above=self.above, most=self.most, below=self.below)
        if self.whole and not number.is_integer():
            raise BadArgument(f"{name} is {value}", remedy="give a whole number")
        return number

    def for_page(self) -> dict[str, float | bool | None]:
        """The bounds as the front end reads them."""
        return asdict(self)
