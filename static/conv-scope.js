/**
 * `<conv-scope>`: the figure as an element for any page, in one module without imports.
 *
 *     <script type="module" src="https://a.server/conv-scope.js"></script>
 *     <conv-scope image="face" layers="conv:sobel-x~relu" at="4,3">The figure needs JavaScript.</conv-scope>
 *
 * Its attributes are the keys of a link and may change at any time; `link` takes all of them. Figures side by side are
 * the attributes `a` to `d`, each with a link, or a `link` such as `compare?a=…&b=…`. Its methods and events are the
 * messages of an embed. Its content is shown until the figure is ready, and stays if there is no server.
 */

/** Attributes that define the scene. */
export const SCENE = [
  "version",
  "image",
  "rows",
  "batch",
  "item",
  "size",
  "crop",
  "channels",
  "range",
  "adjust",
  "layers",
  "scene",
];
/** Attributes that define the view. */
export const VIEW = [
  "stage",
  "map",
  "at",
  "beat",
  "story",
  "tab",
  "big",
  "matrix",
  "neuron",
  "detail",
  "library",
  "program",
  "shapes",
  "letters",
  "press",
  "paths",
  "volume",
  "table",
  "weights",
  "second",
  "signal",
  "index",
  "sweep",
  "draw",
  "window",
  "stride",
  "target",
  "colors",
  "scope",
  "fit",
  "marks",
  "ghost",
  "pin",
  "mode",
  "tempo",
  "play",
  "loop",
  "clicker",
  "stops",
  "notes",
  "predict",
  "theme",
  "ui",
  "hide",
  "lock",
  "title",
  "transparent",
  "dpr",
  "present",
];
/** Boolean attributes: the name alone means yes. */
export const FLAGS = [
  "big",
  "letters",
  "paths",
  "volume",
  "table",
  "weights",
  "signal",
  "index",
  "draw",
  "fit",
  "marks",
  "ghost",
  "play",
  "loop",
  "transparent",
  "present",
];
/** Links of two to four figures side by side, in place of a scene; keys of the view then are those of all figures. */
export const FIGURES = ["a", "b", "c", "d"];
/** Messages of an embed that become events of the same name, with their fields as `detail`. */
const EVENTS = ["ready", "step", "end", "scenechange", "error", "resize", "key"];
const VERSION = 1;
const LINK = "link";
const BASE = "src-base";
/** A link of figures side by side. */
const COMPARISON = /^(?:[^?]*\/)?compare\?|^(?:[^#]*&)?[a-d]=/;
const HOME = import.meta.url.replace(/(?:static\/[^/]+\/)?conv-scope\.js.*$/, "");
const STYLE = `
  :host { display: block; position: relative; aspect-ratio: 16 / 9; min-height: 240px; overflow: hidden; }
  :host([hidden]) { display: none; }
  iframe { position: absolute; inset: 0; width: 100%; height: 100%; border: 0; visibility: hidden;
    color-scheme: normal; }
  :host([ready]) iframe { visibility: visible; }
  :host([ready]) slot { display: none; }
`;

/** @typedef {Record<string, unknown>} Fields */

export class ConvScope extends HTMLElement {
  static observedAttributes = [...SCENE, ...VIEW, ...FIGURES, LINK, BASE];

  /** @type {HTMLIFrameElement | null} */ #frame = null;
  #ready = false;
  /** Messages to send once the figure is ready. @type {Fields[]} */ #queue = [];
  /** Attributes whose changes are not applied yet. @type {Set<string>} */ #changed = new Set();
  /** Pending requests for the state, by id. @type {Map<number, (state: Fields) => void>} */ #stateRequests = new Map();
  #requestCount = 0;
  #listener = (/** @type {MessageEvent} */ event) => this.#handleMessage(event);

  constructor() {
    super();
    const style = new CSSStyleSheet();
    style.replaceSync(STYLE);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [style];
    root.append(document.createElement("slot"));
  }

  connectedCallback() {
    addEventListener("message", this.#listener);
    this.#load();
  }

  disconnectedCallback() {
    removeEventListener("message", this.#listener);
    this.#unload();
  }

  /** @param {string} name @param {string | null} before @param {string | null} after */
  attributeChangedCallback(name, before, after) {
    if (before === after || !this.#frame) return;
    if (!this.#changed.size) Promise.resolve().then(() => this.#applyChanges());
    this.#changed.add(name);
  }

  /** The query of the figure that the attributes describe. */
  get query() {
    const pairs = new Map(
      (this.getAttribute(LINK) ?? "")
        .replace(/^[^?]*\?/, "")
        .split("&")
        .filter(Boolean)
        .map((part) => /** @type {[string, string]} */ ([part.split("=")[0], part])),
    );
    for (const name of [...SCENE, ...FIGURES, ...VIEW]) {
      const text = this.#linkValue(name);
      if (text !== null) pairs.set(name, `${name}=${encodeURIComponent(text)}`);
    }
    return [...pairs.values()].join("&");
  }

  play() {
    this.#send("play");
  }

  pause() {
    this.#send("pause");
  }

  /** Steps forward, or back if `by` is negative. @param {number} [by] @param {"position" | "beat" | "row"} [unit] */
  step(by = 1, unit = "position") {
    this.#send("step", { by, unit });
  }

  /**
   * Goes to a position counted from 0, or to a place; without an argument to the initial step.
   * @param {number | Fields} [place] {at: [row, column], beat, stage, map}
   */
  seek(place = {}) {
    this.#send("seek", typeof place === "number" ? { position: place } : place);
  }

  /** Shows another figure. @param {string} link a link or its query */
  setScene(link) {
    if (COMPARISON.test(link) === this.#isComparison) return this.#send("setScene", { link });
    for (const name of [...SCENE, ...FIGURES]) this.removeAttribute(name);
    this.setAttribute(LINK, link);
  }

  /** Changes the view. @param {Fields | string} state keys of the view; null is the default */
  setState(state) {
    this.#send("setState", { state });
  }

  /** @returns {Promise<Fields>} link, scene, state, playing, stages, position and positions */
  getState() {
    const id = ++this.#requestCount;
    return new Promise((resolve) => {
      this.#stateRequests.set(id, resolve);
      this.#send("getState", { id });
    });
  }

  // --- the frame ------------------------------------------------------------------------------------------------

  /** The address of the server; it may have a path, with or without a final slash. */
  get #base() {
    const base = new URL(this.getAttribute(BASE) ?? HOME, document.baseURI);
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    return base;
  }

  get #isComparison() {
    return COMPARISON.test(this.getAttribute(LINK) ?? "") || FIGURES.some((name) => this.hasAttribute(name));
  }

  #load() {
    const frame = document.createElement("iframe");
    frame.loading = this.getAttribute("loading") === "eager" ? "eager" : "lazy";
    frame.allow = "fullscreen";
    frame.title = this.getAttribute("aria-label") ?? this.#linkValue("title") ?? "Convoscope";
    const { query } = this;
    frame.src = String(new URL(`embed${this.#isComparison ? "/compare" : ""}${query ? `?${query}` : ""}`, this.#base));
    this.#frame = frame;
    this.shadowRoot?.append(frame);
  }

  #unload() {
    this.#frame?.remove();
    [this.#frame, this.#ready] = [null, false];
    this.removeAttribute("ready");
  }

  /** Sends changed attributes to the figure; another server needs another frame. */
  #applyChanges() {
    const names = [...this.#changed];
    this.#changed.clear();
    if (!this.#frame) return;
    const isOtherPage = this.#frame.src.includes("/embed/compare?") !== this.#isComparison;
    const isOtherScene = names.some((name) => SCENE.includes(name) || FIGURES.includes(name) || name === LINK);
    if (names.includes(BASE) || !this.#ready || isOtherPage || (this.#isComparison && isOtherScene)) {
      this.#unload();
      this.#load();
    } else if (isOtherScene) this.setScene(this.query);
    else this.setState(Object.fromEntries(names.map((name) => [name, this.#linkValue(name)])));
  }

  /** The value of an attribute in the form of a link. @param {string} name */
  #linkValue(name) {
    const text = this.getAttribute(name);
    return text === "" && FLAGS.includes(name) ? "1" : text;
  }

  // --- messages -------------------------------------------------------------------------------------------------

  /** @param {string} type @param {Fields} [fields] */
  #send(type, fields = {}) {
    const message = { convoscope: VERSION, type, ...fields };
    if (this.#ready) this.#frame?.contentWindow?.postMessage(message, this.#base.origin);
    else this.#queue.push(message);
  }

  /** @param {MessageEvent} event */
  #handleMessage({ source, origin, data }) {
    if (!this.#frame || source !== this.#frame.contentWindow || origin !== this.#base.origin) return;
    if (!data || data.convoscope !== VERSION || typeof data.type !== "string") return;
    const { convoscope: _, type, ...detail } = data;
    if (type === "ready") this.#handleReady();
    if (type === "state") this.#stateRequests.get(detail.id)?.(detail);
    if (type === "state") this.#stateRequests.delete(detail.id);
    if (EVENTS.includes(type)) this.dispatchEvent(new CustomEvent(type, { detail }));
  }

  /** The figure is ready: shows it, listens to its events, and sends the queued messages. */
  #handleReady() {
    this.#ready = true;
    this.setAttribute("ready", "");
    this.#send("listen", { events: EVENTS });
    const waiting = this.#queue.splice(0);
    for (const message of waiting) this.#frame?.contentWindow?.postMessage(message, this.#base.origin);
  }
}

if (!customElements.get("conv-scope")) customElements.define("conv-scope", ConvScope);
