/** The film's panel: loss and accuracy as they were measured, a slider over the moments, a button that plays. */

import { curve, endsOf, lastMoment } from "convoscope/features/gallery/film/film.js";
import { WALL } from "convoscope/pure/strings/gallery-strings.js";
import { build, part, say } from "convoscope/ui/dom.js";

/** @import {Film} from "convoscope/features/gallery/film/film.js" */
/** @typedef {import("convoscope/ui/dom.js").Description} Description */

const [WIDTH, HEIGHT] = [1000, 100];
/** The whole film lasts so many milliseconds, and no moment longer than this. */
const LASTS = 9000;
const LONGEST = 300;
/** It starts after so many milliseconds, even if not all of it is here. */
const PATIENCE = 4000;

/**
 * Gets what the film shows from a moment on, and says how far it is.
 * @typedef {(from: number, progress: (done: number, all: number) => void, stopped: AbortSignal) => Promise<void>}
 * Gather
 */

/** @param {HTMLElement} host @param {(moment: number) => void} onMoment @param {Gather} gather */
export function createFilmPanel(host, onMoment, gather) {
  /** @type {Film | null} */
  let film = null;
  let at = 0;
  let frame = 0;
  let started = 0;
  /** @type {AbortController | null} */
  let getting = null;

  function build_() {
    if (!film) return;
    host.replaceChildren(...panel(film).map(build));
    slider().addEventListener("input", () => {
      stop();
      onMoment(Number(slider().value));
    });
    part(host, "film-play").addEventListener("click", toggle);
  }

  function slider() {
    return /** @type {HTMLInputElement} */ (part(host, "film-scrub"));
  }

  function toggle() {
    if (frame || getting) stop();
    else play();
  }

  async function play() {
    if (!film || frame || getting) return;
    if (at >= lastMoment(film)) onMoment(0);
    const mine = new AbortController();
    getting = mine;
    button();
    const patience = setTimeout(() => mine.abort(), PATIENCE);
    await gather(
      at,
      (done, all) => {
        if (getting === mine) say(part(host, "film-follow"), WALL.getting(done, all));
      },
      mine.signal,
    );
    clearTimeout(patience);
    if (getting !== mine) return; // somebody has stopped it
    getting = null;
    run();
  }

  function run() {
    if (!film) return;
    say(part(host, "film-follow"), WALL.follow);
    const each = Math.min(LONGEST, LASTS / film.moments);
    started = performance.now() - at * each;
    button();
    /** @param {number} time */
    const tick = (time) => {
      if (!film) return;
      const moment = Math.min(lastMoment(film), Math.max(0, Math.floor((time - started) / each)));
      if (moment !== at) onMoment(moment);
      if (moment >= lastMoment(film)) return stop();
      frame = requestAnimationFrame(tick);
    };
    frame = requestAnimationFrame(tick);
    button();
  }

  function stop() {
    cancelAnimationFrame(frame);
    frame = 0;
    if (getting) say(part(host, "film-follow"), WALL.follow);
    getting?.abort();
    getting = null;
    button();
  }

  function button() {
    if (!film) return;
    const play = part(host, "film-play");
    const on = frame !== 0 || getting !== null;
    play.dataset.playing = String(on);
    play.dataset.getting = String(getting !== null);
    play.ariaLabel = play.title = on ? WALL.pause : WALL.play;
  }

  return {
    /** Another film, or none. @param {Film | null} next */
    open(next) {
      stop();
      film = next;
      host.hidden = !film;
      build_();
    },
    /** @param {number} moment @param {boolean} behind the map has not come yet */
    show(moment, behind) {
      if (!film) return;
      at = moment;
      const x = (moment / Math.max(1, lastMoment(film))) * WIDTH;
      part(host, "film-past").setAttribute("width", x.toFixed(1));
      part(host, "film-now").setAttribute("transform", `translate(${x.toFixed(1)} 0)`);
      const text = WALL.moment(
        film.steps[moment],
        film.steps[lastMoment(film)],
        film.loss[moment],
        film.accuracy[moment],
      );
      say(part(host, "film-says"), text);
      say(part(host, "film-follow"), behind ? WALL.mapFollows : WALL.follow);
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
function panel(film) {
  const accuracy = film.accuracy.some(Number.isFinite);
  const shown = accuracy ? film.accuracy : [];
  return [
    ["header", ["h2", WALL.learned], ["span", { class: "mono small muted", "data-part": "film-says" }]],
    [
      "div",
      { class: "curves" },
      [
        "svg",
        { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, preserveAspectRatio: "none", "aria-hidden": "true" },
        ["rect", { class: "past", "data-part": "film-past", x: 0, y: 0, width: 0, height: HEIGHT }],
        ["polyline", { class: "loss", points: points(curve(film.loss, endsOf(film.loss))) }],
        accuracy && ["polyline", { class: "accuracy", points: points(curve(shown, endsOf([0, ...shown]))) }],
        ["g", { "data-part": "film-now" }, ["line", { x1: 0, x2: 0, y1: 0, y2: HEIGHT, class: "now" }]],
      ],
      [
        "p",
        { class: "key small" },
        ["span", { class: "of-loss" }, `${WALL.loss} ${ends(film.loss)}`],
        accuracy && ["span", { class: "of-accuracy" }, `${WALL.accuracyCurve} ${percents(shown)}`],
      ],
    ],
    [
      "div",
      { class: "film-controls" },
      [
        "button",
        { type: "button", class: "play", "data-part": "film-play", "aria-label": WALL.play },
        [
          "svg",
          { viewBox: "0 0 16 16", "aria-hidden": "true" },
          ["path", { class: "is-play", d: "M4 2v12l10-6z" }],
          ["path", { class: "is-pause", d: "M3 2h4v12H3zM9 2h4v12H9z" }],
        ],
      ],
      [
        "input",
        { type: "range", "data-part": "film-scrub", min: 0, max: lastMoment(film), step: 1, "aria-label": WALL.scrub },
      ],
      [
        "span",
        {
          class: "small muted",
          "data-part": "film-follow",
          title: `${WALL.momentsHelp} ${film.measured ? WALL.measured(film.measured) : ""}`,
        },
        WALL.follow,
      ],
    ],
  ];
}

/** @param {[number, number][]} curve */
function points(curve) {
  return curve.map(([x, y]) => `${(x * WIDTH).toFixed(1)},${(3 + y * (HEIGHT - 6)).toFixed(1)}`).join(" ");
}

/** @param {number[]} values */
function ends(values) {
  const known = values.filter(Number.isFinite);
  return known.length ? `${known[0].toFixed(2)} → ${known[known.length - 1].toFixed(2)}` : "";
}

/** @param {number[]} values */
function percents(values) {
  const known = values.filter(Number.isFinite).map((value) => Math.round(100 * value));
  return known.length ? `${known[0]} % → ${known[known.length - 1]} %` : "";
}
