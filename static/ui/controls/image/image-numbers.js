/** A picture of numbers that are typed or pasted. */

import { changeScene } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { PAGE } from "convoscope/pure/strings/strings.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Scene, Stage, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

const MOST_TYPED = 64;
/** Channels that a picture of numbers may have. */
const CHANNELS = [1, 2, 3];

/**
 * @param {(edit: Edit, view?: Partial<View>) => void} onEdit
 * @param {() => void} onReady what numbers are typed with is here
 */
export function createImageNumbers(onEdit, onReady) {
  /** @type {import("convoscope/ui/controls/number-grid.js").Typing | null} */
  let typing = null;

  async function bringTyping() {
    const { createTyping } = await import("convoscope/ui/controls/number-grid.js");
    typing ??= createTyping();
    onReady();
  }

  /** @param {Scene} scene @param {Stage} input @returns {import("convoscope/ui/dom.js").Content[]} */
  return (scene, input) => {
    if (!typing) {
      bringTyping();
      return [];
    }
    const { numberGrid, sizeFields, pasting } = typing;
    const typed = planesOf(scene) ?? { planes: shownNumbers(input), divisor: 1 };
    const most = /** @type {[number, number]} */ ([MOST_TYPED, MOST_TYPED]);
    const put = (/** @type {string[][][]} */ planes) =>
      onEdit(changeScene({ image: { planes, divisor: typed.divisor } }), { at: null });
    const withPlane = (/** @type {number} */ channel, /** @type {string[][]} */ plane) =>
      typed.planes.map((other, i) => (i === channel ? plane : fitted(other, plane)));
    const grids = { key: "image", planes: typed.planes, counts: CHANNELS, most, withPlane, onPlanes: put };
    return [
      ...typed.planes.map((plane, channel) =>
        numberGrid({
          plane,
          key: `image-${channel}`,
          name: typed.planes.length > 1 ? PAGE.channel(channel) : CONTROLS.image,
          onChange: (next) => put(withPlane(channel, next)),
          onBlock: (text, row, col) => pasting.take(grids, text, { channel, row, col }),
        }),
      ),
      pasting.note(grids),
      sizeFields(typed.planes[0], most, "image", (next) => put(typed.planes.map((plane) => fitted(plane, next)))),
      [
        "div",
        { class: "row" },
        ["span", CONTROLS.channelsCount],
        [
          "span",
          { class: "choices" },
          ...CHANNELS.map(
            (count) =>
              /** @type {Description} */ ([
                "button",
                {
                  type: "button",
                  "aria-pressed": String(typed.planes.length === count),
                  "data-key": `planes-${count}`,
                  onclick: () => put(Array.from({ length: count }, (_, i) => typed.planes[i] ?? typed.planes[0])),
                },
                String(count),
              ]),
          ),
        ],
      ],
      ["p", { class: "small muted" }, CONTROLS.pasteHint],
      pasting.field(grids),
    ];
  };
}

/** The numbers of a picture that is made of some. @param {Scene} scene @returns {{planes: string[][][], divisor: number} | null} */
export function planesOf(scene) {
  return "planes" in scene.image ? /** @type {any} */ (scene.image) : null;
}

/** The picture's own numbers, to start from. @param {Stage} input */
export function shownNumbers(input) {
  const [, height, width] = input.shape;
  const [rows, columns] = [Math.min(height, 8), Math.min(width, 8)];
  const [top, left] = [(height - rows) >> 1, (width - columns) >> 1];
  return [
    Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) => String(Math.round(input.output?.[(top + r) * width + left + c] ?? 0))),
    ),
  ];
}

/** @param {string[][]} plane @param {string[][]} like */
function fitted(plane, like) {
  return like.map((line, r) => line.map((_, c) => plane[r]?.[c] ?? "0"));
}
