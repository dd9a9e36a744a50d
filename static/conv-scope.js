/**
 * `<conv-scope>`: the figure as an element of any page, from one module that needs nothing beside it.
 *
 *     <script type="module" src="https://a.server/conv-scope.js"></script>
 *     <conv-scope image="face" layers="conv:sobel-x~relu" at="4,3">The figure needs JavaScript.</conv-scope>
 *
 * Its attributes are the keys of a link and may change at any time; its methods and events are the messages of an
 * embed. What stands inside of it is shown until the figure is there, and stays where there is no server.
 */

/** What says which figure it is. */
export const SCENE = ["image", "size", "crop", "channels", "range", "layers", "scene"];
/** What says how it is shown. */
export const VIEW = [
  "stage",
  "map",
  "at",
  "beat",
  "tab",
  "colors",
  "scope",
  "fit",
  "marks",
  "pin",
  "mode",
  "tempo",
  "play",
  "loop",
  "stops",
  "theme",
  "ui",
  "hide",
  "lock",
  "title",
  "transparent",
  "dpr",
  "present",
];
/** Of these the name alone is a yes. */
export const FLAGS = ["fit", "marks", "play", "loop", "transparent", "present"];
/** What an embed tells; all of it becomes an event of the same name, with its fields as `detail`. */
const EVENTS = ["ready", "step", "end", "scenechange", "error", "resize", "key"];
const VERSION = 1;
const LINK = "link";
const BASE = "src-base";
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
  static observedAttributes = [...SCENE, ...VIEW, LINK, BASE];

  /** @type {HTMLIFrameElement | null} */ #frame = null;
  #ready = false;
  /** Said before the figure was there. @type {Fields[]} */ #queue = [];
  /** Attributes that have changed and are not passed on yet. @type {Set<string>} */ #changed = new Set();
  /** Who asked for the state. @type {Map<number, (state: Fields) => void>} */ #stateRequests = new Map();
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

  /** The query of the figure that the attributes say. */
  get query() {
    const pairs = new Map(
      (this.getAttribute(LINK) ?? "")
        .replace(/^[^?]*\?/, "")
        .split("&")
        .filter(Boolean)
        .map((part) => /** @type {[string, string]} */ ([part.split("=")[0], part])),
    );
    for (const name of [...SCENE, ...VIEW]) {
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

  /** So many positions on, or back. @param {number} [by] @param {"position" | "beat" | "row"} [unit] */
  step(by = 1, unit = "position") {
    this.#send("step", { by, unit });
  }

  /**
   * To a position counted from 0, or to a place; without one to where it began.
   * @param {number | Fields} [place] {at: [row, column], beat, stage, map}
   */
  seek(place = {}) {
    this.#send("seek", typeof place === "number" ? { position: place } : place);
  }

  /** Another figure. @param {string} link a link or its query */
  setScene(link) {
    this.#send("setScene", { link });
  }

  /** Shows it in another way. @param {Fields | string} state keys of the view; null is the default */
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

  /** The address of the server, which may end in a path, with or without a slash. */
  get #base() {
    const base = new URL(this.getAttribute(BASE) ?? HOME, document.baseURI);
    if (!base.pathname.endsWith("/")) base.pathname += "/";
    return base;
  }

  #load() {
    const frame = document.createElement("iframe");
    frame.loading = this.getAttribute("loading") === "eager" ? "eager" : "lazy";
    frame.allow = "fullscreen";
    frame.title = this.getAttribute("aria-label") ?? this.#linkValue("title") ?? "Convoscope";
    const { query } = this;
    frame.src = String(new URL(`embed${query ? `?${query}` : ""}`, this.#base));
    this.#frame = frame;
    this.shadowRoot?.append(frame);
  }

  #unload() {
    this.#frame?.remove();
    [this.#frame, this.#ready] = [null, false];
    this.removeAttribute("ready");
  }

  /** What has changed goes to the figure; another server gives another frame. */
  #applyChanges() {
    const names = [...this.#changed];
    this.#changed.clear();
    if (!this.#frame) return;
    if (names.includes(BASE) || !this.#ready) {
      this.#unload();
      this.#load();
    } else if (names.some((name) => SCENE.includes(name) || name === LINK)) this.setScene(this.query);
    else this.setState(Object.fromEntries(names.map((name) => [name, this.#linkValue(name)])));
  }

  /** The value of an attribute, as a link has it. @param {string} name */
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

  /** The figure is there: it is shown, asked to tell what happens, and told what was said before. */
  #handleReady() {
    this.#ready = true;
    this.setAttribute("ready", "");
    this.#send("listen", { events: EVENTS });
    const waiting = this.#queue.splice(0);
    for (const message of waiting) this.#frame?.contentWindow?.postMessage(message, this.#base.origin);
  }
}

if (!customElements.get("conv-scope")) customElements.define("conv-scope", ConvScope);
