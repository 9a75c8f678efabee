/**
 * Building elements: HTML, SVG and MathML.
 *
 * The files of this folder are joined into one ES module a widget (labkit/widgets/page.py), in the order that the
 * Python class names them, so they share their functions and import nothing.
 */

const SVG = "http://www.w3.org/2000/svg";
const MATHML = "http://www.w3.org/1998/Math/MathML";

/** Set attributes (null and undefined are left out) and append children (strings become text). */
function fill(element, attributes, children) {
  for (const [name, value] of Object.entries(attributes)) {
    if (value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

/** An HTML element. */
function html(tag, attributes = {}, ...children) {
  return fill(document.createElement(tag), attributes, children);
}

/** An SVG element. */
function svg(tag, attributes = {}, ...children) {
  return fill(document.createElementNS(SVG, tag), attributes, children);
}

/** A MathML element. */
function mathml(tag, ...children) {
  return fill(document.createElementNS(MATHML, tag), {}, children);
}

let lastId = 0;

/** An id that no other element on the page has, for labels and descriptions. */
function freshId(name) {
  lastId += 1;
  return `labkit-${name}-${Date.now().toString(36)}-${Math.random().toString(36).slice(2, 8)}-${lastId}`;
}

/** A number for people: three significant digits, no trailing zeros, a thin group mark from 10,000 on. */
function shown(number, digits = 3) {
  const rounded = Number(number.toPrecision(digits));
  const whole = Math.abs(number) >= 10 ** digits ? Math.round(number) : rounded;
  return whole.toLocaleString("en-US", { maximumFractionDigits: 12, useGrouping: Math.abs(whole) >= 10000 });
}

/**
 * For what takes the keyboard: its keys are its own, and no shortcuts of JupyterLab, where an arrow would fold a
 * heading. Lumino looks for the attribute on the focused element first, so a parent that has it is not enough.
 */
const OWN_KEYS = { "data-lm-suppress-shortcuts": "true" };
