/**
 * The row of a stack of pictures: a thumbnail for each, which of them is shown, and what the stack is at this stage. Loaded
 * with the first figure that has a stack.
 */

import { inputStageOf } from "convoscope/pure/frame/view-model.js";
import { isCommand, shortcutOf, takesKey } from "convoscope/pure/keys.js";
import { linkOfItem } from "convoscope/pure/link/picture-stack.js";
import { joinShape, shapeText } from "convoscope/pure/maps/shape-text.js";
import { STACK } from "convoscope/pure/strings/story-strings.js";
import { build, fill, findPart, getPart, isFocusByPointer, setText } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {ViewerEvents} from "convoscope/ui/viewer/viewer.js" */
/** @import {Frame, Stage, Trace, View} from "convoscope/pure/types.js" */

/** Where the arrow keys lead from a picture. @type {Record<string, (at: number, last: number) => number>} */
const KEY_STEPS = {
  ArrowLeft: (at) => at - 1,
  ArrowUp: (at) => at - 1,
  ArrowRight: (at) => at + 1,
  ArrowDown: (at) => at + 1,
  Home: () => 0,
  End: (_, last) => last,
};
/** The letter that goes to the next picture; with Shift to the one before. */
const LETTER = "i";

/**
 * @param {HTMLElement} root @param {Pick<ViewerEvents, "onItem">} events
 * @param {() => [Frame, boolean]} look the step that is shown, and whether single characters are shortcuts
 */
