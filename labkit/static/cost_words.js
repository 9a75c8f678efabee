/** The cost explorer in words and in symbols. */

/** Dollars for people: three significant digits. */
function dollars(amount) {
  return `$${shown(amount)}`;
}

/** Tasks per hour for people: whole from a thousand on, one decimal below, three significant digits of small ones. */
function tasks(volume) {
  if (volume >= 1000) return Math.round(volume).toLocaleString("en-US");
  return shown(volume >= 10 ? Number(volume.toFixed(1)) : volume, volume >= 10 ? 4 : 3);
}

/** A count of replicas. */
function replicaWords(count) {
  return `${shown(count, 9)} replica${count === 1 ? "" : "s"}`;
}

const CHEAPEST_WORDS = {
  api: "the API",
  autoscaled: "the autoscaled fleet",
  fleet: "either fleet",
};

/** What a task costs at the volume that is read off. */
function readingSentence(now) {
  const replicas = replicaWords(now.asked.replicas);
  const fixed = now.fixed === null ? "" : `, ${dollars(now.fixed)} on the fixed fleet of ${replicas}`;
  const autoscaled = `${dollars(now.autoscaled)} on an autoscaled fleet, which runs ${replicaWords(now.needed)}`;
  const costs = `a task costs ${dollars(now.api)} at the API${fixed} and ${autoscaled}`;
  return `At ${tasks(now.volume)} tasks per hour ${costs}. The cheapest is ${CHEAPEST_WORDS[now.cheapest]}.`;
}

/** From where to where the fixed fleet is the cheaper one, and whether it can carry the volume at all. */
function fixedSentence(now) {
  const fixed = `The fixed fleet of ${replicaWords(now.asked.replicas)}`;
  const full = `full at ${tasks(now.capacity)} tasks per hour, where its curve ends`;
  const start = now.fixed === null ? ` ${fixed} cannot carry this volume. It` : ` ${fixed}`;
  if (now.crossover === null) return `${start} is never cheaper than the API: it is ${full}.`;
  return `${start} is cheaper than the API from the crossover at ${tasks(now.crossover)} on, and ${full}.`;
}

/** From where on the autoscaled fleet is the cheaper one. */
function autoscaledSentence(now) {
  if (now.autoscaledCrossover === null) {
    return ` The autoscaled fleet is never cheaper: even full replicas cost ${dollars(now.floor)} a task.`;
  }
  const isLifted = now.floor > now.api / 2;
  const back = isLifted ? ", but the next replica to start lifts it above the API again for a while" : "";
  return ` The autoscaled fleet is cheaper from ${tasks(now.autoscaledCrossover)} on${back}.`;
}

/** What the API would take without the switches that are on. */
function savingsSentence({ asked, plainApi }) {
  const names = { prefix_cache: "prefix cache", cascade: "cascade" };
  const used = COST_SWITCHES.filter((name) => asked[name]).map((name) => names[name]);
  return used.length ? ` With no ${used.join(" and no ")} the API would take ${dollars(plainApi)}.` : "";
}

/** The whole state in words: the chart's text alternative. */
function costSentence(now) {
  return readingSentence(now) + fixedSentence(now) + autoscaledSentence(now) + savingsSentence(now);
}

/** The numbers over the chart. */
function costReadouts(now) {
  return [
    ["API, per task", dollars(now.api)],
    [`Fixed fleet, N = ${shown(now.asked.replicas, 9)}`, now.fixed === null ? "full" : dollars(now.fixed)],
    [`Autoscaled, N = ${shown(now.needed, 9)}`, dollars(now.autoscaled)],
    ["Crossover, tasks/h", now.crossover === null ? "none" : tasks(now.crossover)],
  ];
}
