/**
 * Changing the picture beside the view of a whole network: a button below it opens a column of sliders, and takes all changes
 * back as long as there are any.
 */

import { createAdjustSliders, findOption } from "convoscope/features/adjust/adjust-sliders.js";
import { createAnswers } from "convoscope/features/adjust/answers.js";
import { createPictureChange, createReset } from "convoscope/features/adjust/change-picture.js";
import { createCoverBox } from "convoscope/features/adjust/cover-box.js";
import { ADJUST } from "convoscope/pure/strings/control-strings.js";
import { build, getPart } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

/** @import {PageTables, Trace, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/features/adjust/adjust-panel.js").AdjustEvents} AdjustEvents */

/** The adjustments that have a slider here. */
const KNOBS = ["turn", "shift", "noise"];
const ID = "network-knobs";

/** Resolves once its styles are there. */
export function loadKnobStyles() {
  return loadStylesheet("crop");
}

/** @param {HTMLElement} root @param {PageTables} tables @param {Pick<AdjustEvents, "onEdit" | "onPreview">} events */
export function createNetworkKnobs(root, tables, { onEdit, onPreview }) {
  const change = createPictureChange(onEdit);
  const sliders = createAdjustSliders(tables.adjust, change, KNOBS);
  const cover = createCoverBox(findOption(tables.adjust, "cover"), change);
  const answers = createAnswers(onPreview, false);
  const reset = createReset(change, "network-reset", "button plain");
  const column = build([
    "section",
    { class: "network-knobs", id: ID, "data-part": "network-knobs", "aria-label": ADJUST.title, hidden: true },
  ]);
  column.append(...sliders.elements, cover.element, answers.element);
  const opener = build([
    "button",
    {
      type: "button",
      class: "button plain",
      "data-part": "open-network-knobs",
      "aria-expanded": "false",
      "aria-controls": ID,
      onclick: () => open(!isOpen),
    },
    ADJUST.title,
  ]);
  const row = build(["div", { class: "network-changes", "data-part": "network-changes", role: "group" }]);
  row.append(opener, reset.element);
  getPart(root, "panel").after(column, row);
  let isOpen = false;
  /** @type {{trace: Trace, view: View} | null} */
  let shown = null;

  /** @param {boolean} on */
  function open(on) {
    isOpen = on;
    draw();
  }

  function draw() {
    const isHere = shown !== null && canChange(shown.trace, shown.view);
    const isColumn = isHere && isOpen;
    row.hidden = !isHere;
    column.hidden = !isColumn;
    root.toggleAttribute("data-knobs", isColumn);
    opener.setAttribute("aria-expanded", String(isOpen));
    if (!shown || !isHere) return;
    reset.show(shown.trace);
    reset.element.hidden = !shown.trace.scene.adjust;
    if (!isColumn) return;
    sliders.show(shown.trace);
    cover.show(shown.trace, shown.view);
    answers.show(shown.trace);
  }

  return {
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      shown = { trace, view };
      draw();
    },
  };
}

/** Whether the view of the network is open and its picture can be changed. @param {Trace} trace @param {View} view */
function canChange({ stages, scene }, { tab, lock, hide }) {
  const isHeld = lock.includes("image") || hide.includes("image");
  return tab === "network" && !isHeld && stages[0].image?.kind !== "gone" && !scene.rows?.length;
}
