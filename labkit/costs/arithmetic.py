"""The arithmetic of money: what a task costs by the token, what it costs on one's own fleet, and where they cross.

    by the token   C = r (t_in c_in + t_out c_out)
    cascade        C = C_small + q C_large
    own fleet      C = N d / (tasks per hour)
    crossover      N d / C tasks per hour
    autoscaled     N = ceil(lambda / (rho mu)) at every load

A fleet is paid for by the hour, busy or idle, so its cost per task falls as the load rises; an API costs the same
for every task. Below the crossover volume the API is the cheaper one, above it the fleet.
"""

from dataclasses import dataclass

from labkit.errors import BadArgument
from labkit.scaling import replicas_needed, require_number

SECONDS_PER_HOUR = 3600


@dataclass(frozen=True)
class TokenPrice:
    """What a model's tokens cost, in dollars per token.

    Attributes:
        input: Dollars for one token that the model reads.
        output: Dollars for one token that the model writes.

    Raises:
        BadArgument: A price that is negative or not finite.
    """

    input: float
    output: float

    def __post_init__(self) -> None:
        require_number("price of an input token", self.input, least=0)
        require_number("price of an output token", self.output, least=0)

    @classmethod
    def per_million(cls, input: float, output: float) -> "TokenPrice":  # noqa: A002 - the names of the fields
        """The price from dollars per million tokens, the unit of price lists.

        >>> TokenPrice.per_million(3, 15)
        TokenPrice(input=3e-06, output=1.5e-05)

        Args:
            input: Dollars per million tokens read.
            output: Dollars per million tokens written.
        """
        return cls(
            input=require_number("price of a million input tokens", input, least=0) / 1_000_000,
            output=require_number("price of a million output tokens", output, least=0) / 1_000_000,
        )


def cost_per_task(
    calls: float, input_tokens: float, output_tokens: float, price: TokenPrice, cached_calls: float = 0
) -> float:
    """Dollars for one task paid by the token: C = (r - cached) t_in c_in + r t_out c_out.

    With no cached call this is C = r (t_in c_in + t_out c_out). Counts may be means over many tasks, so they need
    not be whole.

    >>> price = TokenPrice.per_million(3, 15)
    >>> f"${cost_per_task(6, 1500, 300, price):.3f}"  # 6 (1500 * $3 + 300 * $15) / 1,000,000
    '$0.054'
    >>> f"${cost_per_task(8, 2000, 400, price, cached_calls=7):.3f}"  # only the first call pays for its input
    '$0.054'

    Args:
        calls: r, model calls of one task.
        input_tokens: t_in, tokens read in one call.
        output_tokens: t_out, tokens written in one call.
        price: Dollars per token.
        cached_calls: How many of the calls pay nothing for their input, because the prefix cache holds it.

    Raises:
        BadArgument: A negative count, or more cached calls than calls.
    """
    made = require_number("calls", calls, least=0)
    cached = require_number("cached_calls", cached_calls, least=0)
    if cached > made:
        raise BadArgument(
            f"cached_calls is {cached_calls} of {calls} calls", remedy="give at most as many cached calls as calls"
        )
    read = (made - cached) * require_number("input_tokens", input_tokens, least=0)
    written = made * require_number("output_tokens", output_tokens, least=0)
    return read * price.input + written * price.output


def cascade_cost_per_task(small_cost_per_task: float, large_cost_per_task: float, passed_on: float) -> float:
    """Dollars for one task when a small tier answers first: C = C_small + q C_large.

    The small tier is paid for always, the large one for what the small one passes on to it. A cascade saves while
    C_small stays below (1 - q) C_large.

    >>> f"${cascade_cost_per_task(0.006, 0.096, passed_on=0.25):.3f}"  # $0.006 + a quarter of $0.096
    '$0.030'

    Args:
        small_cost_per_task: Dollars for the task if the small tier did all of it.
        large_cost_per_task: Dollars for the task if the large tier did all of it.
        passed_on: q, the share of the calls that the small tier passes on to the large one, in [0, 1].

    Raises:
        BadArgument: A negative cost, or a share outside [0, 1].
    """
    small = require_number("small_cost_per_task", small_cost_per_task, least=0)
    large = require_number("large_cost_per_task", large_cost_per_task, least=0)
    return small + require_number("passed_on", passed_on, least=0, most=1) * large


