/**
 * The player: joins a Trace and a View to the maps, the arithmetic, the buttons, the keys and the pointer.
 *
 * It knows no server and no address bar. A shell gives it traces and hears of views and edits through callbacks.
 */

import { createArithmetic } from "convoscope/arithmetic.js";
import { sizeLines, spoken, stageTitle } from "convoscope/caption.js";
import { createStrip } from "convoscope/controls/strip.js";
import { fill, optionalPart, part, say } from "convoscope/dom.js";
import { composite, createFigure, inputChannel, showMultiples } from "convoscope/figure.js";
import { beatsOf, frameAt, inputsOfWeight, placeOf, positionOf, positionsOf, readersOf } from "convoscope/frame.js";
import { deedOf, takesKey } from "convoscope/keys.js";
import { createLoupe } from "convoscope/loupe.js";
import * as player from "convoscope/player.js";
import { listenPointer } from "convoscope/pointer.js";
import { PAGE } from "convoscope/strings.js";
import { createTransport, TEMPOS } from "convoscope/transport.js";
import { shortNumber } from "convoscope/caption.js";
import { viewOf } from "convoscope/views/all.js";

/** @import {Cell, Frame, Stage, Trace, View} from "convoscope/types.js" */
/** @import {Deed} from "convoscope/keys.js" */
/** @import {Edit} from "convoscope/edits.js" */

/** While playing the screen reader hears of a step at most this often, in milliseconds. */
const SPEAK_EVERY = 5000;

/**
 * @typedef {object} ViewerEvents
 * @property {(view: View) => void} onView the view changed, and nothing is moving
 * @property {(edit: Edit) => void} onEdit the scene is to be changed
 * @property {(stages: number[]) => void} onWanted numbers of these stages are wanted, only their previews are here
 * @property {() => void} onHelp
 */

/**
 * @param {HTMLElement} root
 * @param {View} firstView
 * @param {Record<string, any>} tables
 * @param {ViewerEvents} events
 */
