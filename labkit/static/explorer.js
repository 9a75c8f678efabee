/** What every explorer has: sliders, a row of numbers, a chart that the pointer moves along. */

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

/** Call back at each change of the named traits; returns the way to stop. */
function listen(model, names, callback) {
  const events = names.map((name) => `change:${name}`);
  events.forEach((event) => model.on(event, callback));
  return () => events.forEach((event) => model.off(event, callback));
}
