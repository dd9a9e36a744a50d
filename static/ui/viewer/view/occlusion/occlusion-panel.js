/**
 * The view “Why cat?”: a gray square is dragged over the picture by mouse, finger, pen or keys, and the scores of the
 * classes follow; then it slides over all stops by itself, and its map fills.
 *
 * `/api/occlusion` gives the scores with the square at one place, and the map. One call is in flight at a time; the next
 * one is for the newest place.
 */

import { isColorPicture, mapPicture } from "convoscope/pure/maps/map-choice.js";
import { mapColors, photoRange } from "convoscope/pure/maps/palette.js";
import { OCCLUSION } from "convoscope/pure/strings/on-demand/occlusion-strings.js";
import { className, findScores } from "convoscope/pure/tabs/network/occlusion/final-scores.js";
import { describeOcclusion, plainOrder, sayCovered } from "convoscope/pure/tabs/network/occlusion/occlusion-drawing.js";
import { lowestStops, shadeMap, stopAt } from "convoscope/pure/tabs/network/occlusion/score-map.js";
import {
  countStops,
  keepInside,
  occlusionQuery,
  sidesOf,
} from "convoscope/pure/tabs/network/occlusion/square-stops.js";
import { build, fill, findPart, isDark } from "convoscope/ui/dom.js";
import { paintThumbnail } from "convoscope/ui/draw/thumbnail.js";
import { createRenewal } from "convoscope/ui/viewer/view/contents/renewal.js";

/** @import {Cell, Trace, View} from "convoscope/pure/types.js" */
/** @import {Covering} from "convoscope/pure/tabs/network/occlusion/occlusion-drawing.js" */
/** @import {ScoreMap} from "convoscope/pure/tabs/network/occlusion/score-map.js" */
/** @import {ViewContext} from "convoscope/pure/tabs/tabs.js" */
/**
 * @typedef {object} OcclusionEvents
 * @property {(change: Partial<View>) => void} onView
 * @property {(keys: string) => void} onSet keys of the View are chosen, as in a link
 * @property {import("convoscope/ui/site/shares-before.js").GetFile | undefined} getFile left out without a server
 */

/** How long the square slides in all, and stays at one stop at most and at least, in milliseconds. */
const [SLIDE_MS, MOST_STOP_MS, LEAST_STOP_MS] = [6000, 180, 16];
/** Milliseconds without a move of the square before a screen reader hears the score. */
const PAUSE = 500;
/** How many answers about the square are kept. */
const MOST_KEPT = 400;
/** @type {Record<string, Cell>} */
const ARROWS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

