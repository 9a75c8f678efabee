/** The question of the cost explorer with its answers, as labkit.widgets.hosting has them. */

const COST_SWITCHES = ["prefix_cache", "cascade"];

/** The traits that the question is made of: every number that has bounds, and the switches. */
function costTraits(model) {
  return [...Object.keys(model.get("bounds")), ...COST_SWITCHES];
}

/** What a task costs at the API, with the savings that are switched on; the parts of a cascade beside it. */
function apiCosts(asked, prefixCache, cascade) {
  const cachedCalls = prefixCache ? asked.hit_rate * asked.calls : 0;
  const cost = (price) => costPerTask(asked.calls, asked.input_tokens, asked.output_tokens, price, cachedCalls);
  const large = cost(perMillion(asked.input_price, asked.output_price));
  const small = cost(perMillion(asked.small_input_price, asked.small_output_price));
  return { cachedCalls, small, large, api: cascade ? cascadeCostPerTask(small, large, asked.passed_on) : large };
}

/** What does not depend on the volume: the fleet's rate and capacity, its least cost per task, the crossovers. */
function fleetFacts(asked, api) {
  const { replicas, dollars_per_replica_hour: price } = asked;
  const serviceRate = asked.requests_per_second / asked.calls;
  const capacityOfOne = asked.utilisation * serviceRate * SECONDS_PER_HOUR;
  const reached = (count) => {
    const volume = crossoverTasksPerHour(count, price, api);
    return volume <= count * capacityOfOne ? volume : null;
  };
  return {
    serviceRate,
    capacityOfOne,
    capacity: replicas * capacityOfOne,
    floor: price / capacityOfOne,
    crossover: reached(replicas),
    autoscaledCrossover: reached(1),
  };
}

/** What a task costs on either fleet at a volume; null on a fixed fleet that cannot carry it. */
function fleetCosts(asked, serviceRate, volume) {
  const { replicas, utilisation, dollars_per_replica_hour: price } = asked;
  const load = volume / SECONDS_PER_HOUR;
  const needed = replicasNeeded(load, serviceRate, utilisation);
  return {
    needed,
    fixed: needed <= replicas ? selfHostedCostPerTask(replicas, price, load) : null,
    autoscaled: autoscaledCostPerTask(load, serviceRate, utilisation, price),
  };
}

/** The cheapest: an autoscaled fleet is never dearer than a fixed one, and at one size both cost the same: "fleet". */
function cheapest({ api, fixed, autoscaled }) {
  if (api <= autoscaled) return "api";
  return fixed === autoscaled ? "fleet" : "autoscaled";
}

/** The present state: what is asked, and every number that is drawn or said. */
function readCosts(model) {
  const asked = Object.fromEntries(costTraits(model).map((name) => [name, model.get(name)]));
  const bill = apiCosts(asked, asked.prefix_cache, asked.cascade);
  const facts = fleetFacts(asked, bill.api);
  const costs = fleetCosts(asked, facts.serviceRate, asked.tasks_per_hour);
  const plainApi = apiCosts(asked, false, false).api;
  const answers = { ...bill, plainApi, ...facts, ...costs };
  return { asked, ...answers, volume: asked.tasks_per_hour, cheapest: cheapest(answers) };
}
