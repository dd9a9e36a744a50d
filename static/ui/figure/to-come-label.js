/** The words "not computed yet" on the output: once, in the middle of the empty rows, where they fit. */

import { rectOfBlock } from "convoscope/pure/maps/layout.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { build } from "convoscope/ui/dom.js";

/** @import {MapLayout} from "convoscope/pure/maps/layout.js" */

/** @param {HTMLElement} host of the output map */
export function createToComeLabel(host) {
  const label = build(["span", { class: "to-come", "aria-hidden": "true" }, PAGE.notComputed]);
  label.hidden = true;
  host.append(label);
  let shown = "";
  let size = { width: 0, height: 0 };

  return {
    /** Measures the words again: the figure has another size. */
    invalidate() {
      shown = "";
      size = { width: 0, height: 0 };
    },
    /** @param {MapLayout} layout @param {number | null} ahead the first position that is empty; null if none is */
    show(layout, ahead) {
      const row = ahead === null ? layout.rows : Math.ceil(ahead / layout.columns);
      const key = `${row} ${layout.rows}`;
      if (key === shown) return;
      shown = key;
      const block = rectOfBlock(layout, { row, col: 0, rows: layout.rows - row, columns: layout.columns });
      label.hidden = false;
      if (!size.width) size = { width: label.offsetWidth, height: label.offsetHeight };
      label.hidden = block.width < size.width || block.height < size.height;
      label.style.translate = `${block.x + block.width / 2 - size.width / 2}px ${block.y + block.height / 2 - size.height / 2}px`;
    },
  };
}
