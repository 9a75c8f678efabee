/** The formulas of the cost explorer, with the current numbers put in. */

const low = (name, index) => mathml("msub", mi(name), mathml("mtext", index));
const joined = (sign, parts) => row(...parts.flatMap((part, k) => (k ? [mo(sign), part] : [part])));
const product = (...parts) => joined("\u2062", parts); // of symbols: the sign is not seen
const times = (...parts) => joined("·", parts); // of numbers
const quantityOf = (number) => mn(shown(number, 4));
const pricePerMillion = (price) => mn(`$${shown(price, 4)}/M`);

/** Round brackets that do not grow with what they hold. */
function bracket(...parts) {
  const [open, close] = ["(", ")"].map((sign) => fill(mo(sign), { stretchy: "false" }, []));
  return row(open, ...parts, close);
}

/** The bill by the token in symbols: r (t_in c_in + t_out c_out), or with the cached calls' input taken out. */
function tokenSymbols(name, isCached) {
  const read = [low("t", "in"), low("c", "in")];
  const written = [low("t", "out"), low("c", "out")];
  if (!isCached) return equation(name, mo("="), mi("r"), bracket(product(...read), mo("+"), product(...written)));
  const fresh = bracket(mi("r"), mo("−"), product(mi("h"), mi("r")));
  return equation(name, mo("="), product(fresh, ...read), mo("+"), product(mi("r"), ...written));
}

/** The same in numbers, for the prices of one tier. */
function tokenNumbers(name, { asked, cachedCalls }, tier, cost) {
  const { calls, input_tokens, output_tokens, prefix_cache: isCached } = asked;
  const read = [quantityOf(input_tokens), pricePerMillion(asked[`${tier}input_price`])];
  const written = [quantityOf(output_tokens), pricePerMillion(asked[`${tier}output_price`])];
  const fresh = bracket(quantityOf(calls), mo("−"), quantityOf(cachedCalls));
  const sum = isCached
    ? [times(fresh, ...read), mo("+"), times(quantityOf(calls), ...written)]
    : [times(quantityOf(calls), bracket(times(...read), mo("+"), times(...written)))];
  return equation(name, mo("="), ...sum, mo("="), mn(dollars(cost)));
}

/** The API's bill; where a small tier answers first, that of each tier and their sum. */
function apiEquations(now) {
  const total = () => low("C", "API");
  const { asked, small, large, api } = now;
  if (!asked.cascade) return [tokenSymbols(total(), asked.prefix_cache), tokenNumbers(total(), now, "", api)];
  const tiers = [
    tokenSymbols(mi("C"), asked.prefix_cache),
    tokenNumbers(low("C", "small"), now, "small_", small),
    tokenNumbers(low("C", "large"), now, "", large),
  ];
  const symbols = row(low("C", "small"), mo("+"), product(mi("q"), low("C", "large")));
  const numbers = row(mn(dollars(small)), mo("+"), times(quantityOf(asked.passed_on), mn(dollars(large))));
  return [...tiers, equation(total(), mo("="), symbols, mo("="), numbers, mo("="), mn(dollars(api)))];
}

/** What a fleet of so many replicas costs per task at the volume. */
function fleetEquation(name, replicas, now, cost) {
  const symbols = over(product(mi("N"), mi("d")), mi("V"));
  const hourly = times(mn(shown(replicas, 9)), mn(dollars(now.asked.dollars_per_replica_hour)));
  const numbers = over(hourly, mn(tasks(now.volume)));
  return equation(low("C", name), mo("="), symbols, mo("="), numbers, mo("="), mn(dollars(cost)));
}

/** Replicas that the volume needs. */
function neededEquation({ asked, volume, needed }) {
  const ceiling = (top, bottom) => row(mo("⌈"), over(top, bottom), mo("⌉"));
  const symbols = ceiling(product(mi("V"), mi("r")), product(mn("3600"), mi("ρ"), mi("μ")));
  const rate = [quantityOf(asked.utilisation), quantityOf(asked.requests_per_second)];
  const numbers = ceiling(times(mn(tasks(volume)), quantityOf(asked.calls)), times(mn("3600"), ...rate));
  return equation(mi("N"), mo("="), symbols, mo("="), numbers, mo("="), mn(shown(needed, 9)));
}

/** What the fixed fleet carries at most. */
function capacityEquation({ asked, capacity }) {
  const symbols = over(product(mn("3600"), mi("N"), mi("ρ"), mi("μ")), mi("r"));
  const rate = [quantityOf(asked.utilisation), quantityOf(asked.requests_per_second)];
  const numbers = over(times(mn("3600"), mn(shown(asked.replicas, 9)), ...rate), quantityOf(asked.calls));
  return equation(low("V", "full"), mo("="), symbols, mo("="), numbers, mo("="), mn(`${tasks(capacity)} tasks/h`));
}

/** Where the fixed fleet and the API cost the same, and whether the fleet gets there. */
function crossoverEquation({ asked, api, crossover }) {
  const { replicas, dollars_per_replica_hour: price } = asked;
  const symbols = over(product(mi("N"), mi("d")), low("C", "API"));
  const numbers = over(times(mn(shown(replicas, 9)), mn(dollars(price))), mn(dollars(api)));
  const value = mn(`${tasks(crossoverTasksPerHour(replicas, price, api))} tasks/h`);
  const beyond = crossover === null ? [mo(">"), low("V", "full")] : [];
  return equation(low("V", "crossover"), mo("="), symbols, mo("="), numbers, mo("="), value, ...beyond);
}

/** All formulas, in the order of the numbers over the chart. */
function costEquations(now) {
  const fixed = now.fixed === null ? [] : [fleetEquation("fixed", now.asked.replicas, now, now.fixed)];
  const autoscaled = [neededEquation(now), fleetEquation("autoscaled", now.needed, now, now.autoscaled)];
  return [...apiEquations(now), ...fixed, capacityEquation(now), ...autoscaled, crossoverEquation(now)];
}
