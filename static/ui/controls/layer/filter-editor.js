/** The editor for a filter's numbers: type, rotate, negate and scale. */

import { filterDepth, filterPlanes, impliedOptions, writeNumbers } from "convoscope/pure/link/filter-numbers.js";
import { parseFraction } from "convoscope/pure/link/view.js";
import * as edits from "convoscope/pure/scene-edits.js";
import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { PAGE } from "convoscope/pure/strings/strings.js";

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {EditedFilter} from "convoscope/pure/link/filter-numbers.js" */
/** @import {PageTables, Stage, View} from "convoscope/pure/types.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/**
 * @param {PageTables} tables
 * @param {{onEdit: (edit: Edit, view?: Partial<View>) => void, onReady: () => void}} events `onReady`: the number
 * inputs are loaded
 */
export function createFilterEditor(tables, { onEdit, onReady }) {
  /** @type {import("convoscope/ui/controls/number-grid.js").NumberInputs | null} */
  let numberInputs = null;

  async function loadNumberInputs() {
    const { createNumberInputs } = await import("convoscope/ui/controls/number-grid.js");
    numberInputs ??= createNumberInputs();
    onReady();
  }

  /**
   * @param {Stage} stage @param {EditedFilter} edited @param {Stage} before the stage that it reads
   * @returns {Description[]}
   */
  function editorRows(stage, edited, before) {
    if (!numberInputs) {
      loadNumberInputs();
      return [];
    }
    const { numberGrid, sizeFields, pasting } = numberInputs;
    const { index, chosen } = edited;
    const { planes, divisor } = filterPlanes(stage, edited, tables.kernels);
    const depth = filterDepth(stage);
    const most = /** @type {[number, number]} */ ([tables.limits.kernel_side, tables.limits.kernel_side]);
    const setPlanes = (/** @type {string[][][]} */ next, by = divisor) => {
      const { edit, view } = writeNumbers(stage, edited, { planes: next, divisor: by });
      onEdit(edit, view);
    };
    const changePlanes = (/** @type {(plane: string[][]) => string[][]} */ change) => setPlanes(planes.map(change));
    const withPlane = (/** @type {number} */ channel, /** @type {string[][]} */ plane) =>
      planes.map((other, i) => (i === channel ? plane : edits.resizePlane(other, plane.length, plane[0].length)));
    const grids = {
      key: `filter-${index}-${chosen}`,
      planes,
      counts: [...new Set([1, depth])],
      most,
      withPlane,
      onPlanes: setPlanes,
    };
    const grid = planes.map((plane, channel) =>
      numberGrid({
        plane,
        key: `filter-${channel}`,
        name: planes.length > 1 ? PAGE.channelOf(before, channel) : CONTROLS.filterNumbers,
        onChange: (next) => setPlanes(withPlane(channel, next)),
        onBlock: (text, row, col) => pasting.applyText(grids, text, { channel, row, col }),
      }),
    );
    return [
      [
        "div",
        { class: "editor", "data-part": "editor" },
        ...grid,
        pasting.note(grids),
        sizeFields(planes[0], most, "filter", (next) =>
          setPlanes(planes.map((plane) => edits.resizePlane(plane, next.length, next[0].length))),
        ),
        [
          "label",
          { class: "row" },
          CONTROLS.divisor,
          [
            "input",
            {
              class: "field",
              type: "number",
              min: 1,
              max: 1000000,
              value: divisor,
              "data-key": "divisor",
              onchange: (/** @type {Event} */ event) => {
                const by = Number(/** @type {HTMLInputElement} */ (event.target).value);
                if (Number.isInteger(by) && by >= 1 && by <= 1000000) setPlanes(planes, by);
              },
            },
          ],
        ],
        [
          "div",
          { class: "links" },
          ["button", { type: "button", class: "link", onclick: () => changePlanes(edits.rotatePlane) }, CONTROLS.turn],
          [
            "button",
            { type: "button", class: "link", onclick: () => changePlanes(edits.negatePlane) },
            CONTROLS.negate,
          ],
          [
            "button",
            { type: "button", class: "link", onclick: () => changePlanes((plane) => edits.scalePlane(plane, 2)) },
            CONTROLS.double,
          ],
          [
            "button",
            { type: "button", class: "link", onclick: () => setPlanes(planes, divisorForUnitSum(planes)) },
            CONTROLS.sumToOne,
          ],
          ...(depth > 1
            ? [
                /** @type {Description} */ ([
                  "button",
                  {
                    type: "button",
                    class: "link",
                    onclick: () =>
                      setPlanes(planes.length > 1 ? [planes[0]] : Array.from({ length: depth }, () => planes[0])),
                  },
                  planes.length > 1 ? CONTROLS.onePlane : CONTROLS.planeEach,
                ]),
              ]
            : []),
        ],
        ["p", { class: "small muted" }, CONTROLS.sumOf(sumText(planes, divisor))],
        pasting.textEditor(grids),
      ],
    ];
  }

  /**
   * @param {Stage} stage @param {EditedFilter} edited @param {[number, number]} size
   */
  function resizeFilter(stage, edited, [rows, columns]) {
    const { index, chosen, filter } = edited;
    const kind = edits.drawnSize(filter)?.kind;
    if (kind)
      return onEdit(
        edits.changeLayer(index, (layer) => ({
          ...layer,
          filters: edits.mergeRandomFilters(
            edits
              .expandRandomFilters(edits.filtersOf(layer))
              .map((one) => (edits.drawnSize(one)?.kind === kind ? edits.drawnFilter(kind, 1, rows, columns) : one)),
          ),
        })),
      );
    const { planes, divisor } = filterPlanes(stage, edited, tables.kernels);
    onEdit(
      edits.setFilter(
        index,
        chosen,
        { planes: planes.map((plane) => edits.resizePlane(plane, rows, columns)), divisor },
        impliedOptions(stage, filter, 0),
      ),
    );
  }

  return { editorRows, resizeFilter };
}

/** The divisor that makes a filter of integers sum to 1; 1 if there is none. @param {string[][][]} planes */
function divisorForUnitSum(planes) {
  const sum = planes[0].flat().reduce((total, text) => total + parseFraction(text), 0);
  return Number.isInteger(sum) && sum >= 1 ? sum : 1;
}

/** @param {string[][][]} planes @param {number} divisor */
function sumText(planes, divisor) {
  const sum = planes.flat(2).reduce((total, text) => total + parseFraction(text), 0);
  const text = String(Number(sum.toFixed(4))).replace("-", "−");
  return divisor === 1 ? text : `${text}/${divisor}`;
}
