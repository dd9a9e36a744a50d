/**
 * Printing: the figure alone on one page, in light colors, with a caption of its title, its sizes and its link.
 *
 * A page on paper has another width than the window, and stylesheets would lay the figure out anew. So a copy is printed
 * whose elements have the sizes of the screen, with pictures in place of its canvases.
 */

import { build, findPart, getPart } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

/** What an upright and a wide page have between their margins, less the caption, in CSS pixels of A4 and US Letter. */
const [UPRIGHT, WIDE] = [
  [690, 820],
  [950, 560],
];
/** What captions end with, where the figure says nothing else. @type {Record<string, string>} */
const SIGNS = { "--sign-after-window": '" ×"', "--sign-after-filter": '" ="' };

/**
 * @param {HTMLElement} root
 * @param {{repaint: () => void, title: () => string, address: () => string}} figure
 */
export function listenPrint(root, { repaint, title, address }) {
  const page = document.documentElement;
  /** The theme before, and the copy. @type {{theme: string | undefined, sheet: HTMLElement} | null} */
  let printed = null;

  loadStylesheet("print").catch(() => {}); // without it the page is printed as it is
  addEventListener("beforeprint", () => {
    if (printed) return;
    const { theme } = page.dataset;
    page.dataset.theme = "light";
    repaint();
    const figure = getPart(root, "figure");
    const { offsetWidth: width, offsetHeight: height } = figure;
    const sizes = [...(findPart(root, "formula")?.children ?? [])].map((line) => line.textContent);
    const sheet = build([
      "section",
      { class: "print-sheet", "data-part": "print-sheet" },
      copyAsShown(figure),
      [
        "p",
        { class: "print-caption", "data-part": "print-caption" },
        ["b", title()],
        sizes.length > 0 && ["span", sizes.join(" · ")],
        ["span", { class: "mono" }, address()],
      ],
    ]);
    const zoomOn = (/** @type {number[]} */ [across, down]) => String(Math.min(across / width, down / height));
    sheet.style.setProperty("--upright-zoom", zoomOn(UPRIGHT));
    sheet.style.setProperty("--wide-zoom", zoomOn(WIDE));
    document.body.append(sheet);
    printed = { theme, sheet };
  });
  addEventListener("afterprint", () => {
    if (!printed) return;
    const { theme, sheet } = printed;
    printed = null;
    sheet.remove();
    if (theme === undefined) delete page.dataset.theme;
    else page.dataset.theme = theme;
    repaint();
  });
}

/** A copy of an element that looks the same wherever it stands. @param {HTMLElement} shown @returns {HTMLElement} */
function copyAsShown(shown) {
  const copy = /** @type {HTMLElement} */ (shown.cloneNode(true));
  const [from, to] = [shown, copy].map((one) => [one, ...one.querySelectorAll("*")]);
  from.forEach((element, i) => {
    const style = getComputedStyle(element);
    const texts = Array.from(style, (name) => `${name}:${style.getPropertyValue(name)}`);
    const kept = /** @type {HTMLElement} */ (element).style;
    const own = Array.from(kept ?? [])
      .filter((name) => name.startsWith("--"))
      .concat(element === shown ? Object.keys(SIGNS) : [])
      .map((name) => `${name}:${style.getPropertyValue(name) || SIGNS[name]}`);
    const twin = /** @type {HTMLElement} */ (element instanceof HTMLCanvasElement ? pictureOf(element) : to[i]);
    twin.style.cssText = [...texts, ...own].join(";"); // an attribute would be refused by the site's policy
    for (const name of ["id", "tabindex", "data-part"]) twin.removeAttribute(name);
    if (twin !== to[i]) to[i].replaceWith(twin);
  });
  return copy;
}

/** @param {HTMLCanvasElement} canvas */
function pictureOf(canvas) {
  const hasPixels = canvas.width > 0 && canvas.height > 0;
  return build(["img", { alt: "", src: hasPixels ? canvas.toDataURL() : "data:,", hidden: !hasPixels }]);
}
