/** Parts that the pictures of sharing have in common: their choices, their legend, the size in numbers. */

import { range } from "convoscope/pure/frame/window.js";
import { SHARING } from "convoscope/pure/strings/tab-strings.js";
import { identityFill, inBothThemes } from "convoscope/pure/tabs/sharing/identity-colors.js";
import { ALL, goTo } from "convoscope/pure/tabs/sharing/values.js";
import { countWeights, weightKey } from "convoscope/pure/tabs/sharing/wires.js";

/** @import {Values, SharingOptions} from "convoscope/pure/tabs/sharing/values.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */
/** @import {Stage} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The smallest letters of a page, in pixels. */
const LEAST_TEXT = 12;
/** The height of the choices above a picture at least, at the size of letters of a page, and the gap below, in pixels. */
const [BAR, BAR_TEXT, GAP] = [36, 24, 6];
/** The most weights that the legend names one by one, and those that are buttons where values have indices. */
const [MOST_NAMED, MOST_INDEXED] = [27, 9];
/** The width of a weight of the legend, in pixels. */
const NAMED_WIDE = 88;

/** What a picture needs of the context of its view. @param {ViewContext} context @returns {SharingOptions} */
export function optionsOf({ view, turned, written, size }) {
  const scale = scaleOf(size);
  const bars = (view.letters ? 2 : 1) * (Math.max(BAR, BAR_TEXT * scale) + GAP);
  const room = view.big ? { width: size.width, height: Math.max(0, size.height - bars) } : undefined;
  return { letters: view.letters, turned, written, width: size.width, scale, room };
}

/** How much larger letters are than on a page. @param {ViewContext["size"]} size */
function scaleOf({ text }) {
  return text / LEAST_TEXT;
}

/**
 * A view in the size of its letters.
 * @param {ViewContext} context @param {...(Description | false)} parts @returns {Description}
 */
export function frameOfView({ size }, ...parts) {
  return ["div", { class: "sharing", style: { "--scale": scaleOf(size) } }, ...parts];
}

/**
 * Buttons that set one key of the view.
 * @param {string} key @param {string} now @param {Record<string, string>} labels the text of each value
 * @param {string} name what they choose
 * @returns {Description}
 */
export function choices(key, now, labels, name) {
  return [
    "div",
    { class: "choices view-choices", role: "group", "aria-label": name },
    ...Object.entries(labels).map(
      ([value, label]) =>
        /** @type {Description} */ ([
          "button",
          {
            type: "button",
            "data-set": `${key}=${value}`,
            "data-key": `set-${key}-${value}`,
            "aria-pressed": String(value === now),
          },
          label,
        ]),
    ),
  ];
}

/** The switch between letters and numbers. @param {boolean} letters @returns {Description} */
export function lettersSwitch(letters) {
  return [
    "button",
    {
      type: "button",
      class: "button letters-switch",
      "data-set": `letters=${letters ? "" : "1"}`,
      "data-key": "set-letters",
      "aria-pressed": String(letters),
    },
    SHARING.inLetters,
  ];
}

/**
 * The name of a row, which leads there.
 * @param {Values} values @param {number} row @param {string} text @param {string} [key]
 * @returns {Description}
 */
export function rowButton(values, row, text, key = "row") {
  return [
    "button",
    {
      type: "button",
      class: "row-button",
      "data-go": goTo(values, row),
      "data-key": `${key}-${row}`,
      "aria-current": String(row === values.here),
    },
    text,
  ];
}

/**
 * Every letter of a step with its number, as buttons that turn it.
 * @param {Values} values @param {SharingOptions} options @param {number[]} inputs the input cells that are named
 * @returns {Description}
 */
export function letterButtons(values, { turned = new Set() }, inputs) {
  const { names, stage } = values;
  const all = turned.has(ALL);
  const most = names.areLetters ? MOST_NAMED : MOST_INDEXED;
  const weights = range(Math.min(countWeights(stage), most));
  const button = (/** @type {string} */ name, /** @type {string} */ number, /** @type {string} */ role) =>
    /** @type {Description} */ ([
      "button",
      {
        type: "button",
        class: `letter ${role}`,
        "data-letter": name,
        "data-key": `letter-${name}`,
        "aria-pressed": String(all || turned.has(name)),
        "aria-label": SHARING.letterIs(name, number),
      },
      all || turned.has(name) ? `${name} = ${number}` : name,
    ]);
  return [
    "div",
    { class: "letter-buttons", role: "group", "aria-label": SHARING.letters },
    [
      "button",
      { type: "button", class: "button", "data-letter": ALL, "data-key": "letter-all", "aria-pressed": String(all) },
      SHARING.allNumbers,
    ],
    ...weights.map((n) => button(names.weight(n), values.weightNumber(n), "is-filter")),
    button("b", values.biasNumber, "is-bias"),
    ...inputs.slice(0, most).map((n) => button(names.input(n), values.inputNumber(n), "is-input")),
  ];
}

/**
 * What the colors mean: each weight with its color, its name and its number.
 * @param {Values} values @param {SharingOptions} [options] in a large view it has two lines at most
 * @returns {Description}
 */
export function identityLegend(values, { room, scale = 1 } = {}) {
  const count = countWeights(values.stage);
  const perLine = Math.floor((room?.width ?? Infinity) / (NAMED_WIDE * scale));
  const shown = Math.min(count, MOST_NAMED, Math.max(4, 2 * perLine - 4));
  return [
    "div",
    { class: "identity-legend" },
    ["span", { class: "muted" }, SHARING.colorSaysWhich],
    ...range(shown).map(
      (n) =>
        /** @type {Description} */ ([
          "span",
          {
            class: "identity",
            "data-weight": weightKey(values.stage, n),
            style: { "background-color": inBothThemes(identityFill, n, count) },
          },
          values.letters ? values.weight(n) : `${values.names.weight(n)} = ${values.weightNumber(n)}`,
        ]),
    ),
    count > shown && ["span", { class: "muted" }, SHARING.moreWeights(count - shown)],
  ];
}

/** Whether several neurons share one filter. @param {Stage} stage */
export function isShared(stage) {
  return stage.kind === "conv" && stage.shape[1] * stage.shape[2] > 1;
}
