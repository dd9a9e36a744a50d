/**
 * The words beside the rows of both maps: those of the input, and the n-grams of what is made from it. Those that the
 * window reads are lit, and the window is named by them.
 */

import { inputStageOf, stageOf } from "convoscope/pure/frame/view-model.js";
import { listRowWords, nameWindow } from "convoscope/pure/maps/row-words.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { ROW_WORDS } from "convoscope/pure/strings/tab-strings.js";
import { build, fill, getPart, readZoom, setText } from "convoscope/ui/dom.js";
import { shownLayout } from "convoscope/ui/draw/draw.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

/** @import {Frame, Trace, View} from "convoscope/pure/types.js" */
/** @import {RowWord} from "convoscope/pure/maps/row-words.js" */
/** @typedef {"input" | "output"} Side */

/** The size of the words in pixels, the smallest one, and the share of the figure that those of one map can take. */
const [SIZE, SMALLEST, SHARE] = [15, 12, 0.24];
/** The height of a line, as a part of its size. */
const LINE = 1.25;

/** Loads the styles of the words. @returns {Promise<boolean>} whether they are here */
export function load() {
  return loadStylesheet("tabs").then(
    () => true,
    () => false,
  );
}

/** @typedef {ReturnType<typeof createRowWords>} WordLabels */
/** @param {HTMLElement} root @param {Record<Side, HTMLElement>} hosts the elements of both maps */
export function createRowWords(root, hosts) {
  const sides = /** @type {const} */ (["input", "output"]).map((name) => {
    const list = build(["div", { class: "row-words", "data-part": `${name}-words`, "aria-hidden": "true" }]);
    hosts[name].before(list);
    return { name, list, box: getPart(root, `${name}-box`), host: hosts[name] };
  });
  /** @type {Record<Side, RowWord[]>} */
  let words = { input: [], output: [] };
  /** @type {Trace | null} */
  let shown = null;
  let isPlaced = false;

  /** Puts the words beside the rows of the maps that were painted. */
  function place() {
    isPlaced = true;
    const zoom = readZoom(root);
    const tops = sides.map(({ host }) => host.offsetTop); // all is read before anything is written
    for (const [side, { name, list, host }] of sides.entries()) {
      const layout = shownLayout(host);
      if (list.hidden || !layout) continue;
      const { cells, cell } = layout;
      const size = Math.max(Math.min(SIZE * zoom, cell / LINE), Math.min(SMALLEST * zoom, SIZE));
      list.style.fontSize = `${size}px`;
      const step = Math.max(1, Math.ceil((size * LINE - 1) / cell));
      words[name].forEach(({ row }, i) => {
        const word = /** @type {HTMLElement} */ (list.children[i]);
        word.style.top = `${tops[side] + cells.y + (row + 0.5) * cell}px`;
        word.classList.toggle("passed", row % step !== 0);
      });
      const all = words[name].filter(({ isUser }) => isUser).map(({ text }) => text);
      host.setAttribute("aria-label", `${host.getAttribute("aria-label")} ${ROW_WORDS.rows(all)}`);
    }
  }

  return {
    /** Makes the room that the words of a stage need. @param {Trace} trace @param {View} view */
    measure(trace, view) {
      const stage = stageOf(trace, view);
      const before = inputStageOf(trace, stage, view.map);
      [shown, isPlaced] = [trace, false];
      words = { input: before ? listRowWords(before, stage) : [], output: listRowWords(stage, null, view.map) };
      const zoom = readZoom(root);
      const most = `${Math.floor(getPart(root, "figure").clientWidth * SHARE)}px`;
      for (const { name, list, box } of sides) {
        fill(list, ...words[name].map(({ text, isUser }) => describeWord(text, isUser)));
        list.style.fontSize = `${SIZE * zoom}px`;
        list.hidden = !words[name].length;
        list.classList.add("all-lit"); // bold words are wider
        box.style.setProperty("--words", most);
      }
      const rooms = sides.map(({ list }) =>
        Math.max(0, ...[...list.children].map((word) => /** @type {HTMLElement} */ (word).offsetWidth + 1)),
      );
      for (const [side, { name, list, box }] of sides.entries()) {
        const room = `${rooms[side]}px`;
        box.style.setProperty("--words", room);
        root.style.setProperty(`--${name}-share-words`, room);
        list.classList.remove("all-lit");
      }
    },
    /** Lights the words that a step reads and makes. @param {Frame} frame */
    mark(frame) {
      if (!shown) return;
      if (!isPlaced) place();
      for (const { name, list } of sides) {
        words[name].forEach(({ row }, i) => {
          const isLit = name === "input" ? frame.rows.includes(row) : row === frame.row;
          list.children[i].classList.toggle("lit", isLit && frame.stage > 0);
        });
      }
      const caption = /** @type {HTMLElement | null} */ (root.querySelector('[data-part="terms"] .window figcaption'));
      if (!caption) return;
      const said = nameWindow(shown, frame);
      setText(caption, said || PAGE.window);
      caption.title = said;
      caption.classList.toggle("named", said !== "");
    },
  };
}

/** @param {string} text @param {boolean} isUser @returns {import("convoscope/ui/dom.js").Description} */
function describeWord(text, isUser) {
  return ["span", { dir: "auto", title: text, translate: isUser ? "no" : null }, text];
}
