/** The cost explorer: a slider of volume, two switches, the chart, the numbers in words, every input, the formulas. */

const VOLUME_STEPS = 200;

/** The volume at a position of the slider, a round number. */
function volumeAt([low, high], position) {
  return Number(between([low, high], position / VOLUME_STEPS).toPrecision(3));
}

/** The position nearest to a volume. */
function positionOf([low, high], volume) {
  return Math.round((VOLUME_STEPS * Math.log(volume / low)) / Math.log(high / low));
}

/** The elements of one explorer. */
function buildCosts(model, choose) {
  const volume = slider("volume", "Volume V");
  const switches = [
    buildSwitch("prefix_cache", "Prefix cache", choose),
    buildSwitch("cascade", "Cascade", choose),
  ];
  const problem = html("p", { class: "labkit-problem", role: "alert" });
  const inputs = buildFields(model.get("bounds"), choose, (words) => (problem.textContent = words));
  inputs.fields.forEach(({ input, name }) => {
    input.addEventListener("change", () => {
      input.value = model.get(name);
      input.setAttribute("aria-invalid", false);
      problem.textContent = "";
    });
  });
  const names = {
    kind: "costs",
    label: "Cost explorer",
    title: "Your own fleet, or an API?",
    picture: "Cost per task against volume: an API, a fixed fleet and an autoscaled fleet",
  };
  const box = html("div", { class: "labkit-switches" }, ...switches.map((one) => one.box));
  const summary = html("summary", OWN_KEYS, "The inputs: put in your own numbers");
  const details = html("details", { open: "" }, summary, inputs.box, problem);
  return { ...buildFrame(names, [volume.box, box], [details]), volume, switches, fields: inputs.fields };
}

/** The verdict's badge. */
function fillCheapest(badge, now) {
  badge.textContent = `cheapest: ${CHEAPEST_WORDS[now.cheapest]}`;
  badge.dataset.verdict = now.cheapest;
}

/** What each switch does, with the present numbers. */
function switchNotes({ asked }) {
  const percent = (share) => `${shown(100 * share)}\u00a0%`;
  return {
    prefix_cache: `${percent(asked.hit_rate)} of input is free`,
    cascade: `a small tier passes on ${percent(asked.passed_on)}`,
  };
}

/** Bring every part to the present state. `seen` are the outermost volumes read off so far. */
function updateCosts(parts, now, width, seen) {
  fillCheapest(parts.verdict, now);
  fillReadouts(parts.readouts, costReadouts(now));
  parts.legend.replaceChildren(costLegend(now));
  parts.layout = drawCosts(parts.picture, now, width, seen);
  const { domain } = parts.layout.x;
  const words = `${tasks(now.volume)} tasks per hour`;
  setSlider(parts.volume, VOLUME_STEPS, positionOf(domain, now.volume), `${tasks(now.volume)} tasks/h`, words);
  parts.fields.forEach((field) => setNumber(field, now.asked[field.name]));
  const notes = switchNotes(now);
  parts.switches.forEach(({ name, input, note }) => {
    input.checked = now.asked[name];
    note.textContent = notes[name];
  });
  parts.sentence.textContent = costSentence(now);
  parts.equations.replaceChildren(...costEquations(now));
  parts.root.dataset.state = JSON.stringify(now);
}

/** Show one explorer and keep it in step with its model; returns the way to stop. */
function render({ model, el }) {
  const choose = (name, value) => {
    model.set(name, value);
    model.save_changes();
  };
  const parts = buildCosts(model, choose);
  const chooseVolume = (volume) => choose("tasks_per_hour", volume);
  parts.volume.input.addEventListener("input", (event) => {
    chooseVolume(volumeAt(parts.layout.x.domain, event.target.value));
  });
  dragAlong(parts, (volume) => chooseVolume(Number(volume.toPrecision(3))));
  el.append(parts.root);
  let seen = [];
  return keepDrawn(parts, model, costTraits(model), (width) => {
    const now = readCosts(model);
    seen = [Math.min(...seen, now.volume), Math.max(...seen, now.volume)]; // the axis stays while the cursor moves
    updateCosts(parts, now, width, seen);
  });
}

export default { render };
