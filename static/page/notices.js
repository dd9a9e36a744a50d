/** What a page says above its figure: sentences that can be put away, and troubles with a way to try again. */

import { build, fill, part } from "convoscope/dom.js";
import { PAGE } from "convoscope/strings.js";

/** @typedef {import("convoscope/dom.js").Description} Description */
/** @typedef {ReturnType<typeof createNotices>} Notices */

/** @param {HTMLElement} root */
export function createNotices(root) {
  const host = part(root, "problems");

  /** Takes the place of all that was said before. @param {string[]} sentences */
  function say(sentences) {
    fill(host, ...sentences.map((sentence) => notice(sentence)));
  }

  // A part of the page that comes when it is asked for, and did not come.
  addEventListener("unhandledrejection", (event) => {
    if (!/import/i.test(event.reason?.message ?? "")) return;
    event.preventDefault();
    say([PAGE.unreachable]);
  });

  return {
    say,
    /** One sentence more, with buttons if there is something to do about it. @param {string} sentence @param {...Description} buttons */
    add(sentence, ...buttons) {
      host.append(notice(sentence, ...buttons));
    },
    /** What may go better the next time. @param {string} sentence @param {() => void} again */
    trouble(sentence, again) {
      fill(host, ["div", { class: "problem", "data-part": "trouble" }, ["p", sentence], ["button", { type: "button", class: "button", "data-part": "retry", onclick: () => { say([]); again(); } }, PAGE.retry]]);
    },
  };
}

/** @param {string} sentence @param {...Description} buttons */
function notice(sentence, ...buttons) {
  const box = build(["div", { class: "problem" }, ["p", sentence], ...buttons, ["button", { type: "button", class: "button plain", "aria-label": PAGE.dismiss, onclick: () => box.remove() }, "✕"]]);
  return box;
}

/** The server's sentence, where it gave one. @param {unknown} problem */
export function refusal(problem) {
  return problem instanceof Error && problem.name === "Refused" ? problem.message : PAGE.unreachable;
}
