/**
 * Folds the messages over the figure to a small button after a while, so that they do not cover the maps' titles for
 * long. Nothing is lost: the button shows them again.
 */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { build, getPart } from "convoscope/ui/dom.js";

/** Milliseconds until messages that nobody points at are folded. */
const READING_TIME = 15_000;

/** @param {HTMLElement} root */
export function foldMessages(root) {
  const host = getPart(root, "problems");
  const button = build([
    "button",
    { type: "button", class: "folded-messages", "data-part": "unfold-messages", onclick: unfold },
  ]);
  let timer = 0;

  /** Waits anew after every other message. */
  function wait() {
    clearTimeout(timer);
    const messages = host.querySelectorAll(".problem").length;
    if (!messages) return host.removeAttribute("data-folded");
    if (host.hasAttribute("data-folded") && button.isConnected && button.textContent === PAGE.messages(messages))
      return;
    host.removeAttribute("data-folded");
    timer = window.setTimeout(fold, READING_TIME);
  }

  function fold() {
    if (host.matches(":hover, :focus-within")) return wait();
    button.textContent = PAGE.messages(host.querySelectorAll(".problem").length);
    host.setAttribute("data-folded", "");
    if (!button.isConnected) host.append(button);
  }

  function unfold() {
    host.removeAttribute("data-folded");
    button.remove(); // its removal makes the messages wait anew
  }

  new MutationObserver(wait).observe(host, { childList: true });
  wait();
}
