/**
 * The figure of a scene in a frame of this site: one frame is shown, the next scene's is loaded behind it. Since the
 * frame is of this site, its document can be reached: the lesson lights parts there and shows the answer.
 */

import { build, findPart } from "convoscope/ui/dom.js";

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

/** The line of explanation in the figure, below the cell that was asked for. */
const LINE = `.lesson-line { position: fixed; z-index: 3; max-width: 46vw; margin: 0; padding: 2px 8px; font: 600 15px/1.4 var(--mono);
  color: var(--ink); background: var(--surface); border: 2px solid var(--output); border-radius: 6px; }`;

/**
 * @param {HTMLElement} host @param {HTMLIFrameElement} first the frame that the page came with
 * @param {object} options
 * @param {(frame: HTMLIFrameElement, address: string) => void} options.fill loads the figure at an address into a frame
 * @param {(key: string) => void} options.onKey
 */
export function createSceneFrame(host, first, { fill, onKey }) {
  /** The frame of the scene that is open, and the one that is seen: until the first is loaded, the figure before. */
  let [shown, seen] = [first, first];
  /** @type {HTMLIFrameElement | null} */
  let ahead = null;
  let lit = "";
  /** What waits for a frame to be loaded. @type {WeakMap<HTMLIFrameElement, () => void>} */
  const waiting = new WeakMap();
  listen(first);

  /** @param {HTMLIFrameElement} frame */
  function listen(frame) {
    const prepare = () => dress(frame);
    frame.addEventListener("load", prepare);
    if (frame.contentDocument?.readyState === "complete") prepare();
  }

  /** @param {HTMLIFrameElement} frame @param {() => void} act now, or once the frame is loaded */
  function whenLoaded(frame, act) {
    if ("loaded" in frame.dataset) return act();
    const before = waiting.get(frame);
    waiting.set(frame, () => {
      before?.();
      act();
    });
  }

  /** Gives a frame the styles of a lesson, and hears its keys. @param {HTMLIFrameElement} frame */
  function dress(frame) {
    const page = frame.contentWindow;
    if (!page?.document.documentElement || page.location.href === "about:blank") return;
    const sheet = new /** @type {any} */ (page).CSSStyleSheet();
    sheet.replaceSync(`${STYLE}\n${LINE}`);
    page.document.adoptedStyleSheets.push(sheet);
    findPart(page.document, "page")?.setAttribute("data-outside", ""); // the lesson asks in its place
    page.document.documentElement.dataset.lit = frame === shown ? lit : "";
    page.document.addEventListener("keydown", (event) => {
      if (!event.defaultPrevented && isLessonKey(event)) {
        event.preventDefault();
        onKey(event.key);
      }
    });
    frame.dataset.loaded = "";
    frame.classList.remove("unloaded");
    waiting.get(frame)?.();
    waiting.delete(frame);
  }

  /** @param {string} embed @param {string} title @returns {HTMLIFrameElement} */
  function make(embed, title) {
    const frame = /** @type {HTMLIFrameElement} */ (
      build(["iframe", { title, class: "ahead", tabindex: "-1", "aria-hidden": "true" }])
    );
    frame.dataset.embed = embed;
    listen(frame);
    fill(frame, embed);
    host.append(frame);
    return frame;
  }

  return {
    /** Shows the figure at an address below the root of the site, afresh. @param {string} embed @param {string} title */
    show(embed, title) {
      const next = ahead?.dataset.embed === embed ? ahead : make(embed, title);
      if (ahead !== next) ahead?.remove();
      ahead = null;
      if (shown !== seen) shown.remove(); // it was left before it was loaded
      delete seen.dataset.part;
      next.dataset.part = "frame";
      next.title = title;
      shown = next;
      whenLoaded(next, () => {
        if (shown !== next) return;
        for (const name of ["aria-hidden", "tabindex", "class"]) next.removeAttribute(name);
        seen.remove();
        seen = next;
      });
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
    /**
     * Writes one line below a cell of the output, until the figure is used.
     * @param {string} line @param {[number, number]} cell its row and column
     */
    explain(line, [row, column]) {
      const page = shown.contentDocument;
      const map = page && findPart(page, "output-maps")?.querySelector("canvas");
      const [rows, columns] = (page && findPart(page, "output-shape")?.textContent?.match(/\d+/g)?.map(Number)) ?? [];
      if (!page || !map || !columns) return;
      const box = map.getBoundingClientRect();
      const isLow = row + 1 === rows && rows > 1;
      const note = page.createElement("p");
      note.className = "lesson-line";
      note.textContent = line;
      page.body.append(note);
      const top = box.top + (box.height * (isLow ? row : row + 1)) / rows + (isLow ? -note.offsetHeight - 6 : 6);
      const left = box.left + (box.width * column) / columns;
      note.style.setProperty(
        "top",
        `${Math.max(0, Math.min(top, page.documentElement.clientHeight - note.offsetHeight))}px`,
      );
      note.style.setProperty(
        "left",
        `${Math.max(4, Math.min(left, page.documentElement.clientWidth - note.offsetWidth - 8))}px`,
      );
      for (const name of ["pointerdown", "keydown"]) page.addEventListener(name, () => note.remove(), { once: true });
      page.defaultView?.addEventListener("resize", () => note.remove(), { once: true });
    },
    /**
     * Shows the answer of a figure that asks: it plays it, and then has its usual controls.
     * @param {() => void} onShown called when it has played
     */
    reveal(onShown) {
      const asked = shown;
      whenLoaded(asked, () => {
        const page = asked.contentDocument && findPart(asked.contentDocument, "page");
        const button = page?.querySelector("[data-part=question] [data-part=reveal]");
        if (page && button) playAnswer(page, /** @type {HTMLButtonElement} */ (button), onShown);
      });
    },
  };
}

/**
 * @param {HTMLElement} page of the figure @param {HTMLButtonElement} button which shows the answer, once it is enabled
 * @param {() => void} onShown
 */
function playAnswer(page, button, onShown) {
  const closed = new MutationObserver(() => {
    closed.disconnect();
    onShown();
  });
  closed.observe(page, { attributes: true, attributeFilter: ["data-asks"] });
  if (!button.disabled) return button.click();
  const enabled = new MutationObserver(() => {
    enabled.disconnect();
    button.click();
  });
  enabled.observe(button, { attributes: true, attributeFilter: ["disabled"] });
}

/** Whether a key belongs to the lesson wherever the focus is: those of a clicker. @param {KeyboardEvent} event */
function isLessonKey({ key, ctrlKey, metaKey, altKey }) {
  return ["PageDown", "PageUp"].includes(key) && !ctrlKey && !metaKey && !altKey;
}
