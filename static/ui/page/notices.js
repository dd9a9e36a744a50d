/** What a page says above its figure: sentences that can be put away, and troubles with a way to try again. */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { build, fill, getPart } from "convoscope/ui/dom.js";
import { createReconnect } from "convoscope/ui/site/reconnect.js";

/** @typedef {import("convoscope/ui/dom.js").Description} Description */
/** @typedef {ReturnType<typeof createNotices>} Notices */

/** @param {HTMLElement} root */
export function createNotices(root) {
  const host = getPart(root, "problems");
  const whenServerReturns = createReconnect();

  /** Takes the place of all that was said before. @param {string[]} sentences */
  function showSentences(sentences) {
    fill(host, ...sentences.map((sentence) => createNotice(sentence)));
  }

  /** What may go better the next time. @param {string} sentence @param {() => void} onRetry @returns {HTMLElement} */
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
   * The server is gone. That is said until it is back, and then what Retry does is done.
   * @param {() => void} onRetry what Retry does
   * @param {() => void} [onBack] what is done by itself, if it is something else
   */
  function showUnreachable(onRetry, onBack = onRetry) {
    const box = showRetry(PAGE.unreachable, onRetry);
    whenServerReturns(
      () => box.isConnected,
      () => {
        box.remove();
        onBack();
      },
    );
  }

  // A part of the page that comes when it is asked for, and did not come.
  addEventListener("unhandledrejection", (event) => {
    if (!/import/i.test(event.reason?.message ?? "")) return;
    event.preventDefault();
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
     * One sentence more, with buttons if there is something to do about it.
     * @param {string} sentence @param {...Description} buttons
     */
    add(sentence, ...buttons) {
      host.append(createNotice(sentence, ...buttons));
    },
    /**
     * Why something was not taken: the server's sentence, or that there is no server.
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

/** Whether the server gave a reason, in a sentence. @param {unknown} problem @returns {problem is Error} */
export function isServerRefusal(problem) {
  return problem instanceof Error && problem.name === "UploadError";
}