def self_hosted_cost_per_task(replicas: int, dollars_per_replica_hour: float, tasks_per_second: float) -> float:
    """Dollars for one task on a fleet that is paid for by the hour, at the load it really carries.

    >>> f"${self_hosted_cost_per_task(8, 2, 25):.6f}"  # $16 an hour over 90,000 tasks an hour
    '$0.000178'

    Args:
        replicas: Replicas that are paid for.
        dollars_per_replica_hour: Price of one of them for an hour.
        tasks_per_second: Tasks completed per second over the whole fleet: the load, not the capacity.

    Raises:
        BadArgument: Fewer than one replica, a negative price, or a load that is not positive.
    """
    tasks_per_hour = require_number("tasks_per_second", tasks_per_second, above=0) * SECONDS_PER_HOUR
    return _fleet_dollars_per_hour(replicas, dollars_per_replica_hour) / tasks_per_hour


def autoscaled_cost_per_task(
    tasks_per_second: float, service_rate: float, utilisation: float, dollars_per_replica_hour: float
) -> float:
    """Dollars for one task on a fleet whose size follows the load: N = ceil(lambda / (rho mu)), C = N d / lambda.

    A fleet of one is paid for however little there is to do, so that the cost is a saw: it falls until the next replica
    is needed, and never goes below d / (rho mu).

    >>> f"${autoscaled_cost_per_task(25, 5, 0.7, 2):.6f}"  # 8 replicas, $16 an hour over 90,000 tasks an hour
    '$0.000178'

    Args:
        tasks_per_second: lambda, the load.
        service_rate: mu, tasks that one replica completes per second when it is kept busy.
        utilisation: rho, the share of the time that a replica is to be busy, between 0 and 1.
        dollars_per_replica_hour: d, price of one replica for an hour.

    Raises:
        BadArgument: A rate that is not positive, a utilisation outside (0, 1), or a negative price.
    """
    replicas = replicas_needed(require_number("tasks_per_second", tasks_per_second, above=0), service_rate, utilisation)
    return self_hosted_cost_per_task(max(1, replicas), dollars_per_replica_hour, tasks_per_second)


def crossover_tasks_per_hour(replicas: int, dollars_per_replica_hour: float, api_cost_per_task: float) -> float:
    """The volume at which a fleet of fixed size and an API cost the same; above it the fleet is cheaper.

    >>> round(crossover_tasks_per_hour(8, 2, 0.096), 1)  # $16 an hour / $0.096 a task
    166.7

    Args:
        replicas: Replicas that are paid for, busy or idle.
        dollars_per_replica_hour: Price of one of them for an hour.
        api_cost_per_task: Dollars the API takes for one task, above 0.

    Returns:
        Tasks per hour. Whether the fleet can carry that many is another question: see ``replicas_needed``.

    Raises:
        BadArgument: Fewer than one replica, a negative price, or an API that costs nothing.
    """
    api = require_number("api_cost_per_task", api_cost_per_task, above=0)
    return _fleet_dollars_per_hour(replicas, dollars_per_replica_hour) / api


def _fleet_dollars_per_hour(replicas: object, dollars_per_replica_hour: object) -> float:
    count = require_number("replicas", replicas, least=1)
    if not count.is_integer():
        raise BadArgument(f"replicas is {replicas}", remedy="give a whole number; a part of a replica cannot be rented")
    return count * require_number("dollars_per_replica_hour", dollars_per_replica_hour, least=0)
