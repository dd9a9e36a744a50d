/**
 * The viewer: connects a Trace and a View to the maps, the arithmetic, the buttons, the keys and the pointer.
 *
 * It uses neither the server nor the address bar. A shell passes traces in and receives views and edits by callbacks.
 */

import { openingTab } from "convoscope/pure/frame/answer.js";
import { focusOf, frameAt, inputsOfWeight, positionOf, positionsOf } from "convoscope/pure/frame/frame.js";
import { hasCapability } from "convoscope/pure/frame/stage.js";
import { BEAT_SECONDS } from "convoscope/pure/frame/timeline.js";
import {
  addSalientMap,
  cellInMap,
  channelInFocus,
  explainPointer,
  firstUnwrittenPosition,
  fitView,
  inputStageOf,
  lastBeatOf,
  leaveStory,
  missingStages,
  noteOf,
  pathOf,
  stageOf,
  stepAfterAction,
  stepOf,
  stepsBetween,
  stopPositions,
  takesPage,
  takesStage,
  viewAtStep,
  viewOnArrival,
} from "convoscope/pure/frame/view-model.js";
import { countWritten } from "convoscope/pure/frame/written.js";
import { actionOf, takesKey, VIEW_KEYS } from "convoscope/pure/keys.js";
import { parseChange, parseFraction } from "convoscope/pure/link/view.js";
import { inputChannel, isColorPicture } from "convoscope/pure/maps/map-choice.js";
import { CAPTION, PAGE } from "convoscope/pure/strings/strings.js";
import { shortValue } from "convoscope/pure/text/percent.js";
import { createArithmetic } from "convoscope/ui/arithmetic/arithmetic.js";
import { findPart, getPart, isFocusByPointer, isTouched, setText } from "convoscope/ui/dom.js";
import { createFigure } from "convoscope/ui/figure/figure.js";
import { showMultiples } from "convoscope/ui/figure/small-multiples.js";
import { listenPointer } from "convoscope/ui/pointer.js";
import { createTransport, TEMPOS } from "convoscope/ui/transport.js";
import { createAnnouncer, createTabPanel, showStageText } from "convoscope/ui/viewer/figure-text.js";
import { keepFromControl, watchFocusOrigin } from "convoscope/ui/viewer/focus-origin.js";
import { lockParts } from "convoscope/ui/viewer/lock-parts.js";
import { createComparison } from "convoscope/ui/viewer/open-comparison.js";
import { createLoupeOpener } from "convoscope/ui/viewer/open-loupe.js";
import { createMotionOpener } from "convoscope/ui/viewer/open-motion.js";
import { createPresenter } from "convoscope/ui/viewer/open-present.js";
import { createStoryOpener } from "convoscope/ui/viewer/open-story.js";
import { createStripOpener } from "convoscope/ui/viewer/open-strip.js";
import { createPlayback } from "convoscope/ui/viewer/playback.js";

/** @import {Cell, Frame, Trace, View, ViewerTables} from "convoscope/pure/types.js" */
/** @import {Action} from "convoscope/pure/keys.js" */
/** @import {Weight} from "convoscope/ui/arithmetic/filter-pointer.js" */
/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @typedef {import("convoscope/ui/viewer/view/word-labels.js").WordLabels} WordLabels */
/** @import {PathStep} from "convoscope/pure/frame/timeline.js" */
/** @import {MapName, MapCell} from "convoscope/pure/frame/view-model.js" */

/**
 * @typedef {object} ViewerEvents
 * @property {(view: View) => void} onView the view changed, and nothing is moving
 * @property {(edit: Edit, view?: Partial<View>) => void} onEdit the user edited the scene; `view` is shown with it
 * @property {(stages: number[]) => void} onNumbersNeeded only previews of these stages are loaded;
 * their numbers are needed
 * @property {(item: number, view: Partial<View>, link: string) => void} [onItem] another picture of the stack is wanted,
 * with this View; `link` is its own
 * @property {() => void} onHelp
 * @property {(frame: Frame) => void} [onStep] another step is shown: by hand, by playing, or because the
 * figure changed
 * @property {() => void} [onEnd] playing reached its end; in a loop, each time
 * @property {(query: string) => string} [dataAddress] address of /api/trace with a query; left out, there is no server
 * @property {(path: string) => Promise<Blob>} [getFile] a file of the server; rejects with a sentence
 * @property {() => string} [address] public address of the figure, for a QR code; left out, none
 * @property {(event: KeyboardEvent) => boolean} [acceptsKey] whether the figure may use a key; left out, every
 * key that it knows
 * @property {() => number} [getPixelRatio] canvas pixels per CSS pixel; left out, those of the screen
 */

/**
 * What edits a figure where it is shown: it hears of each step that is drawn, and says how to edit the weight pointed at,
 * or else the picture.
 * @typedef {{handleStep: () => void, hint: (isWeight: boolean) => string}} InPlace
 */

/** The keys of a View without an open view. */
const CLOSED = { tab: "", big: false, press: null };
/** Where the explanation of a view that is opened begins: a picture is covered by hand first. @param {string} tab */
const firstPress = (tab) => (tab === "occlusion" ? 0 : null);
/** Words of more characters are shown in smaller letters. */
const LONG_WORDS = 80;

/** @param {HTMLElement} root @param {View} view @param {ViewerTables} tables @param {ViewerEvents} events */
export function createViewer(root, view, tables, events) {
  return new Viewer(root, view, tables, events);
}

