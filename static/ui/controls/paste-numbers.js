/** Many numbers at once: what is pasted into a cell, and all of a grid as one text to type or paste over. */

import { formatPlanes } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { build } from "convoscope/ui/dom.js";

/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/**
 * @typedef {object} Grids
 * @property {string} key of the controls
 * @property {string[][][]} planes
 * @property {number[]} counts how many grids there may be
 * @property {[number, number]} most rows and columns of each
 * @property {(channel: number, plane: string[][]) => string[][][]} withPlane all grids, one of them another
 * @property {(planes: string[][][]) => void} onPlanes
 */

const loadParser = () => import("convoscope/pure/parse-numbers/parse-numbers.js");

/** What lasts longer than the controls, which are made anew with every figure: a text that is being typed, a note. */
export function createPasting() {
  let open = false;
  /** @type {{key: string, text: string} | null} */
  let draft = null;
  let lastNote = { numbers: "", note: "" };

  /**
   * Takes numbers from a text.
   * @param {Grids} grids @param {string} text
   * @param {{channel: number, row: number, col: number} | null} [at] the cell that they begin in; else they are all
   * @returns {Promise<string>} a sentence where they do not fit
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

  /** What was assumed of the numbers, as long as they stay. @param {Grids} grids @returns {Description} */
  function note({ planes }) {
    const text = JSON.stringify(planes) === lastNote.numbers && lastNote.note;
    return ["p", { class: "small muted", role: "status", "data-part": "paste-note", hidden: !text }, text];
  }

  /** All numbers as one text. @param {Grids} grids @returns {Description} */
  function textEditor(grids) {
    const error = build(["p", { class: "told", role: "alert" }]);
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

/** Whether a text that is pasted into a cell is more than one number or word. @param {string} text */
export function isBlock(text) {
  return /[\s,;|&[\](){}]/.test(text.trim()) && !/^[-+\u2212\u2013]?\d+,\d+$/.test(text.trim());
}

/** The reader comes as soon as somebody may need it. */
export function preloadParser() {
  loadParser().catch(() => {}); // what is pasted asks again, and tells
}

/**
 * A block: in the corner it is the whole grid, elsewhere it overwrites from its cell on.
 * @param {string[][]} plane @param {string[][]} block @param {{row: number, col: number}} at
 */
function placeBlock(plane, block, { row, col }) {
  if (row === 0 && col === 0 && (block.length > 1 || block[0].length > 1)) return block;
  const rows = Math.max(plane.length, row + block.length);
  const columns = Math.max(plane[0].length, col + block[0].length);
  const cell = (/** @type {number} */ r, /** @type {number} */ c) => block[r - row]?.[c - col] ?? plane[r]?.[c] ?? "0";
  return Array.from({ length: rows }, (_, r) => Array.from({ length: columns }, (_, c) => cell(r, c)));
}
