/**
 * Convoscope in reveal.js: each stop of a figure is a fragment of its slide.
 *
 *   <iframe data-src="https://…/embed?…" data-stops="0,0;0,1;3,4" width="960" height="540" style="color-scheme: normal"></iframe>
 *   <script type="module" src="https://…/reveal-convoscope.js"></script>
 *
 * A clicker's next walks from stop to stop and then leaves the slide, its back returns the same way, down to the place
 * that the link names. On paper (?print-pdf) a picture of the figure stands in its place. It stands alone: a deck that
 * has no global Reveal imports {RevealConvoscope} and lists it among its plugins. Decks of reveal.js 4 and later.
 */

/** @typedef {[row: number, column: number]} Cell */
/** @typedef {{frame: HTMLIFrameElement, stops: Cell[], marks: HTMLElement[]}} Walk */

const ID = "convoscope";
const CELL = /^\s*(\d{1,5})\s*,\s*(\d{1,5})\s*$/;

export const RevealConvoscope = { id: ID, init };

/** @param {any} deck reveal.js's own interface */
function init(deck) {
  const frames = [.../** @type {NodeListOf<HTMLIFrameElement>} */ (deck.getRevealElement().querySelectorAll("iframe[data-stops]"))];
  if (isPrinted(deck)) return frames.forEach(draw);
  const walks = frames.map(walkOf).filter(({ stops }) => stops.length > 0);
  for (const { frame } of walks) {
    const slide = frame.closest("section");
    if (slide) deck.syncFragments?.(slide);
  }
  const bring = () => walks.filter(({ frame }) => frame.closest("section")?.classList.contains("present")).forEach(place);
  for (const event of ["ready", "slidechanged", "fragmentshown", "fragmenthidden"]) deck.on(event, bring);
  addEventListener("message", ({ data, source }) => {
    const walk = walks.find(({ frame }) => frame.contentWindow === source);
    if (walk && data?.convoscope === 1 && data.type === "ready") place(walk);
  });
  bring();
}

/** A frame with a mark for each of its stops behind it, which the deck takes for fragments. @param {HTMLIFrameElement} frame @returns {Walk} */
function walkOf(frame) {
  const stops = stopsOf(frame);
  const from = Number.parseInt(frame.dataset.fragmentIndex ?? "", 10);
  const marks = stops.map((_, i) => {
    const mark = document.createElement("span");
    mark.className = "fragment";
    mark.hidden = true;
    if (from >= 0) mark.dataset.fragmentIndex = String(from + i);
    return mark;
  });
  delete frame.dataset.fragmentIndex;
  frame.after(...marks);
  return { frame, stops, marks };
}

/** @param {HTMLIFrameElement} frame */
function stopsOf(frame) {
  const found = (frame.dataset.stops ?? "").split(";").map((text) => CELL.exec(text)).filter((cell) => cell !== null);
  return found.map(([, row, column]) => /** @type {Cell} */ ([Number(row), Number(column)]));
}

/** Brings a figure to the last stop that is reached, or to the place where it opened. @param {Walk} walk */
function place({ frame, stops, marks }) {
  const reached = marks.filter((mark) => mark.classList.contains("visible")).length;
  const to = reached ? { at: stops[reached - 1] } : {};
  frame.contentWindow?.postMessage({ convoscope: 1, type: "seek", ...to }, "*");
}

/** @param {any} deck */
function isPrinted(deck) {
  const asked = deck.isPrintView ?? deck.isPrintingPDF;
  return Boolean(asked?.call(deck)) || /print-pdf|view=print/i.test(location.search);
}

/** A picture in the place of a frame: paper does not move. @param {HTMLIFrameElement} frame */
function draw(frame) {
  const address = new URL(frame.dataset.src || frame.src, document.baseURI);
  const last = stopsOf(frame).pop();
  const query = new URLSearchParams(address.search);
  if (last) query.set("at", last.join());
  const picture = document.createElement("img");
  // It lies beside the embed, whatever path stands before both.
  picture.src = String(new URL(`api/figure.png?${String(query).replaceAll("+", "%20")}`, address));
  picture.alt = query.get("title") || frame.title || "Convoscope";
  picture.className = frame.className;
  for (const name of ["width", "height"]) picture.setAttribute(name, frame.getAttribute(name) ?? "");
  Object.assign(picture.style, { objectFit: "contain", border: "0" });
  frame.replaceWith(picture);
}

/** A deck that is on the page as Reveal gets it by itself. */
function join() {
  const { Reveal } = /** @type {any} */ (globalThis);
  if (Reveal?.registerPlugin && !Reveal.hasPlugin?.(ID)) Reveal.registerPlugin(RevealConvoscope);
}

if (document.readyState === "complete") join();
else addEventListener("load", join);
