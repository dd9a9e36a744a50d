/** Many numbers at once: blocks pasted into a cell, and a text area with all numbers of a grid. */

import { formatPlanes } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { build } from "convoscope/ui/dom.js";

/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/**
 * @typedef {object} Grids
 * @property {string} key of the controls
 * @property {string[][][]} planes
 * @property {number[]} counts allowed numbers of grids
 * @property {[number, number]} most rows and columns of each
 * @property {(channel: number, plane: string[][]) => string[][][]} withPlane all grids with one replaced
 * @property {(planes: string[][][]) => void} onPlanes
 */

const loadParser = () => import("convoscope/pure/parse-numbers/parse-numbers.js");

/** State that outlives the controls, which are rebuilt for every figure: a text draft and a note. */
export function createPasting() {
  let open = false;
  /** @type {{key: string, text: string} | null} */
  let draft = null;
  let lastNote = { numbers: "", note: "" };

  /**
   * Parses a text and applies its numbers.
   * @param {Grids} grids @param {string} text
   * @param {{channel: number, row: number, col: number} | null} [at] the first cell to overwrite; null: all grids
   * @returns {Promise<string>} an error message, empty on success
   */
  async function applyText({ planes, counts, most, withPlane, onPlanes }, text, at = null) {
    const read = (await loadParser()).parseNumbers(text, counts);
    if ("error" in read) return read.error;
    const [block] = read.planes;
    const corner = read.planes.length === 1 ? at : null;
    const [rows, columns] = [most[0] - (corner?.row ?? 0), most[1] - (corner?.col ?? 0)];
    if (block.length > rows || block[0].length > columns) {
      return CONTROLS.blockTooLarge(block.length, block[0].length, [rows, columns]);
    }
    const next = corner ? withPlane(corner.channel, placeBlock(planes[corner.channel], block, corner)) : read.planes;
    lastNote = { numbers: JSON.stringify(next), note: read.notes.join(" ") };
    onPlanes(next);
    return "";
  }

  /** The parser's assumptions, shown until the numbers change. @param {Grids} grids @returns {Description} */
  function note({ planes }) {
    const text = JSON.stringify(planes) === lastNote.numbers && lastNote.note;
    return ["p", { class: "small muted", role: "status", "data-part": "paste-note", hidden: !text }, text];
  }

  /** A text area with all numbers. @param {Grids} grids @returns {Description} */
  function textEditor(grids) {
    const error = build(["p", { class: "field-error", role: "alert" }]);
    const text = draft?.key === grids.key ? draft.text : formatPlanes(grids.planes);
    const area = /** @type {HTMLTextAreaElement} */ (
      build([
        "textarea",
        {
          class: "field code-field",
          rows: 5,
          value: text,
          spellcheck: "false",
          autocomplete: "off",
          "aria-label": CONTROLS.asText,
          "data-key": `${grids.key}-text`,
          oninput: () => {
            draft = { key: grids.key, text: area.value };
          },
        },
      ])
    );
    const useNumbers = async () => {
      error.textContent = await applyText(grids, area.value);
      area.setAttribute("aria-invalid", String(error.textContent !== ""));
      if (!error.textContent) draft = null;
    };
    const handleToggle = (/** @type {Event} */ event) => ({ open } = /** @type {HTMLDetailsElement} */ (event.target));
    const button = { type: "button", class: "button", "data-key": `${grids.key}-use`, onclick: useNumbers };
    return [
      "details",
      { class: "more", open, "data-part": "as-text", ontoggle: handleToggle },
      ["summary", { "data-key": `${grids.key}-as-text` }, CONTROLS.asText],
      [
        "div",
        area,
        error,
        ["p", { class: "small muted" }, CONTROLS.asTextHelp],
        ["button", button, CONTROLS.useNumbers],
      ],
    ];
  }

  return { applyText, note, textEditor };
}

/** Whether a pasted text is more than one number or word. @param {string} text */
export function isBlock(text) {
  return /[\s,;|&[\](){}]/.test(text.trim()) && !/^[-+\u2212\u2013]?\d+,\d+$/.test(text.trim());
}

/** Loads the parser before a paste may need it. */
export function preloadParser() {
  loadParser().catch(() => {}); // a paste retries and reports the error
}

/**
 * Places a block: at the top left cell it replaces the grid, elsewhere it overwrites cells from there.
 * @param {string[][]} plane @param {string[][]} block @param {{row: number, col: number}} at
 */
function placeBlock(plane, block, { row, col }) {
  if (row === 0 && col === 0 && (block.length > 1 || block[0].length > 1)) return block;
  const rows = Math.max(plane.length, row + block.length);
  const columns = Math.max(plane[0].length, col + block[0].length);
  const cell = (/** @type {number} */ r, /** @type {number} */ c) => block[r - row]?.[c - col] ?? plane[r]?.[c] ?? "0";
  return Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => cell(r, c)));
}
