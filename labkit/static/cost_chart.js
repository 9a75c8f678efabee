/** The picture of the cost explorer: dollars per task against tasks per hour, both axes logarithmic. */

const COST_MARGIN = { right: 18, top: 32, foot: 48 };
const COST_HEIGHT = 320;
const EVERY_STEP = 40; // replicas up to which each step of the saw is drawn; later ones are lower than a pixel

/** The power of ten at or below a number, and at or above it. */
const decadeBelow = (number) => 10 ** Math.floor(Math.log10(number) + 1e-9);
const decadeAbove = (number) => 10 ** Math.ceil(Math.log10(number) - 1e-9);

/** The axes' ends: whole decades that hold the crossovers, the end of the fixed fleet and every volume read off. */
function costDomains(now, seen) {
  const { asked, crossover, autoscaledCrossover, capacity } = now;
  const crossovers = [crossover, autoscaledCrossover].filter((volume) => volume !== null).map((volume) => volume / 1.5);
  const least = Math.min(10, capacity / 3, ...crossovers, ...seen);
  const volumes = [decadeBelow(least), decadeAbove(Math.max(1000, 2 * capacity, ...seen))];
  const dearest = Math.max(now.plainApi, now.api, (asked.replicas * asked.dollars_per_replica_hour) / volumes[0]);
  return { volumes, costs: [decadeBelow(Math.min(now.floor, now.api) / 1.3), decadeAbove(dearest)] };
}

/** Where everything goes, for a width in pixels. */
function costLayout(now, width, seen) {
  const { volumes, costs } = costDomains(now, seen);
  const costTicks = powersOfTen(costs, 7);
  const left = 14 + 7.2 * Math.max(...costTicks.map((tick) => dollars(tick).length));
  const bottom = COST_MARGIN.top + COST_HEIGHT;
  return {
    width,
    x: makeScale(volumes, [left, width - COST_MARGIN.right], Math.log2),
    cost: makeScale(costs, [bottom, COST_MARGIN.top], Math.log2),
    volumeTicks: powersOfTen(volumes, width < 480 ? 5 : 9),
    costTicks,
  };
}

/** The fixed fleet's curve: a straight line that ends where the fleet is full. */
function fixedPoints(now, [from, to]) {
  const ends = [from, Math.min(to, now.capacity)];
  return ends.map((volume) => [volume, fleetCosts(now.asked, now.serviceRate, volume).fixed]);
}

/** Replica counts whose steps are drawn, up to the last one on the axis. */
function drawnSteps(last) {
  const counts = Array.from({ length: Math.min(last, EVERY_STEP) }, (_, k) => k + 1);
  for (let count = EVERY_STEP; count * 1.1 < last; ) counts.push((count = Math.ceil(count * 1.1)));
  return counts;
}

/** The autoscaled fleet's curve: a saw, each tooth falling until one more replica is needed. */
function autoscaledPoints(now, [from, to]) {
  const cost = (volume) => [volume, fleetCosts(now.asked, now.serviceRate, volume).autoscaled];
  const full = drawnSteps(Math.floor(to / now.capacityOfOne)).map((count) => count * now.capacityOfOne);
  const corners = full.filter((volume) => volume > from).flatMap((volume) => [volume, volume * (1 + 1e-9)]);
  return [from, ...corners.filter((volume) => volume < to), to].map(cost);
}

/** The part of the chart that the fixed fleet cannot reach. */
function fullZone(now, { x, cost }) {
  const at = x(now.capacity);
  const top = cost.range[1];
  const shape = { x: at, y: top, width: Math.max(0, x.range[1] - at), height: cost.range[0] - top };
  return svg(
    "g",
    { class: "labkit-full", "data-series": "full", "data-points": JSON.stringify([now.capacity]) },
    svg("rect", { class: "labkit-forbidden", ...shape }),
    svg("line", { x1: at, x2: at, y1: top, y2: cost.range[0] }),
  );
}

/** Why the fixed fleet's curve ends, beside the line where it does. */
function fullLabel(now, { x, cost }) {
  const at = x(now.capacity);
  const isRight = x.range[1] - at > 110;
  const place = { x: isRight ? at + 7 : at - 7, "text-anchor": isRight ? "start" : "end" };
  const lines = ["fixed fleet full", `at ${tasks(now.capacity)}/h`];
  const words = lines.map((line, k) => svg("text", { ...place, y: cost.range[1] + 16 + 15 * k }, line));
  return svg("g", { class: "labkit-full" }, ...words);
}

