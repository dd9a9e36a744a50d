/**
 * The strip of stages: the layers in order, the current stage, a button to add a layer, and the answer of the chain.
 *
 * The first card, the picture, and the answer stay in sight while the others scroll; on the picture lies the receptive
 * field of the cell in focus. A block of layers is folded to the card of its first layer and icons of the others.
 */

import { findAnswer } from "convoscope/pure/frame/answer.js";
import { receptiveBox } from "convoscope/pure/frame/receptive-box.js";
import {
  blockHeads,
  branchesTo,
  cardName,
  MOST_WIDE,
  writeAnswer,
  writeBranches,
} from "convoscope/pure/frame/stage-cards.js";
import { countWritten } from "convoscope/pure/frame/written.js";
import { isColorPicture, mapPicture } from "convoscope/pure/maps/map-choice.js";
import { mapColors, photoRange } from "convoscope/pure/maps/palette.js";
import { shapeText } from "convoscope/pure/maps/shape-text.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { build, fill, isDark, isFocusByPointer, setText } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/draw.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { completeTables } from "convoscope/ui/site/complete-tables.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Frame, PageTables, Stage, Trace, View, ViewerTables} from "convoscope/pure/types.js" */
/** @typedef {(edit: Edit, view?: Partial<View>) => void} OnEdit */

/** Pixels at an end of the strip in which cards fade. */
const FADE = 20;
/** How many lines of branches lie below each other, and the pixels from one to the next. */
const [LANES, LANE] = [3, 3];
/** Where the arrow keys lead from a card. @type {Record<string, (at: number, last: number) => number>} */
const KEY_STEPS = {
  ArrowLeft: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
};

/**
 * @param {HTMLElement} root @param {HTMLElement} host
 * @param {ViewerTables} tables without `controls` there is no add button
 * @param {{onStage: (stage: number) => void, onEdit: OnEdit}} events
 */
