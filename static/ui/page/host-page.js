/**
 * The host page of the frame: receives its commands and sends it the events it listens to. Other messages are ignored.
 */

import { deckCall, isOwnKey } from "convoscope/pure/protocol/deck-calls.js";
import { createMessage, parseMessage } from "convoscope/pure/protocol/embed-messages.js";

/** @import {Option} from "convoscope/pure/types.js" */
/** @import {Command, Fields} from "convoscope/pure/protocol/embed-messages.js" */

const CONTROLS = "a[href], button, input, select, [role=application], .panel";

/**
 * @typedef {object} HostEvents
 * @property {(command: Command) => void} onCommand
 * @property {() => void} onSlideStart
 * @property {() => void} onSlideStop
 * @property {(by: 1 | -1) => boolean} onClicker a clicker's key, where the page does not go to places itself; whether
 * there was another stop
 */

/** The keys that clickers send, and their directions. @type {Record<string, 1 | -1>} */
const CLICKER = { PageDown: 1, PageUp: -1 };

/** @param {Option[]} table @param {HostEvents} events */
export function createHostPage(table, { onCommand, onSlideStart, onSlideStop, onClicker }) {
  const isFramed = window.parent !== window;
  /** @type {Set<string>} */
  const subscriptions = new Set();
  /** Origin that messages are sent to: that of the last command. */
  let target = "*";
  /** Whether the page goes to places itself, as the plugin of reveal.js does with its stops. */
  let isSteered = false;

  addEventListener("message", ({ data, source, origin }) => {
    if (!isFramed || source !== window.parent) return;
    if (data === "slide:start") return onSlideStart();
    if (data === "slide:stop") return onSlideStop();
    const command = parseMessage(data, table);
    if (!command) return;
    if (command.type === "seek") isSteered = true;
    target = origin && origin !== "null" ? origin : "*";
    if (command.type === "listen") for (const name of command.events) subscriptions.add(name);
    else onCommand(command);
  });

  /** @param {string} type @param {Fields} [fields] */
  function post(type, fields) {
    if (isFramed) window.parent.postMessage(createMessage(type, fields), target);
  }

  /** Sends an event if the host page listens to it. @param {string} type @param {() => Fields} fields */
  function notify(type, fields) {
    if (subscriptions.has(type)) post(type, fields());
  }

  document.addEventListener(
    "keydown",
    (event) => {
      if (isFigureKey(event)) return;
      if (CLICKER[event.key]) {
        event.preventDefault(); // a slider would move too
        if (!isSteered && onClicker(CLICKER[event.key])) return;
      }
      window.parent.postMessage(deckCall(event), "*");
      notify("key", () => ({ key: event.key, code: event.code }));
    },
    true,
  );

  return {
    post,
    notify,
    /** Whether the figure uses a key itself. @param {KeyboardEvent} event */
    ownsKey: isFigureKey,
  };
}

/**
 * Whether the figure uses a key itself: all keys if it is not framed or is full screen.
 * @param {KeyboardEvent} event
 */
function isFigureKey(event) {
  return window.parent === window || document.fullscreenElement !== null || isOwnKey(event, focusKind(event));
}

/** The kind of element that has the focus while a key is pressed. @param {KeyboardEvent} event */
function focusKind({ target }) {
  if (!(target instanceof HTMLElement) || !target.closest(CONTROLS)) return null;
  return target.matches("select") ? "list" : "control";
}
