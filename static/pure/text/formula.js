/** Formulas as parts, each with what it stands for, so that it gets the color of its place in the figure. */

/** @typedef {"plain" | "input" | "filter" | "output" | "bias"} Role what a part of a formula stands for */
/** @typedef {(string | {class: string} | Line)[]} Line an element as plain data: its tag, its class, its contents */
/**
 * `cell` is a place in the window.
 * @typedef {{text: string, role: Role, cell?: [channel: number, row: number, col: number]}} Part
 */

/** @param {string} text @param {Role} [role] @param {[number, number, number]} [cell] @returns {Part} */
export function part(text, role = "plain", cell) {
  return cell ? { text, role, cell } : { text, role };
}

/** The parts of a formula as one text. @param {Part[]} parts */
export function textOf(parts) {
  return parts.map(({ text }) => text).join("");
}

/** @param {Part[]} parts @returns {["div", ...Line]} */
export function described(parts) {
  const plain = (/** @type {Role} */ role) => role === "plain" || role === "bias";
  return ["div", ...parts.map(({ text, role }) => (plain(role) ? text : ["b", { class: `is-${role}` }, text]))];
}