class Viewer {
  /** @type {View} */ #view;
  /** @type {Trace | null} */ #trace = null;
  /** The cell under the pointer, whose step is shown. @type {MapCell | null} */ #hover = null;
  /** The cell under the pointer or the finger. @type {(MapCell & {isTouch?: boolean}) | null} */ #pointed = null;
  /** The weight under the pointer, or the one that is held. @type {Weight | null} */ #hoveredWeight = null;
  /** The weight that is being edited. @type {Weight | null} */ #heldWeight = null;
  /** Edits the figure where it is shown. @type {InPlace | null} */ #inPlace = null;
  /** The input channel that the user chose. @type {number | null} */ #chosenChannel = null;
  /** The step that is drawn, which may be one that the pointer shows. */
  #stepDrawn = "";
  /** The sizes that the step was drawn at: the size of the figure, and those of the arithmetic. */
  #sizes = { figure: "", step: "", sums: /** @type {string[]} */ ([]) };
  /** The step computed last. @type {{trace: Trace, step: string, frame: Frame} | null} */ #explained = null;
  /** @type {typeof import("convoscope/pure/frame/laws/layer-laws.js") | null} */ #laws = null;
  /** Words beside the rows of the maps. @type {WordLabels | null} */
  #words = null;
  #singleKeys = true;
  /** @type {ReturnType<typeof import("convoscope/ui/viewer/view/stack-row.js").createPictureStack> | undefined} */
  stack;
  /** How far the thumbnails are. */
  #progress = "";
  /** The last step that was reported to the shell. @type {[Trace | null, string]} */
  #lastReported = [null, ""];
  /** Whether the figure was used: until then one line gives a hint. */
  #wasUsed = location.search !== "";
  /** Whether the page plays by itself. */
  #isOpening = false;

