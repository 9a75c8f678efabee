/** A question on a concept: each choice, right or wrong, is explained at once, and another may be tried. */

/** One radio button a choice. */
function conceptChoices(model, questionId) {
  const name = freshId("concept");
  const kind = { type: "radio", name, required: "", ...OWN_KEYS };
  const inputs = model.get("choices").map((words, number) => html("input", { ...kind, value: number }));
  const labels = inputs.map((input, number) => html("label", {}, input, html("span", {}, model.get("choices")[number])));
  const box = html("div", { class: "labkit-choices", role: "radiogroup", "aria-labelledby": questionId }, ...labels);
  return { box, inputs, labels };
}

/** Mark what was tried, explain the last try, and close the question once it is answered. */
function showTried(parts, model) {
  const [tried, right] = [model.get("tried"), model.get("right")];
  const last = tried.at(-1);
  const done = tried.includes(right);
  parts.labels.forEach((label, number) => {
    if (tried.includes(number)) label.dataset.verdict = number === right ? "right" : "wrong";
  });
  parts.inputs.forEach((input) => (input.disabled = done));
  if (tried.length) parts.inputs[last].checked = true;
  parts.button.hidden = done;
  parts.form.dataset.answered = done;
  const verdict = html("strong", {}, last === right ? "Right. " : "Not this one. ");
  parts.status.replaceChildren(...(tried.length ? [verdict, model.get("explanations")[last]] : []));
  parts.status.dataset.verdict = tried.length ? (last === right ? "right" : "wrong") : "";
}

/** The elements of one question. */
function buildConcept(model) {
  const questionId = freshId("question");
  const choices = conceptChoices(model, questionId);
  const parts = {
    ...choices,
    button: html("button", { type: "submit", ...OWN_KEYS }, "Check"),
    status: html("p", { class: "labkit-status", role: "status" }),
  };
  parts.form = html(
    "form",
    { class: "labkit-widget labkit-prediction labkit-concept", "aria-labelledby": questionId },
    html("p", { class: "labkit-question", id: questionId }, model.get("question")),
    html("div", { class: "labkit-answer" }, choices.box, parts.button),
    parts.status,
  );
  return parts;
}

/** Show one question; the browser itself checks that something is chosen. */
function render({ model, el }) {
  const parts = buildConcept(model);
  const refresh = () => showTried(parts, model);
  parts.form.addEventListener("submit", (event) => {
    event.preventDefault();
    const chosen = parts.inputs.findIndex((input) => input.checked);
    model.set("tried", [...model.get("tried"), chosen]);
    model.save_changes();
  });
  el.append(parts.form);
  model.on("change:tried", refresh);
  refresh();
  return () => model.off("change:tried", refresh);
}

export default { render };
