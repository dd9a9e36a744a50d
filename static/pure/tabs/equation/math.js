/** Mathematics as descriptions of MathML elements (MathML Core). Numbers are texts that were written before. */

/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {import("convoscope/ui/dom.js").Content} Content */
/** @typedef {"input" | "filter" | "output" | ""} Role */
/** @typedef {Description | string | false} Math a string is an operator, or a number or name where it reads so */

/**
 * A formula that is not broken into lines. Those who hear the page have its sentence.
 * @param {...Math} parts @returns {Description}
 */
export function math(...parts) {
  return ["math", { displaystyle: "true", "aria-hidden": "true", translate: "no" }, row(...parts)];
}

/** Parts side by side. @param {...Math} parts @returns {Description} */
export function row(...parts) {
  return ["mrow", ...parts.filter((part) => part !== false && part !== "").map(partOf)];
}

/** @param {Math} part @returns {Description} */
export function partOf(part) {
  if (typeof part !== "string") return /** @type {Description} */ (part);
  if (/^−?[\d.]/.test(part)) return ["mn", part];
  return /^[\p{L}½]/u.test(part) ? ["mi", part] : sign(part);
}

/** An operator; parentheses are as high as letters. @param {string} text @returns {Description} */
export function sign(text) {
  return /^[()[\]|⌊⌋]$/.test(text) ? ["mo", { stretchy: "false" }, text] : ["mo", text];
}

/** A name in the color of its role. @param {string} text @param {Role} [role] @returns {Description} */
export function name(text, role = "") {
  return ["mi", { class: role ? `is-${role}` : null }, text];
}

/** A number in the color of its role. @param {string} text @param {Role} [role] @returns {Description} */
export function number(text, role = "") {
  return ["mn", { class: role ? `is-${role}` : null }, text];
}

/** A number that follows an operator: a negative one in parentheses. @param {string} text @param {Role} [role] */
export function factor(text, role = "") {
  return text.startsWith("−") ? row("(", number(text, role), ")") : number(text, role);
}

/** Words within a formula. @param {string} text @returns {Description} */
export function words(text) {
  return ["mtext", text];
}

/**
 * A value with its indices: x with 0, 2, 3 below the line.
 * @param {Math} base @param {(Math[] | false)[]} indices each the parts of one index @returns {Description}
 */
export function withIndices(base, indices) {
  const shown = indices.filter((index) => index !== false);
  if (!shown.length) return partOf(base);
  return ["msub", partOf(base), row(...shown.flatMap((index, i) => (i ? [",", ...index] : index)))];
}

/** @param {Math} base @param {Math} exponent @returns {Description} */
export function power(base, exponent) {
  return ["msup", partOf(base), partOf(exponent)];
}

/** @param {Math} over @param {Math} under @returns {Description} */
export function fraction(over, under) {
  return ["mfrac", partOf(over), partOf(under)];
}

/** @param {...Math} parts @returns {Description} */
export function root(...parts) {
  return ["msqrt", row(...parts)];
}

/**
 * The sign of a sum with its index and its range.
 * @param {Math} index @param {Math} from @param {Math} to @returns {Description}
 */
export function sumOver(index, from, to) {
  return ["munderover", ["mo", { largeop: "true", movablelimits: "false" }, "∑"], row(index, "=", from), partOf(to)];
}

/** A function of all cells in a range: max below which the range stands. @param {string} text @param {...Math} range */
export function over(text, ...range) {
  return /** @type {Description} */ (["munder", ["mo", { movablelimits: "false" }, text], row(...range)]);
}

/** A table between parentheses or brackets, which its styles draw as high as it is. @param {Description} table */
export function enclosed([tag, attributes, ...rows], shape = "round") {
  const { class: name } = /** @type {{class: string}} */ (attributes);
  return /** @type {Description} */ ([tag, { class: `${name} ${shape}` }, ...rows]);
}

/** Parentheses as high as what they enclose. @param {Math} inside @param {[string, string]} [fences] */
export function fenced(inside, [open, close] = ["(", ")"]) {
  const fence = (/** @type {string} */ text) =>
    /** @type {Description} */ (["mo", { fence: "true", stretchy: "true", symmetric: "true" }, text]);
  return /** @type {Description} */ (["mrow", fence(open), partOf(inside), close && fence(close)]);
}

/** One of several cases: a value and when it holds. @param {[value: Math, condition: Math][]} lines */
export function cases(lines) {
  const table = /** @type {Description} */ ([
    "mtable",
    { class: "case-table" },
    ...lines.map(([value, condition]) => ["mtr", ["mtd", partOf(value)], ["mtd", partOf(condition)]]),
  ]);
  return fenced(table, ["{", ""]);
}

/** A sum of terms with the signs that they have: 679 − 334 + 97. @param {string[]} terms @param {Role} [role] */
export function addUp(terms, role = "") {
  return row(
    ...terms.flatMap((term, i) => {
      if (!i) return [number(term, role)];
      return term.startsWith("−") ? ["−", number(term.slice(1), role)] : ["+", number(term, role)];
    }),
  );
}
