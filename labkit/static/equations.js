/** Mathematics on the page: the symbols and the displayed lines that formulas are put together from. */

const mi = (name) => mathml("mi", name);
const mn = (text) => mathml("mn", text);
const mo = (sign) => mathml("mo", sign);
const over = (top, bottom) => mathml("mfrac", top, bottom);
const row = (...parts) => mathml("mrow", ...parts);

/** One displayed line of mathematics. */
function equation(...parts) {
  const element = mathml("math", row(...parts));
  element.setAttribute("display", "block");
  return element;
}
