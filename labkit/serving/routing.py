"""Who gets a request: Serve's own request routers, by name."""

from enum import Enum
from typing import Any


class Routing(Enum):
    """How the front door chooses a replica."""

    LEAST_LOADED = "least-loaded"
    """The less busy of two replicas drawn at random; of two replicas, simply the less busy one."""

    PREFIX_AWARE = "prefix-aware"
    """The replica that has seen the longest beginning of this prompt, unless it is far busier than the others."""


SLOWEST_RETRY = 0.25
"""Seconds until a waiting request looks for a free place again, at most. Each look asks the replicas, so looking often
costs them time; looking seldom costs nothing, as long as vLLM itself holds a few requests in reserve."""

_ROUTERS = {
    Routing.LEAST_LOADED: "ray.serve._private.request_router:PowerOfTwoChoicesRequestRouter",
    # By its inner name: the public module would import vLLM into every process that routes, for ten seconds.
    Routing.PREFIX_AWARE: (
        "ray.llm._internal.serve.routing_policies.prefix_aware.prefix_aware_router:PrefixCacheAffinityRouter"
    ),
}


def router_options(routing: Routing, imbalance: int) -> dict[str, Any]:
    """Serve's ``request_router_config``.

    >>> router_options(Routing.PREFIX_AWARE, imbalance=8)["request_router_kwargs"]
    {'imbalanced_threshold': 8}

    Args:
        routing: The choice.
        imbalance: Requests by which the busiest replica may be ahead of the idlest before a prefix counts no more.
    """
    options: dict[str, Any] = {
        "request_router_class": _ROUTERS[routing],
        "max_backoff_s": SLOWEST_RETRY,
    }
    if routing is Routing.PREFIX_AWARE:
        options["request_router_kwargs"] = {"imbalanced_threshold": imbalance}
    return options
