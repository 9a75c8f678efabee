/** A prediction: a number or a choice, committed once, before the result shows. */

const HERE_ONLY = "This page keeps your prediction only while it is open. Nothing is sent or stored.";
const TO_LEDGER = "It is recorded when you commit it, and stays as it is.";

/** The field for a number, with its unit and its bounds. */
function numberField(model, questionId) {
  const bounds = { min: model.get("minimum"), max: model.get("maximum") };
  const kind = { type: "number", step: "any", inputmode: "decimal", required: "" };
  const input = html("input", { ...kind, ...bounds, ...OWN_KEYS });
  input.setAttribute("aria-labelledby", questionId);
  const unit = html("span", { class: "labkit-unit" }, model.get("unit"));
  const box = html("div", { class: "labkit-number" }, input, unit);
  return { box, inputs: [input], read: () => input.valueAsNumber };
}

/** The field for a choice: one radio button a choice. */
function choiceField(model, questionId) {
  const name = freshId("choice");
  const kind = { type: "radio", name, required: "", ...OWN_KEYS };
  const inputs = model.get("choices").map((value) => html("input", { ...kind, value }));
  const labels = inputs.map((input) => html("label", {}, input, html("span", {}, input.value)));
  const box = html("div", { class: "labkit-choices", role: "radiogroup", "aria-labelledby": questionId }, ...labels);
  return { box, inputs, read: () => inputs.find((input) => input.checked)?.value };
}

/** The committed value, for people. */
function committedWords(model) {
  const value = model.get("value");
  return typeof value === "number" ? `${shown(value, 6)} ${model.get("unit")}`.trim() : `“${value}”`;
}

/** Lock the fields and say what comes next, once a value is committed. */
function showCommitted(parts, model) {
  const done = model.get("value") !== null && model.get("value") !== undefined;
  parts.form.dataset.committed = done;
  parts.button.hidden = done;
  parts.field.inputs.forEach((input) => {
    input.disabled = done;
    if (done && input.type === "radio") input.checked = input.value === model.get("value");
    if (done && input.type === "number") input.value = model.get("value");
  });
  const words = [html("strong", {}, `You predicted ${done ? committedWords(model) : ""}.`), ` ${model.get("then")}`];
  parts.status.replaceChildren(...(done ? words : []));
  parts.problem.textContent = model.get("problem");
}

/** The elements of one prediction. */
function buildPrediction(model) {
  const questionId = freshId("question");
  const field = model.get("choices").length ? choiceField(model, questionId) : numberField(model, questionId);
  const parts = {
    field,
    button: html("button", { type: "submit", ...OWN_KEYS }, "Commit my prediction"),
    status: html("p", { class: "labkit-status", role: "status" }),
    problem: html("p", { class: "labkit-problem", role: "alert" }),
  };
  parts.form = html(
    "form",
    { class: "labkit-widget labkit-prediction", "aria-labelledby": questionId },
    html("p", { class: "labkit-eyebrow", "aria-hidden": "true" }, "Predict first"),
    html("p", { class: "labkit-question", id: questionId }, model.get("question")),
    html("div", { class: "labkit-answer" }, field.box, parts.button),
    parts.status,
    parts.problem,
    html("p", { class: "labkit-note" }, model.get("kernel") ? TO_LEDGER : HERE_ONLY),
  );
  return parts;
}

/** Show one prediction; the browser itself checks that the field is filled and within its bounds. */
function render({ model, el }) {
  const parts = buildPrediction(model);
  const refresh = () => showCommitted(parts, model);
  parts.form.addEventListener("submit", (event) => {
    event.preventDefault();
    model.set("value", parts.field.read());
    model.save_changes();
  });
  el.append(parts.form);
  const events = ["change:value", "change:problem"];
  events.forEach((event) => model.on(event, refresh));
  refresh();
  return () => events.forEach((event) => model.off(event, refresh));
}

export default { render };
