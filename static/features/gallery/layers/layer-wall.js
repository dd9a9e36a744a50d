/** A layer above the first: for each map the patch that excites it most, and of the chosen map the strongest ones. */

import { boxStyle } from "convoscope/features/gallery/patch-geometry.js";
import { columnCount, readLength } from "convoscope/features/gallery/tiles/filter-tiles.js";
import { listenTileKeys } from "convoscope/features/gallery/tiles/tile-keys.js";
import { GALLERY } from "convoscope/pure/strings/gallery-strings.js";
import { signedNumber } from "convoscope/pure/text/caption.js";
import { build, fill, getPart, setText } from "convoscope/ui/dom.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {LayerPatch, LayerPeaks, Peak} from "convoscope/features/gallery/gallery-requests.js" */
/** @import {Found} from "convoscope/features/gallery/layers/layer-peaks.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

/** The least side of a patch, with the gap beside it. */
const LEAST_TILE = 62;

/**
 * What is shown of a layer; `shape` is (K, C, h, w).
 * @typedef {{name: string, shape: number[], map: number, peaks: Found<LayerPeaks>, patches: Found<LayerPatch[]>}}
 * ShownLayer
 */

/** @param {HTMLElement} root @param {(map: number) => void} onChoose */
export function createLayerWall(root, onChoose) {
  const tiles = getPart(root, "layer-tiles");
  const row = createMapRow(getPart(root, "layer-row"));
  /** @type {LayerPeaks | null} */
  let built = null;
  /** @type {{order: number[], chosen: number} | null} */
  let now = null;

  listenTileKeys(tiles, () => now, onChoose);
  new ResizeObserver(() => fitColumns()).observe(/** @type {HTMLElement} */ (tiles.parentElement));

  /** Chooses the number of columns for the largest tiles, none smaller than a patch that can be seen. */
  function fitColumns() {
    if (!now) return;
    const pane = /** @type {HTMLElement} */ (tiles.parentElement);
    const most = Math.max(1, Math.floor((pane.clientWidth - 36) / LEAST_TILE));
    const height = Math.max(LEAST_TILE, pane.clientHeight - 2 * readLength(pane, "--head"));
    const columns = Math.min(most, columnCount(now.order.length, pane.clientWidth, height, 1));
    tiles.style.setProperty("--columns", String(Math.max(3, columns)));
  }

  /** @param {LayerPeaks} peaks */
  function rebuild(peaks) {
    if (built === peaks) return;
    built = peaks;
    fill(tiles, ...peaks.peaks.map((peak) => tile(peak, peaks, onChoose)));
    fitColumns();
  }

  /** @param {number} map */
  function markChosen(map) {
    for (const element of /** @type {Iterable<HTMLElement>} */ (/** @type {unknown} */ (tiles.children))) {
      const chosen = Number(element.dataset.filter) === map;
      element.setAttribute("aria-pressed", String(chosen));
      element.tabIndex = chosen ? 0 : -1;
    }
  }

  return {
    /** @param {ShownLayer} shown */
    show(shown) {
      const { peaks, map } = shown;
      tiles.ariaBusy = String(peaks.status === "waiting");
      if (peaks.value) {
        now = { order: peaks.value.peaks.map(({ filter }) => filter), chosen: map };
        rebuild(peaks.value);
        markChosen(map);
      } else {
        [built, now] = [null, null];
        const text = peaks.status === "failed" ? GALLERY.searchFailed : GALLERY.searching;
        fill(tiles, ["p", { class: "small muted", role: "status" }, text]);
      }
      row.show(shown);
    },
    /** The first layer is shown: nothing here is waited for. */
    rest() {
      for (const part of [tiles, getPart(root, "map-patches")]) part.ariaBusy = "false";
    },
  };
}

/** @param {Peak} peak @param {LayerPeaks} peaks @param {(map: number) => void} onChoose @returns {Description} */
function tile({ filter, sample, value, box }, { size, pictures }, onChoose) {
  const { title, link } = pictures[sample];
  const name = GALLERY.tilePeak(filter, title, signedNumber(Number(value.toPrecision(3))));
  return [
    "button",
    {
      type: "button",
      class: "tile",
      title: name,
      "aria-label": name,
      "data-filter": filter,
      "data-key": `map-${filter}`,
      onclick: () => onChoose(filter),
    },
    ["span", { class: "faces" }, crop(pictureAddress(link), size, box)],
    ["small", String(filter)],
  ];
}

/** The cells of a sample as a picture, one pixel a cell. @param {string} link */
function pictureAddress(link) {
  return siteAddress(`/api/picture.png?${link}&stage=0&scale=1`);
}

/**
 * A part of a picture, as large as its place allows.
 * @param {string} src @param {number[]} size of the picture @param {number[]} box top, left, height, width
 * @returns {Description}
 */
