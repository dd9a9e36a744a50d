/** Why an output has its size, and the explanations of options with the figure's numbers. */

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
    if (rows?.transposed)
      return {
        now: `Now ${down === across ? down : `${down} × ${across}`}: ${rows.size} rows become ${rows.positions}.`,
        trial: { text: `stride ${value}`, value: [value, value] },
      };
    return {
      now:
        `Now ${down === across ? down : `${down} × ${across}`}: ${columns?.positions} stops a row, ` +
        `${rows?.positions} rows.`,
      trial: { text: `stride ${value}`, value: [value, value] },
    };
  },
  padding: ({ rows }) => {
    if (rows?.transposed) {
      const { crop } = rows.transposed;
      const value = crop ? 0 : 1;
      return {
        now: `Now ${crop} cut off on each side: ${rows.size} rows become ${rows.positions}.`,
        trial: { text: `padding ${value}`, value: [value, value] },
      };
    }
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
    if (rows?.transposed)
      return {
        now: `Now ${rows.dilation}: a copy of the filter spans ${rows.dilation * (rows.kernel - 1) + 1} rows.`,
        trial: { text: `dilation ${value}`, value: [value, value] },
      };
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

/** Why an output has its size, what does not fit, and how many parameters a layer has. */
export const SIZE = inLanguage({
  /** @param {string} formula @param {string} quotient */
  misfit: (formula, quotient) => `${formula} = ${quotient} is not whole: by the lecture's rule it does not fit.`,
  /** @param {number} size @param {string} lost */
  roundsDown: (size, lost) => `PyTorch rounds down to ${size}; ${lost}.`,
  /** @param {number} size @param {string} over */
  roundsUp: (size, over) => `Ceil mode rounds up to ${size}; ${over}.`,
  /** @param {string} cells @param {boolean} one */
  neverRead: (cells, one) => `${cells} ${one ? "is" : "are"} never read`,
  nothingLost: "only padding is left over",
  /** @param {number} cells */
  hangsOver: (cells) => `the last window hangs ${cells} ${cells === 1 ? "cell" : "cells"} over the edge`,
  lastDropped: "a window that would start past the edge is left out",
  /** @param {number} padding @param {number} size */
  fittingPadding: (padding, size) => `Padding ${padding} makes it fit: ${size}.`,
  /** @param {number} size */
  tryCeil: (size) => `Ceil mode counts the window that hangs over the edge: ${size}.`,
  /** @param {string} cells */
  jumpedOver: (cells) => `The window jumps over ${cells}.`,
  /** @param {string} axis @param {string} sentence */
  along: (axis, sentence) => `${axis}: ${sentence}`,
  rows: "Rows",
  columns: "Columns",
  /** @param {number[]} rows @param {number[]} columns */
  cells: (rows, columns) => [listed("row", rows), listed("column", columns)].filter(Boolean).join(" and "),
  /** @param {number} size */
  down: (size) => `, rounded down to ${size}`,
  /** @param {number} size */
  up: (size) => `, rounded up to ${size}`,
  /** @param {string} count @param {boolean} one */
  parameters: (count, one) => `${count} ${one ? "parameter" : "parameters"}`,
  noParameters: "no parameters",
});

/** @param {string} word @param {number[]} indices */
function listed(word, indices) {
  if (!indices.length) return "";
  if (indices.length === 1) return `${word} ${indices[0]}`;
  if (indices.length > 6) {
    return `${indices.length} ${word}s (${indices.slice(0, 3).join(", ")} … ${indices[indices.length - 1]})`;
  }
  return `${word}s ${indices.slice(0, -1).join(", ")} and ${indices[indices.length - 1]}`;
}
