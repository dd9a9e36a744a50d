/** Figures side by side in a frame: the page around it controls all of them at once, by the messages of an embed. */

import { isComparison } from "convoscope/pure/protocol/comparison-messages.js";
import { TOGETHER } from "convoscope/pure/strings/present-strings.js";
import { createAutoplay } from "convoscope/ui/page/autoplay.js";
import { createHostPage } from "convoscope/ui/page/host-page.js";
import { watchVisibility } from "convoscope/ui/page/visibility.js";
import { siteAddress } from "convoscope/ui/site/site.js";

/** @import {Option, View} from "convoscope/pure/types.js" */
/** @import {Action} from "convoscope/pure/keys.js" */
/** @import {Command, Fields} from "convoscope/pure/protocol/embed-messages.js" */

const MOST_STEPS = 1000;
/** Behind the address of figures that a message asked for: when they are here, the page around them hears of it. */
const ASKED = "#asked";
/** @type {Record<string, [forwards: Action, backwards: Action]>} */
const ACTIONS = { position: ["next", "previous"], beat: ["next-beat", "previous-beat"], row: ["down", "up"] };

/**
 * What the page of the figures does for the page around it.
 * @typedef {object} Together
 * @property {() => View} view with the place, the stage and the map of the first figure
 * @property {() => void} play
 * @property {() => void} stop
 * @property {(on: boolean) => void} suspend
 * @property {() => boolean} isPlaying
 * @property {(action: Action) => boolean} act
 * @property {(position: number | null, change: Partial<View> | null) => void} seek `change` null is where they opened
 * @property {(change: Partial<View>) => void} set
 * @property {() => Fields} state
 */

/** @param {HTMLElement} root @param {Option[]} table of the View @param {Together} figures */
export function connectHostPage(root, table, figures) {
  const host = createHostPage(table, {
    onCommand: handle,
    onSlideStart: () => autoplay.slideStart(),
    onSlideStop: () => autoplay.slideStop(),
    onClicker: (by) => figures.view().stops.length > 0 && figures.act(by > 0 ? "next-stop" : "previous-stop"),
  });
  const autoplay = createAutoplay(root, /** @type {any} */ (figures), () => figures.seek(null, null));

  /** @param {Command} command */
  function handle(command) {
    if (command.type === "play") return autoplay.play();
    if (command.type === "pause") return autoplay.pause();
    if (command.type === "getState")
      return host.post("state", { ...figures.state(), ...(command.id === undefined ? {} : { id: command.id }) });
    if (command.type === "setState") return figures.set(command.change);
    if (command.type === "setScene") return open(command.link);
    if (command.type !== "step" && command.type !== "seek") return;
    autoplay.pause();
    if (command.type === "seek") return figures.seek(command.position, command.change);
    const action = ACTIONS[command.unit][command.by > 0 ? 0 : 1];
    for (let left = Math.min(Math.abs(command.by), MOST_STEPS); left > 0; left--) figures.act(action);
  }

  /** Other figures are another page. @param {string} link */
  function open(link) {
    if (!isComparison(link)) return host.notify("error", () => ({ message: TOGETHER.noComparison, link }));
    const address = siteAddress(`/embed/compare?${link}${ASKED}`);
    if (address === location.href) location.reload();
    else location.replace(address);
  }

  new ResizeObserver(() => host.post("resize", { width: window.innerWidth, height: window.innerHeight })).observe(
    document.documentElement,
  );
  watchVisibility(root, autoplay.setVisible);
  autoplay.followLink();
  host.post("ready", figures.state());
  if (location.hash === ASKED) host.post("scenechange", figures.state());
  autoplay.markReady();
  return host;
}
