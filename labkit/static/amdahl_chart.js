/** The picture of the Amdahl explorer: a panel of speedups over a panel of efficiencies, one axis of workers. */

const MARGIN = { left: 50, right: 14, top: 30 };
const SPEEDUP_HEIGHT = 250;
const PANEL_GAP = 44;
const EFFICIENCY_HEIGHT = 92;
const FOOT = 48;
const CHART_HEIGHT = MARGIN.top + SPEEDUP_HEIGHT + PANEL_GAP + EFFICIENCY_HEIGHT + FOOT;

/** Where everything goes, for a width in pixels. The axes stay put while the slider moves, so only the curve does. */
function chartLayout(now, width) {
  const highest = Math.max(now.axisEnd, now.target ?? 1, ...now.measured.map(([, s]) => s));
  const lowest = Math.min(1, now.target ?? 1, ...now.measured.map(([, s]) => s));
  const speedups = [2 ** Math.floor(Math.log2(lowest)), highest];
  const top = MARGIN.top + SPEEDUP_HEIGHT;
  const below = top + PANEL_GAP;
  const across = Math.max(now.axisEnd, ...now.measured.map(([p]) => p));
  return {
    width,
    x: makeScale([1, across], [MARGIN.left, width - MARGIN.right], Math.log2),
    speedup: makeScale(speedups, [top, MARGIN.top], Math.log2),
    efficiency: makeScale([0, 1], [below + EFFICIENCY_HEIGHT, below]),
    workerTicks: powersOfTwo([1, across], width < 480 ? 5 : 9),
    speedupTicks: powersOfTwo(speedups, 9),
  };
}

/** Pairs of workers and a value, from a row of the table. */
function paired(now, values) {
  return now.workers.map((p, k) => [p, values[k]]);
}

/** The part of the panel above 1/f, out of reach whatever the number of workers. */
function forbiddenZone(now, { x, speedup }) {
  if (now.limit === null || now.limit >= speedup.domain[1]) return svg("g");
  const shape = { x: x.range[0], y: speedup.range[1], width: x.range[1] - x.range[0] };
  return svg("rect", { class: "labkit-forbidden", ...shape, height: speedup(now.limit) - speedup.range[1] });
}

/** The limit's line, or words at the top where it lies above the chart. */
function limitLine(now, { x, speedup }) {
  if (now.limit === null) return svg("g");
  const words = `limit 1/f = ${shown(now.limit)}×`;
  if (now.limit <= speedup.domain[1]) return referenceLine("limit", now.limit, words, x, speedup, true);
  const place = { x: x.range[0] + 6, y: speedup.range[1] + 16, class: "labkit-limit-above" };
  return svg("text", { ...place, "data-series": "limit-above" }, `${words}, above this chart`);
}

/** Where along the linear line (in workers) its name meets neither a reference line nor the cursor. */
function clearPlace(now, { x, speedup }, end) {
  const lines = [now.limit, now.target].filter((value) => value !== null).map(speedup);
  const isClear = (p) => lines.every((y) => Math.abs(speedup(p) - 7 - y) > 24) && Math.abs(x(p) - x(now.p)) > 48;
  const places = [0.8, 0.65, 0.5, 0.35, 0.9].map((share) => end ** share);
  return places.find(isClear) ?? places[0];
}

/** The straight line of perfect scaling, named along its slope. */
function linearLine(now, layout) {
  const { x, speedup } = layout;
  const end = Math.min(now.axisEnd, speedup.domain[1]);
  const points = [[1, 1], [end, end]];
  const at = clearPlace(now, layout, end);
  const slope = (Math.atan2(speedup(end) - speedup(1), x(end) - x(1)) * 180) / Math.PI;
  const place = { x: x(at), y: speedup(at) - 7, transform: `rotate(${slope} ${x(at)} ${speedup(at)})` };
  const words = svg("text", { class: "labkit-linear-name", "text-anchor": "middle", ...place }, "linear: S = p");
  return svg("g", {}, curve("linear", points, x, speedup), words);
}

/** The learner's points and the curve that explains them best. */
function measurements(now, { x, speedup, efficiency }) {
  if (!now.measured.length) return svg("g");
  const group = svg("g");
  if (now.fitted !== null) group.append(curve("fitted", paired(now, now.fittedSpeedups), x, speedup));
  const shares = now.measured.map(([p, s]) => [p, s / p]).filter(([, share]) => share <= 1.08);
  group.append(marks("measured", now.measured, x, speedup, 5.5));
  group.append(marks("measured-efficiency", shares, x, efficiency, 4.5));
  return group;
}

/** The vertical cursor through both panels, with a mark on each curve. */
function cursorLine(now, { x, speedup, efficiency }) {
  const at = x(now.p);
  return svg(
    "g",
    { class: "labkit-cursor" },
    svg("line", { x1: at, x2: at, y1: speedup.range[1], y2: efficiency.range[0] }),
    marks("cursor-speedup", [[now.p, now.speedup]], x, speedup, 6),
    marks("cursor-efficiency", [[now.p, now.efficiency]], x, efficiency, 5),
  );
}

/** What the lines mean, where a word beside the line would not fit. */
function legend(now) {
  const entries = [["speedup", `Amdahl, f = ${shown(now.f)}`]];
  if (now.measured.length) entries.push(["measured", "measured"]);
  if (now.fitted !== null) entries.push(["fitted", `fitted, f = ${shown(now.fitted)}`]);
  const items = entries.map(([name, words]) => html("li", { class: `labkit-key labkit-key-${name}` }, words));
  return html("ul", { class: "labkit-legend", "aria-hidden": "true" }, ...items);
}

/** Draw everything anew for the present state. */
function drawAmdahl(picture, now, width) {
  const layout = chartLayout(now, width);
  const { x, speedup, efficiency, workerTicks, speedupTicks } = layout;
  picture.setAttribute("viewBox", `0 0 ${width} ${CHART_HEIGHT}`);
  picture.dataset.scales = scaleData({ x, speedup, efficiency });
  const milestone = `milestone ${now.target === null ? "" : shown(now.target)}×`;
  picture.replaceChildren(
    forbiddenZone(now, layout),
    verticalAxis(x, speedup, speedupTicks, (tick) => `${shown(tick)}×`, "Speedup S(p), times one worker"),
    horizontalAxis(x, speedup, workerTicks),
    verticalAxis(x, efficiency, [0, 0.5, 1], (tick) => `${100 * tick} %`, "Efficiency E(p), % of linear"),
    horizontalAxis(x, efficiency, workerTicks, "Workers p (count, logarithmic)"),
    linearLine(now, layout),
    limitLine(now, layout),
    now.target === null ? svg("g") : referenceLine("milestone", now.target, milestone, x, speedup, false),
    curve("efficiency", paired(now, now.efficiencies), x, efficiency),
    curve("speedup", paired(now, now.speedups), x, speedup),
    measurements(now, layout),
    cursorLine(now, layout),
  );
  return layout;
}
