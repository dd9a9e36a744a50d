/**
 * Convoscope in reveal.js: every frame whose address ends in /embed or /embed/compare, and each stop of it as a fragment
 * of its slide.
 *
 * <iframe data-src="https://…/embed?…" data-stops="0,0;0,1;3,4" width="960" height="540" style="color-scheme:
 * normal"></iframe>
 *   <script type="module" src="https://…/reveal-convoscope.js"></script>
 *
 * A clicker's “next” goes from stop to stop and then to the next slide; “back” returns the same way, down to the step
 * of the link. The words at a stop, `notes` of the link or `data-notes` of the frame, are the speaker's notes. On paper
 * (?print-pdf), in the overview and in the speaker view, where frames are empty boxes, a picture replaces the figure. It
 * has no imports: a deck without a global Reveal imports {RevealConvoscope} and lists it among
 * its plugins. For reveal.js 4 and later.
 */

/** @typedef {[row: number, column: number]} Cell */
/**
 * @typedef {object} Figure
 * @property {HTMLIFrameElement} frame
 * @property {URL} address
 * @property {boolean} hasStops whether the frame names stops
 * @property {Cell[]} stops
 * @property {string[]} lines the words at each stop, "" for none
 * @property {HTMLElement[]} fragments one element for each stop
 * @property {HTMLImageElement | null} picture the picture that replaces the frame now
 * @property {string} display style of the frame while no picture replaces it
 * @property {boolean} isForeign whether it is a frame of another site with a similar address: it has no picture
 */

const ID = "convoscope";
const CELL = /^\s*(\d{1,5})\s*,\s*(\d{1,5})\s*$/;
const EMBED = /\/embed(\/compare)?\/?$/;

export const RevealConvoscope = { id: ID, init };

/** @param {any} deck the API of reveal.js */
function init(deck) {
  const knownFrames = new Map();
  const figures = () => figuresOf(deck.getRevealElement(), knownFrames);
  if (isPrinting(deck)) return figures().forEach((figure) => replaceByPicture(deck, figure));
  const withStops = figures().filter(({ hasStops }) => hasStops);
  for (const figure of withStops) addFragments(deck, figure);
  const updateStops = () =>
    withStops.filter(({ frame }) => frame.closest("section")?.classList.contains("present")).forEach(seekToStop);
  const updatePictures = () => figures().forEach((figure) => updatePicture(deck, figure, needsPicture(deck, figure)));
  for (const event of ["ready", "slidechanged", "fragmentshown", "fragmenthidden"])
    deck.on(event, () => {
      updateStops();
      updatePictures();
    });
  for (const event of ["overviewshown", "overviewhidden"])
    deck.on(event, () => {
      updatePictures();
      deck.layout();
    });
  new MutationObserver(updatePictures).observe(deck.getRevealElement(), { subtree: true, attributeFilter: ["src"] });
  addEventListener("message", ({ data, source }) => {
    const figure = withStops.find(({ frame }) => frame.contentWindow === source);
    if (!figure || data?.convoscope !== 1 || data.type !== "ready") return;
    skipFirstStop(deck, figure, openedAt(data));
    seekToStop(figure);
  });
  updateStops();
  updatePictures();
}

/**
 * The figures that are in the deck now: backgrounds come and go.
 * @param {HTMLElement} root @param {Map<HTMLIFrameElement, Figure | null>} known
 * @returns {Figure[]}
 */
function figuresOf(root, known) {
  const frames = [...root.querySelectorAll("iframe")];
  for (const frame of frames) if (!known.has(frame)) known.set(frame, figureOf(frame));
  return frames.map((frame) => known.get(frame) ?? null).filter((figure) => figure !== null);
}

/** @param {HTMLIFrameElement} frame @returns {Figure | null} null for other frames */
function figureOf(frame) {
  const address = addressOf(frame);
  if (!address || !EMBED.test(address.pathname)) return null;
  address.pathname = address.pathname.replace(/\/$/, "");
  const all = parseCells(frame.dataset.stops);
  const said = linesAt(frame, address, all);
  const stops = all.filter((stop, i) => i === 0 || !isSame(stop, all[i - 1]));
  return {
    frame,
    address,
    hasStops: stops.length > 0,
    stops,
    lines: stops.map((stop) => said[all.indexOf(stop)]),
    fragments: [],
    picture: null,
    display: "",
    isForeign: false,
  };
}

