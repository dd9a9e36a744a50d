/** Sends edits one after the other: of a gesture only the newest waits, so that the figure follows as fast as it can. */

/** @import {Edit} from "convoscope/pure/scene-edits.js" */
/** @import {View} from "convoscope/pure/types.js" */

/** What one gesture changes is one entry of the history: a drag, or a number that was typed. @typedef {object} Gesture */
/** @typedef {{edit: Edit, view: Partial<View> | undefined, gesture: Gesture}} LiveEdit */

/**
 * @param {(edit: LiveEdit) => Promise<void>} send resolves when the figure is shown, or failed
 * @param {() => void} onDone nothing waits any more
 */
export function createLiveEdits(send, onDone) {
  /** @type {LiveEdit[]} */
  const waiting = [];
  let isSending = false;

  async function sendAll() {
    isSending = true;
    for (let next = waiting.shift(); next; next = waiting.shift()) await send(next);
    isSending = false;
    onDone();
  }

  return {
    /** Whether the figure is still to follow. */
    isBusy: () => isSending,
    /** @param {LiveEdit} edit */
    push(edit) {
      if (waiting[waiting.length - 1]?.gesture === edit.gesture) waiting.pop();
      waiting.push(edit);
      if (!isSending) sendAll();
    },
    /** Forgets what of a gesture still waits. @param {Gesture} gesture */
    clear(gesture) {
      waiting.splice(0, waiting.length, ...waiting.filter((edit) => edit.gesture !== gesture));
    },
  };
}
