/** A grid of tiles, one for each filter or its map; the arrow keys choose the next one. */

import {
  channelImage,
  channelScale,
  filterImage,
  filterValues,
  signedMapImage,
} from "convoscope/features/gallery/filter-colors.js";
import { listenTileKeys } from "convoscope/features/gallery/tiles/tile-keys.js";
import { figureLayout, RULER_LEFT, RULER_TOP } from "convoscope/pure/maps/layout.js";
import { GALLERY } from "convoscope/pure/strings/gallery-strings.js";
import { useMinusSign } from "convoscope/pure/text/number-text.js";
import { build, fill, setText } from "convoscope/ui/dom.js";
import { createMap, paintThumbnail } from "convoscope/ui/draw/draw.js";

/** @import {Bank} from "convoscope/features/gallery/filter-colors.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The height of a card that is as high as its tiles, for its width. */
const SQUARE = 0.6;
const MOST_COLUMNS = 24;
/** Tiles of this part of the largest side are as good. */
const NEARLY = 0.9;
/** The side of a cell with a number. */
const DIGIT_CELL = 40;
/**
 * The contents of the grid. `bank` and `maps` have the filters of `indices`, in that order; others are faint.
 * @typedef {object} TileGrid
 * @property {number[]} order indices of filters
 * @property {number} chosen
 * @property {string} show color, channels or digits
 * @property {Bank} bank
 * @property {number[]} indices
 * @property {Bank} trained all trained filters, for those not in `indices`
 * @property {(index: number) => number} range the magnitude of black and white for a filter
 * @property {{values: (index: number) => Float32Array | null, rows: number, columns: number, range: (index: number) =>
 * number} | null} maps
 * @property {(index: number) => string} words
 * @property {(index: number) => string} label the text on a tile; the score of a class has a line of its own
 */

/** @param {HTMLElement} host @param {(index: number) => void} onChoose */
export function createFilterTiles(host, onChoose) {
  let built = "";
  /** @type {TileGrid | null} */
  let now = null;
  const visible = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) if (isIntersecting) write(/** @type {HTMLElement} */ (target));
    },
    { rootMargin: "120px" },
  );
  listenTileKeys(host, () => now, onChoose);

  /** @param {number} index @returns {HTMLElement | null} */
  function tileOf(index) {
    return host.querySelector(`[data-filter="${index}"]`);
  }

  /** @param {TileGrid} sight */
  function rebuild(sight) {
    visible.disconnect();
    const digits = sight.show === "digits" && !sight.maps;
    const parts = partsOf(sight);
    const kinds = { "of-digits": digits, "of-channels": parts > 1, "of-maps": sight.maps };
    host.className = ["tiles", ...Object.keys(kinds).filter((name) => kinds[/** @type {keyof kinds} */ (name)])].join(
      " ",
    );
    host.style.setProperty("--wide", `${sight.bank.shape[1] * (RULER_LEFT + sight.bank.shape[3] * DIGIT_CELL + 14)}px`);
    host.style.setProperty("--tall", `${RULER_TOP + sight.bank.shape[2] * DIGIT_CELL + 4}px`);
    host.style.setProperty("--shape", String(Math.max(1, parts)));
    host.toggleAttribute("data-labels", sight.label(0) !== "0");
    host.toggleAttribute("data-scores", sight.label(0).includes("\n"));
    fitColumns(sight.order.length, parts);
    fill(host, ...sight.order.map((index) => tile(index, digits ? 0 : parts)));
    if (digits) for (const child of host.children) visible.observe(child);
  }

  /** Chooses the number of columns for the largest tiles. @param {number} count @param {number} parts of a tile */
  function fitColumns(count, parts) {
    const pane = /** @type {HTMLElement} */ (host.parentElement);
    // A card as high as its tiles: where all stand below each other, it is about square.
    const hasHeight = getComputedStyle(pane).containerType === "size";
    const height = hasHeight
      ? pane.clientHeight - readLength(pane, "--head")
      : (SQUARE * pane.clientWidth) / Math.max(1, parts);
    const across = columnCount(count, pane.clientWidth, height, parts, readLength(pane, "--label"));
    host.style.setProperty("--columns", String(across));
    host.style.setProperty("--lines", String(Math.ceil(count / across)));
  }
  new ResizeObserver(() => now && fitColumns(now.order.length, partsOf(now))).observe(
    /** @type {HTMLElement} */ (host.parentElement),
  );

  /** @param {number} index @param {number} canvases @returns {Description} */
  function tile(index, canvases) {
    return [
      "button",
      {
        type: "button",
        class: "tile",
        "data-filter": index,
        "data-key": `tile-${index}`,
        onclick: () => onChoose(index),
      },
      [
        "span",
        { class: "faces" },
        ...Array.from({ length: canvases }, () => /** @type {Description} */ (["canvas", { "aria-hidden": "true" }])),
      ],
      ["small", String(index)],
    ];
  }

  /** Writes the numbers of a tile that is near the viewport. @param {HTMLElement} element */
  function write(element) {
    if (now?.show !== "digits" || now.maps) return;
    const index = Number(element.dataset.filter);
    const at = now.indices.indexOf(index);
    const host = /** @type {HTMLElement} */ (element.firstElementChild);
    host.replaceChildren();
    const bank = at < 0 ? now.trained : now.bank;
    for (let channel = 0; channel < bank.shape[1]; channel++)
      writeDigits(host, bank, at < 0 ? index : at, channel, now.range(index));
  }

  /** @param {TileGrid} sight */
  function paint(sight) {
    for (const element of /** @type {Iterable<HTMLElement>} */ (/** @type {unknown} */ (host.children))) {
      const index = Number(element.dataset.filter);
      const at = sight.indices.indexOf(index);
      const chosen = index === sight.chosen;
      element.classList.toggle("faint", at < 0);
      if (element.getAttribute("aria-pressed") !== String(chosen)) element.setAttribute("aria-pressed", String(chosen));
      element.tabIndex = chosen ? 0 : -1;
      const name = sight.maps ? GALLERY.tileMap(index) : GALLERY.tile(index, sight.words(index));
      if (element.getAttribute("aria-label") !== name) [element.title, element.ariaLabel] = [name, name];
      setText(/** @type {Element} */ (element.lastElementChild), sight.label(index));
      paintTile(element, at < 0 ? { ...sight, bank: sight.trained } : sight, index, at < 0 ? index : at);
    }
  }

  return {
    /** @param {TileGrid} sight */
    show(sight) {
      now = sight;
      const key = JSON.stringify([
        sight.order,
        sight.maps ? "maps" : sight.show,
        sight.bank.shape,
        sight.label(0) === "0",
        sight.label(0).includes("\n"),
      ]);
      if (key !== built) rebuild(sight);
      built = key;
      paint(sight);
      if (sight.show === "digits" && !sight.maps)
        for (const child of host.children) if (isNear(child)) write(/** @type {HTMLElement} */ (child));
    },
    /** @param {number} index */
    reveal(index) {
      tileOf(index)?.scrollIntoView({ block: "nearest" });
    },
  };
}

