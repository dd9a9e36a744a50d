/** The explanation that opens when a label is clicked, with this figure's numbers and a value to try. */

import { CONTROLS } from "convoscope/pure/strings/control-strings.js";
import { EXPLANATIONS } from "convoscope/pure/strings/explanation-strings.js";
import { build } from "convoscope/ui/dom.js";

/** @import {Option, Stage} from "convoscope/pure/types.js" */

/**
 * @param {HTMLElement} label
 * @param {Option} option
 * @param {Stage | null} stage
 * @param {(value: unknown) => void} onTry
 */
export function openExplanation(label, option, stage, onTry) {
  const { now, trial } = (stage && EXPLANATIONS[option.name]?.(stage)) ?? { now: "", trial: null };
  const close = () => bubble.remove();
  const bubble = build([
    "div",
    {
      class: "bubble",
      role: "dialog",
      "aria-label": option.label,
      tabindex: -1,
      popover: "auto",
      "data-part": "bubble",
    },
    ["p", ["b", `${option.label}: `], option.help],
    now && ["p", now],
    trial && [
      "p",
      [
        "button",
        {
          type: "button",
          class: "button",
          onclick: () => {
            close();
            onTry(trial.value);
          },
        },
        CONTROLS.showMe(trial.text),
      ],
    ],
  ]);
  (label.closest("dialog") ?? document.body).append(bubble); // elements outside an open dialog are inert
  bubble.addEventListener("toggle", (event) => /** @type {ToggleEvent} */ (event).newState === "closed" && close());
  bubble.showPopover();
  const [at, size] = [label.getBoundingClientRect(), bubble.getBoundingClientRect()];
  bubble.style.left = `${Math.max(8, Math.min(at.left, window.innerWidth - size.width - 8))}px`;
  const below = at.bottom + 6;
  const above = Math.max(8, at.top - size.height - 6);
  bubble.style.top = `${below + size.height < window.innerHeight ? below : above}px`;
  bubble.focus();
}