export function createPictureStack(root, { onItem }, look) {
  /** @type {Trace | null} */
  let trace = null;
  /** What the thumbnails show. */
  let shown = "";
  /** Which picture was asked for: steps go on from it before it is here. */
  let asked = 0;
  /** Whether a story is told, which has places of its own. */
  let told = false;
  const styled = loadStylesheet("tabs").catch(() => {});

  document.addEventListener("keydown", (event) => {
    const isOpen = trace?.batch && !document.querySelector("dialog[open]");
    if (!isOpen || event.defaultPrevented || isCommand(event) || !look()[1]) return;
    if (shortcutOf(event) !== LETTER || takesKey(event.target, event.key, isFocusByPointer())) return;
    event.preventDefault();
    walk(event.shiftKey ? -1 : 1);
  });

  /** The row, which the server has drawn, or which is put above the figure. */
  function findRow() {
    const found = findPart(root, "stack");
    if (found) return found;
    const row = build(["section", { class: "stack", "data-part": "stack", hidden: true }]);
    getPart(root, "figure-area").before(row);
    styled.then(() => {
      row.hidden = !trace?.batch;
    });
    return row;
  }

  /** Goes to the next picture or the one before, from the last to the first. @param {1 | -1} by */
  function walk(by) {
    const count = trace?.batch?.count ?? 1;
    go((asked + by + count) % count);
  }

  /** @param {number} item */
  function go(item) {
    if (!trace) return;
    asked = item;
    const { row, col } = look()[0];
    onItem?.(item, told ? {} : { at: [row, col] }, linkOfItem(trace.link, item));
  }

  /** @param {KeyboardEvent} event */
  function handleKey(event) {
    const step = event.ctrlKey || event.altKey || event.metaKey ? null : KEY_STEPS[event.key];
    const buttons = items();
    const at = buttons.indexOf(/** @type {HTMLElement} */ (event.target));
    if (!step || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const to = Math.min(Math.max(step(at, buttons.length - 1), 0), buttons.length - 1);
    buttons[to].focus();
    go(to);
  }

  /** @returns {HTMLElement[]} */
  function items() {
    return /** @type {HTMLElement[]} */ ([...root.querySelectorAll("[data-item]")]);
  }

  /** @param {HTMLElement} row @param {NonNullable<Trace["batch"]>} batch */
  function buildRow(row, { names, titles, thumbnails }) {
    const group = build([
      "div",
      { class: "items", role: "radiogroup", "aria-label": STACK.pictures, onkeydown: handleKey },
      ...names.map(
        (name, item) =>
          /** @type {import("convoscope/ui/dom.js").Description} */ ([
            "button",
            {
              type: "button",
              role: "radio",
              "data-item": item,
              "data-key": `item-${item}`,
              "aria-label": STACK.picture(titles?.[item] ?? name, item + 1, names.length),
              title: titles?.[item] ?? name,
              onclick: () => go(item),
            },
            ["img", { src: addressOf(thumbnails?.[item] ?? ""), alt: "", width: 36, height: 36 }],
          ]),
      ),
    ]);
    fill(
      row,
      stepButton("previous", -1),
      group,
      stepButton("next", 1),
      build(["p", ["b", { "data-part": "stack-count" }], " ", ["span", { "data-part": "stack-shape" }]]),
    );
  }

  /** @param {"previous" | "next"} name @param {1 | -1} by */
  function stepButton(name, by) {
    return build([
      "button",
      {
        type: "button",
        class: "icon",
        "data-key": `${name}-item`,
        "aria-label": STACK[name],
        title: look()[1] ? STACK[by > 0 ? "nextByKey" : "previousByKey"] : STACK[name],
        onclick: () => walk(by),
      },
      by > 0 ? "›" : "‹",
    ]);
  }

  return {
    /** Shows the stack of a Trace, or none. @param {Trace} now @param {View} view */
    show(now, view) {
      [trace, told] = [now, view.story !== null];
      writeHeadings(root, now, view);
      const { batch } = now;
      if (!batch && !shown) return;
      const row = findRow();
      root.toggleAttribute("data-stack", Boolean(batch));
      row.toggleAttribute("hidden", !batch?.thumbnails);
      if (!batch?.thumbnails) return; // a file that has one picture of the stack alone
      const key = JSON.stringify([batch.names, batch.thumbnails]);
      if (key !== shown) buildRow(row, batch);
      shown = key;
      asked = batch.item;
      row.ariaLabel = STACK.title;
      items().forEach((button, item) => {
        button.ariaChecked = String(item === batch.item);
        button.tabIndex = item === batch.item ? 0 : -1;
      });
      const stage = now.stages[view.stage];
      const order = /** @type {"chw" | "hwc"} */ (view.shapes || "chw");
      setText(getPart(row, "stack-count"), STACK.count(batch.item + 1, batch.count));
      setText(
        getPart(row, "stack-shape"),
        describeStack(stage, joinShape(stage.shape, order, batch.count), batch.count),
      );
    },
  };
}

/**
 * Says above the maps which picture the input is, and all of their shape where the link asks for it.
 * @param {HTMLElement} root @param {Trace} trace @param {View} view
 */
function writeHeadings(root, trace, view) {
  const stage = trace.stages[view.stage];
  const before = inputStageOf(trace, stage, view.map);
  for (const [side, one] of /** @type {[string, Stage | null][]} */ (
    Object.entries({ input: before, output: stage })
  )) {
    if (!one) continue;
    const size = getPart(root, `${side}-shape`);
    setText(size, shapeText(one, size.textContent ?? "", view, trace));
    const title = getPart(root, `${side}-title`);
    if (one.index > 0 || !trace.batch) continue;
    title.title = STACK.input(trace.batch.item + 1, trace.batch.count);
    setText(title, title.title);
  }
}

/** What the stack is at a stage. @param {Stage} stage @param {string} shape @param {number} count */
function describeStack({ index, parameters, multiply_adds: work }, shape, count) {
  if (!index) return STACK.pictureShape(shape, count);
  if (!parameters) return STACK.maps(shape);
  const [many, once, all] = [parameters, work, count * work].map((number) => number.toLocaleString("en"));
  return STACK.weights(shape, many, count, once, all);
}

/** @param {string} thumbnail a path of the site, or the picture itself */
function addressOf(thumbnail) {
  return thumbnail.startsWith("/") ? siteAddress(thumbnail) : thumbnail;
}
