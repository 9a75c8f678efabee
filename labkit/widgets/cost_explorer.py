"""The cost explorer: cost per task against volume, at an API, on a fixed fleet and on one that follows the load."""

from typing import Any

import numpy as np
import traitlets

from labkit.costs import TokenPrice
from labkit.widgets.hosting import BOUNDS, Fleet, Hosting, Savings, TokenProfile, hosting_from, trait_values
from labkit.widgets.page import PageWidget, module


class CostExplorer(PageWidget):
    """Cost per task against tasks per hour, with the crossover marked and every input open to change.

    >>> explorer = CostExplorer()
    >>> explorer
    Cost explorer: a task costs $0.096 at the API; a fixed fleet of 8 is cheaper from 166.7 tasks/h and full at 100,800.
    >>> explorer.prefix_cache = True
    >>> f"{explorer.hosting.crossover:.1f}"
    '296.3'

    It opens with the numbers it is given; whatever is left out has the value of the assignment on cost and replicas.
    Every attribute but ``hosting`` may be set later, and the chart follows; so do they when the learner changes them.

    Args:
        profile: What one task asks of a model.
        price: What tokens cost at the API; $3 and $15 per million by default.
        fleet: The fleet to compare with.
        savings: Prefix cache and cascade: whether they are on at first, and what they save.
        tasks_per_hour: The volume to read off first, above 0.

    Attributes:
        calls: r, model calls of one task.
        input_tokens: t_in, tokens read in one call.
        output_tokens: t_out, tokens written in one call.
        input_price: Dollars per million tokens read.
        output_price: Dollars per million tokens written.
        prefix_cache: Whether input that the prefix cache holds is free.
        hit_rate: Share of the input tokens that the prefix cache holds, in [0, 1].
        cascade: Whether a small tier answers first.
        small_input_price: Dollars per million tokens that the small tier reads.
        small_output_price: Dollars per million tokens that the small tier writes.
        passed_on: Share of the calls that the small tier passes on, in [0, 1].
        replicas: N of the fixed fleet.
        dollars_per_replica_hour: d, price of one replica for an hour.
        requests_per_second: mu, model calls that one busy replica completes per second.
        utilisation: rho, share of the time that a replica is to be busy, between 0 and 1.
        tasks_per_hour: The volume that is read off.
        bounds: What each number may be, for the front end's fields.

    Raises:
        BadArgument: A number outside its domain. Prices have to be above 0, which a logarithmic axis has no place for.
    """

    _esm = module(
        *("dom.js", "chart.js", "equations.js", "explorer.js", "costs.js"),
        *("cost_state.js", "cost_words.js", "cost_chart.js", "cost_formula.js", "cost_inputs.js", "cost_explorer.js"),
    )

    calls = traitlets.Float().tag(sync=True)
    input_tokens = traitlets.Float().tag(sync=True)
    output_tokens = traitlets.Float().tag(sync=True)
    input_price = traitlets.Float().tag(sync=True)
    output_price = traitlets.Float().tag(sync=True)
    prefix_cache = traitlets.Bool().tag(sync=True)
    hit_rate = traitlets.Float().tag(sync=True)
    cascade = traitlets.Bool().tag(sync=True)
    small_input_price = traitlets.Float().tag(sync=True)
    small_output_price = traitlets.Float().tag(sync=True)
    passed_on = traitlets.Float().tag(sync=True)
    replicas = traitlets.Int().tag(sync=True)
    dollars_per_replica_hour = traitlets.Float().tag(sync=True)
    requests_per_second = traitlets.Float().tag(sync=True)
    utilisation = traitlets.Float().tag(sync=True)
    tasks_per_hour = traitlets.Float().tag(sync=True)
    bounds = traitlets.Dict(read_only=True).tag(sync=True)

    def __init__(
        self,
        profile: TokenProfile | None = None,
        price: TokenPrice | None = None,
        fleet: Fleet | None = None,
        savings: Savings | None = None,
        tasks_per_hour: float = 1000,
    ) -> None:
        asked = Hosting(
            profile=profile or TokenProfile(),
            price=price or TokenPrice.per_million(3, 15),
            fleet=fleet or Fleet(),
            savings=savings or Savings(),
        )
        super().__init__(**trait_values(asked), tasks_per_hour=tasks_per_hour)
        self.set_trait("bounds", {name: bounds.for_page() for name, bounds in BOUNDS.items()})

    @property
    def hosting(self) -> Hosting:
        """The question as it stands, with its answers by ``labkit.costs``."""
        return hosting_from(self.trait_values())

    def summary(self) -> str:
        """What a task costs at the API, and between which volumes the fixed fleet is cheaper."""
        asked = self.hosting
        fleet = f"a fixed fleet of {asked.fleet.replicas}"
        full = f"full at {_tasks(asked.capacity)}"
        if asked.crossover is None:
            found = f"{fleet} is never cheaper and {full} tasks/h"
        else:
            found = f"{fleet} is cheaper from {_tasks(asked.crossover)} tasks/h and {full}"
        return f"Cost explorer: a task costs {_dollars(asked.api_cost_per_task)} at the API; {found}."

    @traitlets.validate(*BOUNDS)  # type: ignore[untyped-decorator]
    def _checked(self, proposal: dict[str, Any]) -> float:
        """Refuse a value outside its domain before it is set, so that the chart never shows a mixture."""
        name = proposal["trait"].name
        number = BOUNDS[name].check(name, proposal["value"])
        return int(number) if BOUNDS[name].whole else number


def _dollars(amount: float) -> str:
    """Three significant digits, and never an exponent."""
    return f"${np.format_float_positional(amount, precision=3, fractional=False, trim='-')}"


def _tasks(volume: float) -> str:
    return f"{volume:,.{0 if volume >= 1000 else 1}f}"
