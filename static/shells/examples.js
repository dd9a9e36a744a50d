/** The page of examples: the search, and the buttons that copy a link or an iframe. */

import { iframe } from "convoscope/pure/link/snippets.js";
import { findsText, foldText } from "convoscope/shells/examples/search-words.js";
import { copyText } from "convoscope/ui/controls/copy-button.js";
import { build, getPart } from "convoscope/ui/dom.js";
import { listenPlainHeader, writeAddress } from "convoscope/ui/page/plain-header.js";
import { siteBase } from "convoscope/ui/site/site.js";

/** The size of a copied iframe, in pixels. */
const [WIDTH, HEIGHT] = [960, 540];
const MESSAGE_MS = 2_500;

const root = document.body;
const said = getPart(root, "said");
const search = /** @type {HTMLInputElement} */ (getPart(root, "search-field"));
const topics = [...root.querySelectorAll("[data-part=topic]")].map((section) => ({
  section: /** @type {HTMLElement} */ (section),
  chip: /** @type {HTMLElement} */ (root.querySelector(`.examples-topics [href="#${section.id}"]`)),
  cards: [...section.querySelectorAll("[data-part=example]")].map((card) => ({
    card: /** @type {HTMLElement} */ (card),
    text: foldText(`${card.querySelector(".opens")?.textContent} ${card.getAttribute("data-words")}`),
  })),
}));
let timer = 0;

getPart(root, "search").hidden = false;
for (const { cards } of topics) for (const { card } of cards) listenCard(card);
search.addEventListener("input", () => {
  writeAddress("search", search.value.trim() ? search.value : "");
  showFound();
});
listenPlainHeader(root);
document.addEventListener("keydown", (event) => {
  const isTyping = event.target instanceof HTMLInputElement;
  if (event.key === "/" && !isTyping && !event.ctrlKey && !event.metaKey && !event.altKey) {
    event.preventDefault();
    search.focus();
  }
});
search.value = new URLSearchParams(location.search).get("search") ?? "";
showFound();

/** Shows the examples that have the words of the search, and says how many. */
function showFound() {
  const query = search.value.trim();
  let [found, all] = [0, 0];
  for (const { section, chip, cards } of topics) {
    const shown = cards.filter(({ card, text }) => {
      card.hidden = !findsText(query, text);
      return !card.hidden;
    });
    section.hidden = !shown.length;
    chip.hidden = !shown.length;
    found += shown.length;
    all += cards.length;
  }
  const count = getPart(root, "count");
  const { one = "", some = "", none = "" } = count.dataset;
  const sentence = found === 0 ? none : found === 1 ? one : some;
  count.textContent = sentence.replace("{found}", String(found)).replace("{all}", String(all));
  getPart(root, "nothing").hidden = found > 0;
}

/** @param {HTMLElement} card */
function listenCard(card) {
  const { link = "", address = "" } = card.dataset;
  const title = card.querySelector("b")?.textContent ?? "";
  const texts = {
    "copy-link": () => new URL(`${siteBase()}/${address}`).href,
    "copy-iframe": () =>
      iframe({ base: siteBase(), query: link, name: title, width: WIDTH, height: HEIGHT, stops: "" }),
  };
  getPart(card, "copies").hidden = false;
  for (const [part, text] of Object.entries(texts))
    card.querySelector(`[data-part=${part}]`)?.addEventListener("click", () => copy(text()));
}

/** Copies a text and says so; where the browser forbids it, shows the text to copy by hand. @param {string} text */
async function copy(text) {
  clearTimeout(timer);
  const shown = build(["textarea", { class: "field", readonly: true, rows: 3, value: text }]);
  said.replaceChildren(shown);
  if (!(await copyText(shown))) return said.prepend(said.dataset.copyYourself ?? "");
  said.textContent = said.dataset.copied ?? "";
  timer = window.setTimeout(() => {
    said.textContent = "";
  }, MESSAGE_MS);
}
