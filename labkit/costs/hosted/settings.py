"""What the hosted API is told."""

import json
from dataclasses import asdict, dataclass

from labkit.costs.prices import ModelPrice
from labkit.scaling import require_number
from labkit.settings import require_endpoint


@dataclass(frozen=True)
class HostedSettings:
    """An API in front of somebody's model.

    Attributes:
        upstream: Address up to and with ``/v1`` of whoever does the work.
        price: What tokens cost here.
        requests_per_minute: How many requests are let in, on average.
        burst: How many may come at once after a quiet spell.
        patience: Seconds that the upstream may take for one request.

    Raises:
        BadArgument: The upstream is no http address, or a number is out of its bounds.
    """

    upstream: str
    price: ModelPrice
    requests_per_minute: float = 600.0
    burst: int = 60
    patience: float = 120.0

    def __post_init__(self) -> None:
        object.__setattr__(self, "upstream", require_endpoint(self.upstream))
        require_number("requests_per_minute", self.requests_per_minute, above=0)
        require_number("burst", self.burst, least=1)
        require_number("patience", self.patience, above=0)

    def to_json(self) -> str:
        """The settings as one line, for another process."""
        return json.dumps(asdict(self))

    @classmethod
    def from_json(cls, line: str) -> "HostedSettings":
        """The settings that ``to_json`` wrote."""
        found = json.loads(line)
        return cls(**found | {"price": ModelPrice(**found["price"])})
