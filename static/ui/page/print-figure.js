/** Printing: the figure alone, in light colors, with a caption of its title, its sizes and its link. */

import { build, findPart, getPart } from "convoscope/ui/dom.js";
import { loadStylesheet } from "convoscope/ui/load-stylesheet.js";

/** The width of an upright page between its margins, in CSS pixels: A4 has 703, US Letter 720. */
const PAGE_WIDTH = 690;

/**
 * @param {HTMLElement} root
 * @param {{repaint: () => void, title: () => string, address: () => string}} figure
 */
export function listenPrint(root, { repaint, title, address }) {
  const page = document.documentElement;
  /** What the page was before. @type {{theme: string | undefined, caption: HTMLElement} | null} */
  let before = null;

  loadStylesheet("print").catch(() => {}); // without it the page is printed as it is
  addEventListener("beforeprint", () => {
    if (before) return;
    const sizes = [...(findPart(root, "formula")?.children ?? [])].map((line) => line.textContent);
    const caption = build([
      "figcaption",
      { class: "print-caption", "data-part": "print-caption" },
      ["b", title()],
      ["span", sizes.join(" · ")],
      ["span", { class: "mono" }, address()],
    ]);
    before = { theme: page.dataset.theme, caption };
    page.dataset.theme = "light";
    getPart(root, "figure").append(caption);
    repaint();
    const width = getPart(root, "figure").offsetWidth;
    page.style.setProperty("--print-width", `${width}px`);
    page.style.setProperty("--print-zoom", String(PAGE_WIDTH / width));
  });
  addEventListener("afterprint", () => {
    if (!before) return;
    const { theme, caption } = before;
    before = null;
    caption.remove();
    if (theme === undefined) delete page.dataset.theme;
    else page.dataset.theme = theme;
    repaint();
  });
}