/** @param {HTMLElement} panel @param {OcclusionEvents} events */
export function createOcclusion(panel, { onView, onSet, getFile }) {
  const live = build(["p", { class: "unseen", role: "status", "data-part": "occlusion-live" }]);
  const inside = build(["div"]);
  const renew = createRenewal(inside);
  /** @type {{host: HTMLElement, trace: Trace, context: ViewContext} | null} */
  let shown = null;
  /** @type {Covering | null} */
  let covering = null;
  /** The query that all kept answers share: the picture, the network, the square. */
  let about = "";
  /** Whether a call is in flight, and the place of the call after it. @type {{isAsked: boolean, next: Cell | null}} */
  const question = { isAsked: false, next: null };
  /** @type {Map<string, import("convoscope/pure/tabs/network/occlusion/occlusion-drawing.js").Covered>} */
  const kept = new Map();
  /** Where the square is held. @type {Cell | null} */
  let held = null;
  let [slide, timer] = [0, 0];
  let painted = "";

  inside.addEventListener("pointerdown", grab);
  inside.addEventListener("pointermove", (event) => (held ? drag(event) : point(event)));
  for (const name of ["pointerup", "pointercancel"]) inside.addEventListener(name, () => (held = null));
  inside.addEventListener("keydown", moveByKey);
  inside.addEventListener("click", press);
  inside.addEventListener("change", ({ target }) => {
    if (!(target instanceof HTMLSelectElement)) return;
    onSet(`${target.dataset.choice}=${encodeURIComponent(target.value)}`);
  });

  /** @param {string} path @returns {Promise<ScoreMap | string>} */
  async function get(path) {
    try {
      const file = await /** @type {NonNullable<typeof getFile>} */ (getFile)(path);
      return JSON.parse(await file.text());
    } catch (problem) {
      return /** @type {Error} */ (problem).message;
    }
  }

  /** @param {Cell} [place] */
  function addressOf(place) {
    const { sides, target } = /** @type {Covering} */ (covering);
    const { trace } = /** @type {NonNullable<typeof shown>} */ (shown);
    return `/api/occlusion?${occlusionQuery(trace.scene, sides, target, place)}`;
  }

  /** Puts the square somewhere, and asks for its scores. @param {Cell | null} place */
  function put(place) {
    if (!covering) return;
    covering.square = place && keepInside(covering.sides, place);
    question.next = null;
    const known = covering.square && kept.get(covering.square.join());
    if (known) covering.covered = known;
    else if (covering.square) ask(covering.square);
    draw();
    say();
  }

  /** One question at a time, then the newest. @param {Cell} place @returns {Promise<void>} */
  async function ask(place) {
    if (!getFile || !covering) return;
    if (question.isAsked) {
      question.next = place;
      return;
    }
    question.isAsked = true;
    const asked = about;
    const found = await get(addressOf(place));
    question.isAsked = false;
    const { next } = question;
    question.next = null;
    if (!covering || !shown) return;
    if (asked !== about) {
      if (covering.square) await ask(covering.square);
      return;
    }
    covering.trouble = typeof found === "string" ? found : "";
    if (typeof found !== "string" && found.class_scores) {
      const answer = { at: place, scores: found.class_scores, shares: found.class_shares ?? null };
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(place.join(), answer);
      const isKnown = covering.covered?.at.join() === covering.square?.join();
      if (!isKnown) covering.covered = answer; // else the square went back meanwhile, to where its scores are known
    }
    draw();
    say();
    if (next && !kept.has(next.join())) ask(next);
  }

  /** Asks for the map, and lets the square slide while it fills. @param {boolean} isMoving */
  async function fillMap(isMoving) {
    if (!covering || !shown) return;
    if (!covering.map && getFile) {
      const asked = about;
      inside.setAttribute("aria-busy", "true");
      const found = await get(addressOf());
      inside.removeAttribute("aria-busy");
      if (asked !== about || !covering || !shown) return;
      if (typeof found === "string") covering.trouble = found;
      else covering.map = found;
    }
    if (!covering.map || covering.asksFirst) return draw(); // `asksFirst`: a step back while the map was asked for
    if (isMoving && !matchMedia("(prefers-reduced-motion: reduce)").matches) return startSlide();
    endSlide();
  }

  function startSlide() {
    if (!covering?.map) return;
    const { map } = covering;
    const count = map.tops.length * map.lefts.length;
    const each = Math.min(MOST_STOP_MS, Math.max(LEAST_STOP_MS, SLIDE_MS / count));
    /** @type {number | null} */
    let start = null;
    cancelAnimationFrame(slide);
    covering.isSliding = true;
    const move = (/** @type {number} */ now) => {
      if (!covering?.map || !covering.isSliding) return;
      start ??= now;
      const filled = Math.min(count, Math.floor((now - start) / each) + 1);
      if (filled === count && now - start >= each * count) return endSlide();
      covering.filled = filled;
      covering.square = stopAt(map, filled - 1).at;
      draw();
      slide = requestAnimationFrame(move);
    };
    slide = requestAnimationFrame(move);
  }

  /** The whole map is there, and the square stands where the score falls most. */
  function endSlide() {
    if (!covering?.map) return;
    cancelAnimationFrame(slide);
    const { map } = covering;
    covering.isSliding = false;
    covering.filled = map.tops.length * map.lefts.length;
    put(lowestStops(map, 1)[0].at);
  }

  /** Whether the square can be moved. */
  function isFree() {
    return Boolean(covering && !covering.isLocked && !covering.isSliding);
  }

  /** The cell of the picture at a pointer. @param {PointerEvent} event @returns {Cell | null} */
  function cellAt(event) {
    const photo = findPart(inside, "occlusion-photo");
    if (!photo || !covering) return null;
    const { left, top, width, height } = photo.getBoundingClientRect();
    const { size } = covering.sides;
    return [((event.clientY - top) / height) * size[0], ((event.clientX - left) / width) * size[1]];
  }

  /** @param {PointerEvent} event */
  function grab(event) {
    const photo = event.target instanceof Element ? event.target.closest("[data-part='occlusion-photo']") : null;
    const cell = photo && cellAt(event);
    if (!photo || !cell || !covering || !isFree() || event.button > 0) return;
    const isOnSquare = event.target instanceof Element && event.target.closest("[data-part='occlusion-square']");
    const { window } = covering.sides;
    const [row, column] =
      isOnSquare && covering.square ? covering.square : [cell[0] - window[0] / 2, cell[1] - window[1] / 2];
    held = [cell[0] - row, cell[1] - column];
    inside.setPointerCapture(event.pointerId);
    if (!isOnSquare) drag(event);
    findPart(inside, "occlusion-square")?.focus({ preventScroll: true });
    event.preventDefault();
  }

  /** @param {PointerEvent} event */
  function drag(event) {
    const cell = cellAt(event);
    if (!cell || !held || !covering) return;
    const place = keepInside(covering.sides, [Math.round(cell[0] - held[0]), Math.round(cell[1] - held[1])]);
    if (place.join() !== covering.square?.join()) put(place);
  }

  /** Puts the square where the map is pointed at. @param {PointerEvent} event */
  function point(event) {
    const stops = event.target instanceof Element ? event.target.closest("[data-part='occlusion-stops']") : null;
    if (!stops || !covering?.map || covering.isSliding || covering.isLocked) return;
    const { left, top, width, height } = stops.getBoundingClientRect();
    const { tops, lefts } = covering.map;
    const index = (/** @type {number} */ part, /** @type {number} */ count) =>
      Math.min(Math.max(Math.floor(part * count), 0), count - 1);
    const at = /** @type {Cell} */ ([
      tops[index((event.clientY - top) / height, tops.length)],
      lefts[index((event.clientX - left) / width, lefts.length)],
    ]);
    if (at.join() !== covering.square?.join()) put(at);
  }

  /** @param {KeyboardEvent} event */
  function moveByKey(event) {
    const isSquare = event.target instanceof Element && event.target.closest("[data-part='occlusion-square']");
    const way = ARROWS[event.key];
    if (!isSquare || !way || !covering?.square || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    if (!isFree()) return;
    const { stride } = covering.sides;
    const place = covering.square.map((at, axis) => {
      if (!event.shiftKey || !way[axis]) return at + way[axis];
      const stop = way[axis] > 0 ? Math.floor(at / stride[axis]) + 1 : Math.ceil(at / stride[axis]) - 1;
      return stop * stride[axis];
    });
    put(/** @type {Cell} */ (place));
  }

  /** @param {MouseEvent} event */
  function press({ target }) {
    const part = target instanceof Element ? target.closest("button")?.dataset.part : "";
    if (!covering || !shown) return;
    if (part === "occlusion-away") put(covering.square ? null : [0, 0]);
    if (part !== "occlusion-slide") return;
    if (covering.isSliding) return endSlide();
    if (shown.context.view.press === 0) return onView({ press: null });
    covering.filled = 0;
    fillMap(true);
  }

  /** Says what the square does, when it rests. */
  function say() {
    clearTimeout(timer);
    timer = setTimeout(() => {
      if (covering && shown) live.textContent = covering.trouble || sayCovered(covering);
    }, PAUSE);
  }

  function draw() {
    if (!shown || !covering) return;
    renew(about, describeOcclusion(covering, shown.context.size));
    paint();
  }

  function paint() {
    if (!shown || !covering) return;
    const { trace, context } = shown;
    const [picture, overlay, shades] = ["picture", "overlay", "shades"].map(
      (name) => /** @type {HTMLCanvasElement | null} */ (findPart(inside, `occlusion-${name}`)),
    );
    const stage = trace.stages[0];
    if (picture && painted !== about + context.view.colors) {
      painted = about + context.view.colors;
      const colors = mapColors(stage, 0, context.view.colors, context.view.scope, photoRange(trace), isDark(panel));
      paintThumbnail(
        picture,
        stage.shape[1],
        stage.shape[2],
        mapPicture(stage, 0, isColorPicture(stage, context.view), colors),
      );
    }
    const { map, filled } = covering;
    if (!map) return;
    const [rows, columns] = [map.tops.length, map.lefts.length];
    if (overlay) paintThumbnail(overlay, rows, columns, shadeMap(map, filled, true));
    if (shades) paintThumbnail(shades, rows, columns, shadeMap(map, filled, false), filled);
  }

  return {
    /** Shows the view in its place. @param {HTMLElement} host @param {Trace} trace @param {ViewContext} context */
    mount(host, trace, context) {
      const { view, press } = context;
      const scores = findScores(trace);
      if (!scores) return;
      const before = shown;
      shown = { host, trace, context };
      if (inside.parentElement !== host) fill(host, inside, live);
      const [, rows, columns] = trace.stages[0].shape;
      const sides = sidesOf(view, [rows, columns]);
      const now = [trace.link, JSON.stringify(sides), view.target].join(" ");
      const isNew = now !== about || !covering;
      const asksFirst = press < context.presses;
      if (isNew) {
        cancelAnimationFrame(slide);
        about = now;
        kept.clear();
        covering = {
          scores,
          sides,
          target: view.target,
          index: -1,
          square: [0, 0],
          covered: null,
          map: null,
          filled: 0,
          isSliding: false,
          trouble: "",
          isLocked: false,
          asksFirst,
        };
        covering.index = indexOf(covering);
      }
      const state = /** @type {Covering} */ (covering);
      Object.assign(state, { asksFirst, isLocked: view.lock.includes("figure") });
      if (countStops(sides).includes(0)) {
        const [window, size] = [sides.window, sides.size].map((pair) => pair.join(" × "));
        Object.assign(state, { square: null, trouble: OCCLUSION.tooLarge(window, size) });
        return draw();
      }
      const isNext = !isNew && before !== null && before.context.press < press;
      if (asksFirst) {
        cancelAnimationFrame(slide);
        Object.assign(state, { filled: 0, isSliding: false });
        if (isNew || before === null) return put(state.square);
      } else if (isNew || before === null || isNext) {
        draw();
        return fillMap(isNext);
      }
      draw();
    },
    leave() {
      shown = null;
      about = "";
      painted = "";
      cancelAnimationFrame(slide);
      clearTimeout(timer);
    },
  };

  /** The number of the class. @param {Covering} state */
  function indexOf(state) {
    const order = plainOrder(state);
    const named = order.find((n) => className(state.scores, n).toLowerCase() === state.target.toLowerCase());
    const number = /^\d+$/.test(state.target) ? Number(state.target) : -1;
    return number >= 0 && number < order.length ? number : (named ?? order[0]);
  }
}