/** @param {HTMLIFrameElement} frame @returns {URL | null} */
function addressOf(frame) {
  try {
    return new URL(frame.dataset.src || frame.src, document.baseURI);
  } catch {
    return null;
  }
}

/** The keys of a link, in which + is a plus. @param {URL} address */
function keysOf({ search }) {
  return new URLSearchParams(search.replaceAll("+", "%2B"));
}

/**
 * The words at each stop: of the frame, in the order of its stops, or of its link, by the stops that are there.
 * @param {HTMLIFrameElement} frame @param {URL} address @param {Cell[]} stops
 */
function linesAt({ dataset }, address, stops) {
  const keys = keysOf(address);
  const lines = (dataset.notes ?? keys.get("notes") ?? "")
    .split(";")
    .map((line) => line.replace(/%(?:25|3b)/gi, decodeURIComponent).trim());
  const places = dataset.notes === undefined ? parseCells(keys.get("stops")) : stops;
  return stops.map((stop) => lines[places.findIndex((place, i) => lines[i] && isSame(place, stop))] ?? "");
}

/** @param {string | null | undefined} text */
function parseCells(text) {
  const cells = (text ?? "")
    .split(";")
    .map((part) => CELL.exec(part))
    .filter((cell) => cell !== null);
  return cells.map(([, row, column]) => /** @type {Cell} */ ([Number(row), Number(column)]));
}

// --- stops ------------------------------------------------------------------------------------------------------

/**
 * Adds a fragment for each stop after the frame; a stop where the figure already is gets none.
 * @param {any} deck @param {Figure} figure
 */
function addFragments(deck, figure) {
  const { frame, address, lines } = figure;
  const params = keysOf(address);
  const from = Number.parseInt(frame.dataset.fragmentIndex ?? "", 10);
  figure.fragments = figure.stops.map((_, i) => {
    const element = document.createElement("span");
    element.className = "fragment";
    element.hidden = true;
    if (lines[i]) element.append(speakerNotes(lines[i]));
    if (from >= 0) element.dataset.fragmentIndex = String(from + i);
    return element;
  });
  delete frame.dataset.fragmentIndex;
  frame.after(...figure.fragments);
  if (!skipFirstStop(deck, figure, parseCells(params.get("at"))[0] ?? parseCells(params.get("stops"))[0]))
    syncFragments(deck, frame);
}

/**
 * Removes the first stop if the figure opens there: its click would change nothing. Its words become notes of the slide,
 * and stops without words keep those that the slide had.
 * @param {any} deck @param {Figure} figure @param {Cell | undefined} opening
 */
function skipFirstStop(deck, figure, opening) {
  if (!opening || !figure.stops.length || !isSame(figure.stops[0], opening)) return false;
  figure.stops.shift();
  const [fragment, ...later] = figure.fragments;
  const slide = figure.frame.closest("section");
  if (slide && fragment.firstChild)
    for (const element of later) if (!element.firstChild) element.dataset.notes = ownNotes(slide);
  fragment.replaceWith(...fragment.childNodes);
  figure.fragments = later;
  syncFragments(deck, figure.frame);
  return true;
}

/** Notes that reveal.js shows to the speaker. @param {...string} lines */
function speakerNotes(...lines) {
  const notes = document.createElement("aside");
  notes.className = "notes";
  notes.append(...lines.map((line) => Object.assign(document.createElement("p"), { textContent: line })));
  return notes;
}

/** The notes of a slide as a text, without those of its fragments. @param {Element} slide */
function ownNotes(slide) {
  const notes = [...slide.querySelectorAll("aside.notes")].filter((one) => !one.closest(".fragment"));
  return notes.map(({ textContent }) => textContent?.trim()).join("\n");
}

/** @param {any} deck @param {HTMLIFrameElement} frame */
function syncFragments(deck, frame) {
  const slide = frame.closest("section");
  if (slide) deck.syncFragments?.(slide);
}

/**
 * The cell where a figure opened, from its message: its link need not name one.
 * @param {any} data
 * @returns {Cell | undefined}
 */
