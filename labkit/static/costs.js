/** The arithmetic of money, as labkit.costs and labkit.scaling have it: the one place for it in the front end. */

const SECONDS_PER_HOUR = 3600;

/** The price of a token from dollars per million tokens. */
function perMillion(input, output) {
  return { input: input / 1e6, output: output / 1e6 };
}

/** Dollars for one task paid by the token; cached calls pay nothing for their input. */
function costPerTask(calls, inputTokens, outputTokens, price, cachedCalls = 0) {
  return (calls - cachedCalls) * inputTokens * price.input + calls * outputTokens * price.output;
}

/** Dollars for one task when a small tier answers first and passes on a share. */
function cascadeCostPerTask(small, large, passedOn) {
  return small + passedOn * large;
}

/** Dollars for one task on a fleet that is paid for by the hour. */
function selfHostedCostPerTask(replicas, dollarsPerReplicaHour, tasksPerSecond) {
  return (replicas * dollarsPerReplicaHour) / (tasksPerSecond * SECONDS_PER_HOUR);
}

/** Replicas that a load needs; an excess of float noise over a whole number buys none. */
function replicasNeeded(arrivalRate, serviceRate, utilisation) {
  return Math.ceil((arrivalRate / (utilisation * serviceRate)) * (1 - 1e-12));
}

/** Dollars for one task on a fleet whose size follows the load. */
function autoscaledCostPerTask(tasksPerSecond, serviceRate, utilisation, dollarsPerReplicaHour) {
  const replicas = Math.max(1, replicasNeeded(tasksPerSecond, serviceRate, utilisation));
  return selfHostedCostPerTask(replicas, dollarsPerReplicaHour, tasksPerSecond);
}

/** Tasks per hour at which a fleet of fixed size and an API cost the same. */
function crossoverTasksPerHour(replicas, dollarsPerReplicaHour, apiCostPerTask) {
  return (replicas * dollarsPerReplicaHour) / apiCostPerTask;
}