export function createStageStrip(root, host, tables, { onStage, onEdit }) {
  const add = "controls" in tables ? [build(["li", addLayerButton(root, tables, onEdit, () => painted)])] : [];
  const answer = build([
    "li",
    { class: "answer", hidden: true },
    ["button", { type: "button", "data-part": "answer" }],
  ]);
  const branches = build(["svg", { class: "branches", "aria-hidden": true }]);
  const field = build(["svg", { class: "receptive", "aria-hidden": true }, ["rect"]]);
  /** @type {Trace | null} */
  let painted = null;
  /** What the thumbnail of each stage shows. @type {string[]} */
  let shown = [];
  let current = -1;

  host.addEventListener("keydown", (event) => {
    const at = items().findIndex(({ firstElementChild }) => firstElementChild === event.target);
    const last = items().length - 1;
    const to = at < 0 || event.ctrlKey || event.altKey || event.metaKey ? null : KEY_STEPS[event.key]?.(at, last);
    // Right after a click the keys belong to the figure.
    if (to === null || to === undefined || isFocusByPointer()) return;
    event.preventDefault();
    if (to < 0 || to > last) return;
    onStage(to);
    /** @type {HTMLElement} */ (items()[to].firstElementChild).focus();
  });
  host.addEventListener("wheel", ({ deltaX, deltaY }) => host.scrollBy(deltaX ? 0 : deltaY, 0), { passive: true });
  host.addEventListener("scroll", showEnds);
  new ResizeObserver(() => {
    reveal(current);
    drawBranches();
  }).observe(host);

  /** The cards. @returns {HTMLElement[]} */
  function items() {
    return /** @type {HTMLElement[]} */ ([...host.children].slice(0, painted?.stages.length));
  }

  /** Draws a line below the cards from each stage that is read out of turn to the one that reads it. */
  function drawBranches() {
    const stages = painted?.stages ?? [];
    const cards = items().map((item) => /** @type {HTMLElement} */ (item.firstElementChild));
    const last = cards.at(-1); // the first one is sticky, and measures from itself
    const top = last ? last.offsetTop + last.offsetHeight + 1 : 0;
    const middle = (/** @type {number} */ index) => cards[index].offsetLeft + cards[index].offsetWidth / 2;
    /** Where the lines of each lane end. @type {number[]} */
    const lanes = [];
    const lines = stages.flatMap((stage) =>
      branchesTo(stage).map((read) => {
        const [from, to] = [middle(read) + 4, middle(stage.index) - 4];
        const free = lanes.findIndex((end) => end <= from);
        const lane = free < 0 ? Math.min(lanes.length, LANES - 1) : free;
        lanes[lane] = Math.max(lanes[lane] ?? 0, to);
        const down = top + 4 + LANE * lane;
        const isNow = stage.index === current || read === current;
        return build(["path", { class: isNow ? "now" : null, d: `M${from} ${top}V${down}H${to}V${top}m-3 3 3-3 3 3` }]);
      }),
    );
    fill(branches, ...lines);
  }

  /** Says at which ends there is more than fits. */
  function showEnds() {
    const left = host.scrollWidth - host.clientWidth - host.scrollLeft;
    host.dataset.more = `${host.scrollLeft > 1 ? "before" : ""} ${left > 1 ? "after" : ""}`;
  }

  /** Brings a card into view, between the picture and the answer. @param {number} stage */
  function reveal(stage) {
    const item = items()[stage];
    if (!item) return;
    const [before, after] = [stage > 0 ? items()[0].offsetWidth : 0, answer.offsetWidth];
    const box = host.getBoundingClientRect();
    const { left, right } = item.getBoundingClientRect();
    const over = right - (box.right - after - FADE);
    const under = box.left + before + FADE - left;
    if (stage === 0) host.scrollLeft = 0;
    else if (under > 0) host.scrollLeft -= under;
    else if (over > 0) host.scrollLeft += over;
    showEnds();
  }

  /** @param {Trace} trace @param {View} view */
  function showAnswer(trace, view) {
    const found = findAnswer(trace);
    answer.hidden = !found;
    if (!found) return;
    const { lines, sentence } = writeAnswer(found);
    const button = /** @type {HTMLButtonElement} */ (answer.firstElementChild);
    button.title = button.ariaLabel = sentence;
    button.onclick = () => onStage(found.stage);
    markCurrent(button, found.stage === view.stage);
    const bar = (/** @type {string} */ width) =>
      build([
        "svg",
        { viewBox: "0 0 100 1", preserveAspectRatio: "none", "aria-hidden": "true" },
        ["rect", { width, height: 1 }],
      ]);
    fill(
      button,
      ...lines.flatMap(({ name, text, length }) => [
        build(["span", { translate: "no" }, name]),
        bar(length),
        build(["span", text]),
      ]),
    );
  }

  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      const [written, dark] = [countWritten(trace, view), isDark(host)];
      const heads = blockHeads(trace.stages);
      if (trace !== painted) shown = [];
      if (painted?.stages.length !== trace.stages.length) {
        const under = build(["li", { class: "under", "aria-hidden": true }, branches]);
        fill(host, ...trace.stages.map((_, index) => stageItem(index, onStage)), ...add, answer, under);
        host.children[0].firstElementChild?.firstElementChild?.append(field);
        host.classList.toggle("compact", trace.stages.length > MOST_WIDE);
      }
      trace.stages.forEach((stage, index) => {
        const item = /** @type {HTMLElement} */ (host.children[index]);
        const isJoined = heads[index] !== index;
        const from = writeBranches(stage);
        if (from) item.dataset.from = from;
        else delete item.dataset.from;
        item.className = isJoined ? `joined${heads[index] === heads[view.stage] ? "" : " folded"}` : "";
        const button = /** @type {HTMLElement} */ (item.firstElementChild);
        updateLabel(button, trace, view, index, from);
        const look = [written[index], dark, view.colors, view.scope].join();
        if (look !== shown[index]) paintStage(button, trace, stage, view, written[index]);
        shown[index] = look;
      });
      if (trace !== painted || current !== view.stage) showAnswer(trace, view);
      const isOther = trace !== painted || current !== view.stage;
      [painted, current] = [trace, view.stage];
      host.classList.toggle(
        "branched",
        trace.stages.some((stage) => branchesTo(stage).length),
      );
      if (!isOther) return;
      reveal(current);
      drawBranches();
    },
    /** Outlines the receptive field of the cell in focus on the picture. @param {Trace} trace @param {Frame} frame */
    mark(trace, frame) {
      const [, rows, columns] = trace.stages[0].shape;
      field.classList.toggle("unseen", frame.stage === 0);
      field.setAttribute("viewBox", `0 0 ${columns} ${rows}`);
      const { top, left, height, width } = receptiveBox(trace, frame);
      const box = { x: left, y: top, width, height };
      for (const [name, value] of Object.entries(box)) field.firstElementChild?.setAttribute(name, String(value));
    },
  };
}

