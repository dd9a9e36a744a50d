/** Formulas as parts, each with what it stands for, so that it gets the color of its place in the figure. */

/** @typedef {"plain" | "input" | "filter" | "output" | "bias"} Role what a part of a formula stands for */
/** @typedef {(string | {class: string} | Markup)[]} Markup an element as plain data: its tag, its class, its contents */
/**
 * `cell` is a place in the window.
 * @typedef {{text: string, role: Role, cell?: [channel: number, row: number, col: number]}} FormulaPart
 */

/** @param {string} text @param {Role} [role] @param {[number, number, number]} [cell] @returns {FormulaPart} */
export function part(text, role = "plain", cell) {
  return cell ? { text, role, cell } : { text, role };
}

/** The parts of a formula as one text. @param {FormulaPart[]} parts */
export function textOf(parts) {
  return parts.map(({ text }) => text).join("");
}

/** @param {FormulaPart[]} parts @returns {["div", ...Markup]} */
export function describeFormula(parts) {
  const hasOwnColor = (/** @type {Role} */ role) => role === "plain" || role === "bias";
  return ["div", ...parts.map(({ text, role }) => (hasOwnColor(role) ? text : ["b", { class: `is-${role}` }, text]))];
}