export function createViewer(root, firstView, tables, { onView, onEdit, onWanted, onHelp }) {
  let view = firstView;
  /** @type {Trace | null} */
  let trace = null;
  /** @type {{plan: player.Plan, since: number} | null} */
  let playing = null;
  /** @type {{map: "input" | "output", row: number, col: number} | null} */
  let hover = null;
  /** @type {Cell | null} */
  let weight = null;
  /** @type {number | null} */
  let plane = null;
  let singles = true;
  /** Whether anything was done with the figure yet: until then one line says what could be. */
  let touched = location.search !== "";
  let spokenAt = 0;
  let frameRequest = 0;

  const figure = createFigure(root);
  const loupe = createLoupe(root);
  const arithmetic = createArithmetic(root, {
    onWeight: (cell) => { weight = cell; draw(); },
    onBeat: (beat) => { stop(); step({ ...moment(), beat }, true, view.pin); },
  });
  const transport = createTransport(root, {
    onPlay: toggle,
    onStep: (name) => act(/** @type {Deed} */ ({ first: "first", previous: "previous", next: "next", last: "last" }[name])),
    onScrub: (position) => { stop(); step({ position, beat: lastBeat() }); },
    onView: set,
  });
  const strip = createStrip(root, tables, { onStage: (stage) => set({ stage, map: 0, at: null }), onEdit });
  const live = optionalPart(root, "live");
  const panel = optionalPart(root, "panel");

  /** @returns {Stage} */
  function stage() {
    const { stages } = /** @type {Trace} */ (trace);
    return stages[Math.min(view.stage, stages.length - 1)];
  }

  /** @returns {player.Walk} */
  function walk() {
    return { positions: positionsOf(stage()), beats: beatsOf(stage()) };
  }

  function lastBeat() {
    const { beats } = walk();
    return beats[beats.length - 1];
  }

  /** Where the step is: what the view says, or what is playing. @returns {player.Moment} */
  function moment() {
    const now = stage();
    const frame = frameAt(/** @type {Trace} */ (trace), { ...view, at: view.at });
    return { position: positionOf(now, frame.row, frame.col), beat: frame.beat };
  }

  /** @param {player.Moment} to @param {boolean} [speak] @param {Cell | null} [pin] a place that is kept from the pointer */
  function step(to, speak = true, pin = null) {
    touched = true;
    const place = placeOf(stage(), to.position);
    view = { ...view, at: [place[0], place[1]], beat: to.beat, pin };
    draw();
    if (speak) say_(false);
    if (!playing) onView(view);
  }

  /** Changes how the figure is shown. @param {Partial<View>} change */
  function set(change) {
    touched = true;
    const moves = "stage" in change || "map" in change;
    if (moves) change = { pin: null, ...change };
    if (moves) stop();
    if ("stage" in change) plane = null;
    const wasPlaying = playing !== null;
    view = { ...view, ...change };
    if (wasPlaying && ("tempo" in change || "mode" in change)) start();
    repaint();
    if (!playing) onView(view);
  }

  function toggle() {
    if (playing) stop();
    else start();
    show();
  }

  function start() {
    if (!trace) return;
    touched = true;
    const tempo = Number(view.tempo) || 1;
    playing = { plan: player.plan({ ...walk(), from: moment(), mode: view.mode, tempo }), since: performance.now() };
    cancelAnimationFrame(frameRequest);
    frameRequest = requestAnimationFrame(tick);
  }

  function stop() {
    if (!playing) return;
    playing = null;
    cancelAnimationFrame(frameRequest);
    onView(view);
    show();
  }

  /** @param {number} now */
  function tick(now) {
    if (!playing || !trace) return;
    const seconds = Math.max(0, (now - playing.since) / 1000);
    const at = player.stopAt(playing.plan, seconds);
    const place = placeOf(stage(), at.position);
    const moved = !view.at || view.at[0] !== place[0] || view.at[1] !== place[1] || view.beat !== at.beat;
    if (moved) {
      view = { ...view, at: [place[0], place[1]], beat: at.beat, pin: null };
      draw();
      say_(true);
    }
    if (seconds >= playing.plan.duration) stop();
    else frameRequest = requestAnimationFrame(tick);
  }

  /** All of it: after a new trace, another stage, other colors, another size. */
  function repaint() {
    if (!trace) return;
    const now = stage();
    root.dataset.family = now.family;
    root.dataset.hide = view.hide.join(" ");
    strip.show(trace, view);
    titles();
    multiples();
    figure.show(trace, view, plane);
    wanted();
    draw();
  }

  function titles() {
    const now = stage();
    const before = view.stage > 0 ? /** @type {Trace} */ (trace).stages[now.index - 1] : null;
    part(root, "figure").classList.toggle("alone", before === null);
    part(root, "figure").classList.toggle("several", now.op === "conv" && (now.input_shape?.[0] ?? 1) > 1);
    if (before) {
      say(part(root, "input-title"), stageTitle(/** @type {Trace} */ (trace), before.index));
      say(part(root, "input-shape"), `${before.shape[1]} × ${before.shape[2]}`);
    }
    say(part(root, "output-title"), stageTitle(/** @type {Trace} */ (trace), now.index));
    part(root, "output-title").className = { pooling: "is-pooling", input: "is-input" }[/** @type {string} */ (now.family)] ?? "is-output";
    say(part(root, "output-shape"), `${now.shape[1]} × ${now.shape[2]}`);
    const formula = optionalPart(root, "formula");
    if (formula) fill(formula, ...sizeLines(/** @type {Trace} */ (trace), now.index));
    const notes = optionalPart(root, "notes");
    if (notes) fill(notes, ...now.notes.map((note) => /** @type {["p", string]} */ (["p", note])));
    figure.hosts.output.setAttribute("aria-label", PAGE.mapSummary(now, view.map));
    if (before) figure.hosts.input.setAttribute("aria-label", PAGE.mapSummary(before, 0));
  }

  function multiples() {
    const shown = /** @type {Trace} */ (trace);
    const now = stage();
    const at = frameAt(shown, view);
    const cells = now.shape[1] * now.shape[2];
    showMultiples(part(root, "output-multiples"), {
      trace: shown, stage: now, view, chosen: at.map, name: (map) => PAGE.map(now, map),
      labels: (map) => (now.output ? shortNumber(now.output[map * cells + at.row * now.shape[2] + at.col]) : String(map)),
    }, (map) => set({ map }));
    const host = part(root, "input-multiples");
    const before = now.index > 0 ? shown.stages[now.index - 1] : null;
    host.hidden = !before;
    if (!before) return;
    const chosen = plane ?? (composite(before, view) ? null : inputChannel(now, view.map, before));
    showMultiples(host, { trace: shown, stage: before, view, chosen, labels: (map) => PAGE.plane(before, map), name: (map) => PAGE.map(before, map) }, (map) => {
      plane = plane === map ? null : map;
      repaint();
    });
  }

  /** Asks for the numbers of stages that came as previews. */
  function wanted() {
    const { stages } = /** @type {Trace} */ (trace);
    const now = stage();
    const missing = [now.index - 1, now.index].filter((index) => index >= 0 && stages[index].output === null);
    if (missing.length) onWanted([Math.max(0, now.index - 1), now.index]);
  }

  /** The step: marks, arithmetic, transport. Cheap enough for every picture on the screen. */
  function draw() {
    if (!trace) return;
    const rest = frameAt(trace, view);
    const now = stage();
    const pointed = hover && pointedAt(hover, now);
    const frame = pointed?.frame ?? rest;
    const position = positionOf(now, rest.row, rest.col);
    const { count } = positionsOf(now);
    const ahead = now.index > 0 && position + 1 < count ? position + 1 : null;
    figure.mark(frame, {
      readers: pointed?.readers ?? null,
      weight: weight && now.rows ? inputsOfWeight(now, weight[0], weight[1]) : null,
      ahead,
      unknown: !pointed && now.index > 0 && rest.beat !== "write",
    });
    arithmetic.show(trace, view, frame, lookedAt(now));
    arithmetic.light(weight, frame.columns.length);
    show();
    showPanel(frame);
    const says = optionalPart(root, "says");
    const skips = playing?.plan.skips ?? 1;
    if (says) say(says, pointed?.says ?? (skips > 1 ? PAGE.skips(skips) : view.pin ? PAGE.pinned : touched ? "" : PAGE.tip));
  }

  /** The channel that the input map shows, counted within its filter's own channels. @param {Stage} now */
  function lookedAt(now) {
    if (plane === null || !now.weight) return 0;
    const depth = (now.input_shape?.[0] ?? 1) / (now.groups ?? 1);
    return plane % depth;
  }

  /** What the pointer asks about: the step of an output cell, or the readers of an input cell. @param {NonNullable<typeof hover>} at @param {Stage} now */
  function pointedAt(at, now) {
    const shown = /** @type {Trace} */ (trace);
    const beat = lastBeat();
    if (at.map === "output") return { frame: frameAt(shown, { ...view, at: [at.row, at.col], beat }), readers: null, says: null };
    const readers = readersOf(shown, now.index, [at.row, at.col]);
    const [rows, columns] = [readers.rows, readers.columns];
    if (!rows.length || !columns.length) return { frame: frameAt(shown, view), readers: null, says: PAGE.unread(at.row, at.col) };
    const middle = /** @type {Cell} */ ([rows[rows.length >> 1], columns[columns.length >> 1]]);
    return { frame: frameAt(shown, { ...view, at: middle, beat }), readers, says: PAGE.readBy(at.row, at.col, rows.length * columns.length) };
  }

  function show() {
    if (!trace) return;
    const { position } = moment();
    transport.show({ view, position, total: positionsOf(stage()).count, playing: playing !== null });
  }

  /** @param {Frame} frame */
  function showPanel(frame) {
    if (!panel) return;
    for (const tab of root.querySelectorAll("[data-tab]")) {
      const open = tab.getAttribute("data-tab") === view.tab;
      tab.setAttribute("aria-expanded", String(open));
      tab.setAttribute("aria-pressed", String(open));
    }
    panel.hidden = view.tab === "";
    if (view.tab) fill(panel, viewOf(view.tab, /** @type {Trace} */ (trace), frame));
  }

  /** @param {boolean} whilePlaying */
  function say_(whilePlaying) {
    if (!live || !trace) return;
    const now = performance.now();
    if (whilePlaying && now - spokenAt < SPEAK_EVERY) return;
    spokenAt = now;
    live.textContent = spoken(trace, frameAt(trace, view));
  }

  /** @param {Deed} deed @returns {void} */
  function act(deed) {
    if (!trace) return;
    const now = moment();
    /** @type {Partial<Record<Deed, () => player.Moment>>} */
    const moves = {
      next: () => player.nextPosition(walk(), now),
      previous: () => player.previousPosition(walk(), now),
      down: () => player.nextRow(walk(), now),
      up: () => player.previousRow(walk(), now),
      "next-beat": () => player.nextBeat(walk(), now),
      "previous-beat": () => player.previousBeat(walk(), now),
      first: () => player.first(walk()),
      last: () => player.last(walk()),
    };
    if (deed === "beat") return playing ? toggle() : act("next-beat");
    if (deed === "play") return toggle();
    if (deed === "help") return onHelp();
    if (deed === "release") return set({ pin: null });
    const move = moves[deed];
    if (move) {
      stop();
      return step(move());
    }
    if (deed === "stage-on" || deed === "stage-back") return turn(deed === "stage-on" ? 1 : -1);
    const at = TEMPOS.indexOf(view.tempo) + (deed === "faster" ? 1 : -1);
    if (TEMPOS[at]) set({ tempo: TEMPOS[at] });
  }

  /** @param {number} by */
  function turn(by) {
    const to = view.stage + by;
    if (to >= 0 && to < /** @type {Trace} */ (trace).stages.length) set({ stage: to, map: 0, at: null });
  }

  /** @param {"input" | "output"} map @param {{row: number, col: number} | null} place */
  function inside(map, place) {
    if (!place || !trace) return null;
    const now = stage();
    const of = map === "output" || now.index === 0 ? now : trace.stages[now.index - 1];
    const within = place.row >= 0 && place.col >= 0 && place.row < of.shape[1] && place.col < of.shape[2];
    return within ? place : null;
  }

  /** Brings the window to a place. @param {"input" | "output"} map @param {{row: number, col: number}} place */
  function bring(map, place) {
    const asked = pointedAt({ map, ...place }, stage());
    stop();
    step({ position: positionOf(stage(), asked.frame.row, asked.frame.col), beat: lastBeat() }, true, [asked.frame.row, asked.frame.col]);
    multiples();
  }

  listenPointer(figure.hosts, {
    cellAt: (map, x, y) => figure.cellAt(map, x, y),
    onHover(map, place) {
      if (playing || view.pin) return;
      const found = inside(map, place);
      const next = found && { map, ...found };
      if (JSON.stringify(next) === JSON.stringify(hover)) return;
      hover = next;
      draw();
    },
    onPick(map, place) {
      const found = inside(map, place);
      hover = null;
      if (found) bring(map, found);
      else set({ pin: null });
    },
    onDrag(map, place, x, y) {
      const found = inside(map, place);
      if (found) {
        bring(map, found);
        const now = stage();
        loupe.show(map === "output" || now.index === 0 ? now : /** @type {Trace} */ (trace).stages[now.index - 1], view, found, x, y, /** @type {Trace} */ (trace));
      }
      if (!place) loupe.hide();
    },
  });

  // On the document: right after a page is opened no element of it has the focus.
  document.addEventListener("keydown", (event) => {
    const deed = deedOf(event, singles);
    if (!deed || event.defaultPrevented || takesKey(event.target, event.key) || document.querySelector("dialog[open]")) return;
    event.preventDefault();
    act(deed);
  });
  for (const tab of root.querySelectorAll("[data-tab]")) {
    tab.addEventListener("click", () => set({ tab: view.tab === tab.getAttribute("data-tab") ? "" : (tab.getAttribute("data-tab") ?? "") }));
  }

  const resized = new ResizeObserver(() => repaint());
  for (const name of ["figure", "sums"]) resized.observe(part(root, name));
  watchRatio(() => repaint());

  return {
    /** @param {Trace} next */
    show(next) {
      trace = next;
      const last = next.stages.length - 1;
      if (view.stage > last) view = { ...view, stage: last, map: 0, at: null };
      const now = next.stages[view.stage];
      if (view.map >= now.shape[0]) view = { ...view, map: 0 };
      if (view.at) view = { ...view, at: [Math.min(view.at[0], now.shape[1] - 1), Math.min(view.at[1], now.shape[2] - 1)] };
      if (plane !== null && now.index > 0 && plane >= next.stages[now.index - 1].shape[0]) plane = null;
      if (playing) start();
      arithmetic.refit();
      repaint();
    },
    set,
    stop,
    play: start,
    repaint,
    /** The stage's input in the place of its output, while a button is held. @param {boolean} on */
    compare(on) {
      stop();
      figure.compare(on);
      if (!on) draw();
    },
    view: () => view,
    /** @param {boolean} on whether single characters are keys */
    useSingleKeys(on) {
      singles = on;
    },
  };
}

/** Calls back when the page moves to a screen with another pixel ratio, or is zoomed. @param {() => void} changed */
function watchRatio(changed) {
  const query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  query.addEventListener("change", () => {
    changed();
    watchRatio(changed);
  }, { once: true });
}