/**
 * The button that adds a layer; its menu is loaded on the first click.
 * @param {HTMLElement} root @param {PageTables} tables @param {OnEdit} onEdit @param {() => Trace | null} trace
 */
function addLayerButton(root, tables, onEdit, trace) {
  const openMenu = async () => {
    const [{ openLayerMenu }] = await Promise.all([
      import("convoscope/ui/controls/layer/layer-menu.js"),
      completeTables(tables),
      loadStylesheet("settings"),
    ]);
    if (!document.querySelector("dialog[open]")) openLayerMenu(root, tables, onEdit, trace());
  };
  return build([
    "button",
    { type: "button", class: "add", "data-part": "add-layer", onclick: openMenu },
    PAGE.addLayer,
  ]);
}

/** @param {number} index @param {(stage: number) => void} onStage */
function stageItem(index, onStage) {
  return build([
    "li",
    [
      "button",
      { type: "button", onclick: () => onStage(index) },
      ["span", { class: "face" }, ["canvas", { "aria-hidden": true }], ["i", { class: "icon" }]],
      ["span", { class: "words" }, ["b"], ["small"]],
    ],
  ]);
}

/** @param {HTMLElement} button @param {boolean} current */
function markCurrent(button, current) {
  if (current) button.setAttribute("aria-current", "step");
  else button.removeAttribute("aria-current");
}

/** @param {HTMLElement} button @param {Trace} trace @param {View} view @param {number} index @param {string} from */
function updateLabel(button, trace, view, index, from) {
  const stage = trace.stages[index];
  const { title, shape, family, kind } = stage;
  const current = index === view.stage;
  const [name, size] = /** @type {HTMLElement} */ (button.lastElementChild).children;
  setText(name, cardName(title));
  const written = shapeText(stage, "", view, trace);
  setText(size, written.replaceAll(" ", "") || shape.join("×"));
  button.title = (written ? `${title}, ${written}` : PAGE.cardLabel(title, ...shape)) + (from && `; ${from}`);
  button.className = `stage ${family}${shape[1] * shape[2] === 1 ? " vector" : ""}`;
  button.dataset.kind = kind;
  markCurrent(button, current);
}

/** @param {HTMLElement} button @param {Trace} trace @param {Stage} stage @param {View} view @param {number} written */
function paintStage(button, trace, stage, view, written) {
  const canvas = /** @type {HTMLCanvasElement} */ (button.querySelector("canvas"));
  const map = stage.index === view.stage ? Math.min(view.map, stage.shape[0] - 1) : (stage.salient_map ?? 0);
  const colors = mapColors(stage, map, view.colors, view.scope, photoRange(trace), isDark(button));
  const picture = mapPicture(stage, map, isColorPicture(stage, view), colors);
  paintThumbnail(canvas, stage.shape[1], stage.shape[2], picture, written);
}
