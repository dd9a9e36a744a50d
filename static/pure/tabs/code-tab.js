/**
 * The stage as code: its programs, as the core writes them, with the cell in focus as the last line. A program that
 * reads the numbers of the figure gets the address of the Trace, or of a file where there is no server.
 */

import { TABS } from "convoscope/pure/strings/tab-strings.js";
import { isTextExact, numberText } from "convoscope/pure/text/number-text.js";

/** @import {Frame, Program, Trace} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** Stands in a program for the expression that opens the Trace. */
const SOURCE = "{source}";
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
  const programs = trace.stages[frame.stage].code;
  const isFile = !dataAddress || trace.link.length > LONGEST_LINK;
  const written = programs.filter(({ text }) => text);
  return [
    "div",
    { class: "code" },
    written.length > 0 && ["p", { class: "muted" }, TABS.codeTitle],
    isFile && written.some(({ query }) => query) && ["p", { class: "muted" }, TABS.codeFile(FILE, PATH)],
    ["div", { class: "programs" }, ...written.map((program) => programView(program))],
    ...[...new Set(programs.map(({ missing }) => missing))].map((reason) => reason && ["p", reason]),
  ];

  /** @param {Program} program @returns {Description} */
  function programView({ dialect, title, text, query = "" }) {
    const link = [trace.link, query].filter(Boolean).join("&");
    const source = isFile ? `open("${FILE}", "rb")` : `urlopen("${dataAddress(link)}")`;
    return [
      "section",
      { "data-dialect": dialect, "aria-labelledby": `code-${dialect}` },
      ["h3", { id: `code-${dialect}`, translate: "no" }, title],
      [
        "pre",
        { tabindex: 0, "data-copy": "", "data-key": `code-${dialect}` },
        ["code", text.replace(SOURCE, () => source), ["span", { class: "in-focus" }, focusLine(frame)]],
      ],
    ];
  }
}

/** The line that prints the cell in focus, with the number of the figure. @param {Frame} frame */
function focusLine({ stage, map, row, col, value, hasNumbers }) {
  if (!hasNumbers) return "";
  const number = numberText(value, isTextExact(value)).replaceAll("−", "-");
  return `\nprint(${stage === 0 ? "x" : "y"}[${map}, ${row}, ${col}])  # ${number}`;
}
