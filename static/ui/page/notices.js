/** Messages above the figure: sentences that can be closed, and errors with a Retry button. */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { build, fill, getPart } from "convoscope/ui/dom.js";
import { createReconnect } from "convoscope/ui/site/reconnect.js";

/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {ReturnType<typeof createNotices>} Notices */

/** @param {HTMLElement} root */
export function createNotices(root) {
  const host = getPart(root, "problems");
  const whenServerReturns = createReconnect();

  /** Replaces all messages. @param {string[]} sentences */
  function showSentences(sentences) {
    fill(host, ...sentences.map((sentence) => createNotice(sentence)));
  }

  /** Shows an error with a Retry button. @param {string} sentence @param {() => void} onRetry @returns {HTMLElement} */
  function showRetry(sentence, onRetry) {
    const retry = () => {
      box.remove();
      onRetry();
    };
    const box = build([
      "div",
      { class: "problem", "data-part": "trouble" },
      ["p", sentence],
      ["button", { type: "button", class: "button", "data-part": "retry", onclick: retry }, PAGE.retry],
    ]);
    fill(host, box);
    return box;
  }

  /**
   * Shows that the server is unreachable, until it is back; then calls `onBack`.
   * @param {() => void} onRetry called by the Retry button
   * @param {() => void} [onBack] called when the server is back
   * @param {string} [sentence]
   */
  function showUnreachable(onRetry, onBack = onRetry, sentence = PAGE.unreachable) {
    const box = showRetry(sentence, onRetry);
    whenServerReturns(
      () => box.isConnected,
      () => {
        box.remove();
        onBack();
      },
    );
  }

  // A dynamic import failed. A message with Retry stays: it says the same, and its button knows what was asked.
  addEventListener("unhandledrejection", (event) => {
    if (!/import/i.test(event.reason?.message ?? "")) return;
    event.preventDefault();
    if (host.querySelector('[data-part="trouble"]')) return;
    const box = createNotice(PAGE.unreachable);
    fill(host, box);
    whenServerReturns(
      () => box.isConnected,
      () => box.remove(),
    );
  });

  return {
    showSentences,
    showRetry,
    showUnreachable,
    /**
     * Adds a message, with buttons for possible actions.
     * @param {string} sentence @param {...Description} buttons
     */
    add(sentence, ...buttons) {
      host.append(createNotice(sentence, ...buttons));
    },
    /**
     * Shows why a request failed: the server's message, or that the server is unreachable.
     * @param {unknown} problem @param {() => void} onRetry
     */
    showFailure(problem, onRetry) {
      if (isServerRefusal(problem)) showSentences([problem.message]);
      else showUnreachable(onRetry);
    },
  };
}

/** @param {string} sentence @param {...Description} buttons */
function createNotice(sentence, ...buttons) {
  const box = build([
    "div",
    { class: "problem" },
    ["p", sentence],
    ...buttons,
    ["button", { type: "button", class: "button plain", "aria-label": PAGE.dismiss, onclick: () => box.remove() }, "✕"],
  ]);
  return box;
}

/** Whether the server refused with a message for the user. @param {unknown} problem @returns {problem is Error} */
export function isServerRefusal(problem) {
  return problem instanceof Error && problem.name === "UploadError";
}
