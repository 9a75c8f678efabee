/** Axes, grids and curves in SVG. Every drawn series carries its data, so that it can be read back from the page. */

/** A scale from a domain of numbers to a range of pixels; `through` is Math.log2 for a logarithmic one. */
function makeScale(domain, range, through = (value) => value) {
  const [from, to] = domain.map(through);
  const scale = (value) => range[0] + ((through(value) - from) / (to - from)) * (range[1] - range[0]);
  return Object.assign(scale, { domain, range, isLog: through !== undefined && through(8) === 3 });
}

/** Powers of two within a domain, at most `most` of them. */
function powersOfTwo([low, high], most) {
  const count = Math.floor(Math.log2(high / low) + 1e-9) + 1;
  const step = Math.ceil(count / most);
  return Array.from({ length: Math.ceil(count / step) }, (_, k) => low * 2 ** (k * step));
}

/** Powers of ten within a domain whose ends are such powers, at most `most` of them. */
function powersOfTen([low, high], most) {
  const count = Math.round(Math.log10(high / low)) + 1;
  const step = Math.ceil(count / most);
  return Array.from({ length: Math.ceil(count / step) }, (_, k) => 10 ** Math.round(Math.log10(low) + k * step));
}

/** The value at a share of the way along a logarithmic domain. */
function between([low, high], share) {
  return low * (high / low) ** share;
}

/** The scales' domains and ranges, so that a pixel can be turned back into a value. */
function scaleData(scales) {
  const kept = Object.entries(scales).map(([name, { domain, range, isLog }]) => [name, { domain, range, isLog }]);
  return JSON.stringify(Object.fromEntries(kept));
}

/** An SVG path through points of a series. */
function pathThrough(points, x, y) {
  return points.map(([a, b], k) => `${k ? "L" : "M"}${x(a).toFixed(2)} ${y(b).toFixed(2)}`).join("");
}

/** A curve. Its points are kept on the element: data-series and data-points are what is drawn. */
function curve(name, points, x, y) {
  return svg("path", {
    class: `labkit-line labkit-${name}`,
    d: pathThrough(points, x, y),
    "data-series": name,
    "data-points": JSON.stringify(points),
  });
}

/** A horizontal reference line with its words above it, at the left or the right end. */
function referenceLine(name, value, words, x, y, atRight) {
  const [left, right] = x.range;
  const label = { x: atRight ? right - 4 : left + 6, y: y(value) - 6, "text-anchor": atRight ? "end" : "start" };
  return svg(
    "g",
    { class: `labkit-reference labkit-${name}`, "data-series": name, "data-points": JSON.stringify([value]) },
    svg("line", { x1: left, x2: right, y1: y(value), y2: y(value) }),
    svg("text", label, words),
  );
}

/** Grid lines and tick labels of a vertical axis, with its title above. */
function verticalAxis(x, y, ticks, format, title) {
  const [left, right] = x.range;
  const lines = ticks.map((tick) => svg("line", { x1: left, x2: right, y1: y(tick), y2: y(tick) }));
  const labels = ticks.map((tick) =>
    svg("text", { x: left - 8, y: y(tick) + 4, "text-anchor": "end" }, format(tick)),
  );
  const heading = svg("text", { class: "labkit-axis-title", x: left, y: y.range[1] - 14 }, title);
  return svg("g", { class: "labkit-axis" }, ...lines, ...labels, heading);
}

/** Grid lines of a horizontal axis over one panel; labels and a title below it where `title` is given. */
function horizontalAxis(x, y, ticks, title = null, format = shown) {
  const [bottom, top] = y.range;
  const group = svg("g", { class: "labkit-axis" });
  group.append(...ticks.map((tick) => svg("line", { x1: x(tick), x2: x(tick), y1: bottom, y2: top })));
  if (title === null) return group;
  const label = (tick) => svg("text", { x: x(tick), y: bottom + 18, "text-anchor": "middle" }, format(tick));
  const middle = (x.range[0] + x.range[1]) / 2;
  const place = { x: middle, y: bottom + 38, "text-anchor": "middle" };
  const heading = svg("text", { class: "labkit-axis-title", ...place }, title);
  group.append(...ticks.map(label), heading);
  return group;
}

/** Round marks, one a point. */
function marks(name, points, x, y, radius) {
  const dots = points.map(([a, b]) => svg("circle", { cx: x(a).toFixed(2), cy: y(b).toFixed(2), r: radius }));
  const data = { class: `labkit-marks labkit-${name}`, "data-series": name, "data-points": JSON.stringify(points) };
  return svg("g", data, ...dots);
}

/** Watch an element's width and call back with it, now and at each change; returns the way to stop. */
function watchWidth(element, callback) {
  const observer = new ResizeObserver(() => callback(element.clientWidth || 640));
  observer.observe(element);
  callback(element.clientWidth || 640);
  return () => observer.disconnect();
}
