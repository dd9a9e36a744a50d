"""What a page in the pseudo language gives away: plain English, and texts that are wider than what holds them."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.request import urlopen

from playwright.sync_api import Page

# Not translated: code, keys, results, fields, and what is marked so. An element that says `lang="en"` is in English.
LOOK = r"""([names, words]) => {
  const KEPT = "code, pre, kbd, samp, output, textarea, script, style, noscript, [translate=no], [lang=en]";
  const SCROLLS = "[data-part=strip], [data-part=tabs], .transport .beats, .filter-strip, .more-choices, "
    + ".matrix-scroll, .wide, .tiles, .panel, .examples-topics, pre";
  const BOXES = "button, label, legend, summary, figcaption, h1, h2, h3, h4, p, th, td, dt, dd, li, a";
  const FORMULA = /\p{L}\[[^\]]*\]|\b(?:max|min|tanh|log|exp)\(|\be\^-?\w+|\d+x\d+|\bch, i, j\b|\b\w+=\w+/gu;
  const WORD = /(?<![\p{L}\p{M}])[A-Za-z]{2,}(?![\p{L}\p{M}])/u;
  const ATTRIBUTES = ["aria-label", "aria-roledescription", "title", "placeholder", "alt"];
  const link = decodeURIComponent(location.search).match(/[\w-]+/g) ?? [];
  const longestFirst = (texts) => texts.sort((one, other) => other.length - one.length);
  const namesAndWords = longestFirst([...names, ...words, ...link]);
  longestFirst(names);
  const found = new Set();
  const describe = (element) => element.tagName.toLowerCase() +
    (element.dataset?.part ? `[${element.dataset.part}]` : element.className ? `.${element.className}` : "");
  const translated = (text, element) => {
    let rest = text.replace(FORMULA, " ");
    const data = element.closest(".problem") ? namesAndWords : names;
    for (const name of data) rest = rest.replaceAll(name, " ");
    return !WORD.test(rest);
  };
  const isShown = (element) => element.checkVisibility({ visibilityProperty: true }) &&
    !(document.querySelector("dialog:modal") && !element.closest("dialog:modal"));
  const range = document.createRange();
  for (const element of document.querySelectorAll("body, body *")) {
    if (!isShown(element)) continue;
    const kept = element.closest(KEPT);
    for (const name of kept ? [] : ATTRIBUTES) {
      const text = element.getAttribute(name);
      if (text && !translated(text, element)) found.add(`English in ${name} of ${describe(element)}: ${text}`);
    }
    for (const node of element.childNodes) {
      if (node.nodeType !== Node.TEXT_NODE || !node.data.trim()) continue;
      if (!kept && !translated(node.data, element)) found.add(`English in ${describe(element)}: ${node.data.trim()}`);
      const wide = findNarrow(element, node);
      if (wide) found.add(`${describe(element)} is wider than ${wide}: ${node.data.trim()}`);
    }
  }
  return [...found];

  function findNarrow(element, node) {
    if (element.closest("script, style, svg, option, textarea, .unseen, .skip")) return "";
    for (let up = element; up; up = up.parentElement)
      if (getComputedStyle(up).clipPath !== "none") return ""; // for screen readers alone
    range.selectNodeContents(node);
    const lines = [...range.getClientRects()];
    if (!lines.length) return "";
    const [left, right] = [Math.min(...lines.map((line) => line.left)), Math.max(...lines.map((line) => line.right))];
    for (let box = element; box && box !== document.body; box = box.parentElement) {
      const { overflowX, display } = getComputedStyle(box);
      if (box.matches(SCROLLS) && /auto|scroll/.test(overflowX)) return "";
      if (display === "contents") continue; // has no box
      if (overflowX === "visible" && (display === "inline" || !box.matches(BOXES))) continue;
      const { left: start, right: end } = box.getBoundingClientRect();
      if (left < start - 1 || right > end + 1) return describe(box);
    }
    return left < -1 || right > innerWidth + 1 ? "the window" : "";
  }
}"""


PRODUCTS = ("reveal.js", "deck-keys.js", "PyTorch", "Keras", "JAX", "NumPy", "SciPy")


@dataclass(frozen=True, slots=True)
class PlainEnglish:
    """Finds what is not translated, or too wide. `names` are data, `words` of links."""

    names: Sequence[str]
    words: Sequence[str]

    def find(self, page: Page) -> list[str]:
        """What is wrong with what the page shows now; without a dialog the page, else the dialog."""
        found: list[str] = page.evaluate(LOOK, [self.names, self.words])
        return found


def read_plain_english(url: str) -> PlainEnglish:
    """The data of a server that its pages show as they are."""
    samples, kernels, models = (read_json(f"{url}/api/{name}") for name in ("samples", "kernels", "models"))
    names = {text for row in samples for text in (row["title"], row["alt"], row["credit"])}
    for row in models:
        names |= {row["title"], *row["classes"], *(layer["name"] for layer in row["layers"])}
        names |= {*list_texts(row["card"]), *list_texts(row["film"])}
    words = {row["name"] for table in (samples, kernels, models) for row in table}
    return PlainEnglish(
        [*PRODUCTS, *(name for name in names if len(name) > 1)],
        [*words, "conv", "size", "filters", "image", "stage", "layers"],
    )


def read_json(url: str) -> list[dict[str, Any]]:
    with urlopen(url) as answer:
        rows: list[dict[str, Any]] = json.load(answer)
    return rows


def list_texts(value: object) -> Iterator[str]:
    """All texts in JSON."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | dict):
        for part in value.values() if isinstance(value, dict) else value:
            yield from list_texts(part)
