/** Formulas as parts with roles: each part gets the color of its role in the figure. */

/** @typedef {"plain" | "input" | "filter" | "output" | "bias"} Role what a part of a formula denotes */
/** @typedef {(string | {class: string} | Markup)[]} Markup an element as plain data: tag, attributes, contents */
/**
 * `cell` is a cell of the window.
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

/** A formula as an element. @param {FormulaPart[]} parts @returns {["div", ...Markup]} */
export function describeFormula(parts) {
  const hasColor = (/** @type {Role} */ role) => role !== "plain" && role !== "bias";
  return ["div", ...parts.map(({ text, role }) => (hasColor(role) ? ["b", { class: `is-${role}` }, text] : text))];
}
