/** The film's panel: curves of loss and accuracy, a slider over the moments, a play button. */

import { curvePoints, extentOf, lastMoment } from "convoscope/features/gallery/film/film.js";
import { GALLERY } from "convoscope/pure/strings/gallery-strings.js";
import { percentText } from "convoscope/pure/text/number-text.js";
import { build, getPart, setText } from "convoscope/ui/dom.js";

/** @import {Film} from "convoscope/features/gallery/film/film.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

const [WIDTH, HEIGHT] = [1000, 100];
/** The longest duration of the whole film and of one moment. */
const FILM_MILLISECONDS = 9000;
const MOMENT_MILLISECONDS = 300;
/** The film starts after this time even if prefetching has not finished. */
const PREFETCH_MILLISECONDS = 4000;

/**
 * Prefetches the maps from a moment on and reports its progress.
 * @typedef {(from: number, progress: (done: number, all: number) => void, stopped: AbortSignal) => Promise<void>}
 * PrefetchMaps
 */

/** @param {HTMLElement} host @param {(moment: number) => void} onMoment @param {PrefetchMaps} prefetch */
export function createFilmPanel(host, onMoment, prefetch) {
  /** @type {Film | null} */
  let film = null;
  let at = 0;
  let frame = 0;
  let started = 0;
  /** @type {AbortController | null} */
  let prefetching = null;

  function rebuild() {
    if (!film) return;
    host.replaceChildren(...panelMarkup(film).map(build));
    slider().addEventListener("input", () => {
      stop();
      onMoment(Number(slider().value));
    });
    getPart(host, "film-play").addEventListener("click", toggle);
  }

  function slider() {
    return /** @type {HTMLInputElement} */ (getPart(host, "film-scrub"));
  }

  function toggle() {
    if (frame || prefetching) stop();
    else play();
  }

  async function play() {
    if (!film || frame || prefetching) return;
    if (at >= lastMoment(film)) onMoment(0);
    const mine = new AbortController();
    prefetching = mine;
    updateButton();
    const patience = setTimeout(() => mine.abort(), PREFETCH_MILLISECONDS);
    await prefetch(
      at,
      (done, all) => {
        if (prefetching === mine) setText(getPart(host, "film-note"), GALLERY.prefetching(done, all));
      },
      mine.signal,
    );
    clearTimeout(patience);
    if (prefetching !== mine) return; // it was stopped
    prefetching = null;
    startPlaying();
  }

  function startPlaying() {
    if (!film) return;
    setText(getPart(host, "film-note"), GALLERY.follow);
    const each = Math.min(MOMENT_MILLISECONDS, FILM_MILLISECONDS / film.moments);
    started = performance.now() - at * each;
    updateButton();
    /** @param {number} time */
    const tick = (time) => {
      if (!film) return;
      const moment = Math.min(lastMoment(film), Math.max(0, Math.floor((time - started) / each)));
      if (moment !== at) onMoment(moment);
      if (moment >= lastMoment(film)) return stop();
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    updateButton();
  }

  function stop() {
    cancelAnimationFrame(frame);
    frame = 0;
    if (prefetching) setText(getPart(host, "film-note"), GALLERY.follow);
    prefetching?.abort();
    prefetching = null;
    updateButton();
  }

  function updateButton() {
    if (!film) return;
    const play = getPart(host, "film-play");
    const isPlaying = frame !== 0 || prefetching !== null;
    play.dataset.playing = String(isPlaying);
    play.dataset.getting = String(prefetching !== null);
    play.ariaLabel = play.title = isPlaying ? GALLERY.pause : GALLERY.play;
  }

  return {
    /** Opens another film, or none. @param {Film | null} next */
    open(next) {
      stop();
      film = next;
      host.hidden = !film;
      rebuild();
    },
    /** @param {number} moment @param {boolean} isMapBehind whether the map of this moment has not arrived */
    show(moment, isMapBehind) {
      if (!film) return;
      at = moment;
      const x = (moment / Math.max(1, lastMoment(film))) * WIDTH;
      getPart(host, "film-past").setAttribute("width", x.toFixed(1));
      getPart(host, "film-now").setAttribute("transform", `translate(${x.toFixed(1)} 0)`);
      const text = GALLERY.moment(
        film.steps[moment],
        film.steps[lastMoment(film)],
        film.loss[moment],
        Number.isFinite(film.accuracy[moment]) ? percentText(film.accuracy[moment]) : "",
      );
      setText(getPart(host, "film-status"), text);
      setText(getPart(host, "film-note"), isMapBehind ? GALLERY.mapFollows : GALLERY.follow);
      if (slider().value !== String(moment)) slider().value = String(moment);
      slider().setAttribute("aria-valuetext", text);
    },
    toggle,
    stop,
    /** @param {number} by */
    step(by) {
      if (!film) return;
      stop();
      onMoment(Math.min(lastMoment(film), Math.max(0, at + by)));
    },
    playing: () => frame !== 0,
  };
}

/** @param {Film} film @returns {Description[]} */
function panelMarkup(film) {
  const accuracy = film.accuracy.some(Number.isFinite);
  const shown = accuracy ? film.accuracy : [];
  return [
    ["header", ["h2", GALLERY.learned], ["span", { class: "mono small muted", "data-part": "film-status" }]],
    [
      "div",
      { class: "curves" },
      [
        "svg",
        { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
        ["rect", { class: "past", "data-part": "film-past", x: 0, y: 0, width: 0, height: HEIGHT }],
        ["polyline", { class: "loss", points: pointsText(curvePoints(film.loss, extentOf(film.loss))) }],
        accuracy && [
          "polyline",
          { class: "accuracy", points: pointsText(curvePoints(shown, extentOf([0, ...shown]))) },
        ],
        ["g", { "data-part": "film-now" }, ["line", { x1: 0, x2: 0, y1: 0, y2: HEIGHT, class: "now" }]],
      ],
      [
        "p",
        { class: "key small" },
        ["span", { class: "of-loss" }, `${GALLERY.loss} ${firstAndLast(film.loss)}`],
        accuracy && ["span", { class: "of-accuracy" }, `${GALLERY.accuracyCurve} ${firstAndLastPercent(shown)}`],
        film.measured && ["span", { class: "muted" }, GALLERY.measured(film.measured)],
      ],
    ],
    [
      "div",
      { class: "film-controls" },
      [
        "button",
        { type: "button", class: "play", "data-part": "film-play", "aria-label": GALLERY.play },
        [
          "svg",
          { viewBox: "0 0 16 16", "aria-hidden": "true" },
          ["path", { class: "is-play", d: "M4 2v12l10-6z" }],
          ["path", { class: "is-pause", d: "M3 2h4v12H3zM9 2h4v12H9z" }],
        ],
      ],
      [
        "input",
        {
          type: "range",
          "data-part": "film-scrub",
          min: 0,
          max: lastMoment(film),
          step: 1,
          "aria-label": GALLERY.scrub,
        },
      ],
      [
        "span",
        {
          class: "small muted",
          "data-part": "film-note",
          title: GALLERY.momentsHelp,
        },
        GALLERY.follow,
      ],
    ],
  ];
}

/** @param {[number, number][]} curve */
function pointsText(curve) {
  return curve.map(([x, y]) => `${(x * WIDTH).toFixed(1)},${(3 + y * (HEIGHT - 6)).toFixed(1)}`).join(" ");
}

/** @param {number[]} values */
function firstAndLast(values) {
  const known = values.filter(Number.isFinite);
  return known.length ? `${known[0].toFixed(2)} → ${known[known.length - 1].toFixed(2)}` : "";
}

/** @param {number[]} values */
function firstAndLastPercent(values) {
  const known = values.filter(Number.isFinite).map(percentText);
  return known.length ? `${known[0]} → ${known[known.length - 1]}` : "";
}
