/** The Amdahl explorer: two sliders, the chart, the numbers in words, the formula that unfolds. */

/** The number in an ascending list that lies nearest to the given one: its position. */
function nearest(values, wanted, through = (value) => value) {
  let best = 0;
  values.forEach((value, k) => {
    if (Math.abs(through(value) - through(wanted)) < Math.abs(through(values[best]) - through(wanted))) best = k;
  });
  return best;
}

/** The present state: looked up in the table that labkit.scaling filled, never computed here. */
function readState(model) {
  const table = model.get("table");
  const row = nearest(table.fractions, model.get("serial_fraction"));
  const column = nearest(table.workers, model.get("cursor"), Math.log2);
  const target = model.get("target");
  const needed = table.needed[row];
  return {
    row,
    column,
    target,
    needed,
    f: table.fractions[row],
    p: table.workers[column],
    workers: table.workers,
    axisEnd: table.workers[table.workers.length - 1],
    speedups: table.speedups[row],
    efficiencies: table.efficiencies[row],
    speedup: table.speedups[row][column],
    efficiency: table.efficiencies[row][column],
    limit: table.limits[row],
    verdict: target === null ? "none" : needed === null ? "unphysical" : "reachable",
    breakEven: table.break_even,
    measured: model.get("measured"),
    fitted: table.fitted,
    fittedSpeedups: table.fitted === null ? null : table.speedups[nearest(table.fractions, table.fitted)],
  };
}

/** The elements of one explorer. */
function buildExplorer() {
  const fraction = slider("serial-fraction", "Serial fraction f");
  const cursor = slider("workers", "Workers p");
  const names = {
    kind: "amdahl",
    label: "Amdahl explorer",
    title: "What more workers can buy",
    picture: "Speedup and efficiency against workers, by Amdahl's law",
  };
  return { ...buildFrame(names, [fraction.box, cursor.box]), fraction, cursor };
}

/** The numbers over the chart. */
function amdahlReadouts(now) {
  const entries = [
    [`Speedup, p = ${shown(now.p)}`, `${shown(now.speedup)}×`],
    ["Efficiency", `${shown(100 * now.efficiency)} %`],
    ["Limit 1/f", now.limit === null ? "none" : `${shown(now.limit)}×`],
  ];
  if (now.target === null) return entries;
  return [...entries, [`Workers for ${shown(now.target)}×`, now.needed === null ? "none" : shown(now.needed, 6)]];
}

/** The verdict's badge: words first, colour second. */
function fillVerdict(badge, now) {
  const words = {
    none: "",
    unphysical: `${shown(now.target ?? 0)}× is unphysical`,
    reachable: `${shown(now.target ?? 0)}× is possible`,
  };
  badge.textContent = words[now.verdict];
  badge.hidden = now.verdict === "none";
  badge.dataset.verdict = now.verdict;
}

/** Bring every part to the present state. */
function update(parts, now, width) {
  fillVerdict(parts.verdict, now);
  fillReadouts(parts.readouts, amdahlReadouts(now));
  const fractionWords = `serial fraction ${shown(now.f)}`;
  setSlider(parts.fraction, parts.fractions.length - 1, now.row, shown(now.f), fractionWords);
  setSlider(parts.cursor, now.workers.length - 1, now.column, shown(now.p), `${shown(now.p)} workers`);
  parts.legend.replaceChildren(legend(now));
  parts.sentence.textContent = stateSentence(now);
  parts.equations.replaceChildren(speedupEquation(now), efficiencyEquation(now), limitEquation(now));
  parts.layout = drawAmdahl(parts.picture, now, width);
  const { f, p, speedup, efficiency, limit, verdict, needed, fitted } = now;
  parts.root.dataset.state = JSON.stringify({ f, p, speedup, efficiency, limit, verdict, needed, fitted });
}

/** Show one explorer and keep it in step with its model; returns the way to stop. */
function render({ model, el }) {
  const parts = buildExplorer();
  const choose = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const table = () => model.get("table");
  parts.fraction.input.addEventListener("input", (event) => {
    choose("serial_fraction", table().fractions[event.target.value]);
  });
  parts.cursor.input.addEventListener("input", (event) => choose("cursor", table().workers[event.target.value]));
  dragAlong(parts, (p) => choose("cursor", table().workers[nearest(table().workers, p, Math.log2)]));
  el.append(parts.root);
  return keepDrawn(parts, model, ["serial_fraction", "cursor", "table", "target", "measured"], (width) => {
    parts.fractions = table().fractions;
    update(parts, readState(model), width);
  });
}

export default { render };