/** About how many pixels some words take. */
const breadth = (words) => 7.4 * words.length;

/** What is said of the fixed fleet's crossover; a narrow chart has room for the number alone. */
function crossoverWords({ crossover }, { width }) {
  if (crossover === null) return "";
  return `${width < 480 ? "" : "crossover "}${tasks(crossover)}/h`;
}

/** The API's line; where a saving is on, a faint one for the API without it. Named where the crossover leaves room. */
function apiLines(now, layout) {
  const { x, cost } = layout;
  const words = `API ${dollars(now.api)}`;
  const taken = now.crossover === null ? 0 : x(now.crossover) + 9 + breadth(crossoverWords(now, layout));
  const isRight = taken + breadth(words) < x.range[1];
  const group = svg("g");
  if (now.plainApi !== now.api) {
    const isApart = Math.abs(cost(now.plainApi) - cost(now.api)) > 18;
    const plain = isApart ? `no savings ${dollars(now.plainApi)}` : "";
    group.append(referenceLine("plain-api", now.plainApi, plain, x, cost, isRight));
  }
  group.append(referenceLine("api", now.api, words, x, cost, isRight));
  return group;
}

/** A crossover: its mark on the API's line, a line down to the axis, and words beside the mark where they fit. */
function crossoverMark(name, volume, words, now, { x, cost }) {
  if (volume === null) return svg("g");
  const [at, height] = [x(volume), cost(now.api)];
  const isRight = name === "crossover" && at + 9 + breadth(words) < x.range[1];
  const label = isRight ? { x: at + 9, y: height - 10 } : { x: at - 9, y: height + 19, "text-anchor": "end" };
  const hasRoom = isRight || at - 9 - breadth(words) > x.range[0];
  return svg(
    "g",
    { class: `labkit-crossing labkit-${name}` },
    svg("line", { x1: at, x2: at, y1: height, y2: cost.range[0] }),
    marks(name, [[volume, now.api]], x, cost, 6),
    svg("text", label, hasRoom ? words : ""),
  );
}

/** The vertical cursor, with a mark on each curve that has a value there. */
function volumeCursor(now, { x, cost }) {
  const at = x(now.volume);
  const line = svg("line", { x1: at, x2: at, y1: cost.range[1], y2: cost.range[0] });
  const group = svg("g", { class: "labkit-cursor" }, line);
  for (const name of ["api", "fixed", "autoscaled"]) {
    if (now[name] !== null) group.append(marks(`cursor-${name}`, [[now.volume, now[name]]], x, cost, 5));
  }
  return group;
}

/** What the lines mean. */
function costLegend({ asked }) {
  const entries = [
    ["api", "API, by the token"],
    ["fixed", `fixed fleet, N = ${shown(asked.replicas, 9)}`],
    ["autoscaled", "autoscaled fleet, N follows the load"],
  ];
  const items = entries.map(([name, words]) => html("li", { class: `labkit-key labkit-key-${name}` }, words));
  return html("ul", { class: "labkit-legend", "aria-hidden": "true" }, ...items);
}

/** Draw everything anew for the present state. */
function drawCosts(picture, now, width, seen) {
  const layout = costLayout(now, width, seen);
  const { x, cost } = layout;
  const fixed = fixedPoints(now, x.domain);
  const compact = (tick) => tick.toLocaleString("en-US", { notation: "compact", maximumSignificantDigits: 3 });
  picture.setAttribute("viewBox", `0 0 ${width} ${COST_MARGIN.top + COST_HEIGHT + COST_MARGIN.foot}`);
  picture.dataset.scales = scaleData({ x, cost });
  const title = `Volume V (tasks per hour${width < 480 ? "" : ", logarithmic"})`;
  picture.replaceChildren(
    fullZone(now, layout),
    verticalAxis(x, cost, layout.costTicks, dollars, "Cost per task ($, logarithmic)"),
    horizontalAxis(x, cost, layout.volumeTicks, title, compact),
    apiLines(now, layout),
    curve("autoscaled", autoscaledPoints(now, x.domain), x, cost),
    curve("fixed", fixed, x, cost),
    marks("fixed-end", fixed.slice(-1), x, cost, 5),
    volumeCursor(now, layout),
    fullLabel(now, layout),
    crossoverMark("autoscaled-crossover", now.autoscaledCrossover, tasks(now.autoscaledCrossover ?? 0), now, layout),
    crossoverMark("crossover", now.crossover, crossoverWords(now, layout), now, layout),
  );
  return layout;
}
