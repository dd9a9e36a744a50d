/**
 * Six filters on the same picture side by side: a wall of large maps with one marked cell, whose window is shown in the
 * input. The server computes the maps.
 */

import { cellsRead } from "convoscope/pure/frame/window.js";
import { isColorPicture, mapPicture } from "convoscope/pure/maps/map-choice.js";
import { mapColors, photoRange } from "convoscope/pure/maps/palette.js";
import { readTrace } from "convoscope/pure/protocol/wire.js";
import { COMPARE } from "convoscope/pure/strings/control-strings.js";
import { PAGE } from "convoscope/pure/strings/strings.js";
import { shortValue } from "convoscope/pure/text/percent.js";
import { closeButton } from "convoscope/ui/controls/close-button.js";
import { build, fill, isDark, isTouched, setText } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/draw.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";
import { receive } from "convoscope/ui/site/receive-trace.js";

/** @import {Scene, Trace, View} from "convoscope/pure/types.js" */

/**
 * @typedef {object} WallFilter
 * @property {string} name of the kernel
 * @property {string} title
 */

/**
 * @typedef {object} WallEvents
 * @property {Trace} trace of the figure whose layer it is
 * @property {(scene: Scene, stages: number[] | undefined, signal: AbortSignal) => Promise<Response>} fetchTrace
 * @property {(kernel: string) => void} onChoose
 */

/** Milliseconds to wait for a map. */
const TIMEOUT = 60_000;
/** @type {Record<string, [number, number]>} */
const MOVES = { ArrowLeft: [0, -1], ArrowRight: [0, 1], ArrowUp: [-1, 0], ArrowDown: [1, 0] };

/**
 * @param {HTMLElement} root @param {WallFilter[]} filters @param {number} layer whose filter is compared
 * @param {View} view @param {WallEvents} events
 */
