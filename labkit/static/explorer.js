/** What every explorer has: sliders, a row of numbers, a chart that the pointer moves along. */

/**
 * The elements of every explorer, the chart described by the sentence.
 *
 * `names` holds its `kind` (of its class), its `label`, its `title` and what its `picture` shows; the controls stand
 * over the chart, and `below` between the sentence and the formula.
 */
function buildFrame(names, controls, below = []) {
  const sentenceId = freshId("sentence");
  const parts = {
    verdict: html("p", { class: "labkit-verdict" }),
    readouts: html("dl", { class: "labkit-readouts" }),
    legend: html("div"),
    picture: svg("svg", { role: "img", class: "labkit-chart", "aria-describedby": sentenceId }),
    sentence: html("p", { class: "labkit-sentence", id: sentenceId, "aria-live": "polite" }),
    equations: html("div", { class: "labkit-equations" }),
  };
  parts.picture.setAttribute("aria-label", names.picture);
  parts.frame = html("div", { class: "labkit-frame" }, parts.picture);
  const formula = html("details", {}, html("summary", OWN_KEYS, "The formula, with these numbers"), parts.equations);
  const kinds = `labkit-widget labkit-explorer labkit-${names.kind}`;
  const kind = { class: kinds, role: "group", "aria-label": names.label };
  const head = html("div", { class: "labkit-head" }, html("p", { class: "labkit-title" }, names.title), parts.verdict);
  const over = [head, parts.readouts, html("div", { class: "labkit-controls" }, ...controls), parts.legend];
  parts.root = html("div", kind, ...over, parts.frame, parts.sentence, ...below, formula);
  return parts;
}

/** A labelled slider over positions of a list, with its value shown beside the label. */
function slider(name, words) {
  const id = freshId(name);
  const steps = { type: "range", id, min: 0, step: 1, ...OWN_KEYS };
  const input = html("input", { class: "labkit-slider", "data-control": name, ...steps });
  const output = html("output", { for: id, class: "labkit-value" });
  const label = html("label", { for: id }, words);
  return { input, output, box: html("div", { class: "labkit-control" }, label, output, input) };
}

/** Put a slider at a position, with the words that a screen reader says. */
function setSlider({ input, output }, last, position, value, words) {
  input.max = last;
  input.value = position;
  input.setAttribute("aria-valuetext", words);
  output.textContent = value;
}

/** The row of numbers over a chart, from pairs of a name and a value. */
function fillReadouts(list, entries) {
  list.replaceChildren(...entries.map(([name, value]) => html("div", {}, html("dt", {}, name), html("dd", {}, value))));
}

/** Let the pointer drag along the logarithmic horizontal axis of a chart; `choose` gets the value that it is over. */
function dragAlong(parts, choose) {
  const follow = (event) => {
    const box = parts.picture.getBoundingClientRect();
    const { domain, range } = parts.layout.x;
    const pixel = ((event.clientX - box.left) / box.width) * parts.layout.width;
    const share = (pixel - range[0]) / (range[1] - range[0]);
    choose(between(domain, Math.min(1, Math.max(0, share))));
  };
  parts.picture.addEventListener("pointerdown", (event) => {
    parts.picture.setPointerCapture(event.pointerId);
    follow(event);
  });
  parts.picture.addEventListener("pointermove", (event) => {
    if (event.buttons & 1) follow(event);
  });
}

/**
 * Show an explorer now, at each change of the named traits and at each change of its width: `draw` gets the width in
 * pixels. Returns the way to stop.
 */
function keepDrawn(parts, model, names, draw) {
  let width = 640;
  const redraw = () => draw(width);
  const events = names.map((name) => `change:${name}`);
  events.forEach((event) => model.on(event, redraw));
  const stop = watchWidth(parts.frame, (found) => {
    width = found;
    redraw();
  });
  return () => {
    events.forEach((event) => model.off(event, redraw));
    stop();
  };
}