  /** @param {HTMLElement} root @param {View} view @param {ViewerTables} tables @param {ViewerEvents} events */
  constructor(root, view, tables, events) {
    this.root = root;
    this.events = events;
    this.#view = { ...view, tab: view.tab || (view.letters ? "equation" : "") };
    this.figure = createFigure(root, events.getPixelRatio);
    /** Names of the parts that `lock` makes inert: no pointer, no focus, no screen reader. @type {string[]} */
    this.lockableParts = tables.view.find(({ name }) => name === "lock")?.choices ?? [];
    this.motion = createMotionOpener(root, this.figure);
    this.loupe = createLoupeOpener(root);
    this.comparison = createComparison(root, this.figure, () => this.repaint());
    this.announcer = createAnnouncer(root);
    this.panel = createTabPanel(root, {
      figure: this.figure,
      onView: (change) => this.set(change),
      onWeight: (weight) => this.#highlightWeight(weight, false),
      onGo: (place) => this.#goToCell(place),
      onSet: (keys) => this.set(parseChange(keys, tables.view)),
      onEdit: events.onEdit,
      dataAddress: events.dataAddress,
      getFile: events.getFile,
    });
    this.playback = createPlayback({
      onStep: (step) => this.#showPlayedStep(step),
      onDone: () => this.#finishPlan(),
      onStopped: () => this.#handleStopped(),
    });
    this.arithmetic = createArithmetic(root, {
      onWeight: (cell, byKey) => this.#highlightWeight(cell, byKey),
      onBeat: (beat) => this.#goToBeat(beat),
      onChannel: (channel) => this.#toggleChannel(channel),
    });
    this.transport = createTransport(root, {
      onPlay: () => this.toggle(),
      onStep: (name) => this.act(name),
      onScrub: (place) => this.seek(this.#path.stops?.[place] ?? place),
      onView: (change) => this.set(change),
      onPresent: () => this.act("present"),
    });
    this.presenter = createPresenter(root, {
      onLeave: () => this.set({ present: false }),
      onStage: (stage) => this.#goToStage(stage),
      onChange: () => this.#refit(),
      address: events.address,
    });
    this.story = createStoryOpener(() => this.#view.story !== null && this.set({ story: this.#view.story }));
    this.strip = createStripOpener(root, tables, { onStage: (stage) => this.#goToStage(stage), onEdit: events.onEdit });
    this.#listen();
  }

  #listen() {
    listenPointer(this.figure.hosts, {
      cellAt: (map, x, y) => this.figure.cellAt(map, x, y),
      onHover: (map, place) => this.#handleHover(map, place),
      onPick: (map, place) => this.#handlePick(map, place),
      onDrag: (map, place, isTouch) => this.#handleDrag(map, place, isTouch),
    });
    for (const host of Object.values(this.figure.hosts))
      for (const change of ["focus", "blur"]) host.addEventListener(change, () => this.#trace && this.#drawStep());
    // On the document: right after a page opens, no element has the focus.
    watchFocusOrigin();
    document.addEventListener("keydown", (event) => this.#handleKey(event));
    for (const tab of /** @type {NodeListOf<HTMLElement>} */ (this.root.querySelectorAll("[data-tab]"))) {
      const name = tab.dataset.tab ?? "";
      tab.addEventListener("click", () =>
        this.set(this.#view.tab === name ? CLOSED : { ...CLOSED, tab: name, press: firstPress(name) }),
      );
    }
    const resized = new ResizeObserver(() => this.#followSize());
    for (const name of ["figure", "sums"]) resized.observe(getPart(this.root, name));
    watchPixelRatio(() => this.#refit());
    matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => this.repaint());
  }

  // --- for shells ---------------------------------------------------------------------------------------------

  /**
   * Shows another trace, with changes of the view. The view becomes the nearest one that the trace has.
   * @param {Trace} trace @param {Partial<View>} [change]
   * @param {boolean} [isLive] whether a gesture goes on: where numbers alone are edited, everything keeps its place
   */
  show(trace, change = {}, isLive = false) {
    change = leaveStory(change);
    const isOtherMap = "stage" in change || "map" in change;
    if (isOtherMap) this.playback.stop();
    if ("stage" in change) this.#chosenChannel = null;
    const before = this.#trace && placesIn(this.#stage);
    const isLink = !this.#trace || "tab" in change; // else a change of what is shown, which opens no view
    const showsWinner = this.#trace !== null && this.#stage.salient_map === this.#view.map;
    this.#trace = trace;
    const winner = showsWinner ? trace.stages[this.#view.stage]?.salient_map : undefined;
    const wanted = { ...(winner === undefined ? {} : { map: winner }), ...addSalientMap(change, trace) };
    const linked = { ...this.#view, ...(isOtherMap ? { pin: null } : {}), ...wanted };
    this.#view = fitView(isLink ? { ...linked, tab: openingTab(trace, linked) } : linked, trace);
    const input = inputStageOf(trace, this.#stage, this.#view.map);
    if (this.#chosenChannel !== null && input && this.#chosenChannel >= input.shape[0]) this.#chosenChannel = null;
    this.#view = this.#placeInStory(this.#view);
    if (this.playback.isPlaying()) this.play();
    this.arithmetic.invalidateLayout();
    this.#explained = null;
    this.#laws?.attachLaws(trace);
    if (!this.#laws && trace.stages.some((stage) => hasCapability(stage, "own_law")))
      this.loadLaws().then(() => this.#laws && trace === this.#trace && this.show(trace));
    this.repaint(isLive && !isOtherMap && before === placesIn(this.#stage));
  }

  /** Loads the steps of layers with laws of their own. A shell whose figure has one waits for it before it shows it. */
  async loadLaws() {
    this.#laws ??= await import("convoscope/pure/frame/laws/layer-laws.js").catch(() => null);
  }

  /** Loads and shows the words beside the rows. */
  async #loadWords() {
    const code = await import("convoscope/ui/viewer/view/word-labels.js").catch(() => null);
    if (!(await code?.load()) || this.#words) return;
    this.#words = code?.createRowWords(this.root, this.figure.hosts) ?? null;
    this.repaint();
  }

  /** Loads the code of stories. A shell whose link names a press waits for it before it shows the figure. */
  loadStory() {
    return this.story.load();
  }

  /** The View at the press that it names, as soon as the code of stories is here. @param {View} view @returns {View} */
  #placeInStory(view) {
    const story = this.story.get();
    if (!this.#trace || view.story === null || view.isBetween) return view;
    if (!story) this.story.load();
    if (!story) return view;
    return { ...view, ...story.placeOfPress(this.#trace, view.stage, view.story) };
  }

  /** Changes the view. @param {Partial<View>} change */
  set(change) {
    change = leaveStory(change);
    this.#isOpening = false;
    const isOtherMap = "stage" in change || "map" in change;
    const isOtherFigure = takesPage({ ...this.#view, ...change }) !== takesPage(this.#view);
    if (isOtherMap || isOtherFigure) this.playback.stop();
    if ("stage" in change) this.#chosenChannel = null;
    this.#wasUsed = true;
    const note = this.#note();
    this.#view = { ...this.#view, ...(isOtherMap ? { pin: null } : {}), ...change };
    if (this.#trace && isOtherMap) this.#view = fitView(this.#view, this.#trace);
    this.#view = this.#placeInStory(this.#view);
    if (this.playback.isPlaying() && ("tempo" in change || "mode" in change)) this.play();
    this.repaint();
    if (this.#note() !== note) this.announcer.say(this.#note());
    if (!this.playback.isPlaying()) this.events.onView(this.#view);
  }

  view() {
    return this.#view;
  }

  play() {
    if (!this.#trace || this.#view.predict) return;
    this.#wasUsed = true;
    if (this.#startPlan()) return;
    const code = takesPage(this.#view) ? this.panel : this.story;
    code.load().then((isHere) => isHere && this.#startPlan());
  }

  /** Plays the plan from here. @returns {boolean} whether its code is here */
  #startPlan() {
    const plan = this.#createPlan();
    if (!plan) return false;
    this.playback.start(plan);
    this.#showTransport();
    return true;
  }

  /** Plays the beats of the position that is shown, for who opens the page; what it leads to is not reported. */
  playOpening() {
    if (!this.#trace || this.playback.isPlaying() || this.#wasUsed) return;
    this.#isOpening = true;
    const { row, col } = this.#explain();
    this.playFrom([row, col], "step");
  }

  /**
   * Plays the beats of a place, or in another mode all that follows it.
   * @param {Cell} at @param {string} mode
   */
  async playFrom([row, col], mode) {
    const story = (await this.story.load()) && this.story.get();
    if (!story || !this.#trace) return;
    const { positions, beats } = this.#path;
    const from = { position: positionOf(this.#stage, row, col), beat: beats[0] };
    this.#showPlayedStep(from);
    const plan = story.plan({ positions, beats, from, mode, tempo: 1 });
    this.playback.start(plan);
    this.#showTransport();
    return plan.duration;
  }

  stop() {
    this.playback.stop();
  }

  isPlaying() {
    return this.playback.isPlaying();
  }

  /** Suspends playing while nobody sees the figure. @param {boolean} on */
  suspend(on) {
    this.playback.suspend(on);
  }

  toggle() {
    if (this.playback.isPlaying()) this.stop();
    else this.play();
  }

  /** Lays the input of the stage over its output, or takes it away. @returns {boolean} whether it lies there now */
  toggleComparison() {
    return this.comparison.toggle(this.#view);
  }

  /** @param {InPlace} inPlace edits the figure from now on */
  editWith(inPlace) {
    this.#inPlace = inPlace;
  }

  /**
   * Keeps a weight lit, whatever is pointed at; null ends that.
   * @param {Weight | null} weight @param {Weight | null} [lit] the one that is lit until something is pointed at
   */
  holdWeight(weight, lit = weight) {
    this.#heldWeight = weight;
    this.#highlightWeight(lit, false);
  }

  /** The input channel that the user chose, to be shown alone. */
  chosenChannel() {
    return this.#chosenChannel;
  }

  /** @param {boolean} on whether single characters are shortcuts */
  useSingleKeys(on) {
    this.#singleKeys = on;
  }

  /**
   * Goes to a step of the current stage, or to the nearest one that it has.
   * @param {number | Cell} place a position counted from 0 in reading order, or [row, column] of the output
   * @param {string} [beat] left out, the last beat
   */
  seek(place, beat) {
    if (!this.#trace) return;
    const [, rows, columns] = this.#stage.shape;
    const [row, col] = typeof place === "number" ? [Math.floor(place / columns), place % columns] : place;
    const clamp = (/** @type {number} */ index, /** @type {number} */ count) => Math.min(Math.max(index, 0), count - 1);
    this.#stepTo({
      position: positionOf(this.#stage, clamp(row, rows), clamp(col, columns)),
      beat: beat ?? lastBeatOf(this.#stage),
    });
  }

  /**
   * Performs the action of a key or a button.
   * @param {Action} action @returns {boolean} whether it was possible: false for a step beyond the end
   */
  act(action) {
    if (!this.#trace || (this.#view.predict && action !== "present" && action !== "help")) return false;
    if (action === "play" || (action === "beat" && this.playback.isPlaying())) this.toggle();
    else if (action === "help") this.events.onHelp();
    else if (action === "present") this.set({ present: !this.#view.present });
    else if (action === "release") (this.#view.pin === null && this.panel.leadBack()) || this.set({ pin: null });
    else if (action === "next-stage" || action === "previous-stage")
      return this.#changeStage(action === "next-stage" ? 1 : -1);
    else if ((action === "next-stop" || action === "previous-stop") && !this.#view.stops.length)
      return this.#tell(action === "next-stop" ? 1 : -1);
    else if (this.#pressViewKey(action)) return true;
    else if (action === "faster" || action === "slower") return this.#changeTempo(action === "faster" ? 1 : -1);
    else return this.#stepBy(action);
    return true;
  }

  /**
   * Draws everything at another size. The maps take the height that the arithmetic leaves, and it the width of the maps:
   * where each size would lead to the other one, the second stays.
   */
  #followSize() {
    const [figure, sums] = ["figure", "sums"].map((name) => {
      const { offsetWidth, offsetHeight } = getPart(this.root, name);
      return `${offsetWidth}×${offsetHeight}`;
    });
    const step = this.#stepDrawn;
    const before = this.#sizes.figure === figure && this.#sizes.step === step ? this.#sizes.sums : [];
    if (before.includes(sums)) return;
    const repaint = () => this.repaint();
    (this.motion.loaded?.redraw ?? repaint)(repaint);
    this.#sizes = { figure, step, sums: [...before, sums] };
  }

  /**
   * Draws everything: after a new trace, another stage, other colors, another size.
   * @param {boolean} [isAlike] whether only the numbers are others than before
   */
  repaint(isAlike) {
    if (!this.#trace) return;
    const [trace, view] = [this.#trace, this.#view];
    this.#sizes.sums = [];
    this.motion.loaded?.end();
    this.root.dataset.family = this.#stage.family;
    this.root.dataset.hide = view.hide.join(" ");
    this.root.toggleAttribute("data-big", takesStage(view));
    this.root.toggleAttribute("data-whole", takesPage(view));
    this.presenter.show(trace, view);
    lockParts(this.root, this.lockableParts, view.lock);
    this.strip.show(trace, view);
    showStageText(this.root, trace, view);
    if (trace.batch || view.shapes || this.stack) this.#showStack();
    this.#showMultiples();
    this.#progress = this.#measureProgress();
    const channel = channelInFocus(this.#stage, this.#chosenChannel);
    this.arithmetic.show(trace, view, this.#explain(), channel); // the maps take the width that it leaves
    this.#words?.measure(trace, view);
    this.figure.show(trace, view, this.#chosenChannel, isAlike);
    if (trace.stages[0].words && !this.#words) this.#loadWords();
    const wanted = missingStages(trace, view);
    if (wanted.length) this.events.onNumbersNeeded(wanted);
    this.#drawStep();
  }

  /**
   * Shows the stack of pictures, and shapes in the order that the link asks for. A click on the row that the server has
   * drawn, before its code is here, is done once it is.
   */
  async #showStack() {
    const row = this.stack ? null : findPart(this.root, "stack");
    let early = -1;
    const keep = (/** @type {Event} */ event) => {
      event.stopImmediatePropagation(); // another repaint may be waiting for the code, too
      early = [...(row?.querySelectorAll("button") ?? [])].findIndex((one) =>
        one.contains(/** @type {Node} */ (event.target)),
      );
    };
    row?.addEventListener("click", keep);
    const { createPictureStack } = await import("convoscope/ui/viewer/view/stack-row.js");
    row?.removeEventListener("click", keep);
    this.stack ??= createPictureStack(this.root, this.events, () => [this.#explain(), this.#singleKeys]);
    if (this.#trace) this.stack.show(this.#trace, this.#view);
    row?.querySelectorAll("button")[early]?.click();
  }

  /** Draws everything at another size or pixel ratio. */
  #refit() {
    this.arithmetic.invalidateLayout();
    this.repaint();
  }

  // --- steps --------------------------------------------------------------------------------------------------

  get #stage() {
    return stageOf(/** @type {Trace} */ (this.#trace), this.#view);
  }

  get #path() {
    return pathOf(this.#stage, this.#view);
  }

  /** The plan of playing from here; null until its code is here. */
  #createPlan() {
    const [trace, { mode, tempo, loop }] = [/** @type {Trace} */ (this.#trace), this.#view];
    if (!trace) return null;
    if (takesPage(this.#view)) return this.panel.planPresses(trace, this.#view, this.#explain(), parseFraction(tempo));
    const story = this.story.get();
    if (!story) return null;
    if (this.#isTold()) return story.planStory(trace, this.#view, parseFraction(tempo));
    const from = stepOf(trace, this.#view);
    return story.plan({ ...this.#path, from, mode, tempo: parseFraction(tempo), loop });
  }

  /** Whether playing tells the story of the stage. */
  #isTold() {
    const { mode, stops } = this.#view;
    return mode === "story" && !stops.length && !takesPage(this.#view) && this.#stage.index > 0;
  }

  /**
   * One press of a clicker, in the story of the chain.
   * @param {1 | -1} by @returns {boolean} whether there is another press
   */
  #tell(by) {
    if (this.panel.isLoading()) {
      this.panel.load().then(() => this.#tell(by)); // the press may be one of the view
      return true;
    }
    if (this.panel.press(by)) return true;
    if (takesPage(this.#view)) return false; // the stage that would be told is hidden
    const [trace, story] = [/** @type {Trace} */ (this.#trace), this.story.get()];
    if (!story) {
      this.story.load().then((isHere) => isHere && this.#tell(by));
      return true;
    }
    const place = story.placeAfterPress(trace, this.#view, by);
    if (!place) return false;
    this.playback.stop();
    this.#wasUsed = true;
    this.#goToPress(place);
    this.events.onView(this.#view);
    return true;
  }

  /**
   * Shows a place of the story, says it, and lets the figure move there.
   * @param {Partial<View> & {stage: number, map: number, isBetween?: boolean}} place
   * @param {number} [seconds] how long it is shown while playing
   */
  #goToPress(place, seconds) {
    const [trace, before] = [/** @type {Trace} */ (this.#trace), this.#view];
    const isOtherStage = place.stage !== before.stage;
    const arrive = isOtherStage
      ? this.motion.loaded?.leave(stepsBetween(trace, before.stage, place.stage), this.#allowance(seconds))
      : null;
    if (isOtherStage) this.#chosenChannel = null;
    this.#view = { ...before, ...place };
    if (isOtherStage || place.map !== before.map) this.repaint();
    else {
      this.#letMove(seconds);
      this.#drawStep();
    }
    arrive?.();
    if (!place.isBetween) this.announcer.say(this.story.get()?.writeStoryLine(trace, this.#view) ?? "");
  }

  /** @param {Action} action @returns {boolean} whether the step changed */
  #stepBy(action) {
    const now = stepOf(/** @type {Trace} */ (this.#trace), this.#view);
    const to = stepAfterAction(action, this.#path, now);
    if (!to) return false;
    if (action !== "first" && action !== "last") this.#letMove();
    this.#stepTo(to);
    return to.position !== now.position || to.beat !== now.beat;
  }

  /**
   * Goes to a step by hand.
   * @param {PathStep} to @param {Cell | null} [pin] the cell that the pointer does not change
   */
  #stepTo(to, pin = null) {
    if (!this.#trace) return;
    this.playback.stop();
    this.#wasUsed = true;
    this.#goToStep(to, pin, false);
    this.events.onView(this.#view);
  }

  /** Shows a step while playing. @param {PathStep} to */
  #showPlayedStep(to) {
    if (!this.#trace) return;
    if (to.viewPress !== undefined) {
      this.#view = { ...this.#view, press: to.viewPress };
      return this.#drawStep();
    }
    if (to.press) return this.#showPlayedPress(to);
    const now = stepOf(this.#trace, this.#view);
    if (now.position === to.position && now.beat === to.beat) return;
    this.#letMove(this.playback.beatSeconds());
    this.#goToStep(to, null, true);
  }

  /** Shows a step, and says it with the author's words once. @param {PathStep} to @param {Cell | null} pin @param {boolean} isPlayed */
  #goToStep(to, pin, isPlayed) {
    const [before, { map }] = [this.#note(), this.#view];
    this.#view = viewAtStep(this.#view, this.#stage, to, pin);
    if (this.#view.map === map) this.#drawStep();
    else this.repaint();
    const note = this.#note();
    this.announcer.announce(/** @type {Trace} */ (this.#trace), this.#explain(), isPlayed, note === before ? "" : note);
  }

  /** The author's words at the place that is shown; "" where there are none, and in a story. */
  #note() {
    return this.#trace && this.#view.story === null ? noteOf(this.#trace, this.#view) : "";
  }

  /** Shows a step of a story while playing. @param {PathStep} to */
  #showPlayedPress(to) {
    const [trace, story, before] = [/** @type {Trace} */ (this.#trace), this.story.get(), this.#view];
    if (!story) return;
    const place = story.placeOfStep(trace, before.stage, to);
    const names = /** @type {const} */ (["map", "story", "isBetween", "isWhole", "beat"]);
    if (names.every((name) => place[name] === before[name]) && String(place.at) === String(before.at)) return;
    this.#goToPress(place, this.playback.beatSeconds());
  }

  /**
   * Called when a plan has been played.
   * @returns {import("convoscope/pure/frame/timeline.js").PlaybackPlan | null} the next plan
   */
  #finishPlan() {
    const [trace, story, next] = [/** @type {Trace} */ (this.#trace), this.story.get(), this.#view.stage + 1];
    if (story && this.#isTold() && !this.#view.loop && this.#view.story !== null && next < trace.stages.length) {
      this.#goToPress(story.placeOfPress(trace, next, 1));
      return this.#createPlan();
    }
    this.events.onEnd?.();
    return this.#view.loop ? this.#createPlan() : null;
  }

  /** Called when playing has stopped. */
  #handleStopped() {
    if (this.#view.play) this.#view = { ...this.#view, play: false }; // its link would start it again
    this.#showMultiples();
    this.#drawStep();
    if (!this.#isOpening) this.events.onView(this.#view);
    this.#isOpening = false;
  }

  /** @param {string} beat */
  #goToBeat(beat) {
    if (!this.#trace) return;
    this.#letMove();
    this.#stepTo({ ...stepOf(this.#trace, this.#view), beat }, this.#view.pin);
  }

  /** @param {{stage: number, map: number, at: Cell}} cell */
  #goToCell({ stage, map, at }) {
    const { stage: now, map: shown } = this.#view;
    this.set({ ...(stage === now ? {} : { stage }), ...(stage === now && map === shown ? {} : { map }), at, pin: at });
  }

  /**
   * The key of a view opens it; pressed again it takes the stage, as at once while presenting; then it closes.
   * @param {Action} action @returns {boolean} whether it is the key of a view
   */
  #pressViewKey(action) {
    if (!(/** @type {string[]} */ (Object.values(VIEW_KEYS)).includes(action))) return false;
    const { tab, present, hide, lock } = this.#view;
    if (lock.includes("tabs") || (hide.includes("tabs") && !present)) return true;
    const isOpen = tab === action;
    const grows = isOpen || present;
    this.set(
      isOpen && takesStage(this.#view) ? CLOSED : { tab: action, big: grows, press: grows ? 0 : firstPress(action) },
    );
    return true;
  }

  /** @param {number} stage */
  #goToStage(stage) {
    const trace = this.#trace;
    if (!trace) return;
    const arrive = this.motion.loaded?.leave(stepsBetween(trace, this.#view.stage, stage), this.#allowance());
    this.set(viewOnArrival(trace, stage));
    arrive?.();
  }

  /** @param {number} by stages */
  #changeStage(by) {
    const to = this.#view.stage + by;
    const exists = to >= 0 && to < /** @type {Trace} */ (this.#trace).stages.length;
    if (exists) this.#goToStage(to);
    return exists;
  }

  /** @param {number} by places in the list of tempos */
  #changeTempo(by) {
    const now = parseFraction(this.#view.tempo);
    const candidates = TEMPOS.filter((tempo) => (Number(tempo) - now) * by > 0);
    const tempo = by > 0 ? candidates[0] : candidates[candidates.length - 1];
    if (tempo) this.set({ tempo });
    return Boolean(tempo);
  }

  // --- the pointer and the keys -------------------------------------------------------------------------------

  /** @param {MapName} map @param {{row: number, col: number} | null} place */
  #handleHover(map, place) {
    if (!this.#trace || this.playback.isPlaying()) return;
    const next = cellInMap(this.#trace, this.#view, map, place);
    const [old, now] = [this.#pointed, next];
    if (old === now || (old && now && old.map === now.map && old.row === now.row && old.col === now.col)) return;
    this.#pointed = next;
    if (!this.#view.pin) this.#hover = next;
    this.#drawStep();
  }

  /**
   * A click on a cell moves the window there and pins it; a click beside the cells releases it.
   * @param {MapName} map @param {{row: number, col: number} | null} place
   */
  #handlePick(map, place) {
    if (!this.#trace) return;
    const found = cellInMap(this.#trace, this.#view, map, place);
    if (found) this.#moveWindow(found);
    else this.set({ pin: null });
  }

  /**
   * A finger or the mouse drags the window; null where it is released.
   * @param {MapName} map @param {{row: number, col: number} | null} place @param {boolean} isTouch
   */
  #handleDrag(map, place, isTouch) {
    if (!this.#trace) return;
    const found = cellInMap(this.#trace, this.#view, map, place);
    this.#pointed = found && { ...found, isTouch };
    if (found) this.#moveWindow(found);
    else this.#drawStep();
  }

  /** Moves the window to a cell and pins it. @param {MapCell} place */
  #moveWindow(place) {
    const { row, col } = explainPointer(/** @type {Trace} */ (this.#trace), this.#view, place).frame;
    this.#hover = null;
    this.#stepTo({ position: positionOf(this.#stage, row, col), beat: lastBeatOf(this.#stage) }, [row, col]);
    this.#showMultiples();
  }

  /** @param {Weight | null} weight @param {boolean} byKey whether a screen reader should say it */
  #highlightWeight(weight, byKey) {
    this.#hoveredWeight = this.#heldWeight ?? weight;
    this.#drawStep();
    if (byKey && weight) this.announcer.say(this.#weightText());
  }

  /** Which cells of the input the weight pointed at meets; "" if there is none. */
  #weightText() {
    const stage = this.#hoveredWeight && this.#trace ? this.#stage : null;
    if (!stage?.rows || !this.#hoveredWeight) return "";
    const [row, col, key] = this.#hoveredWeight;
    const { rows, columns } = inputsOfWeight(stage, row, col);
    const text = this.root.querySelector(`[data-key="${key}"]`)?.textContent ?? "";
    const meets = PAGE.weightMeets(text, rows.count * columns.count);
    return isTouched() ? `${meets}.` : PAGE.meetsWhere(meets, rows, columns); // a phone has less room
  }

  /** @param {KeyboardEvent} event */
  #handleKey(event) {
    if (event.key === "Escape" && !event.defaultPrevented && this.loupe.close()) return event.preventDefault();
    const action = actionOf(event, this.#singleKeys, this.#view.present);
    if (
      !action ||
      event.defaultPrevented ||
      takesKey(event.target, event.key, isFocusByPointer()) ||
      document.querySelector("dialog[open]")
    )
      return;
    if (this.events.acceptsKey?.(event) === false) return;
    keepFromControl(event);
    if (!this.presenter.act(action)) this.act(action);
  }

  /** How long a beat may move. @param {number} [seconds] while playing; by hand, those of a beat at this tempo */
  #allowance(seconds) {
    const tempo = parseFraction(this.#view.tempo);
    return { beat: 1000 * (seconds ?? BEAT_SECONDS / tempo), tempo, isPlaying: seconds !== undefined };
  }

  /** Lets the next step move, unless the pointer shows another one. @param {number} [seconds] while playing */
  #letMove(seconds) {
    if (seconds === undefined) this.playback.stop();
    if (!this.#hover) this.motion.loaded?.allow(this.#allowance(seconds));
  }

  // --- drawing ------------------------------------------------------------------------------------------------

  /** The step of the view, computed once however many parts of the page show it. @returns {Frame} */
  #explain() {
    const trace = /** @type {Trace} */ (this.#trace);
    const { stage, map, row, col, beat } = focusOf(trace, this.#view);
    const step = [stage, map, row, col, beat].join();
    if (this.#explained?.trace !== trace || this.#explained.step !== step)
      this.#explained = { trace, step, frame: frameAt(trace, this.#view) };
    return this.#explained.frame;
  }

  /** Draws one step: marks, arithmetic, transport. Fast enough for every animation frame. */
  #drawStep() {
    if (!this.#trace) return;
    const [trace, view, stage] = [this.#trace, this.#view, this.#stage];
    const pointed = this.#hover && explainPointer(trace, view, this.#hover);
    const frame = pointed?.frame ?? this.#explain();
    this.#stepDrawn = [frame.stage, frame.map, frame.row, frame.col, frame.beat].join();
    this.strip.mark(trace, frame);
    this.motion.mark(trace, frame, {
      readers: pointed?.readers ?? null,
      weight:
        this.#hoveredWeight && stage.rows
          ? inputsOfWeight(stage, this.#hoveredWeight[0], this.#hoveredWeight[1])
          : null,
      ahead: firstUnwrittenPosition(trace, view),
      ghost: view.ghost,
      unknown: stage.index > 0 && frame.beat !== "write",
    });
    this.#showProgress();
    this.#showLoupe(frame);
    this.arithmetic.show(trace, view, frame, channelInFocus(stage, this.#chosenChannel));
    this.arithmetic.highlightWeight(this.#hoveredWeight, frame.columns.length);
    this.comparison.show(trace, view, this.#chosenChannel);
    this.#showTransport();
    this.panel.show(trace, view, frame, this.#hoveredWeight && [this.#hoveredWeight[0], this.#hoveredWeight[1]]);
    this.#reportStep(trace);
    this.#inPlace?.handleStep();
    const hintLine = findPart(this.root, "says");
    if (hintLine) {
      const told = view.isBetween ? "" : this.#toldText();
      const said = pointed?.text ?? (this.#weightText() || told || this.#hintText());
      const isStory = told !== "" && said === told;
      const more = pointed || isStory ? "" : this.#inPlace?.hint(this.#hoveredWeight !== null);
      markLength(hintLine, "story", isStory ? [said] : []);
      markLength(getPart(this.root, "explain"), "told", view.story === null ? view.notes : ["", ...view.notes]);
      setText(hintLine, [said, more].join(" ").trim());
    }
    this.#words?.mark(frame);
    this.motion.loaded?.follow();
  }

  /** Shows the lens where a cell is pointed at whose number cannot be read in the map. @param {Frame} frame */
  #showLoupe(frame) {
    const trace = /** @type {Trace} */ (this.#trace);
    const place = this.playback.isPlaying() ? null : (this.#pointed ?? this.#cellWithFocus(frame));
    const target = place && this.figure.loupeTarget(place, frame, firstUnwrittenPosition(trace, this.#view));
    this.loupe.show(target && place ? { ...target, isTouch: "isTouch" in place } : null);
  }

  /** The cell of the step on the map that has the keyboard's focus. @param {Frame} frame @returns {MapCell | null} */
  #cellWithFocus({ row, col, rows, columns }) {
    const { input, output } = this.figure.hosts;
    if (output.matches(":focus-visible")) return { map: "output", row, col };
    if (!input.matches(":focus-visible") || !rows.length) return null;
    return { map: "input", row: rows[rows.length >> 1], col: columns[columns.length >> 1] };
  }

  /** Reports a step to the shell, once; hovering is no step. @param {Trace} trace */
  #reportStep(trace) {
    if (!this.events.onStep) return;
    const frame = this.#explain();
    const { stage, map, row, col, beat, hasNumbers } = frame;
    const [of, step] = this.#lastReported;
    const now = [stage, map, row, col, beat, hasNumbers].join();
    if (of === trace && step === now) return;
    this.#lastReported = [trace, now];
    this.events.onStep(frame);
  }

  /** The line of the story, or the author's words; "" where there are none. */
  #toldText() {
    const trace = /** @type {Trace} */ (this.#trace);
    return this.#note() || (this.story.get()?.writeStoryLine(trace, this.#view) ?? "");
  }

  /** The line below the arithmetic while the pointer is on no cell, and nothing is told. */
  #hintText() {
    if (this.#view.story !== null) return this.#toldText();
    if (this.playback.skips() > 1) return PAGE.everyNthShown(this.playback.skips());
    if (this.#view.pin) return isTouched() ? PAGE.pinnedByTouch : PAGE.pinned;
    return this.#wasUsed ? "" : isTouched() ? PAGE.tipForTouch : PAGE.tip;
  }

  #showTransport() {
    if (!this.#trace) return;
    const { position } = stepOf(this.#trace, this.#view);
    const stops = stopPositions(this.#stage, this.#view);
    this.transport.show({
      view: this.#view,
      position,
      total: positionsOf(this.#stage).count,
      stops,
      press: this.story.get()?.writeStoryCount(this.#trace, this.#view) ?? "",
      playing: this.playback.isPlaying(),
    });
  }

  /** How far the thumbnails are: in cells, while playing in rows. */
  #measureProgress() {
    const trace = /** @type {Trace} */ (this.#trace);
    const [written, { beat }] = [countWritten(trace, this.#view)[this.#stage.index], focusOf(trace, this.#view)];
    return this.playback.isPlaying() ? `row ${Math.floor(written / this.#stage.shape[2])}` : `${written} ${beat}`;
  }

  /** Shows the cells that were written in all thumbnails, too. */
  #showProgress() {
    if (!this.#trace || this.#measureProgress() === this.#progress) return;
    this.#progress = this.#measureProgress();
    this.strip.show(this.#trace, this.#view);
    this.#showMultiples();
  }

  /** Shows the small maps below both maps. Those of the output have their value at the cell in focus. */
  #showMultiples() {
    if (!this.#trace) return;
    const [trace, view, stage] = [this.#trace, this.#view, this.#stage];
    const { map: chosen, row, col, beat } = focusOf(trace, view);
    const [, rows, columns] = stage.shape;
    const isKnown = view.ghost || ["sum", "bias", "write"].includes(beat);
    const value = (/** @type {number} */ map) =>
      stage.output && isKnown
        ? shortValue(stage, stage.output[(map * rows + row) * columns + col])
        : stage.output
          ? CAPTION.waiting
          : String(map);
    const written = countWritten(trace, view)[stage.index];
    showMultiples(
      getPart(this.root, "output-multiples"),
      { trace, stage, view, chosen, name: (map) => PAGE.map(stage, map), labels: value, written },
      (map) => this.set({ map }),
    );
    const before = inputStageOf(trace, stage, view.map);
    const host = getPart(this.root, "input-multiples");
    host.hidden = !before;
    if (!before) return;
    const shownChannel =
      this.#chosenChannel ?? (isColorPicture(before, view) ? null : inputChannel(stage, view.map, before));
    showMultiples(
      host,
      {
        trace,
        stage: before,
        view,
        chosen: shownChannel,
        name: (map) => PAGE.map(before, map),
        labels: (map) => PAGE.plane(before, map),
      },
      (map) => this.#toggleChannel(map),
    );
  }

  /** Shows one input channel alone, or ends that. @param {number} channel */
  #toggleChannel(channel) {
    this.#chosenChannel = this.#chosenChannel === channel ? null : channel;
    this.repaint();
  }
}

/** What the places of a figure follow from. @param {import("convoscope/pure/types.js").Stage} stage */
function placesIn({ shape, input_shape, notes }) {
  return JSON.stringify([shape, input_shape, notes]);
}

/** Says in an attribute whether there are words, and long ones. @param {HTMLElement} host @param {string} name @param {string[]} words */
function markLength(host, name, words) {
  if (words.length) host.dataset[name] = words.some(({ length }) => length > LONG_WORDS) ? "long" : "";
  else delete host.dataset[name];
}

/** Calls back when the pixel ratio changes: by zooming, or on another screen. @param {() => void} changed */
function watchPixelRatio(changed) {
  const query = matchMedia(`(resolution: ${window.devicePixelRatio}dppx)`);
  query.addEventListener(
    "change",
    () => {
      changed();
      watchPixelRatio(changed);
    },
    { once: true },
  );
}