export async function openFilterWall(root, filters, layer, view, { trace: shown, fetchTrace, onChoose }) {
  await Promise.all([loadStylesheet("settings"), loadStylesheet("compare")]);
  if (document.querySelector("dialog[open]")) return;
  const tiles = filters.map(({ name, title }) => {
    const value = build(["output"]);
    const space = build(["div", { class: "wall-space" }, ["p", { class: "small muted" }, COMPARE.loading]]);
    const use = () => {
      dialog.close();
      onChoose(name);
    };
    const section = build([
      "section",
      { "data-wall": name },
      ["header", ["button", { type: "button", class: "link", title: COMPARE.use(title), onclick: use }, title], value],
      space,
    ]);
    return { name, section, space, value, map: /** @type {WallMap | null} */ (null) };
  });
  const inputHost = build(["div", { class: "wall-input" }]);
  const placeText = build(["p", { class: "mono", "aria-live": "polite" }]);
  const dialog = /** @type {HTMLDialogElement} */ (
    build([
      "dialog",
      { class: "filter-wall", "aria-label": COMPARE.wall },
      [
        "header",
        ["h2", COMPARE.wall],
        inputHost,
        [
          "div",
          { class: "wall-help" },
          ["p", { class: "small muted" }, isTouched() ? COMPARE.wallHelpForTouch : COMPARE.wallHelp],
          placeText,
        ],
        closeButton(),
      ],
      [
        "div",
        { class: "wall-maps", tabindex: 0, role: "group", "aria-label": COMPARE.maps, onkeydown: moveByKey },
        ...tiles.map(({ section }) => section),
      ],
    ])
  );
  /** @type {WallMap | null} */
  let input = null;
  /** The marked cell, in all maps. @type {[number, number]} */
  let place = view.at ?? [0, 0];
  dialog.addEventListener("close", () => dialog.remove());
  root.append(dialog);
  dialog.showModal();
  /** @type {HTMLElement} */ (dialog.querySelector(".wall-maps")).focus();
  await Promise.all(tiles.map(fillTile));

  /** @param {typeof tiles[number]} tile */
  async function fillTile(tile) {
    try {
      const trace = await loadMap(tile.name);
      if (!trace) return fill(tile.space, ["p", { class: "small" }, COMPARE.unreachable]);
      const index = trace.stages.findIndex((stage) => stage.layer === layer);
      tile.map = createWallMap(trace, index, 0, view, root, mark);
      fill(tile.space, tile.map.element);
      if (!input) {
        input = createWallMap(trace, trace.stages[index].reads[0], 0, view, root, null);
        fill(inputHost, input.element);
      }
      mark(place);
    } catch (problem) {
      fill(tile.space, ["p", { class: "small" }, /** @type {Error} */ (problem).message]);
    }
  }

  /**
   * The figure up to the layer with another filter; null where the server cannot be reached.
   * @param {string} kernel @throws {Error} with a sentence where the server refuses
   */
  async function loadMap(kernel) {
    const { scene, stages } = shown;
    const layers = scene.layers.slice(0, layer + 1);
    const changed = { ...scene, layers: layers.with(layer, { ...layers[layer], filters: [{ kernel }] }) };
    const index = stages.findIndex((stage) => stage.layer === layer);
    const received = await receive(fetchTrace(changed, [index], AbortSignal.timeout(TIMEOUT)));
    if (received?.bytes) return readTrace(received.bytes);
    if (received) throw new Error((await received.answer.json().catch(() => ({}))).detail ?? PAGE.broken);
    return null;
  }

  /** Marks a cell in all maps, and its window in the input. @param {[number, number]} at */
  function mark(at) {
    const first = tiles.find(({ map }) => map)?.map;
    if (!first) return;
    const { shape, rows, columns } = first.stage;
    place = [clamp(at[0], shape[1]), clamp(at[1], shape[2])];
    setText(placeText, COMPARE.place(...place));
    for (const { map, value } of tiles) {
      map?.mark([place[0], place[1], 1, 1]);
      if (map) setText(value, map.valueAt(place));
    }
    if (!rows || !columns) return;
    const [high, wide] = [cellsRead(rows, place[0]), cellsRead(columns, place[1])];
    const length = (/** @type {number[]} */ cells) => cells[cells.length - 1] - cells[0] + 1;
    input?.mark([high[0], wide[0], length(high), length(wide)]);
  }

  /** @param {KeyboardEvent} event */
  function moveByKey(event) {
    const move = MOVES[event.key];
    if (!move || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    mark([place[0] + move[0], place[1] + move[1]]);
  }
}

/** @typedef {ReturnType<typeof createWallMap>} WallMap */

/**
 * One map of the wall, one pixel a cell, which CSS enlarges.
 * @param {Trace} trace @param {number} index of the stage @param {number} map @param {View} view
 * @param {HTMLElement} root @param {((at: [number, number]) => void) | null} onPoint null for a map that shows a window
 */
function createWallMap(trace, index, map, view, root, onPoint) {
  const stage = trace.stages[index];
  const [, rows, columns] = stage.shape;
  const canvas = /** @type {HTMLCanvasElement} */ (build(["canvas", { "aria-hidden": "true" }]));
  const frame = build(["div", { class: onPoint ? "wall-mark" : "wall-mark of-window", hidden: true }]);
  const element = build(["div", { class: "wall-map", style: { "--rows": rows, "--columns": columns } }, canvas, frame]);
  const colors = mapColors(stage, map, view.colors, view.scope, photoRange(trace), isDark(root));
  paintThumbnail(canvas, rows, columns, mapPicture(stage, map, isColorPicture(stage, view), colors));
  for (const type of onPoint ? /** @type {const} */ (["pointermove", "pointerdown"]) : [])
    element.addEventListener(type, (event) => {
      const box = element.getBoundingClientRect();
      const [across, down] = [(event.clientX - box.left) / box.width, (event.clientY - box.top) / box.height];
      onPoint?.([Math.floor(down * rows), Math.floor(across * columns)]);
    });
  return {
    element,
    stage,
    /** @param {[top: number, left: number, height: number, width: number]} cells */
    mark([top, left, height, width]) {
      frame.hidden = false;
      frame.style.top = `${(top / rows) * 100}%`;
      frame.style.left = `${(left / columns) * 100}%`;
      frame.style.height = `${(height / rows) * 100}%`;
      frame.style.width = `${(width / columns) * 100}%`;
    },
    /** @param {[number, number]} at */
    valueAt([row, col]) {
      const value = stage.output?.[(map * rows + row) * columns + col];
      return value === undefined ? "" : `${value > 0 ? "+" : ""}${shortValue(stage, value)}`;
    },
  };
}

/** @param {number} index @param {number} count */
function clamp(index, count) {
  return Math.min(Math.max(index, 0), count - 1);
}
