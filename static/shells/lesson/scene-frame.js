/**
 * The figure of a scene in a frame of this site: one frame is shown, the next scene's is loaded behind it. Since the
 * frame is of this site, its document can be reached: the lesson lights parts there and shows the answer.
 */

import { build } from "convoscope/ui/dom.js";

/** The elements of a figure that a word of a lesson can light, and the role color of the outline. */
const PARTS = {
  input: ['[data-part="input-box"]', "input"],
  window: ['[data-part="terms"] figure.window, [data-part="input-box"]', "input"],
  filter: ['[data-part="terms"] figure.filter, [data-part="filter-strip"]', "filter"],
  products: ['[data-part="terms"] figure.products', "filter"],
  sum: ['[data-part="sum"], .total', "output"],
  output: ['[data-part="output-box"]', "output"],
  cell: ['[data-part="output-box"]', "output"],
  strip: ['[data-part="strip"], .stage-trail', "edge"],
  network: [".network-view, [data-part=network]", "input"],
  scores: [".network-scores, [data-part=scores], .class-scores", "output"],
};
const STYLE = Object.entries(PARTS)
  .map(
    ([name, [selector, color]]) =>
      `:root[data-lit="${name}"] :is(${selector}) { outline: 3px solid var(--${color}); outline-offset: 3px; border-radius: 4px; }`,
  )
  .join("\n");
/** While the lesson asks, the frame shows no question of its own. */
const QUIET = "[data-part=question] { display: none !important; }";

/**
 * @param {HTMLElement} host @param {HTMLIFrameElement} first the frame that the page came with
 * @param {{root: string, onKey: (key: string) => void}} options `root` leads to the site's root
 */
export function createSceneFrame(host, first, { root, onKey }) {
  let shown = first;
  /** @type {HTMLIFrameElement | null} */
  let ahead = null;
  let lit = "";
  listen(first);

  /** @param {HTMLIFrameElement} frame */
  function listen(frame) {
    const prepare = () => dress(frame);
    frame.addEventListener("load", prepare);
    if (frame.contentDocument?.readyState === "complete") prepare();
  }

  /** Gives a frame the styles of a lesson, and hears its keys. @param {HTMLIFrameElement} frame */
  function dress(frame) {
    const page = frame.contentWindow;
    if (!page?.document.documentElement || page.location.href === "about:blank") return;
    const sheet = new /** @type {any} */ (page).CSSStyleSheet();
    sheet.replaceSync(`${STYLE}\n${QUIET}`);
    page.document.adoptedStyleSheets.push(sheet);
    page.document.documentElement.dataset.lit = frame === shown ? lit : "";
    page.document.addEventListener("keydown", (event) => {
      if (!event.defaultPrevented && isLessonKey(event)) {
        event.preventDefault();
        onKey(event.key);
      }
    });
  }

  /** @param {string} embed @param {string} title @returns {HTMLIFrameElement} */
  function make(embed, title) {
    const frame = /** @type {HTMLIFrameElement} */ (
      build(["iframe", { src: root + embed, title, class: "ahead", tabindex: "-1", "aria-hidden": "true" }])
    );
    frame.dataset.embed = embed;
    listen(frame);
    host.append(frame);
    return frame;
  }

  return {
    /** Shows the figure at an address below the root of the site, afresh. @param {string} embed @param {string} title */
    show(embed, title) {
      const next = ahead?.dataset.embed === embed ? ahead : make(embed, title);
      if (ahead && ahead !== next) ahead.remove();
      ahead = null;
      shown.remove();
      shown = next;
      for (const name of ["aria-hidden", "tabindex", "class"]) shown.removeAttribute(name);
      shown.dataset.part = "frame";
      shown.title = title;
      this.light("");
    },
    /** Loads the figure of the next scene behind the one that is shown. @param {string} embed @param {string} title */
    prepare(embed, title) {
      if (ahead?.dataset.embed === embed) return;
      ahead?.remove();
      ahead = make(embed, title);
    },
    /** Outlines a part of the figure; "" none. @param {string} part */
    light(part) {
      lit = part;
      const page = shown.contentDocument?.documentElement;
      if (page) page.dataset.lit = part;
    },
    /** Shows the answer of a figure that asks: it plays it, and then has its usual controls. */
    reveal() {
      const page = shown.contentDocument;
      const panel = page?.querySelector("[data-part=question]");
      const verdict = panel?.querySelector("[data-part=verdict]");
      const button = /** @type {HTMLButtonElement | null | undefined} */ (panel?.querySelector("[data-part=reveal]"));
      if (!panel || !verdict || !button) return;
      const goOn = () => {
        if (verdict.hasAttribute("hidden") || !panel.hasAttribute("data-revealed")) return;
        watch.disconnect();
        /** @type {HTMLButtonElement | null} */ (verdict.querySelector("[data-part=go-on]"))?.click();
      };
      const watch = new MutationObserver(goOn);
      watch.observe(verdict, { attributes: true, attributeFilter: ["hidden"] });
      if (!button.disabled) return button.click();
      const ready = new MutationObserver(() => {
        if (button.disabled) return;
        ready.disconnect();
        button.click();
      });
      ready.observe(button, { attributes: true, attributeFilter: ["disabled"] });
    },
  };
}

/** Whether a key belongs to the lesson wherever the focus is: those of a clicker. @param {KeyboardEvent} event */
function isLessonKey({ key, ctrlKey, metaKey, altKey }) {
  return ["PageDown", "PageUp"].includes(key) && !ctrlKey && !metaKey && !altKey;
}
