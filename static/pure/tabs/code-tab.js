/**
 * The stage, or the whole chain, as a program in one library, with the cell in focus as the last line and the lines of
 * this beat lit. A program that reads arrays opens the address of the Trace, or a file where there is no server.
 */

import { linkOfItem } from "convoscope/pure/link/picture-stack.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { TABS } from "convoscope/pure/strings/tab-strings.js";
import { DIALECTS } from "convoscope/pure/tabs/code/dialects.js";
import { findMissing, pictureQuery, programQuery, writeProgram } from "convoscope/pure/tabs/code/program.js";
import { choices } from "convoscope/pure/tabs/sharing/sharing-parts.js";

/** @import {Frame, Stage, Trace} from "convoscope/pure/types.js" */
/** @import {Dialect} from "convoscope/pure/tabs/code/dialects.js" */
/** @import {Program} from "convoscope/pure/tabs/code/program.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The file from which a program reads where there is no server, or the figure does not fit into an address. */
const FILE = "figure.safetensors";
const PATH = "/api/trace";
const LONGEST_LINK = 5500;

/** @param {Trace} trace @param {Frame} frame @param {ViewContext} context @returns {Description} */
export function codeView(trace, frame, { view, size, dataAddress }) {
  const isChain = view.program === "chain";
  const library = DIALECTS.find(({ name }) => name === view.library) ?? DIALECTS[0];
  const missing = findMissing(trace, frame.stage, library.name, isChain);
  return [
    "div",
    { class: "code", style: { "font-size": `${size.text}px`, "--room": `${Math.floor(size.height)}px` } },
    [
      "div",
      { class: "view-bar" },
      libraryChoices(trace, frame.stage, library, isChain),
      choices("program", view.program, TABS.programKinds, TABS.programChoice),
    ],
    ...(missing ? reasonsOf(missing, library, isChain) : [programView()]),
  ];

  /** @returns {Description} */
  function programView() {
    const address = trace.link.length > LONGEST_LINK ? undefined : dataAddress;
    const query = [trace.link, programQuery(trace, frame.stage, isChain)].filter(Boolean).join("&");
    const source = address ? `urlopen("${address(query)}")` : `open("${FILE}", "rb")`;
    const isKnown = frame.hasNumbers && frame.beats.indexOf(frame.beat) >= frame.beats.length - 2;
    const keys = pictureQuery(trace, frame.stage, isChain);
    const pictures = Array.from({ length: trace.batch?.count ?? 0 }, (_, item) =>
      address
        ? `urlopen("${address(`${linkOfItem(trace.link, item)}&${keys}`)}")`
        : `open("figure-${item}.safetensors", "rb")`,
    );
    const place = { ...frame, value: isKnown ? frame.value : null };
    const program = writeProgram(trace, place, library, source, isChain, pictures);
    const name = TABS.programName(library.title, isChain);
    return [
      "section",
      { class: "program", "data-library": library.name, "aria-labelledby": "program-name" },
      [
        "header",
        ["h3", { id: "program-name", class: "unseen" }, name],
        ["p", { class: "lit-says" }, litLines(program, frame)],
        !address && program.reads && ["p", { class: "muted" }, TABS.codeFile(FILE, PATH)],
      ],
      [
        "pre",
        { tabindex: 0, "data-copy": name, "data-key": "program", translate: "no", "aria-labelledby": "program-name" },
        ["code", ...writeLines(program)],
      ],
    ];
  }
}

/**
 * A button for each library; one that lacks the program is dim, and says why when it is chosen.
 * @param {Trace} trace @param {number} stage @param {Dialect} now @param {boolean} isChain @returns {Description}
 */
function libraryChoices(trace, stage, now, isChain) {
  const titles = Object.fromEntries(DIALECTS.map(({ name, title }) => [name, title]));
  const [tag, attributes, ...buttons] = choices("library", now.name, titles, TABS.libraryChoice);
  DIALECTS.forEach(({ name, title }, n) => {
    const button = /** @type {Record<string, string>[]} */ (buttons[n])[1];
    button.translate = "no";
    if (!findMissing(trace, stage, name, isChain)) return;
    button.class = "lacks";
    button["aria-label"] = button.title = TABS.libraryLacks(title);
  });
  return [tag, attributes, ...buttons];
}

/** Why a library has no program. @param {Stage} stage @param {Dialect} library @param {boolean} isChain @returns {Description[]} */
function reasonsOf(stage, library, isChain) {
  const others = DIALECTS.filter((one) => one !== library);
  const notes = (stage.code_notes ?? []).filter(
    (note) => note.includes(library.title) || !others.some(({ title }) => note.includes(title)),
  );
  return [
    isChain && /** @type {Description} */ (["p", TABS.chainLacks(library.title, stage.index, stage.title)]),
    ...notes.map((note) => /** @type {Description} */ (["p", note])),
  ].filter((part) => part !== false);
}

/** The beat, and the numbers of the lines that it lights. @param {Program} program @param {Frame} frame */
function litLines({ lit }, { beat, kind }) {
  const name = PAGE.beat(beat.startsWith("channel-") ? "products" : beat, kind, []);
  const starts = lit.filter((line, n) => n === 0 || lit[n - 1] !== line - 1);
  const stretches = starts.map((start) => {
    const end = lit.find((line, n) => line >= start && lit[n + 1] !== line + 1) ?? start;
    return start === end ? String(start + 1) : `${start + 1}–${end + 1}`;
  });
  return TABS.litLines(name, stretches, lit.length === 1);
}

/** The text of a program: stretches of lines that are lit, those that are not, and the cell. @param {Program} program */
function writeLines({ lines, lit }) {
  /** @type {(string | Description)[]} */
  const parts = [];
  for (let start = 0; start < lines.length - 1; ) {
    const isLit = lit.includes(start);
    let end = start + 1;
    while (end < lines.length - 1 && lit.includes(end) === isLit) end++;
    const text = `${lines.slice(start, end).join("\n")}\n`;
    parts.push(isLit ? ["span", { class: "lit-lines", "aria-current": "step" }, text] : text);
    start = end;
  }
  return [...parts, /** @type {Description} */ (["span", { class: "in-focus" }, lines[lines.length - 1]])];
}
