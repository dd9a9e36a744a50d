/**
 * The stage as code: a program in each dialect, with the cell in focus as the last line. A program that reads arrays
 * opens the address of the Trace, or a file where there is no server.
 */

import { TABS } from "convoscope/pure/strings/tab-strings.js";
import { DIALECTS, hasProgram, programQuery, readsTrace, writeProgram } from "convoscope/pure/tabs/program.js";
import { isTextExact, numberText } from "convoscope/pure/text/number-text.js";

/** @import {Frame, Stage, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The file from which a program reads where there is no server, or the figure does not fit into an address. */
const FILE = "figure.safetensors";
const PATH = "/api/trace";
const LONGEST_LINK = 5500;

/**
 * @param {Trace} trace @param {Frame} frame
 * @param {(query: string) => string} [dataAddress] the address of /api/trace with a query; left out, there is no server
 * @returns {Description}
 */
export function codeView(trace, frame, dataAddress) {
  const stage = trace.stages[frame.stage];
  const address = trace.link.length > LONGEST_LINK ? undefined : dataAddress;
  const dialects = DIALECTS.filter((dialect) => hasProgram(stage, dialect));
  const source = sourceOf(trace, stage, address);
  return [
    "div",
    { class: "code" },
    dialects.length > 0 && ["p", { class: "muted" }, TABS.codeTitle],
    dialects.length > 0 && !address && readsTrace(trace, stage) && ["p", { class: "muted" }, TABS.codeFile(FILE, PATH)],
    ["div", { class: "programs" }, ...dialects.map((dialect) => programView(dialect))],
    ...(stage.code_notes ?? []).map((note) => /** @type {Description} */ (["p", note])),
  ];

  /** @param {import("convoscope/pure/tabs/program.js").Dialect} dialect @returns {Description} */
  function programView(dialect) {
    const { name, title } = dialect;
    const text = writeProgram(trace, stage, dialect, source);
    return [
      "section",
      { "data-dialect": name, "aria-labelledby": `code-${name}` },
      ["h3", { id: `code-${name}`, translate: "no" }, title],
      [
        "pre",
        { tabindex: 0, "data-copy": "", "data-key": `code-${name}` },
        ["code", text, ["span", { class: "in-focus" }, focusLine(frame)]],
      ],
    ];
  }
}

/**
 * The expression that opens the bytes of the Trace.
 * @param {Trace} trace @param {Stage} stage @param {(query: string) => string} [dataAddress]
 */
function sourceOf(trace, stage, dataAddress) {
  if (!dataAddress) return `open("${FILE}", "rb")`;
  return `urlopen("${dataAddress([trace.link, programQuery(stage)].filter(Boolean).join("&"))}")`;
}

/** The line that prints the cell in focus; with its number, once the figure shows it. @param {Frame} frame */
function focusLine({ stage, map, row, col, value, hasNumbers, beat, beats }) {
  const isShown = hasNumbers && beats.indexOf(beat) >= beats.length - 2;
  const about = isTextExact(value) ? "" : "≈ ";
  const number = isShown ? `  # ${about}${numberText(value).replaceAll("−", "-")}` : "";
  return `\nprint(${stage === 0 ? "x" : "y"}[${map}, ${row}, ${col}])${number}`;
}
