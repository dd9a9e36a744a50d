/** Figures side by side in a frame: the page around it can play, pause, step and seek, and gets the keys for its slides. */

import { deckCall } from "convoscope/pure/protocol/deck-calls.js";
import { createMessage, parseMessage } from "convoscope/pure/protocol/embed-messages.js";

/** @import {Cell, Option} from "convoscope/pure/types.js" */
/** @import {Action} from "convoscope/pure/keys.js" */

/** The keys that clickers send. */
const CLICKER = ["PageDown", "PageUp"];
const MOST_STEPS = 1000;
/** @type {Record<string, [forwards: Action, backwards: Action]>} */
const ACTIONS = { position: ["next", "previous"], beat: ["next-beat", "previous-beat"], row: ["down", "up"] };

/**
 * @param {Option[]} table of the View
 * @param {{isPlaying: () => boolean, onToggle: () => void, onAction: (action: Action) => unknown, onSeek: (at: Cell | null,
 * beat: string | undefined) => void}} events `at` null is where the figures were opened
 */
export function connectHostPage(table, { isPlaying, onToggle, onAction, onSeek }) {
  if (window.parent === window) return;
  addEventListener("message", ({ data, source }) => {
    const command = source === window.parent ? parseMessage(data, table) : null;
    if (command?.type === "play" && !isPlaying()) onToggle();
    if (command?.type === "pause" && isPlaying()) onToggle();
    if (command?.type === "seek") onSeek(command.change?.at ?? null, command.change?.beat);
    if (command?.type === "step") {
      const action = ACTIONS[command.unit][command.by > 0 ? 0 : 1];
      for (let left = Math.min(Math.abs(command.by), MOST_STEPS); left > 0; left--) onAction(action);
    }
  });
  document.addEventListener(
    "keydown",
    (event) => {
      if (!CLICKER.includes(event.key)) return;
      event.preventDefault(); // the slides turn, and the figures stay
      event.stopImmediatePropagation();
      window.parent.postMessage(deckCall(event), "*");
    },
    true,
  );
  window.parent.postMessage(createMessage("ready"), "*");
}
