/** The inputs of the cost explorer: a field a number, a switch a saving. */

const FIELD_GROUPS = [
  [
    "One task",
    ["calls", "Model calls", "r", "per task", 1],
    ["input_tokens", "Input tokens", "t in", "per call", 100],
    ["output_tokens", "Output tokens", "t out", "per call", 50],
  ],
  [
    "The API",
    ["input_price", "Input price", "c in", "$ per million tokens", 0.5],
    ["output_price", "Output price", "c out", "$ per million tokens", 0.5],
    ["hit_rate", "Prefix cache hit rate", "h", "share of the input", 0.025],
  ],
  [
    "The cascade's small tier",
    ["small_input_price", "Input price", "c in", "$ per million tokens", 0.05],
    ["small_output_price", "Output price", "c out", "$ per million tokens", 0.05],
    ["passed_on", "Passed on to the large tier", "q", "share of the calls", 0.05],
  ],
  [
    "The fleet",
    ["replicas", "Replicas, fixed fleet", "N", "", 1],
    ["dollars_per_replica_hour", "Price", "d", "$ per replica-hour", 0.1],
    ["requests_per_second", "Service rate of one replica", "μ", "model calls per second", 1],
    ["utilisation", "Utilisation at most", "ρ", "share of the time", 0.05],
  ],
];

/** Why a number is not taken, or null where it fits its bounds. */
function refusal(number, { least, above, most, below, whole }) {
  const bounds = [["of at least", least], ["above", above], ["of at most", most], ["below", below]];
  const asked = bounds.filter(([, bound]) => bound !== null).map(([words, bound]) => `${words} ${bound}`);
  const fits =
    Number.isFinite(number) &&
    (least === null || number >= least) &&
    (above === null || number > above) &&
    (most === null || number <= most) &&
    (below === null || number < below) &&
    (!whole || Number.isInteger(number));
  return fits ? null : `give a ${whole ? "whole number" : "number"} ${asked.join(" and ")}`;
}

/** The name of a quantity: words and its symbol, the index of which stands low. */
function quantity(words, symbol) {
  const [letter, index] = symbol.split(" ");
  return [words, " ", html("i", {}, letter), ...(index ? [html("sub", {}, index)] : [])];
}

/** One field with its unit. What does not fit is refused in words, and the last number that did fit stays. */
function numberInput([name, words, symbol, unit, step], bounds, choose, complain) {
  const id = freshId(name);
  const kind = { type: "number", inputmode: "decimal", step, "data-control": name, ...OWN_KEYS };
  const input = html("input", { id, ...kind, "aria-describedby": unit ? `${id}-unit` : null });
  const check = () => {
    const problem = refusal(input.valueAsNumber, bounds);
    input.setAttribute("aria-invalid", problem !== null);
    complain(problem === null ? "" : `${words} ${symbol.replace(" ", "_")}: ${problem}.`);
    return problem === null;
  };
  input.addEventListener("input", () => check() && choose(name, input.valueAsNumber));
  const label = html("label", { for: id }, ...quantity(words, symbol));
  const box = html("div", { class: "labkit-field" }, label, input, html("span", { id: `${id}-unit` }, unit));
  return { name, input, box };
}

/** Show a number in its field, unless the learner is writing there. Steps count from it, so each of them is valid. */
function setNumber({ input }, value) {
  input.setAttribute("value", value);
  if (!input.matches(":focus")) input.value = value;
}

/** All fields, in groups. */
function buildFields(bounds, choose, complain) {
  const fields = [];
  const groups = FIELD_GROUPS.map(([title, ...rows]) => {
    const own = rows.map((spec) => numberInput(spec, bounds[spec[0]], choose, complain));
    fields.push(...own);
    return html("fieldset", { class: "labkit-group" }, html("legend", {}, title), ...own.map(({ box }) => box));
  });
  return { fields, box: html("div", { class: "labkit-fields" }, ...groups) };
}

/** A switch, with a line on what it does. */
function buildSwitch(name, words, choose) {
  const id = freshId(name);
  const kind = { type: "checkbox", role: "switch", "data-control": name, ...OWN_KEYS };
  const input = html("input", { id, ...kind, "aria-describedby": `${id}-note` });
  const note = html("span", { id: `${id}-note`, class: "labkit-switch-note" });
  input.addEventListener("change", () => choose(name, input.checked));
  const box = html("div", { class: "labkit-switch" }, input, html("label", { for: id }, words), note);
  return { name, input, note, box };
}
