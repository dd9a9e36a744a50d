/** The form of the page that makes exercises: each change goes into the address, and the server shows what it gives. */

import { writeExercise, writeSet } from "convoscope/shells/exercises/exercise-set.js";
import { copyText } from "convoscope/ui/controls/copy-button.js";
import { build, fill, getPart } from "convoscope/ui/dom.js";
import { writeAddress } from "convoscope/ui/page/plain-header.js";
import { fetchSite } from "convoscope/ui/site/site.js";

const MESSAGE_MS = 2_500;
const SETTINGS = ["variants", "seed", "tries", "tolerance"];

/** @param {HTMLElement} root */
export function startMaker(root) {
  const form = /** @type {HTMLFormElement} */ (getPart(root, "maker"));
  const said = getPart(root, "said");
  let [timer, asked] = [0, new AbortController()];
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("change", () => {
    if (form.checkValidity()) show(readExercises());
    else form.reportValidity();
  });
  root.addEventListener("click", ({ target }) => {
    const button = target instanceof Element ? target.closest("[data-part]") : null;
    const part = button?.getAttribute("data-part");
    if (part === "add") show([...readExercises(), "cell"]);
    if (part === "remove") show(readExercises().filter((_, index) => index !== rowOf(button)));
    if (part === "copy") copyLinks();
    if (part === "answers") showAnswers(/** @type {HTMLInputElement} */ (button).checked);
  });

  /** @returns {string[]} the exercises of the form */
  function readExercises() {
    return [...form.querySelectorAll("[data-part=row]")].map((row) => {
      const [kind, ...options] = [...row.querySelectorAll("select")];
      return writeExercise(
        kind.value,
        options.map(({ name, value }) => [name, value]),
      );
    });
  }

  /** @param {Element | null} button @returns {number} */
  function rowOf(button) {
    return [...form.querySelectorAll("[data-part=row]")].findIndex((row) => row.contains(button));
  }

  /**
   * Shows a set: what an exercise of another kind does not have is left out.
   * @param {string[]} exercises
   */
  async function show(exercises) {
    const settings = SETTINGS.map((name) => [name, /** @type {any} */ (form.elements.namedItem(name)).value]);
    const query = writeSet(location.search, exercises, /** @type {[string, string][]} */ (settings));
    history.replaceState(history.state, "", `?${query}`);
    asked.abort();
    asked = new AbortController();
    root.setAttribute("aria-busy", "true");
    try {
      const response = await fetchSite(`/exercises?${query}`, { signal: asked.signal });
      if (!response.ok) throw new TypeError(`HTTP ${response.status}`);
      const page = new DOMParser().parseFromString(await response.text(), "text/html");
      for (const part of ["maker", "result"]) fill(getPart(root, part), ...getPart(page.body, part).childNodes);
    } catch (error) {
      if (error instanceof DOMException && error.name === "AbortError") return;
      say(said.dataset.failed ?? "");
    }
    root.removeAttribute("aria-busy");
  }

  /** @param {boolean} isShown */
  function showAnswers(isShown) {
    writeAddress("answers", isShown ? "1" : "");
    for (const one of root.querySelectorAll("[data-part=answer]")) one.toggleAttribute("open", isShown);
  }

  /** Copies the links of all seeds, a line each; where the browser forbids it, shows them to copy by hand. */
  async function copyLinks() {
    const links = /** @type {NodeListOf<HTMLAnchorElement>} */ (root.querySelectorAll("[data-part=student-link]"));
    const field = build([
      "textarea",
      { class: "field", readonly: true, rows: 3, value: [...links].map((link) => link.href).join("\n") },
    ]);
    said.replaceChildren(field);
    if (!(await copyText(field))) return said.prepend(said.dataset.copyYourself ?? "");
    say(said.dataset.copied ?? "");
  }

  /** @param {string} text */
  function say(text) {
    clearTimeout(timer);
    said.textContent = text;
    timer = window.setTimeout(() => {
      said.textContent = "";
    }, MESSAGE_MS);
  }
}