function crop(src, [rows, columns], [top, left, height, width]) {
  const percent = (/** @type {number} */ part, /** @type {number} */ whole) => `${(100 * part) / whole}%`;
  const side = Math.max(height, width);
  return [
    "span",
    { class: "crop", style: { width: percent(width, side), "aspect-ratio": `${width} / ${height}` } },
    [
      "img",
      {
        src,
        alt: "",
        draggable: "false",
        style: {
          width: percent(columns, width),
          height: percent(rows, height),
          left: percent(-left, width),
          top: percent(-top, height),
        },
      },
    ],
  ];
}

/** The row of the chosen map. @param {HTMLElement} host */
function createMapRow(host) {
  host.append(...rowMarkup().map(build));
  const [title, link] = [getPart(host, "map-title"), /** @type {HTMLAnchorElement} */ (getPart(host, "map-link"))];
  const picture = /** @type {HTMLImageElement} */ (getPart(host, "map-picture"));
  const [mark, list] = [getPart(host, "map-mark"), getPart(host, "map-patches")];
  let built = /** @type {LayerPatch[] | string | null} */ (null);

  /** Shows where a patch lies in its picture. @param {Peak} peak @param {LayerPeaks} peaks */
  function showPlace(peak, { size, pictures }) {
    const src = pictureAddress(pictures[peak.sample].link);
    if (picture.getAttribute("src") !== src) picture.src = src;
    const [row, col, rows, columns] = peak.box;
    for (const [key, value] of Object.entries(boxStyle({ row, col, rows, columns }, size[0], size[1])))
      mark.style.setProperty(key, value);
    setText(getPart(host, "map-place"), GALLERY.peakPlace(pictures[peak.sample].title, peak.row, peak.column));
    setText(getPart(host, "map-field"), GALLERY.receptiveField(peak.box, size));
    setText(getPart(host, "map-value"), signedNumber(peak.value));
    getPart(host, "map-none").hidden = peak.value > 0;
    link.href = siteAddress(`/?${peak.link}`);
  }

  /** @param {LayerPatch} patch @param {LayerPeaks} peaks @returns {Description} */
  function patchItem(patch, peaks) {
    const value = signedNumber(Number(patch.value.toPrecision(3)));
    const label = GALLERY.openPatch(patch.title, value);
    const show = () => showPlace(patch, peaks);
    return [
      "li",
      [
        "a",
        { href: siteAddress(`/?${patch.link}`), "aria-label": label, onfocus: show, onpointerenter: show },
        ["img", { src: patch.picture, alt: "" }],
        ["b", value],
        ["small", patch.title],
      ],
    ];
  }

  /** @param {LayerPeaks} peaks @param {Found<LayerPatch[]>} patches */
  function showPatches(peaks, { status, value }) {
    const shown = value ?? status;
    list.ariaBusy = String(status === "waiting");
    if (shown === built) return;
    built = shown;
    if (value) fill(list, ...value.map((patch) => patchItem(patch, peaks)));
    else
      fill(list, [
        "li",
        { class: "muted small", role: "status" },
        status === "failed" ? GALLERY.searchFailed : GALLERY.waiting,
      ]);
  }

  return {
    /** @param {ShownLayer} shown */
    show({ name, map, peaks, patches }) {
      const first = peaks.value?.peaks[map];
      host.classList.toggle("is-empty", !first);
      setText(title, GALLERY.mapTitle(map, name));
      if (!peaks.value || !first) {
        built = null;
        list.ariaBusy = "false";
        return fill(list);
      }
      showPlace(first, peaks.value);
      showPatches(peaks.value, patches);
    },
  };
}

/** @returns {Description[]} */
function rowMarkup() {
  return [
    [
      "header",
      ["h2", { "data-part": "map-title" }],
      ["a", { class: "link", "data-part": "map-link", href: siteAddress("/") }, GALLERY.stepThrough],
    ],
    [
      "div",
      { class: "map-facts" },
      [
        "figure",
        { class: "map-place" },
        [
          "div",
          { class: "frame" },
          ["img", { "data-part": "map-picture", alt: "" }],
          ["i", { class: "mark", "data-part": "map-mark" }],
        ],
        ["figcaption", { "data-part": "map-place" }],
        ["small", { class: "muted", "data-part": "map-field" }],
        ["p", ["output", { "data-part": "map-value" }], " ", ["span", { class: "muted small" }, GALLERY.peakValue]],
        ["p", { class: "small muted", "data-part": "map-none", hidden: true }, GALLERY.noneLeft],
      ],
      [
        "div",
        { class: "top-patches" },
        ["h3", GALLERY.strongestPatches],
        ["ul", { class: "patches map-patches", "data-part": "map-patches" }],
      ],
    ],
  ];
}
