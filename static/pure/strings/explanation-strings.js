/** The explanations of options with the figure's numbers, loaded with the first one that is opened. */

import { inLanguage, verbatim } from "convoscope/pure/strings/language.js";

/** @import {Stage} from "convoscope/pure/types.js" */

/** @typedef {{now: string, trial: {text: string, value: unknown} | null}} Explanation */

/**
 * The explanation of each option for a stage, and a value to try.
 * @type {Record<string, (stage: Stage) => Explanation>}
 */
export const EXPLANATIONS = inLanguage({
  stride: ({ rows, columns }) => {
    const [down, across] = [rows?.stride ?? 1, columns?.stride ?? 1];
    const value = down === 1 ? 2 : 1;
    return {
      now:
        `Now ${down === across ? down : `${down} × ${across}`}: ${columns?.positions} stops a row, ` +
        `${rows?.positions} rows.`,
      trial: { text: `stride ${value}`, value: [value, value] },
    };
  },
  padding: ({ rows }) => {
    const none = !rows?.before && !rows?.after;
    return {
      now: none
        ? `Now none: ${rows?.size} rows become ${rows?.positions}.`
        : `Now ${rows?.before} above and ${rows?.after} below: ${rows?.size} rows become ${rows?.positions}.`,
      trial: { text: none ? "padding same" : "no padding", value: verbatim(none ? "same" : "valid") },
    };
  },
  dilation: ({ rows }) => {
    const value = rows?.dilation === 1 ? 2 : 1;
    return {
      now: `Now ${rows?.dilation}: the window spans ${(rows?.dilation ?? 1) * ((rows?.kernel ?? 1) - 1) + 1} rows.`,
      trial: { text: `dilation ${value}`, value: [value, value] },
    };
  },
  kernel_size: ({ rows, columns }) => {
    const value = rows?.kernel === 3 ? 5 : 3;
    return {
      now:
        `Now ${rows?.kernel} × ${columns?.kernel}: ${(rows?.kernel ?? 1) * (columns?.kernel ?? 1)} cells are ` +
        "read at each stop.",
      trial: { text: `${value} × ${value}`, value: [value, value] },
    };
  },
  filters: ({ shape }) => ({
    now: `Now ${shape[0]} ${shape[0] === 1 ? "map" : "maps"}.`,
    trial: shape[0] < 4 ? { text: "4 filters", value: 4 } : null,
  }),
  bias: ({ bias_text }) => ({
    now: `Now ${[...new Set(bias_text ?? ["0"])].slice(0, 4).join(", ")}.`,
    trial: { text: "a bias of 100", value: "100" },
  }),
  flip: ({ flip }) => ({
    now: flip ? "Now turned." : "Now as it stands.",
    trial: { text: flip ? "it as it stands" : "it turned", value: !flip },
  }),
  ceil_mode: ({ rows }) => ({
    now: rows?.fits ? "Here the window fits, so nothing changes." : `Without it ${rows?.leftover} rows are left over.`,
    trial: { text: rows?.ceil ? "it off" : "it on", value: !rows?.ceil },
  }),
  padding_mode: ({ padding_mode }) => ({
    now: `Now ${padding_mode}.`,
    trial:
      padding_mode === "zeros"
        ? { text: "reflect", value: verbatim("reflect") }
        : { text: "zeros", value: verbatim("zeros") },
  }),
  groups: ({ groups, input_shape }) => ({
    now: `Now ${groups}, with ${input_shape?.[0]} ${input_shape?.[0] === 1 ? "channel" : "channels"}.`,
    trial: null,
  }),
});
