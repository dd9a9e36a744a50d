/** The beats of figures side by side as buttons: one press brings all figures to a beat. */

import { PAGE } from "convoscope/pure/strings/strings.js";
import { channelNames, channelTags } from "convoscope/pure/text/channel-names.js";
import { build, fill } from "convoscope/ui/dom.js";

/** @import {Frame, Trace} from "convoscope/pure/types.js" */

/**
 * Shows the beats that any of the figures has. A beat has the name of the first figure that has it.
 * @param {HTMLElement} host @param {{trace: Trace, frame: Frame}[]} shown @param {string[]} beats in their order
 * @param {string} now @param {(beat: string) => void} onBeat
 */
export function showCommonBeats(host, shown, beats, now, onBeat) {
  const named = beats.flatMap((beat) => {
    const own = shown.find(({ frame }) => frame.beats.includes(beat));
    if (!own) return [];
    const [names, tags] = [channelNames(own.trace, own.frame), channelTags(own.trace, own.frame)];
    const { kind } = own.frame;
    return [{ beat, label: PAGE.beat(beat, kind, names), short: PAGE.shortBeat(beat, kind, names, tags) }];
  });
  const key = named.map(({ beat, label }) => `${beat} ${label}`).join();
  if (host.dataset.beats !== key) {
    host.dataset.beats = key;
    fill(
      host,
      ...named.map(({ beat, label, short }) =>
        build([
          "button",
          { type: "button", "data-beat": beat, "aria-label": label, onclick: () => onBeat(beat) },
          short,
        ]),
      ),
    );
  }
  for (const button of host.children) {
    const isNow = button.getAttribute("data-beat") === now;
    if (isNow) button.setAttribute("aria-current", "step");
    else button.removeAttribute("aria-current");
  }
  host.hidden = named.length < 2;
}
