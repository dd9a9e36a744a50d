/** The editor for an image of typed or pasted numbers. */

import { changeScene } from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { randomMapRows, randomMaps, randomMapsButton } from "convoscope/ui/controls/image/random-maps.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {Scene, Stage, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

const MAX_SIDE = 64;
/** Allowed numbers of channels. */
const CHANNEL_COUNTS = [1, 2, 3];

/**
 * @param {(edit: Edit, view?: Partial<View>) => void} onEdit
 * @param {() => void} onReady the number inputs are loaded
 * @param {number[]} sizes of the size box @param {number} side the most cells on a side of a random input
 */
export function createImageNumbers(onEdit, onReady, sizes, side) {
  /** @type {import("convoscope/ui/controls/number-grid.js").NumberInputs | null} */
  let numberInputs = null;

  async function loadNumberInputs() {
    const { createNumberInputs } = await import("convoscope/ui/controls/number-grid.js");
    numberInputs ??= createNumberInputs();
    onReady();
  }

  /** @param {Scene} scene @param {Stage} input @returns {import("convoscope/ui/dom.js").Content[]} */
  return (scene, input) => {
    const random = randomMaps(scene);
    const onType = () =>
      onEdit(changeScene({ image: { planes: centerNumbers(input), divisor: 1 }, adjust: null }), { at: null, map: 0 });
    if (random) return randomMapRows(random, input, { side, onEdit, onType });
    if (!numberInputs) {
      loadNumberInputs();
      return [];
    }
    const { numberGrid, sizeFields, pasting } = numberInputs;
    const typed = typedPlanes(scene) ?? { planes: centerNumbers(input), divisor: 1 };
    const most = /** @type {[number, number]} */ ([MAX_SIDE, MAX_SIDE]);
    const setPlanes = (/** @type {string[][][]} */ planes) =>
      onEdit(changeScene({ image: { planes, divisor: typed.divisor } }), { at: null });
    const withPlane = (/** @type {number} */ channel, /** @type {string[][]} */ plane) =>
      typed.planes.map((other, i) => (i === channel ? plane : fitPlane(other, plane)));
    const grids = { key: "image", planes: typed.planes, counts: CHANNEL_COUNTS, most, withPlane, onPlanes: setPlanes };
    return [
      ...typed.planes.map((plane, channel) =>
        numberGrid({
          plane,
          key: `image-${channel}`,
          name: typed.planes.length > 1 ? PAGE.channel(channel) : CONTROLS.image,
          onChange: (next) => setPlanes(withPlane(channel, next)),
          onBlock: (text, row, col) => pasting.applyText(grids, text, { channel, row, col }),
        }),
      ),
      pasting.note(grids),
      ...sizeOfNumbers(sizes, typed, onEdit),
      sizeFields(typed.planes[0], most, "image", (next) =>
        setPlanes(typed.planes.map((plane) => fitPlane(plane, next))),
      ),
      [
        "div",
        { class: "row" },
        ["span", CONTROLS.channelsCount],
        [
          "span",
          { class: "choices" },
          ...CHANNEL_COUNTS.map(
            (count) =>
              /** @type {Description} */ ([
                "button",
                {
                  type: "button",
                  "aria-pressed": String(typed.planes.length === count),
                  "data-key": `planes-${count}`,
                  onclick: () => setPlanes(Array.from({ length: count }, (_, i) => typed.planes[i] ?? typed.planes[0])),
                },
                String(count),
              ]),
          ),
        ],
      ],
      randomMapsButton(typed.planes, onEdit),
      ["p", { class: "small muted" }, CONTROLS.pasteHint],
      pasting.textEditor(grids),
    ];
  };
}

/**
 * The size box of typed numbers. Another size adds or cuts rows at the bottom and columns at the right; new cells are 0.
 * @param {number[]} sizes of the menu @param {{planes: string[][][], divisor: number}} typed
 * @param {(edit: Edit, view?: Partial<View>) => void} onEdit
 * @returns {Description[]}
 */
export function sizeOfNumbers(sizes, typed, onEdit) {
  const [rows, columns] = [typed.planes[0].length, typed.planes[0][0].length];
  const now = rows === columns ? String(rows) : `${rows}x${columns}`;
  const squares = sizes.filter((side) => side <= MAX_SIDE).map(String);
  const resize = (/** @type {number} */ side) => {
    const line = Array.from({ length: side }, () => "0");
    const like = Array.from({ length: side }, () => line);
    const planes = typed.planes.map((plane) => fitPlane(plane, like));
    onEdit(changeScene({ image: { planes, divisor: typed.divisor } }), { at: null });
  };
  return [
    [
      "div",
      { class: "row" },
      ["span", CONTROLS.cells],
      [
        "select",
        {
          class: "field",
          "aria-label": CONTROLS.cells,
          "data-key": "size",
          "data-part": "size",
          onchange: (/** @type {Event} */ event) =>
            resize(Number(/** @type {HTMLSelectElement} */ (event.target).value)),
        },
        ...(squares.includes(now) ? squares : [now, ...squares]).map(
          (value) =>
            /** @type {Description} */ ([
              "option",
              { value, selected: value === now, disabled: value === now && !squares.includes(now) },
              value === now ? `${rows} × ${columns}` : `${value} × ${value}`,
            ]),
        ),
      ],
    ],
    ["p", { class: "small muted" }, CONTROLS.numbersSizeHelp],
  ];
}

/**
 * The numbers of a typed image; null for other images.
 * @param {Scene} scene @returns {{planes: string[][][], divisor: number} | null}
 */
export function typedPlanes(scene) {
  return "planes" in scene.image ? /** @type {any} */ (scene.image) : null;
}

/** At most 8 × 8 numbers from the center of the input, to start typing from. @param {Stage} input */
export function centerNumbers(input) {
  const [, height, width] = input.shape;
  const digits = input.image?.kind === "random" ? 2 : 0;
  const write = (/** @type {number} */ value) => String(Number(value.toFixed(digits)));
  const [rows, columns] = [Math.min(height, 8), Math.min(width, 8)];
  const [top, left] = [(height - rows) >> 1, (width - columns) >> 1];
  return [
    Array.from({ length: rows }, (_, r) =>
      Array.from({ length: columns }, (_, c) => write(input.output?.[(top + r) * width + left + c] ?? 0)),
    ),
  ];
}

/** @param {string[][]} plane @param {string[][]} like */
function fitPlane(plane, like) {
  return like.map((line, r) => line.map((_, c) => plane[r]?.[c] ?? "0"));
}
