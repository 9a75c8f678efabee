"""What a whole fleet is told, and what Ray Serve is told for it."""

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import Any

from labkit.errors import BadArgument
from labkit.scaling import require_number
from labkit.serving.engine import EngineSettings, environment
from labkit.serving.routing import Routing, router_options

SPARE = 4
"""One request in this many beyond the batch is let into a replica, so that a place is taken the moment it is free."""

LOOK_BACK, UPSCALE_DELAY, DOWNSCALE_DELAY = 12.0, 2.0, 60.0
"""Seconds: how far autoscaling looks back, and how long it waits to add and to take away."""


@dataclass(frozen=True)
class FleetSettings:
    """A fleet of equal replicas behind one address.

    Attributes:
        engine: What each replica is.
        replicas: How many to start with, and the least when autoscaling.
        most: The most when autoscaling; None keeps the number as it is until somebody scales the fleet.
        queue: Requests that may wait at the front door; one more gets status 429.
        deadline: Seconds that a request may take, waiting and repetition included, unless it says otherwise.
        routing: Who gets a request.
        queued_per_replica: Requests waiting and running for each replica that autoscaling aims at.
        port: Port on the loopback address; 0 takes a free one.
        reader: A second, pooling model on the same address, with one replica; None for none.

    Raises:
        BadArgument: A number is out of its bounds, or the two models share a name.
    """

    engine: EngineSettings
    replicas: int = 1
    most: int | None = None
    queue: int = 64
    deadline: float = 120.0
    routing: Routing = Routing.LEAST_LOADED
    queued_per_replica: float = 8.0
    port: int = 0
    reader: EngineSettings | None = field(default=None)

    def __post_init__(self) -> None:
        require_number("replicas", self.replicas, least=1)
        require_number("queue", self.queue, least=1)
        require_number("deadline", self.deadline, above=0)
        require_number("queued_per_replica", self.queued_per_replica, above=0)
        require_number("port", self.port, least=0, most=65535)
        if self.most is not None:
            require_number("most", self.most, least=self.replicas)
        if self.reader is not None and (self.reader.name == self.engine.name or not self.reader.pooling):
            raise BadArgument(
                f"the reader is {self.reader.name!r}, pooling={self.reader.pooling}",
                remedy="give a pooling model with a name of its own",
            )

    @property
    def autoscaling(self) -> bool:
        """Whether Serve adds and removes replicas by itself."""
        return self.most is not None and self.most > self.replicas

    def to_json(self) -> str:
        """The settings as one line, for another process."""
        return json.dumps(asdict(self) | {"routing": self.routing.value}, sort_keys=True)

    @classmethod
    def from_json(cls, line: str) -> "FleetSettings":
        """The settings that ``to_json`` wrote."""
        found = json.loads(line)
        reader = found["reader"]
        return cls(
            **found
            | {
                "engine": EngineSettings(**found["engine"]),
                "routing": Routing(found["routing"]),
                "reader": EngineSettings(**reader) if reader else None,
            }
        )

    def fingerprint(self) -> str:
        """The same for fleets that differ in nothing but how many replicas they have just now."""
        found = json.loads(self.to_json())
        found.pop("replicas")
        return hashlib.sha256(json.dumps(found, sort_keys=True).encode()).hexdigest()[:16]


def cluster_slots(fleet: FleetSettings, cores: int) -> int:
    """Cores that a local Ray head must have to give: for the most replicas, and for one more by hand.

    >>> cluster_slots(FleetSettings(EngineSettings("folder", "name"), replicas=3), cores=2)
    4
    """
    most = max(fleet.most or 0, fleet.replicas + (0 if fleet.autoscaling else 1))
    needed = most * fleet.engine.cores + (fleet.reader.cores if fleet.reader else 0)
    return max(cores, needed)


def deployment_options(fleet: FleetSettings, engine: EngineSettings) -> dict[str, Any]:
    """Serve's options of one deployment.

    >>> options = deployment_options(FleetSettings(engine := EngineSettings("folder", "name", gpus=2)), engine)
    >>> options["ray_actor_options"]["num_gpus"], options["max_queued_requests"]
    (2, 64)

    Args:
        fleet: The fleet.
        engine: Its engine, or its reader.
    """
    admitted = engine.batch + max(1, engine.batch // SPARE)
    options: dict[str, Any] = {
        "max_ongoing_requests": admitted,
        "max_queued_requests": fleet.queue,
        "backpressure_config": {"status_code": 429, "retry_after_s": 1.0},
        "ray_actor_options": {
            "num_cpus": engine.cores,
            "num_gpus": engine.gpus,
            "runtime_env": {"env_vars": environment(engine)},
        },
        "request_router_config": router_options(fleet.routing, imbalance=max(1, engine.batch // 2)),
        "health_check_period_s": 2.0,
        "graceful_shutdown_timeout_s": 2.0,
        "graceful_shutdown_wait_loop_s": 0.1,
        "max_constructor_retry_count": 2,
    }
    if engine is fleet.engine and fleet.autoscaling:
        return options | {
            "autoscaling_config": {
                "min_replicas": fleet.replicas,
                "max_replicas": fleet.most,
                "target_ongoing_requests": fleet.queued_per_replica,
                "look_back_period_s": LOOK_BACK,
                "upscale_delay_s": UPSCALE_DELAY,
                "downscale_delay_s": DOWNSCALE_DELAY,
            }
        }
    return options | {"num_replicas": fleet.replicas if engine is fleet.engine else 1}