function openedAt({ position, stages, state }) {
  const columns = stages?.at?.(state?.stage)?.shape?.[2];
  return columns > 0 && position >= 0 ? [Math.floor(position / columns), position % columns] : undefined;
}

/** @param {Cell} one @param {Cell} other */
function isSame(one, other) {
  return one[0] === other[0] && one[1] === other[1];
}

/** The last stop that was reached. @param {Figure} figure @returns {Cell | undefined} */
function currentStop({ stops, fragments }) {
  return stops[fragments.filter((element) => element.classList.contains("visible")).length - 1];
}

/** Sends a figure to the last stop that was reached, or to its initial step. @param {Figure} figure */
function seekToStop(figure) {
  const at = currentStop(figure);
  figure.frame.contentWindow?.postMessage({ convoscope: 1, type: "seek", ...(at && { at }) }, "*");
}

// --- pictures ---------------------------------------------------------------------------------------------------

/** @param {any} deck */
function isPrinting(deck) {
  const isPrintView = deck.isPrintView ?? deck.isPrintingPDF;
  return Boolean(isPrintView?.call(deck)) || /print-pdf|view=print/i.test(location.search);
}

/**
 * Whether a picture must replace a figure: in the overview, or if the deck has not loaded the frame.
 * @param {any} deck @param {Figure} figure
 */
function needsPicture(deck, { frame }) {
  return Boolean(deck.isOverview() || deck.isSpeakerNotes?.() || (deck.isScrollView?.() && !frame.hasAttribute("src")));
}

/** Replaces a frame by a picture for printing. @param {any} deck @param {Figure} figure */
function replaceByPicture(deck, figure) {
  const picture = pictureFor(deck, figure);
  picture.onerror = () => picture.replaceWith(figure.frame);
  picture.src = pictureAddress(figure, figure.stops.at(-1));
  figure.frame.replaceWith(picture);
  const lines = figure.lines.filter(Boolean);
  if (lines.length) picture.after(speakerNotes(...lines));
}

/**
 * Shows a picture in place of a frame, which stays loaded, or removes the picture.
 * @param {any} deck @param {Figure} figure @param {boolean} still
 */
function updatePicture(deck, figure, still) {
  const { frame } = figure;
  if (still && !figure.isForeign) {
    if (!figure.picture) {
      figure.picture = pictureFor(deck, figure);
      figure.picture.onerror = () => {
        figure.isForeign = true;
        updatePicture(deck, figure, false);
      };
      figure.display = frame.style.display;
      frame.before(figure.picture);
      frame.style.display = "none";
    }
    const address = pictureAddress(figure, currentStop(figure));
    if (figure.picture.src !== address) figure.picture.src = address;
  } else if (figure.picture) {
    figure.picture.remove();
    figure.picture = null;
    frame.style.display = figure.display;
  }
}

/** An empty picture of the size of a frame. @param {any} deck @param {Figure} figure */
function pictureFor(deck, figure) {
  const { frame, address } = figure;
  const picture = document.createElement("img");
  picture.alt = address.searchParams.get("title") || frame.title || "Convoscope";
  picture.className = frame.className;
  for (const name of ["width", "height"])
    if (frame.hasAttribute(name)) picture.setAttribute(name, frame.getAttribute(name) ?? "");
  picture.style.cssText = `margin: 0; ${frame.style.cssText}; object-fit: contain; border: 0`;
  picture.onload = () => /stretch/.test(frame.className) && deck.layout();
  return picture;
}

/**
 * The address of a figure's picture: relative to that of the embed, below any path.
 * @param {Figure} figure @param {Cell | undefined} at
 */
function pictureAddress({ address }, at) {
  const query = keysOf(address);
  if (at) query.set("at", at.join());
  const isComparison = address.pathname.endsWith("/compare");
  const path = isComparison ? "../api/compare.png" : "api/figure.png";
  return String(new URL(`${path}?${String(query).replaceAll("+", "%20")}`, address));
}

/** Registers the plugin if the page has a global Reveal. */
function register() {
  const { Reveal } = /** @type {any} */ (globalThis);
  if (Reveal?.registerPlugin && !Reveal.hasPlugin?.(ID)) Reveal.registerPlugin(RevealConvoscope);
}

if (document.readyState === "complete") register();
else addEventListener("load", register);