/** @param {HTMLElement} element @param {TileGrid} sight @param {number} index @param {number} at */
function paintTile(element, sight, index, at) {
  const canvases = element.querySelectorAll("canvas");
  const [, , rows, columns] = sight.bank.shape;
  if (sight.maps) {
    const values = sight.maps.values(index);
    element.classList.toggle("faint", !values);
    if (values)
      paintThumbnail(canvases[0], sight.maps.rows, sight.maps.columns, signedMapImage(values, sight.maps.range(index)));
  } else if (sight.show === "color")
    paintThumbnail(canvases[0], rows, columns, filterImage(sight.bank, at, sight.range(index)));
  else if (sight.show === "channels")
    canvases.forEach((canvas, channel) =>
      paintThumbnail(canvas, rows, columns, channelImage(sight.bank, at, channel, sight.range(index))),
    );
}

/**
 * One channel of a filter with its numbers in its cells.
 * @param {HTMLElement} host @param {Bank} bank @param {number} at @param {number} channel @param {number} range
 */
export function writeDigits(host, bank, at, channel, range) {
  const [, channels, rows, columns] = bank.shape;
  const [width, height] = [RULER_LEFT + columns * DIGIT_CELL, RULER_TOP + rows * DIGIT_CELL];
  const box = build([
    "span",
    { class: "digits", style: { width: `${width}px`, height: `${height}px` } },
    channels > 1 && ["b", GALLERY.channel(channel)],
  ]);
  host.append(box);
  const values = filterValues(bank, at, channel);
  const scale = channelScale(range);
  const decimals = Math.min(4, Math.max(2, 1 - Math.floor(Math.log10(range || 1))));
  const texts = Array.from(values, (value) =>
    [decimals, 2, 1].map((count) => useMinusSign(Number(value.toFixed(count)).toString()).replace(/^(−?)0\./, "$1.")),
  );
  const size = { rows, columns };
  const dpr = window.devicePixelRatio;
  const layout = figureLayout({ width, height, dpr, input: size, output: size }).input;
  createMap(box).paint({
    layout,
    width,
    height,
    dpr,
    rgba: scale.rgba(values),
    padding: () => "",
    unread: { rows: [], columns: [] },
    beyond: null,
    stops: [],
    gone: false,
    mostDigits: Number.POSITIVE_INFINITY,
    texts: (row, col) => [texts[row * columns + col]],
  });
}

/** Into how many pictures a tile is divided: one, or one for each channel. @param {TileGrid} sight */
function partsOf({ show, maps, bank }) {
  return show === "channels" && !maps ? bank.shape[1] : 1;
}

/** A length of the stylesheet in pixels. @param {HTMLElement} pane @param {string} name */
export function readLength(pane, name) {
  return Number.parseFloat(getComputedStyle(pane).getPropertyValue(name));
}

/**
 * The number of columns with the largest tiles in a card; of nearly equal ones that which fills its last line best.
 * @param {number} count @param {number} width of the card @param {number} height @param {number} parts of a tile, side
 * by side @param {number} [label] the height of the text below a tile
 */
export function columnCount(count, width, height, parts, label = 0) {
  const choices = Array.from({ length: Math.min(count, MOST_COLUMNS) }, (_, i) => {
    const [across, lines] = [i + 1, Math.ceil(count / (i + 1))];
    const side = Math.max(1, Math.min(width / across / parts, height / lines - label));
    return { across, side, spare: across * lines - count };
  });
  const largest = Math.max(...choices.map(({ side }) => side));
  const good = choices.filter(({ side }) => side > NEARLY * largest);
  return good.reduce((best, one) => (one.spare < best.spare ? one : best)).across;
}

/** @param {Element} element */
function isNear(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom > -120 && top < window.innerHeight + 120;
}
