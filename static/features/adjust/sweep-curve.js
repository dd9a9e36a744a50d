/** The response of the cell in focus while the picture is turned or shifted, as a curve with the point of now. */

import { ADJUST } from "convoscope/pure/strings/control-strings.js";
import { describeCurve } from "convoscope/pure/tabs/response/curve-drawing.js";
import { sweepQuery, sweptCell } from "convoscope/pure/tabs/response/swept-cell.js";
import { build, fill } from "convoscope/ui/dom.js";

/** @import {Trace, View} from "convoscope/pure/types.js" */
/** @import {Responses, SweptCell} from "convoscope/pure/tabs/response/swept-cell.js" */

const SWEEPS = ["turn", "down", "right"];
/** A pause after which the cell in focus counts as chosen: a figure that plays asks for no curve. */
const PAUSE = 250;
const SIZE = { width: 206, height: 132, text: 12 };

/**
 * @param {{onView: (view: Partial<View>) => void, getFile: (path: string) => Promise<Blob>}} events
 */
export function createSweepCurve({ onView, getFile }) {
  const buttons = SWEEPS.map((kind) =>
    build([
      "button",
      {
        type: "button",
        "aria-pressed": "false",
        "data-sweep": kind,
        onclick: (/** @type {Event} */ { currentTarget }) => {
          const isOn = /** @type {Element} */ (currentTarget).getAttribute("aria-pressed") === "true";
          onView({ sweep: isOn ? "" : kind });
        },
      },
      ADJUST.sweep(kind),
    ]),
  );
  const drawing = build(["div", { "data-part": "sweep-drawing" }]);
  const element = build([
    "div",
    { class: "sweep-part", "data-part": "sweep" },
    ["p", { class: "small muted", title: ADJUST.sweepHelp }, ADJUST.sweepTitle],
    ["div", { class: "choices wide", role: "group", "aria-label": ADJUST.sweepTitle }, ...buttons],
    drawing,
  ]);
  /** The address of the curve that is shown or asked for. */
  let address = "";
  let timer = 0;
  /** @type {Responses | string | null} */
  let curve = null;
  /** @type {SweptCell | null} */
  let cell = null;

  /** @param {string} wanted */
  async function ask(wanted) {
    drawing.setAttribute("aria-busy", "true");
    const found = await getFile(wanted)
      .then(async (file) => JSON.parse(await file.text()))
      .catch((/** @type {Error} */ problem) => problem.message);
    if (wanted !== address) return;
    const isFirst = curve === null;
    drawing.removeAttribute("aria-busy");
    curve = found;
    if (typeof found === "string") address = ""; // the next change asks again
    render();
    if (isFirst) element.scrollIntoView({ block: "nearest" });
  }

  function render() {
    if (!cell || !curve) return fill(drawing);
    if (typeof curve === "string") return fill(drawing, ["p", { class: "small", role: "status" }, curve]);
    fill(drawing, ...describeCurve(curve, cell, SIZE));
  }

  return {
    element,
    /** @param {Trace} trace @param {View} view */
    show(trace, view) {
      for (const button of buttons) button.setAttribute("aria-pressed", String(button.dataset.sweep === view.sweep));
      element.hidden = view.predict !== "" || trace.stages[0].image?.kind === "gone";
      if (!view.sweep || element.hidden) {
        [address, curve, cell] = ["", null, null];
        clearTimeout(timer);
        return fill(drawing);
      }
      cell = sweptCell(trace, view);
      const wanted = `/api/sweep?${sweepQuery(trace.scene, cell)}`;
      render();
      if (wanted === address) return;
      address = wanted;
      clearTimeout(timer);
      drawing.setAttribute("aria-busy", "true");
      timer = setTimeout(() => ask(wanted), PAUSE);
    },
  };
}
