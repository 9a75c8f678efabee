/** What stands in for the kernel in a page that has none: the traits' values, and word of their changes. */

/** A model with anywidget's get, set, on, off and save_changes; what is set stays on this page. */
function pageModel(state) {
  const values = { ...state };
  const listeners = new Map();
  const heard = (event) => [...(listeners.get(event) ?? [])];
  return {
    get: (name) => values[name],
    set(name, value) {
      if (values[name] === value) return;
      values[name] = value;
      for (const event of [`change:${name}`, "change"]) heard(event).forEach((listener) => listener());
    },
    on(events, listener) {
      for (const event of events.split(" ")) listeners.set(event, [...heard(event), listener]);
    },
    off(events, listener) {
      for (const event of events.split(" ")) {
        listeners.set(event, listener ? heard(event).filter((other) => other !== listener) : []);
      }
    },
    save_changes() {},
  };
}

/** Render a widget into the element that the page holds for it. */
function mountOnPage(id, renderWidget) {
  const element = document.getElementById(id);
  const state = JSON.parse(document.getElementById(`${id}-state`).textContent);
  element.replaceChildren();
  renderWidget({ model: pageModel(state), el: element });
}
